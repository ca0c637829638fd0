// SPDX-License-Identifier: Apache-2.0
#include <lz4frame.h>

#include "io/codec.h"

namespace vedette::io {

namespace {

class Lz4Codec final : public Codec {
 public:
  ~Lz4Codec() override { LZ4F_freeDecompressionContext(context_); }

  base::Result<void> StartFrame() override {
    if (context_ != nullptr) {
      LZ4F_resetDecompressionContext(context_);
      return {};
    }
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context_, LZ4F_VERSION)) != 0) {
      context_ = nullptr;
      return base::Error(base::ErrorCode::kLimitExceeded, "start lz4: out of memory");
    }
    return {};
  }

  base::Result<void> Decode(std::span<const char> in, std::span<char> out, Step& step) override {
    std::size_t in_bytes = in.size();
    std::size_t out_bytes = out.size();
    const std::size_t status =
        LZ4F_decompress(context_, out.data(), &out_bytes, in.data(), &in_bytes, nullptr);
    if (LZ4F_isError(status) != 0) {
      // The counts are not defined on failure.
      step = {};
      return base::Error(base::ErrorCode::kCorrupt, LZ4F_getErrorName(status));
    }
    step = {in_bytes, out_bytes, status == 0};
    return {};
  }

 private:
  LZ4F_dctx* context_ = nullptr;
};

}  // namespace

std::unique_ptr<Codec> NewLz4Codec() { return std::make_unique<Lz4Codec>(); }

}  // namespace vedette::io
