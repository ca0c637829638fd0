// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "io/byte_buffer.h"
#include "io/byte_source.h"
#include "io/frame_buffer.h"
#include "io/json_scanner.h"

namespace vedette::io {

struct FramerOptions {
  /// A longer record is skipped in constant memory and reported as rejected.
  std::size_t max_record_bytes = 64 * 1024 * 1024;
  /// How much is asked of the source at once.
  std::size_t read_bytes = 128 * 1024;
  /// A block has at most so many lines: what they cost whoever takes them apart is bounded too.
  std::size_t block_lines = 16 * 1024;
};

enum class FrameFault : std::uint8_t {
  kNone,
  kTooLong,      ///< longer than max_record_bytes
  kDamaged,      ///< JSON whose strings or brackets do not match, or that the next value cuts off
  kCutOff,       ///< the input ends inside this value
  kDocumentCut,  ///< the input ends inside a JSON array or search response, between two elements
};
/// The stable code in statistics and reject files: `too_long`, `damaged_json`, `cut_off`,
/// `document_cut`.
std::string_view FrameFaultCode(FrameFault fault);
/// A sentence for people.
std::string_view FrameFaultReason(FrameFault fault);

/// One record, or (fault != kNone) a piece of input that is none. Valid until the next Next().
struct Frame {
  /// A record's bytes without its line break, FrameBuffer::kPadding readable bytes behind them. Of
  /// a record that is too long only the first kSampleBytes.
  std::string_view bytes;
  std::uint64_t line = 0;     ///< 1-based, where the record begins
  std::uint64_t offset = 0;   ///< of its first byte in the (decompressed) stream
  std::uint64_t length = 0;   ///< in the stream, line break excluded
  bool unterminated = false;  ///< the last line has no line break: perhaps still being written
  FrameFault fault = FrameFault::kNone;
};

/// Whole lines that lie next to each other, line breaks included. Each is blank, or begins, perhaps
/// after spaces and tabs, with `{` and is within max_record_bytes. LineCursor walks them.
struct LineBlock {
  /// FrameBuffer::kPadding readable bytes behind them.
  std::string_view bytes;
  std::uint64_t line = 1;    ///< of the first one, 1-based
  std::uint64_t lines = 0;   ///< how many, blank ones included
  std::uint64_t offset = 0;  ///< of the first byte in the (decompressed) stream
};

enum class Piece : std::uint8_t { kEnd, kFrame, kBlock };

/// Splits a byte stream into records.
///
/// Lines (LF, a CR before it is dropped, blank ones are skipped, NULs are kept), unless the text
/// begins like a JSON document: `[` followed by an object or `]`, or an object that is not alone on
/// its first line, or that is a search response. Then values are found by their brackets: elements
/// of top-level arrays one by one, elements of `hits.hits` and `hits.events` one by one, other
/// objects whole, with damage confined where a line that begins with `{` allows to start anew.
/// docs/reference/input-formats.md has the rules.
///
/// Records do not depend on how the source cuts its reads; where one block of lines ends and the
/// next begins does. Memory: two reads, or twice the largest record up to max_record_bytes. One
/// thread.
class RecordFramer {
 public:
  static constexpr std::size_t kSampleBytes = 4096;

  /// `source` must outlive the framer. `memory`: to begin with, see TakeMemory().
  explicit RecordFramer(ByteSource& source, const FramerOptions& options = {},
                        ByteBuffer memory = {});

  /// False at the end. A read error comes after every frame that could still be had: once, then
  /// the end. kUnsupported for UTF-16 and UTF-32 text.
  base::Result<bool> Next(Frame& frame);

  /// The same, but lines of JSON objects come as blocks, found by their line breaks and first
  /// bytes alone, for someone else to take apart: kBlock fills in `block`, kFrame (any other line,
  /// the last one when it has no line break, everything in documents) `frame`. A block has about
  /// read_bytes where nothing else stands between.
  base::Result<Piece> NextPiece(Frame& frame, LineBlock& block);
  /// Right after kBlock: hands over the memory in which the block lies, so that it stays valid, and
  /// goes on in `fresh`, which should have FrameBuffer::BytesFor(read_bytes). What was read beyond
  /// the block is copied.
  ByteBuffer TakeMemory(ByteBuffer fresh) { return buffer_.Exchange(at_.offset, std::move(fresh)); }
  /// At the end: the memory, for another framer.
  ByteBuffer GiveBack() && { return std::move(buffer_).GiveBack(); }

  std::size_t buffer_bytes() const { return buffer_.capacity(); }

 private:
  enum class State : std::uint8_t { kStart, kLines, kDocuments, kArray, kTail, kEnd };
  enum class Found : std::uint8_t { kFrame, kNothing };

  /// Where a scan stands, so that it can be taken up again elsewhere.
  struct Position {
    std::uint64_t offset = 0;
    std::uint64_t line = 1;
    std::uint64_t column = 0;
  };

  base::Result<void> Begin();
  bool LooksLikeDocument();
  bool ObjectOpensDocument();
  bool ArrayOpensDocument();
  bool Available(std::uint64_t offset);
  char Peek(std::uint64_t offset) const { return *buffer_.At(offset); }

  Found NextLine(Frame& frame);
  bool NextLines(LineBlock& block);
  void SkipLongLine(Frame& frame);

  Found NextInDocument(Frame& frame);
  Found NextElement(Frame& frame);
  Found NextScrap(Frame& frame);
  Found EndOfDocument(Frame& frame);
  Found SkipTail(Frame& frame);
  void SkipSeparators();
  void Advance(char passed);
  void Finish(Frame& frame, std::uint64_t end, FrameFault fault);

  FrameBuffer buffer_;
  FramerOptions options_;
  State state_ = State::kStart;
  Position at_;
  bool in_response_ = false;  ///< kArray is a response's hits
  /// Once damage has been seen, a `{` that begins a line at the element's own column begins a new
  /// element.
  bool split_at_line_brace_ = false;
  JsonScanner scanner_;
  std::string sample_;
};

}  // namespace vedette::io
