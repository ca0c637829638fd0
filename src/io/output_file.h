// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vedette::io {

enum class OutputMode : std::uint8_t {
  /// FILE.partial becomes FILE in Close(), so FILE is always whole. Things that are not regular
  /// files (pipes, /dev/…), and
  /// files in directories that take no new ones, are written in place.
  kReplace,
  kTruncate,  ///< in place, visible as it grows
  kAppend,
};

/// A buffered writer to a file or to standard output. One thread.
///
/// Nothing is certain before Close() succeeded. Destroyed without Close() (an early return, a
/// failure), it drops its buffer and leaves FILE.partial for inspection, unless that is empty.
class OutputFile {
 public:
  /// `-` is standard output (then `mode` means nothing). kIo when another process is writing the
  /// same FILE.partial.
  static base::Result<std::unique_ptr<OutputFile>> Open(const std::string& path,
                                                        OutputMode mode = OutputMode::kReplace);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// The first failure is final: every later call fails as well. A reader that went away is kIo
  /// with closed_pipe() true.
  base::Result<void> Write(std::string_view bytes);
  /// Hands everything to the system.
  base::Result<void> Flush();
  /// Flushes, syncs and renames as the mode says.
  base::Result<void> Close();

  /// The other end of the pipe is gone. For a command line tool that is success: `vedette scan … |
  /// head`.
  bool closed_pipe() const { return failed_with_ == kClosedPipe; }
  std::uint64_t bytes_written() const { return written_; }

 private:
  static constexpr int kClosedPipe = 32;  // EPIPE, checked in the .cc

  OutputFile(int descriptor, bool owned, std::string path, std::string partial);
  base::Result<void> WriteOut(std::string_view bytes);
  base::Error Fail(std::string_view doing, int error_number);

  int descriptor_;
  bool owned_;
  std::string path_;
  std::string partial_;  ///< empty when written in place
  std::string buffer_;
  std::uint64_t written_ = 0;
  int failed_with_ = 0;
  bool closed_ = false;
};

/// Makes writing to a closed pipe an error instead of the process's death. Call once, in main().
void IgnoreClosedPipeSignal();

}  // namespace vedette::io
