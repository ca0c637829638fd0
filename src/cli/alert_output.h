// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/answer.h"
#include "cli/terminal.h"
#include "io/output_file.h"
#include "service/record_processor.h"

namespace vedette::cli {

/// Alerts as they come, in one of the three formats. Table rows are laid out at once, without
/// waiting for the last one: columns have fixed widths, and on narrow terminals the command line
/// stands below its row.
class AlertOutput {
 public:
  AlertOutput(io::OutputFile& out, AnswerFormat format, const Terminal& terminal);
  base::Result<void> Write(const service::PendingAlert& alert);
  /// What a format needs at the end.
  base::Result<void> Finish();

 private:
  void AppendRow(const service::PendingAlert& alert);
  void AppendHeading();
  void Cell(std::string_view text, std::size_t columns, std::string_view tint = {});

  io::OutputFile& out_;
  AnswerFormat format_;
  bool colour_;
  std::size_t width_;
  std::uint64_t count_ = 0;
  std::string buffer_;
};

}  // namespace vedette::cli
