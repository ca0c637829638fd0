// SPDX-License-Identifier: Apache-2.0
#include "io/decompressor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "io/codec.h"

namespace vedette::io {

namespace {

using std::string_view_literals::operator""sv;

constexpr std::size_t kInputBytes = 64 * 1024;

std::unique_ptr<Codec> NewCodec(Compression compression, const DecompressLimits& limits) {
  switch (compression) {
    case Compression::kGzip:
      return NewGzipCodec();
    case Compression::kZstd:
      return NewZstdCodec(limits);
    case Compression::kXz:
      return NewXzCodec(limits);
    case Compression::kLz4:
      return NewLz4Codec();
    case Compression::kNone:
      break;
  }
  return nullptr;
}

struct ForeignMagic {
  std::string_view magic;
  std::string_view name;
  std::string_view tool;
};
// Things people hand us that would otherwise show as a million bad lines.
constexpr std::array<ForeignMagic, 6> kForeign = {{
    {"BZh"sv, "bzip2", "bzip2 -dc FILE | vedette … -"},
    {"PK\x03\x04"sv, "a zip archive", "unzip -p FILE | vedette … -"},
    {"7z\xBC\xAF\x27\x1C"sv, "a 7z archive", "7z x -so FILE | vedette … -"},
    {"\x1F\x9D"sv, "compress (.Z)", "gzip -dc FILE | vedette … -"},
    {"\x02\x21\x4C\x18"sv, "the legacy lz4 format", "lz4 -dc FILE | vedette … -"},
    {"PAR1"sv, "Parquet", "convert it to NDJSON first"},
}};

/// The loop around a Codec: input buffer, frame boundaries, padding, accounting.
class DecompressingSource final : public ByteSource {
 public:
  DecompressingSource(std::unique_ptr<ByteSource> raw, const DecompressLimits& limits)
      : raw_(std::move(raw)), limits_(limits), in_(kInputBytes) {}

  /// Reads the magic bytes and chooses the codec.
  base::Result<void> Start() {
    VED_TRY_VOID(Require(kMagicBytes));
    for (const ForeignMagic& foreign : kForeign) {
      if (Head().starts_with(foreign.magic)) {
        return base::Error(
            base::ErrorCode::kUnsupported,
            fmt::format("this is {}, which is not read here; try: {}", foreign.name, foreign.tool));
      }
    }
    kind_ = DetectCompression(Head());
    if (kind_ == Compression::kNone) return {};
    codec_ = NewCodec(kind_, limits_);
    in_frame_ = true;
    return codec_->StartFrame();
  }

  base::Result<std::size_t> Read(std::span<char> out) override {
    if (pending_.has_value()) {
      base::Error error = std::move(*pending_);
      pending_.reset();
      return error;
    }
    if (ended_) return 0;
    if (kind_ == Compression::kNone) return ReadPlain(out);
    auto count = ReadCompressed(out);
    if (!count.has_value()) ended_ = true;
    return count;
  }

  std::uint64_t bytes_read() const override { return raw_->bytes_read(); }
  std::optional<std::uint64_t> total_bytes() const override { return raw_->total_bytes(); }
  bool direct() const override { return kind_ == Compression::kNone && raw_->direct(); }

 private:
  std::string_view Head() const { return {in_.data() + begin_, end_ - begin_}; }

