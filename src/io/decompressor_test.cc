// SPDX-License-Identifier: Apache-2.0
#include "io/decompressor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

namespace vedette::io {
namespace {

using std::string_literals::operator""s;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Gzip(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  std::string in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Zstd(const std::string& text) {
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(text.size()) + 4, '\0');
  out.resize(ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  return out;
}

std::string Xz(const std::string& text) {
  std::string out(lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t size = 0;
  EXPECT_EQ(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, nullptr,
                                    reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                                    reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size()),
            LZMA_OK);
  out.resize(size);
  return out;
}

std::string Lz4(const std::string& text) {
  LZ4F_preferences_t preferences{};
  preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
  std::string out(LZ4F_compressFrameBound(text.size(), &preferences), '\0');
  out.resize(LZ4F_compressFrame(out.data(), out.size(), text.data(), text.size(), &preferences));
  return out;
}

struct Decoded {
  std::string text;
  std::string error;
  base::ErrorCode code = base::ErrorCode::kInternal;
};

Decoded Decode(std::string_view bytes, std::size_t chunk = 65536, std::size_t out_bytes = 65536,
               const DecompressLimits& limits = {}) {
  Decoded decoded;
  auto source = OpenDecompressed(std::make_unique<MemorySource>(bytes, chunk), limits);
  if (!source.has_value()) {
    decoded.error = source.error().message();
    decoded.code = source.error().code();
    return decoded;
  }
  std::vector<char> out(out_bytes);
  for (;;) {
    auto count = (*source)->Read(out);
    if (!count.has_value()) {
      decoded.error = count.error().message();
      decoded.code = count.error().code();
      // After the error the stream has ended.
      EXPECT_EQ((*source)->Read(out).value_or(1), 0U);
      return decoded;
    }
    if (*count == 0) return decoded;
    decoded.text.append(out.data(), *count);
  }
}

// Lines that compress, but not to nothing.
std::string Text(std::size_t lines) {
  std::mt19937 random(7);
  std::string text;
  for (std::size_t i = 0; i < lines; ++i) {
    text += "{\"process\":{\"pid\":" + std::to_string(random()) + ",\"name\":\"bash\"}}\n";
  }
  return text;
}

struct CodecCase {
  const char* name;
  std::function<std::string(const std::string&)> compress;
};
const std::vector<CodecCase> kCodecs = {{"gzip", Gzip}, {"zstd", Zstd}, {"xz", Xz}, {"lz4", Lz4}};

class EachCodec : public ::testing::TestWithParam<CodecCase> {
 protected:
  std::string Compress(const std::string& text) const { return GetParam().compress(text); }
  std::string Name() const { return GetParam().name; }
};
INSTANTIATE_TEST_SUITE_P(Codecs, EachCodec, ::testing::ValuesIn(kCodecs),
                         [](const auto& codec) { return std::string(codec.param.name); });

TEST_P(EachCodec, RoundTripInAnyCuts) {
  for (const std::string& text : {""s, "x"s, Text(3), Text(20000)}) {
    const std::string packed = Compress(text);
    EXPECT_EQ(CompressionName(DetectCompression(packed)), Name());
    for (const std::size_t chunk : {1UL, 7UL, 4096UL, 1UL << 20}) {
      const Decoded decoded = Decode(packed, chunk, chunk == 7 ? 1 : 65536);
      EXPECT_EQ(decoded.error, "");
      ASSERT_TRUE(decoded.text == text) << chunk;
    }
  }
}

TEST_P(EachCodec, ConcatenatedMembers) {
  const std::string packed = Compress("a\n") + Compress("") + Compress(Text(100)) + Compress("z\n");
  for (const std::size_t chunk : {1UL, 65536UL}) {
    const Decoded decoded = Decode(packed, chunk);
    EXPECT_EQ(decoded.error, "");
    EXPECT_EQ(decoded.text, "a\n" + Text(100) + "z\n");
  }
}

TEST_P(EachCodec, MixedWithAnother) {
  const Decoded decoded = Decode(Compress("a\n") + Gzip("b\n") + Zstd("c\n"));
  EXPECT_EQ(decoded.error, "");
  EXPECT_EQ(decoded.text, "a\nb\nc\n");
}

TEST_P(EachCodec, TruncatedDeliversWhatCameBefore) {
  const std::string text = Text(30000);
  const std::string packed = Compress(text);
  const std::string half = packed.substr(0, packed.size() / 2);
  const Decoded decoded = Decode(half);
  EXPECT_EQ(decoded.code, base::ErrorCode::kCorrupt);
  EXPECT_EQ(decoded.error, "truncated " + Name() + " stream after " + std::to_string(half.size()) +
                               " bytes (" + std::to_string(decoded.text.size()) + " decoded)");
  EXPECT_TRUE(text.starts_with(decoded.text));
  EXPECT_GT(decoded.text.size(), text.size() / 4);
}

TEST_P(EachCodec, EveryCutOfASmallStreamIsReported) {
  const std::string packed = Compress(Text(5));
  for (std::size_t size = kMagicBytes; size < packed.size(); ++size) {
    const Decoded decoded = Decode(std::string_view(packed).substr(0, size));
    EXPECT_THAT(decoded.error, StartsWith("truncated " + Name() + " stream after ")) << size;
    EXPECT_TRUE(Text(5).starts_with(decoded.text));
  }
}

TEST_P(EachCodec, SecondMemberTruncated) {
  const std::string first = Compress(Text(10));
  const std::string second = Compress(Text(20));
  const Decoded decoded = Decode(first + second.substr(0, second.size() - 3));
  EXPECT_THAT(decoded.error, StartsWith("truncated " + Name()));
  EXPECT_TRUE(decoded.text.starts_with(Text(10)));
}

TEST_P(EachCodec, TrailingGarbage) {
  const std::string packed = Compress("a\n");
  const Decoded decoded = Decode(packed + "rubbish");
  EXPECT_EQ(decoded.text, "a\n");
  EXPECT_EQ(decoded.code, base::ErrorCode::kCorrupt);
  EXPECT_EQ(decoded.error, "trailing garbage after " + Name() + " stream at byte " +
                               std::to_string(packed.size()) + " (2 decoded)");
}

TEST_P(EachCodec, FlippedBitsAreNoticed) {
  const std::string text = Text(2000);
  const std::string packed = Compress(text);
  std::mt19937 random(11);
  std::size_t noticed = 0;
  for (int i = 0; i < 200; ++i) {
    std::string bad = packed;
    const std::size_t at = random() % bad.size();
    bad[at] = static_cast<char>(bad[at] ^ static_cast<char>(1U << (random() % 8)));
    const Decoded decoded = Decode(bad);
    if (!decoded.error.empty()) {
      ++noticed;
    } else {
      // Flags and times in headers; or the magic, and then nothing is decoded at all.
      EXPECT_TRUE(decoded.text == text || decoded.text == bad) << at;
    }
  }
  EXPECT_GT(noticed, 190U);
}

TEST(Decompressor, PlainBytesPassThrough) {
  for (const std::string& text : {""s, "\x1E"s, "{}"s, "{\"a\":1}\n"s, Text(5000), "\0\0\0"s}) {
    for (const std::size_t chunk : {1UL, 65536UL}) {
      const Decoded decoded = Decode(text, chunk);
      EXPECT_EQ(decoded.error, "");
      EXPECT_EQ(decoded.text, text);
    }
  }
}

TEST(Decompressor, HeadOnly) {
  EXPECT_EQ(Decode("\x1F\x8B").error, "truncated gzip stream after 2 bytes (0 decoded)");
  EXPECT_EQ(Decode("\x28\xB5\x2F\xFD").error, "truncated zstd stream after 4 bytes (0 decoded)");
  EXPECT_THAT(Decode("\x1F\x8B\x07 not deflate at all").error,
              StartsWith("damaged gzip stream after"));
}

TEST(Decompressor, ZeroPadding) {
  const std::string zeroes(100000, '\0');
  EXPECT_EQ(Decode(Gzip("a") + zeroes).error, "");
  EXPECT_EQ(Decode(Xz("a") + "\0\0\0\0"s + Xz("b")).text, "ab");
  EXPECT_EQ(Decode(Gzip("a") + "\0\0\0"s + Gzip("b"), 1).text, "ab");
  EXPECT_THAT(Decode(Gzip("a") + "\0\0x"s).error, StartsWith("trailing garbage after gzip"));
  EXPECT_THAT(Decode(Zstd("a") + "\0\0"s).error, StartsWith("trailing garbage after zstd"));
}

TEST(Decompressor, SkippableFrames) {
  const std::string skippable = "\x53\x2A\x4D\x18\x03\0\0\0abc"s;
  EXPECT_EQ(Decode(skippable + Zstd("z") + skippable + Lz4("l")).text, "zl");
  EXPECT_EQ(Decode(skippable + Zstd("z") + skippable + Lz4("l")).error, "");
}

TEST(Decompressor, ForeignFormatsAreNamed) {
  EXPECT_THAT(Decode("BZh91AY&SY").error, HasSubstr("bzip2"));
  EXPECT_THAT(Decode("PK\x03\x04zzzz").error, HasSubstr("zip"));
  EXPECT_THAT(Decode("PAR1zzzz").error, HasSubstr("Parquet"));
  EXPECT_EQ(Decode("BZh91AY&SY").code, base::ErrorCode::kUnsupported);
}

TEST(Decompressor, ZstdWindowLimit) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, 28);
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  const std::string text = Text(1000);
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  ZSTD_outBuffer out{packed.data(), packed.size(), 0};
  // In two steps, so that the encoder does not know the size and keeps its window.
  ZSTD_inBuffer in{text.data(), text.size(), 0};
  ZSTD_compressStream2(context, &out, &in, ZSTD_e_continue);
  ZSTD_compressStream2(context, &out, &in, ZSTD_e_end);
  packed.resize(out.pos);
  ZSTD_freeCCtx(context);
  const Decoded decoded = Decode(packed);
  EXPECT_EQ(decoded.code, base::ErrorCode::kLimitExceeded);
  EXPECT_THAT(decoded.error, HasSubstr("window"));
  EXPECT_EQ(Decode(packed, 65536, 65536, {.zstd_window_log_max = 28}).text, text);
}

TEST(Decompressor, XzMemoryLimit) {
  const Decoded decoded = Decode(Xz(Text(1000)), 65536, 65536, {.xz_memory_bytes = 1 << 20});
  EXPECT_EQ(decoded.code, base::ErrorCode::kLimitExceeded);
  EXPECT_THAT(decoded.error, HasSubstr("MiB"));
}

TEST(Decompressor, BombCostsTimeNotMemory) {
  const std::string packed = Gzip(std::string(200'000'000, 'x'));
  auto source = OpenDecompressed(std::make_unique<MemorySource>(packed));
  std::vector<char> out(65536);
  std::uint64_t total = 0;
  for (;;) {
    auto count = (*source)->Read(out);
    ASSERT_TRUE(count.has_value());
    if (*count == 0) break;
    total += *count;
  }
  EXPECT_EQ(total, 200'000'000U);
  EXPECT_EQ((*source)->bytes_read(), packed.size());
}

}  // namespace
}  // namespace vedette::io
