// SPDX-License-Identifier: Apache-2.0
#include "embed/push_framer.h"

#include <algorithm>
#include <utility>

#include "io/json_scanner.h"

namespace vedette::embed {
namespace {

// A first line longer than this is left to the framer, which looks at it piece by piece.
constexpr std::size_t kMostUndecided = 1024UL * 1024;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

bool AllBlank(std::string_view text) { return std::all_of(text.begin(), text.end(), IsBlank); }

/// `line` is whole. True only when RecordFramer too would take the input for lines.
bool BeginsLines(std::string_view line) {
  if (line.size() < 3 || static_cast<unsigned char>(line[0]) >= 0x80) return false;
  if (line[0] != '{') return line[0] != '[' && !IsBlank(line[0]);
  io::JsonScanner scanner;
  scanner.Start(true);
  const char* at = line.data();
  const char* const end = at + line.size();
  return scanner.Scan(at, end) == io::JsonScanner::Event::kEnd && !scanner.damaged() &&
         AllBlank({at, static_cast<std::size_t>(end - at)});
}

}  // namespace

base::Result<void> PushFramer::Feed(std::string_view bytes, const Take& take) {
  if (bytes.empty()) return {};
  switch (mode_) {
    case Mode::kLines:
      return FeedLines(bytes, take);
    case Mode::kFramer:
      return framer_->Feed(bytes, take);
    case Mode::kUndecided:
      break;
  }
  const std::size_t before = kept_.size();
  kept_ += bytes;
  // What came before holds no line break, else it would be decided.
  if (kept_.find('\n', before) == std::string::npos && kept_.size() < kMostUndecided) return {};
  return Decide(take);
}

base::Result<void> PushFramer::Decide(const Take& take) {
  const std::size_t end = kept_.find('\n');
  if (end == std::string::npos || end > options_.max_record_bytes ||
      !BeginsLines(std::string_view(kept_).substr(0, end))) {
    return StartFramer(take);
  }
  mode_ = Mode::kLines;
  return FeedLines(std::exchange(kept_, {}), take);
}

base::Result<void> PushFramer::StartFramer(const Take& take) {
  VED_TRY(framer_, FramerThread::Start(options_));
  mode_ = Mode::kFramer;
  return framer_->Feed(std::exchange(kept_, {}), take);
}

base::Result<void> PushFramer::FeedLines(std::string_view bytes, const Take& take) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) {
      Keep(bytes);
      return {};
    }
    VED_TRY_VOID(EndLine(bytes.substr(0, end), false, take));
    bytes.remove_prefix(end + 1);
  }
  return {};
}

void PushFramer::Keep(std::string_view bytes) {
  // Past the limit only the length counts, and the beginning as a sample.
  const std::size_t room =
      options_.max_record_bytes - std::min(kept_.size(), options_.max_record_bytes);
  const std::size_t kept = dropped_ == 0 ? std::min(room, bytes.size()) : 0;
  kept_.append(bytes.substr(0, kept));
  dropped_ += bytes.size() - kept;
}

base::Result<void> PushFramer::EndLine(std::string_view rest, bool unterminated, const Take& take) {
  io::Frame frame;
  frame.line = line_++;
  frame.offset = offset_;
  frame.length = kept_.size() + dropped_ + rest.size();
  frame.unterminated = unterminated;
  offset_ += frame.length + 1;
  if (!kept_.empty()) {
    Keep(rest);
    rest = kept_;
  }
  if (frame.length > options_.max_record_bytes) {
    frame.fault = io::FrameFault::kTooLong;
    rest = rest.substr(0, std::min(io::RecordFramer::kSampleBytes, options_.max_record_bytes));
  } else if (rest.ends_with('\r')) {
    rest.remove_suffix(1);
  }
  frame.bytes = rest;
  const bool blank = frame.fault == io::FrameFault::kNone && AllBlank(rest);
  base::Result<void> taken;
  if (!blank) taken = take(frame);
  kept_.clear();
  // One huge line must not hold its memory for ever.
  if (kept_.capacity() > kMostUndecided) kept_.shrink_to_fit();
  dropped_ = 0;
  return taken;
}

base::Result<void> PushFramer::End(const Take& take) {
  if (mode_ == Mode::kUndecided) {
    if (kept_.empty()) return {};
    VED_TRY_VOID(StartFramer(take));
  }
  if (mode_ == Mode::kFramer) return framer_->End(take);
  return kept_.empty() ? base::Result<void>() : EndLine({}, true, take);
}

}  // namespace vedette::embed
