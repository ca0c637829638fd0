// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "base/result.h"
#include "io/decompressor.h"

namespace vedette::io {

/// One compression library behind the loop of decompressor.cc. Knows one frame (gzip: member, xz:
/// stream) at a time; where the next one starts is the loop's business.
class Codec {
 public:
  struct Step {
    std::size_t consumed = 0;
    std::size_t produced = 0;
    bool frame_end = false;
  };

  Codec() = default;
  Codec(const Codec&) = delete;
  Codec& operator=(const Codec&) = delete;
  virtual ~Codec() = default;

  /// Gets ready for the first byte of a frame.
  virtual base::Result<void> StartFrame() = 0;
  /// `in` may be empty (then only what is still inside comes out), `out` may not. No progress is no
  /// error. On an Error, `step` says what was decoded before it.
  virtual base::Result<void> Decode(std::span<const char> in, std::span<char> out, Step& step) = 0;
};

std::unique_ptr<Codec> NewGzipCodec();
std::unique_ptr<Codec> NewZstdCodec(const DecompressLimits& limits);
std::unique_ptr<Codec> NewXzCodec(const DecompressLimits& limits);
std::unique_ptr<Codec> NewLz4Codec();

}  // namespace vedette::io