  /// Tries to have `count` bytes of input; fewer only at the end.
  base::Result<void> Require(std::size_t count) {
    while (end_ - begin_ < count && !raw_ended_) {
      if (begin_ > 0) {
        std::memmove(in_.data(), in_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
      }
      auto got = raw_->Read(std::span<char>(in_).subspan(end_));
      if (!got.has_value()) {
        raw_ended_ = true;
        return std::move(got).error();
      }
      raw_ended_ = *got == 0;
      end_ += *got;
    }
    return {};
  }

  base::Result<std::size_t> ReadPlain(std::span<char> out) {
    if (begin_ == end_) return raw_->Read(out);
    const std::size_t count = std::min(out.size(), end_ - begin_);
    std::memcpy(out.data(), in_.data() + begin_, count);
    begin_ += count;
    return count;
  }

  base::Result<std::size_t> ReadCompressed(std::span<char> out) {
    for (;;) {
      if (!in_frame_) {
        auto more = NextFrame();
        if (!more.has_value()) return std::move(more).error();
        if (!*more) {
          ended_ = true;
          return 0;
        }
      }
      VED_TRY_VOID(Require(1));
      const std::span<const char> input(in_.data() + begin_, end_ - begin_);
      Codec::Step step;
      auto status = codec_->Decode(input, out, step);
      begin_ += step.consumed;
      consumed_ += step.consumed;
      decoded_ += step.produced;
      in_frame_ = !step.frame_end;
      if (!status.has_value()) {
        base::Error error = Damaged(std::move(status).error());
        if (step.produced == 0) return error;
        pending_ = std::move(error);
        ended_ = true;
        return step.produced;
      }
      if (step.produced > 0) return step.produced;
      if (step.consumed > 0 || step.frame_end) continue;
      if (input.empty()) return Truncated();
      return Damaged({base::ErrorCode::kCorrupt, "the decoder makes no progress"});
    }
  }

  /// At a frame's end: false when the input ends too.
  base::Result<bool> NextFrame() {
    VED_TRY_VOID(Require(kMagicBytes));
    if (kind_ == Compression::kGzip || kind_ == Compression::kXz) {
      VED_TRY_VOID(SkipZeroes());
    }
    if (begin_ == end_) return false;
    const Compression next = DetectCompression(Head());
    if (next == Compression::kNone) {
      return base::Error(base::ErrorCode::kCorrupt,
                         fmt::format("trailing garbage after {} stream at byte {} ({} decoded)",
                                     CompressionName(kind_), consumed_, decoded_));
    }
    if (next != kind_) {
      codec_ = NewCodec(next, limits_);
      kind_ = next;
    }
    VED_TRY_VOID(codec_->StartFrame());
    in_frame_ = true;
    return true;
  }

  /// Tapes and block devices pad gzip with zeroes; xz defines stream padding.
  base::Result<void> SkipZeroes() {
    for (;;) {
      while (begin_ < end_ && in_[begin_] == '\0') {
        ++begin_;
        ++consumed_;
      }
      if (end_ - begin_ >= kMagicBytes || raw_ended_) return {};
      VED_TRY_VOID(Require(kMagicBytes));
      if (begin_ < end_ && in_[begin_] != '\0') return {};
    }
  }

  base::Error Truncated() const {
    return {base::ErrorCode::kCorrupt,
            fmt::format("truncated {} stream after {} bytes ({} decoded)", CompressionName(kind_),
                        consumed_, decoded_)};
  }

  base::Error Damaged(base::Error why) const {
    if (why.code() != base::ErrorCode::kCorrupt) {
      return std::move(why).Context(fmt::format("{} stream", CompressionName(kind_)));
    }
    return std::move(why).Context(fmt::format("damaged {} stream after {} bytes ({} decoded)",
                                              CompressionName(kind_), consumed_, decoded_));
  }

  std::unique_ptr<ByteSource> raw_;
  DecompressLimits limits_;
  std::vector<char> in_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool raw_ended_ = false;
  Compression kind_ = Compression::kNone;
  std::unique_ptr<Codec> codec_;
  bool in_frame_ = false;
  bool ended_ = false;
  std::uint64_t consumed_ = 0;
  std::uint64_t decoded_ = 0;
  std::optional<base::Error> pending_;
};

}  // namespace

std::string_view CompressionName(Compression compression) {
  switch (compression) {
    case Compression::kNone:
      return "none";
    case Compression::kGzip:
      return "gzip";
    case Compression::kZstd:
      return "zstd";
    case Compression::kXz:
      return "xz";
    case Compression::kLz4:
      return "lz4";
  }
  return "none";
}

Compression DetectCompression(std::string_view head) {
  if (head.starts_with("\x1F\x8B"sv)) return Compression::kGzip;
  if (head.starts_with("\x28\xB5\x2F\xFD"sv)) return Compression::kZstd;
  if (head.starts_with("\xFD"
                       "7zXZ\0"sv)) {
    return Compression::kXz;
  }
  if (head.starts_with("\x04\x22\x4D\x18"sv)) return Compression::kLz4;
  // Skippable frames, 0x184D2A50 to 0x184D2A5F little-endian, belong to zstd and lz4 alike.
  if (head.size() >= 4 && (static_cast<unsigned char>(head[0]) & 0xF0U) == 0x50U &&
      head.substr(1, 3) == "\x2A\x4D\x18"sv) {
    return Compression::kZstd;
  }
  return Compression::kNone;
}

base::Result<std::unique_ptr<ByteSource>> OpenDecompressed(std::unique_ptr<ByteSource> raw,
                                                           const DecompressLimits& limits) {
  auto source = std::make_unique<DecompressingSource>(std::move(raw), limits);
  VED_TRY_VOID(source->Start());
  return std::unique_ptr<ByteSource>(std::move(source));
}

base::Result<std::unique_ptr<ByteSource>> OpenInput(const std::string& path,
                                                    const DecompressLimits& limits,
                                                    const StopSignal* stop) {
  auto file = FileSource::Open(path, stop);
  if (!file.has_value()) return std::move(file).error();
  auto source = OpenDecompressed(*std::move(file), limits);
  if (!source.has_value()) return std::move(source).error().Context(path);
  return source;
}

}  // namespace vedette::io
