// SPDX-License-Identifier: Apache-2.0
#include "io/record_framer.h"

#include <algorithm>
#include <cstring>

#include "io/line_cursor.h"

namespace vedette::io {

namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// What else there is (audit records, arrays, text) needs a look at it, one by one.
bool BelongsInBlock(std::string_view line) {
  if (line.starts_with('{')) return true;
  const std::size_t start = line.find_first_not_of(" \t");
  return start == std::string_view::npos || line[start] == '{' || IsBlankLine(line);
}

}  // namespace

std::string_view FrameFaultCode(FrameFault fault) {
  switch (fault) {
    case FrameFault::kNone:
      return "none";
    case FrameFault::kTooLong:
      return "too_long";
    case FrameFault::kDamaged:
      return "damaged_json";
    case FrameFault::kCutOff:
      return "cut_off";
    case FrameFault::kDocumentCut:
      return "document_cut";
  }
  return "none";
}

std::string_view FrameFaultReason(FrameFault fault) {
  switch (fault) {
    case FrameFault::kNone:
      return "";
    case FrameFault::kTooLong:
      return "the record is longer than the limit";
    case FrameFault::kDamaged:
      return "the brackets or quotes of this JSON value do not match";
    case FrameFault::kCutOff:
      return "the input ends inside this JSON value";
    case FrameFault::kDocumentCut:
      return "the input ends before the JSON document does";
  }
  return "";
}

RecordFramer::RecordFramer(ByteSource& source, const FramerOptions& options, ByteBuffer memory)
    : buffer_(source, options.read_bytes, std::move(memory)), options_(options) {}

base::Result<bool> RecordFramer::Next(Frame& frame) {
  frame = Frame();
  if (state_ == State::kStart) VED_TRY_VOID(Begin());
  while (state_ != State::kEnd) {
    buffer_.Release(at_.offset);
    const Found found = state_ == State::kLines ? NextLine(frame) : NextInDocument(frame);
    if (found == Found::kFrame) return true;
  }
  if (auto error = buffer_.TakeError()) return std::move(*error);
  return false;
}

base::Result<Piece> RecordFramer::NextPiece(Frame& frame, LineBlock& block) {
  if (state_ == State::kStart) VED_TRY_VOID(Begin());
  if (state_ == State::kLines) {
    buffer_.Release(at_.offset);
    if (NextLines(block)) return Piece::kBlock;
  }
  VED_TRY(const bool more, Next(frame));
  return more ? Piece::kFrame : Piece::kEnd;
}

// Makes the byte at `offset` readable; false when the stream ends before it.
bool RecordFramer::Available(std::uint64_t offset) {
  while (offset >= buffer_.end()) {
    if (!buffer_.Fill()) return false;
  }
  return true;
}

void RecordFramer::Advance(char passed) {
  ++at_.offset;
  ++at_.column;
  if (passed != '\n') return;
  ++at_.line;
  at_.column = 0;
}

