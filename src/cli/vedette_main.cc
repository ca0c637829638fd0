// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "io/output_file.h"

int main(int argc, char** argv) {
  vedette::io::IgnoreClosedPipeSignal();
  return vedette::cli::Main({argv + 1, argv + argc});
}
