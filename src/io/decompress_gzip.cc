// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>

#include "io/codec.h"

namespace vedette::io {

namespace {

// zlib's counters are 32 bits wide.
uInt Clamp(std::size_t size) {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

class GzipCodec final : public Codec {
 public:
  ~GzipCodec() override {
    if (open_) inflateEnd(&stream_);
  }

  base::Result<void> StartFrame() override {
    // 15: any window; +16: gzip wrapper only, with its checksum verified.
    const int status = open_ ? inflateReset(&stream_) : inflateInit2(&stream_, 15 + 16);
    if (status != Z_OK) {
      return base::Error(base::ErrorCode::kInternal, fmt::format("start zlib: status {}", status));
    }
    open_ = true;
    return {};
  }

  base::Result<void> Decode(std::span<const char> in, std::span<char> out, Step& step) override {
    const uInt in_bytes = Clamp(in.size());
    const uInt out_bytes = Clamp(out.size());
    // zlib declares its input mutable unless ZLIB_CONST is set; it does not write to it.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = in_bytes;
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = out_bytes;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    step = {in_bytes - stream_.avail_in, out_bytes - stream_.avail_out, status == Z_STREAM_END};
    if (status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR) return {};
    if (status == Z_MEM_ERROR) {
      return base::Error(base::ErrorCode::kLimitExceeded, "gzip: out of memory");
    }
    const char* why = stream_.msg != nullptr ? stream_.msg : "not a deflate stream";
    return base::Error(base::ErrorCode::kCorrupt, why);
  }

 private:
  z_stream stream_{};
  bool open_ = false;
};

}  // namespace

std::unique_ptr<Codec> NewGzipCodec() { return std::make_unique<GzipCodec>(); }

}  // namespace vedette::io
