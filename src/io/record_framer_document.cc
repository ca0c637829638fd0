// SPDX-License-Identifier: Apache-2.0
// The half of RecordFramer that reads JSON documents rather than lines.
#include <algorithm>
#include <optional>

#include "io/record_framer.h"

namespace vedette::io {

namespace {

// RFC 7464 puts a record separator before each text.
bool IsSeparator(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == '\x1E';
}

}  // namespace

RecordFramer::Found RecordFramer::NextInDocument(Frame& frame) {
  if (state_ == State::kTail) return SkipTail(frame);
  SkipSeparators();
  if (!Available(at_.offset)) return EndOfDocument(frame);
  const char c = Peek(at_.offset);
  if (c == '{' || (c == '[' && state_ == State::kArray)) return NextElement(frame);
  if (c == '[') {
    Advance(c);
    state_ = State::kArray;
    in_response_ = false;
    return Found::kNothing;
  }
  if (c == ']' && state_ == State::kArray) {
    Advance(c);
    state_ = in_response_ ? State::kTail : State::kDocuments;
    return Found::kNothing;
  }
  return NextScrap(frame);
}

void RecordFramer::SkipSeparators() {
  while (Available(at_.offset) && IsSeparator(Peek(at_.offset))) {
    Advance(Peek(at_.offset));
    buffer_.Release(at_.offset);
  }
}

RecordFramer::Found RecordFramer::EndOfDocument(Frame& frame) {
  const bool open = state_ != State::kDocuments;
  state_ = State::kEnd;
  if (!open) return Found::kNothing;
  frame.offset = at_.offset;
  frame.line = at_.line;
  frame.unterminated = true;
  frame.fault = FrameFault::kDocumentCut;
  return Found::kFrame;
}

// Fills in `frame` for [frame.offset, end); what is not whole loses the separators at its end.
void RecordFramer::Finish(Frame& frame, std::uint64_t end, FrameFault fault) {
  frame.fault = fault;
  frame.length = end - frame.offset;
  if (fault == FrameFault::kTooLong) {
    frame.bytes = sample_;
    return;
  }
  std::string_view bytes(buffer_.At(frame.offset), frame.length);
  if (fault != FrameFault::kNone) {
    while (bytes.size() > 1 && IsSeparator(bytes.back())) bytes.remove_suffix(1);
  }
  frame.bytes = bytes;
  frame.length = bytes.size();
}

RecordFramer::Found RecordFramer::NextElement(Frame& frame) {
  const Position start = at_;
  const std::uint64_t limit = start.offset + options_.max_record_bytes;
  frame.offset = start.offset;
  frame.line = start.line;
  scanner_.Start(state_ == State::kDocuments);
  Position here = start;
  // A `{` seen on the way where a neighbour would begin: should this element prove damaged, then
  // that is the neighbour, swallowed by a bracket that was never closed. Taken back to at most once
  // per stream, because from then on such a brace splits at once: the cost stays linear.
  std::optional<Position> neighbour;
  bool skipping = false;

  const auto finish = [&](FrameFault fault) {
    if (fault != FrameFault::kNone && neighbour.has_value() && !skipping) {
      split_at_line_brace_ = true;
      at_ = *neighbour;
      Finish(frame, at_.offset, FrameFault::kDamaged);
    } else {
      at_ = here;
      Finish(frame, at_.offset, skipping ? FrameFault::kTooLong : fault);
    }
    return Found::kFrame;
  };

  for (;;) {
    if (!skipping && here.offset == limit) {
      if (neighbour.has_value()) return finish(FrameFault::kDamaged);
      sample_.assign(buffer_.At(start.offset), std::min(kSampleBytes, options_.max_record_bytes));
      skipping = true;
    }
    if (skipping) buffer_.Release(here.offset);
    if (!Available(here.offset)) {
      const Found found = finish(FrameFault::kCutOff);
      if (at_.offset == here.offset) {
        frame.unterminated = true;
        state_ = State::kEnd;
      }
      return found;
    }
    const char* const from = buffer_.At(here.offset);
    const char* at = from;
    const std::uint64_t stop = skipping ? buffer_.end() : std::min(buffer_.end(), limit);
    const JsonScanner::Event event = scanner_.Scan(at, from + (stop - here.offset));
    here.offset += static_cast<std::uint64_t>(at - from);
    here.line = start.line + scanner_.line_breaks();
    here.column = scanner_.column() + (scanner_.line_breaks() == 0 ? start.column : 0);
    switch (event) {
      case JsonScanner::Event::kMore:
        break;
      case JsonScanner::Event::kEnd:
        return finish(scanner_.damaged() ? FrameFault::kDamaged : FrameFault::kNone);
      case JsonScanner::Event::kOverrun:
        return finish(FrameFault::kDamaged);
      case JsonScanner::Event::kHits:
        at_ = here;
        state_ = State::kArray;
        in_response_ = true;
        return Found::kNothing;
      case JsonScanner::Event::kLineBrace:
        if (here.column <= start.column) {
          if (scanner_.brace_is_misplaced() || split_at_line_brace_) {
            return finish(FrameFault::kDamaged);
          }
          if (!neighbour.has_value()) neighbour = here;
        }
        scanner_.Accept();
        break;
    }
  }
}

// Something between values that is none of ours (a number, a stray bracket, text): given out as a
// record, so that whoever parses records says what is wrong with it.
RecordFramer::Found RecordFramer::NextScrap(Frame& frame) {
  frame.offset = at_.offset;
  frame.line = at_.line;
  const bool quoted = Peek(at_.offset) == '"';
  bool escaped = false;
  bool skipping = false;
  Advance(Peek(at_.offset));
  while (Available(at_.offset)) {
    const char c = Peek(at_.offset);
    if (c == '\n') break;
    if (!quoted && (c == ',' || c == '{' || (c == ']' && state_ == State::kArray))) break;
    Advance(c);
    if (!skipping && at_.offset - frame.offset > options_.max_record_bytes) {
      sample_.assign(buffer_.At(frame.offset), std::min(kSampleBytes, options_.max_record_bytes));
      skipping = true;
    }
    if (skipping) buffer_.Release(at_.offset);
    if (quoted && !escaped && c == '"') break;
    escaped = quoted && !escaped && c == '\\';
  }
  Finish(frame, at_.offset, skipping ? FrameFault::kTooLong : FrameFault::kNone);
  while (!skipping && frame.bytes.size() > 1 && IsSeparator(frame.bytes.back())) {
    frame.bytes.remove_suffix(1);
    --frame.length;
  }
  return Found::kFrame;
}

// What follows the hits of a search response (aggregations, closing brackets): skipped unseen.
RecordFramer::Found RecordFramer::SkipTail(Frame& frame) {
  const Position start = at_;
  scanner_.StartTail();
  for (;;) {
    buffer_.Release(at_.offset);
    if (!Available(at_.offset)) return EndOfDocument(frame);
    const char* const from = buffer_.At(at_.offset);
    const char* at = from;
    const JsonScanner::Event event = scanner_.Scan(at, from + (buffer_.end() - at_.offset));
    at_.offset += static_cast<std::uint64_t>(at - from);
    at_.line = start.line + scanner_.line_breaks();
    at_.column = scanner_.column() + (scanner_.line_breaks() == 0 ? start.column : 0);
    if (event == JsonScanner::Event::kEnd) {
      state_ = State::kDocuments;
      return Found::kNothing;
    }
    if (event == JsonScanner::Event::kOverrun) ++at_.offset;
    if (event == JsonScanner::Event::kLineBrace) {
      if (at_.column == 0 && scanner_.brace_is_misplaced()) {
        EndOfDocument(frame);
        state_ = State::kDocuments;
        frame.unterminated = false;
        return Found::kFrame;
      }
      scanner_.Accept();
    }
  }
}

}  // namespace vedette::io
