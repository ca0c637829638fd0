// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "io/codec.h"

namespace vedette::io {

namespace {

class ZstdCodec final : public Codec {
 public:
  explicit ZstdCodec(int window_log_max)
      : context_(ZSTD_createDCtx()), window_log_max_(window_log_max) {}
  ~ZstdCodec() override { ZSTD_freeDCtx(context_); }

  base::Result<void> StartFrame() override {
    if (context_ == nullptr) {
      return base::Error(base::ErrorCode::kLimitExceeded, "start zstd: out of memory");
    }
    std::size_t status = ZSTD_DCtx_reset(context_, ZSTD_reset_session_only);
    if (ZSTD_isError(status) == 0) {
      status = ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, window_log_max_);
    }
    if (ZSTD_isError(status) != 0) {
      return base::Error(base::ErrorCode::kInternal,
                         fmt::format("start zstd: {}", ZSTD_getErrorName(status)));
    }
    return {};
  }

  base::Result<void> Decode(std::span<const char> in, std::span<char> out, Step& step) override {
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    const std::size_t status = ZSTD_decompressStream(context_, &output, &input);
    step = {input.pos, output.pos, status == 0};
    if (ZSTD_isError(status) == 0) return {};
    if (ZSTD_getErrorCode(status) == ZSTD_error_frameParameter_windowTooLarge) {
      return base::Error(base::ErrorCode::kLimitExceeded,
                         fmt::format("its window is larger than the limit of 2^{} bytes; "
                                     "decompress it with `zstd -d --long=31` first",
                                     window_log_max_));
    }
    if (ZSTD_getErrorCode(status) == ZSTD_error_dictionary_wrong) {
      return base::Error(base::ErrorCode::kUnsupported, "it was compressed with a dictionary");
    }
    return base::Error(base::ErrorCode::kCorrupt, ZSTD_getErrorName(status));
  }

 private:
  ZSTD_DCtx* context_;
  int window_log_max_;
};

}  // namespace

std::unique_ptr<Codec> NewZstdCodec(const DecompressLimits& limits) {
  return std::make_unique<ZstdCodec>(limits.zstd_window_log_max);
}

}  // namespace vedette::io
