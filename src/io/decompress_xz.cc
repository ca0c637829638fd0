// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <lzma.h>

#include "io/codec.h"

namespace vedette::io {

namespace {

class XzCodec final : public Codec {
 public:
  explicit XzCodec(std::uint64_t memory_bytes) : memory_bytes_(memory_bytes) {}
  ~XzCodec() override { lzma_end(&stream_); }

  base::Result<void> StartFrame() override {
    // One stream at a time, without LZMA_CONCATENATED: padding and what follows are decided by the
    // common loop. Initialising again reuses the allocations.
    const lzma_ret status = lzma_stream_decoder(&stream_, memory_bytes_, 0);
    if (status != LZMA_OK) {
      return base::Error(base::ErrorCode::kInternal, fmt::format("start xz: status {}", +status));
    }
    return {};
  }

  base::Result<void> Decode(std::span<const char> in, std::span<char> out, Step& step) override {
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    stream_.avail_in = in.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    stream_.avail_out = out.size();
    const lzma_ret status = lzma_code(&stream_, LZMA_RUN);
    step = {in.size() - stream_.avail_in, out.size() - stream_.avail_out,
            status == LZMA_STREAM_END};
    switch (status) {
      case LZMA_OK:
      case LZMA_STREAM_END:
      case LZMA_BUF_ERROR:
      case LZMA_NO_CHECK:
      case LZMA_UNSUPPORTED_CHECK:
        return {};
      case LZMA_MEMLIMIT_ERROR:
        return base::Error(base::ErrorCode::kLimitExceeded,
                           fmt::format("it needs {} MiB of memory, the limit is {} MiB; "
                                       "decompress it with `xz -d` first",
                                       (lzma_memusage(&stream_) >> 20) + 1, memory_bytes_ >> 20));
      case LZMA_MEM_ERROR:
        return base::Error(base::ErrorCode::kLimitExceeded, "xz: out of memory");
      case LZMA_OPTIONS_ERROR:
        return base::Error(base::ErrorCode::kUnsupported, "it uses options that liblzma lacks");
      case LZMA_FORMAT_ERROR:
        return base::Error(base::ErrorCode::kCorrupt, "not an xz stream");
      default:
        return base::Error(base::ErrorCode::kCorrupt, "its data or checksum is wrong");
    }
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
  std::uint64_t memory_bytes_;
};

}  // namespace

std::unique_ptr<Codec> NewXzCodec(const DecompressLimits& limits) {
  return std::make_unique<XzCodec>(limits.xz_memory_bytes);
}

}  // namespace vedette::io
