// SPDX-License-Identifier: Apache-2.0
// simdjson_pass FILE
// The yardstick as a process of its own: reads NDJSON once from front to back and takes the values
// of 47 ECS paths, as a scanner must at the very least. Prints one JSON object with a checksum and
// the seconds of thread CPU.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <memory>

#include "measure.h"
#include "yardstick.h"

namespace {

struct Pass {
  std::uint64_t bytes = 0;
  vedette::bench::Taken taken;
};

/// False when the file cannot be read. A line longer than the buffer ends the pass with an error.
bool Run(int file, Pass& pass) {
  constexpr std::size_t kCapacity = std::size_t{8} << 20U;
  vedette::bench::Yardstick yardstick;
  const auto buffer = std::make_unique<char[]>(kCapacity + vedette::bench::kTextPadding);
  std::size_t held = 0;
  for (;;) {
    const ssize_t got = read(file, buffer.get() + held, kCapacity - held);
    if (got < 0 || (got == 0 && held == kCapacity)) return false;
    pass.bytes += static_cast<std::uint64_t>(got);
    held += static_cast<std::size_t>(got);
    if (got == 0 && held != 0 && buffer[held - 1] != '\n') buffer[held++] = '\n';
    std::size_t begin = 0;
    if (const auto* last = static_cast<const char*>(memrchr(buffer.get(), '\n', held))) {
      begin = static_cast<std::size_t>(last - buffer.get()) + 1;
    }
    yardstick.Pass47({buffer.get(), begin}, pass.taken);
    std::memmove(buffer.get(), buffer.get() + begin, held - begin);
    held -= begin;
    if (got == 0) return held == 0;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: simdjson_pass FILE\n");
    return 2;
  }
  const int file = open(argv[1], O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    fmt::print(stderr, "simdjson_pass: cannot open {}\n", argv[1]);
    return 3;
  }
  Pass pass;
  const double begun = vedette::bench::ThreadSeconds();
  const bool read_all = Run(file, pass);
  const double seconds = vedette::bench::ThreadSeconds() - begun;
  close(file);
  if (!read_all) {
    fmt::print(stderr, "simdjson_pass: cannot read {} to its end\n", argv[1]);
    return 3;
  }
  fmt::print(
      "{{\"events\":{},\"bytes\":{},\"failed\":{},\"values\":{},\"checksum\":\"{:016x}\","
      "\"cpu_seconds\":{:.6f}}}\n",
      pass.taken.events, pass.bytes, pass.taken.failed, pass.taken.values, pass.taken.sum, seconds);
  return pass.taken.failed == 0 ? 0 : 1;
}
