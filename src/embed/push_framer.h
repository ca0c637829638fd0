// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "embed/framer_thread.h"
#include "io/record_framer.h"

namespace vedette::embed {

/// Splits one input into records as io::RecordFramer does, fed in pieces cut anywhere; the result
/// does not depend on the cuts. A record is taken as soon as its last byte is there.
///
/// When the first line is a whole JSON object or no JSON at all, the input is lines: these are cut
/// here, at the cost of a memchr. All else (documents, byte order marks, damage at the start) goes
/// through a FramerThread. Memory: the record under way, up to max_record_bytes. One thread.
class PushFramer {
 public:
  using Take = FramerThread::Take;

  explicit PushFramer(const io::FramerOptions& options) : options_(options) {}

  /// Errors: of the framer (kUnsupported), kIo without a thread, or the first of `take`. All are
  /// final.
  base::Result<void> Feed(std::string_view bytes, const Take& take);
  /// No more bytes.
  base::Result<void> End(const Take& take);

 private:
  enum class Mode : std::uint8_t { kUndecided, kLines, kFramer };

  base::Result<void> Decide(const Take& take);
  base::Result<void> StartFramer(const Take& take);
  base::Result<void> FeedLines(std::string_view bytes, const Take& take);
  /// `rest` ends the line under way, whose beginning may have been kept.
  base::Result<void> EndLine(std::string_view rest, bool unterminated, const Take& take);
  void Keep(std::string_view bytes);

  io::FramerOptions options_;
  Mode mode_ = Mode::kUndecided;
  std::string kept_;           ///< undecided: everything so far; lines: the line under way
  std::uint64_t dropped_ = 0;  ///< bytes of a line that is too long, beyond kept_
  std::uint64_t line_ = 1;
  std::uint64_t offset_ = 0;
  std::unique_ptr<FramerThread> framer_;
};

}  // namespace vedette::embed