base::Result<void> RecordFramer::Begin() {
  state_ = State::kEnd;
  const bool two = Available(1);
  const std::string_view head(buffer_.At(0), buffer_.end());
  if (two && (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF"))) {
    return base::Error(base::ErrorCode::kUnsupported,
                       "this is UTF-16 or UTF-32 text; convert it first: iconv -f UTF-16 -t UTF-8");
  }
  if (Available(2) && std::memcmp(buffer_.At(0), "\xEF\xBB\xBF", 3) == 0) at_.offset = 3;
  // Blank lines in front belong to no record.
  while (Available(at_.offset) && (IsBlank(Peek(at_.offset)) || Peek(at_.offset) == '\n')) {
    if (IsBlank(Peek(at_.offset)) && at_.column >= RecordFramer::kSampleBytes) break;
    Advance(Peek(at_.offset));
    // Back to the line's start, so that a first line keeps its indentation as every other does.
    buffer_.Release(at_.offset - at_.column);
  }
  const bool document = LooksLikeDocument();
  if (document) {
    state_ = State::kDocuments;
    return {};
  }
  at_.offset = std::max(at_.offset - at_.column, buffer_.begin());
  at_.column = 0;
  state_ = State::kLines;
  return {};
}

bool RecordFramer::LooksLikeDocument() {
  if (!Available(at_.offset)) return false;
  if (Peek(at_.offset) == '[') return ArrayOpensDocument();
  if (Peek(at_.offset) == '{') return ObjectOpensDocument();
  return false;
}

// `[2024-01-01] text` and `[1,2]` are lines; arrays of anything but objects hold no records.
bool RecordFramer::ArrayOpensDocument() {
  for (std::uint64_t i = at_.offset + 1; Available(i); ++i) {
    const char c = Peek(i);
    if (c == '{' || c == ']') return true;
    if (!IsBlank(c) && c != '\n') return false;
    if (i - at_.offset > options_.max_record_bytes) return false;
  }
  return false;
}

// Decides on the first line: NDJSON has one whole object there and nothing behind it.
bool RecordFramer::ObjectOpensDocument() {
  scanner_.Start(true);
  bool complete = false;
  std::uint64_t i = at_.offset;
  for (;;) {
    if (!Available(i) || i - at_.offset > options_.max_record_bytes) return false;
    const char* from = buffer_.At(i);
    const auto size = static_cast<std::size_t>(
        std::min(buffer_.end(), at_.offset + options_.max_record_bytes + 1) - i);
    const void* const found = std::memchr(from, '\n', size);
    const char* const end = found != nullptr ? static_cast<const char*>(found) : from + size;
    while (!complete && from < end) {
      switch (scanner_.Scan(from, end)) {
        case JsonScanner::Event::kHits:
          return true;
        case JsonScanner::Event::kOverrun:
          return false;
        case JsonScanner::Event::kEnd:
          complete = true;
          break;
        default:
          break;
      }
    }
    for (; complete && from < end; ++from) {
      if (!IsBlank(*from)) return *from == '{' || *from == '[' || *from == ',';
    }
    i = buffer_.begin() + static_cast<std::uint64_t>(end - buffer_.At(buffer_.begin()));
    if (found != nullptr) break;
  }
  if (complete || scanner_.damaged() || scanner_.in_string()) return false;
  // The object goes on below: pretty-printed, or a line that was cut. A `{` where none may stand
  // tells the latter.
  const char* line_break = "\n";
  scanner_.Scan(line_break, line_break + 1);
  for (++i; Available(i); ++i) {
    const char c = Peek(i);
    if (c == '{') return !scanner_.brace_is_misplaced();
    if (!IsBlank(c) && c != '\n') return true;
    if (i - at_.offset > options_.max_record_bytes) return false;
  }
  return false;
}

// False when the next line is none for a block, or has no line break within reach. Fills the window
// only once nothing but the beginning of a line is left in it: what is not used now is moved then.
bool RecordFramer::NextLines(LineBlock& block) {
  const std::uint64_t start = at_.offset;
  std::uint64_t stop = start;      // whole lines up to here
  std::uint64_t searched = start;  // no line break between `stop` and here
  std::uint64_t lines = 0;
  for (;;) {
    const char* const window = buffer_.At(start);
    const char* const end = window + (buffer_.end() - start);
    const char* line = window + (stop - start);
    const char* from = window + (searched - start);
    bool another_kind = false;
    while (from < end && lines < options_.block_lines) {
      const void* const found = std::memchr(from, '\n', static_cast<std::size_t>(end - from));
      if (found == nullptr) break;
      const char* const stands_at = static_cast<const char*>(found);
      const std::string_view text(line, static_cast<std::size_t>(stands_at - line));
      another_kind = text.size() > options_.max_record_bytes || !BelongsInBlock(text);
      if (another_kind) break;
      line = from = stands_at + 1;
      ++lines;
    }
    stop = start + static_cast<std::uint64_t>(line - window);
    searched = buffer_.end();
    if (another_kind || lines == options_.block_lines) break;
    if (buffer_.end() - start >= options_.read_bytes || !buffer_.Fill()) break;
  }
  if (lines == 0) return false;
  block.bytes = {buffer_.At(start), static_cast<std::size_t>(stop - start)};
  block.line = at_.line;
  block.lines = lines;
  block.offset = start;
  at_.offset = stop;
  at_.line += lines;
  return true;
}

RecordFramer::Found RecordFramer::NextLine(Frame& frame) {
  const std::uint64_t start = at_.offset;
  std::uint64_t scanned = start;
  for (;;) {
    const char* const from = buffer_.At(scanned);
    const auto size = static_cast<std::size_t>(buffer_.end() - scanned);
    const void* const found = size > 0 ? std::memchr(from, '\n', size) : nullptr;
    const std::uint64_t stop =
        found == nullptr
            ? buffer_.end()
            : scanned + static_cast<std::uint64_t>(static_cast<const char*>(found) - from);
    frame.offset = start;
    frame.line = at_.line;
    frame.length = stop - start;
    if (frame.length > options_.max_record_bytes) {
      SkipLongLine(frame);
      return Found::kFrame;
    }
    if (found == nullptr && buffer_.Fill()) {
      scanned = stop;
      continue;
    }
    std::string_view line(buffer_.At(start), frame.length);
    if (line.ends_with('\r')) line.remove_suffix(1);
    frame.bytes = line;
    frame.unterminated = found == nullptr;
    at_.offset = stop;
    if (found != nullptr) {
      ++at_.offset;
      ++at_.line;
    } else {
      state_ = State::kEnd;
    }
    return IsBlankLine(line) ? Found::kNothing : Found::kFrame;
  }
}

void RecordFramer::SkipLongLine(Frame& frame) {
  const std::size_t sample = std::min(kSampleBytes, options_.max_record_bytes);
  sample_.assign(buffer_.At(frame.offset), sample);
  frame.bytes = sample_;
  frame.fault = FrameFault::kTooLong;
  std::uint64_t i = frame.offset;
  for (;;) {
    if (!Available(i)) {
      state_ = State::kEnd;
      frame.unterminated = true;
      frame.length = i - frame.offset;
      at_.offset = i;
      return;
    }
    const char* const from = buffer_.At(i);
    const void* const found = std::memchr(from, '\n', static_cast<std::size_t>(buffer_.end() - i));
    if (found != nullptr) {
      i += static_cast<std::uint64_t>(static_cast<const char*>(found) - from);
      frame.length = i - frame.offset;
      at_.offset = i + 1;
      ++at_.line;
      return;
    }
    i = buffer_.end();
    buffer_.Release(i);
  }
}

}  // namespace vedette::io
