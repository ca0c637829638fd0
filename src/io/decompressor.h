// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "io/byte_source.h"
#include "io/stop_signal.h"

namespace vedette::io {

enum class Compression : std::uint8_t { kNone, kGzip, kZstd, kXz, kLz4 };

/// "none", "gzip", "zstd", "xz", "lz4".
std::string_view CompressionName(Compression compression);

/// Bytes that DetectCompression wants to see; fewer are enough when the stream is shorter.
inline constexpr std::size_t kMagicBytes = 6;

/// By the first bytes alone: names of files lie, and standard input has none. A zstd/lz4 skippable
/// frame counts as zstd, whose decoder skips it.
Compression DetectCompression(std::string_view head);

struct DecompressLimits {
  /// Largest zstd window as a power of two: 27 (128 MiB) is what the zstd tool takes unasked.
  int zstd_window_log_max = 27;
  /// What the xz decoder may allocate; `xz -9` needs 65 MiB.
  std::uint64_t xz_memory_bytes = 160ULL * 1024 * 1024;
};

/// A source that gives the plain bytes of `raw`, whatever it is compressed with.
///
/// Concatenated members, frames and streams are read to the end, of different kinds even; zero
/// padding after gzip and xz is skipped. Output is streamed, so an input that expands without end
/// costs time, not memory. Everything that could be decoded is delivered, and then:
///  - kCorrupt "truncated gzip stream after N bytes (M decoded)", N counting compressed bytes;
///  - kCorrupt "damaged …" where the bytes are wrong, or "trailing garbage after …";
///  - kLimitExceeded when a frame wants more memory than `limits` allow.
/// Opening fails with kUnsupported for bzip2, zip, 7z, .Z and legacy lz4, naming the tool to use.
/// Counters are those of `raw`. Plain bytes pass through.
base::Result<std::unique_ptr<ByteSource>> OpenDecompressed(std::unique_ptr<ByteSource> raw,
                                                           const DecompressLimits& limits = {});

/// FileSource::Open and OpenDecompressed; messages carry the path.
base::Result<std::unique_ptr<ByteSource>> OpenInput(const std::string& path,
                                                    const DecompressLimits& limits = {},
                                                    const StopSignal* stop = nullptr);

}  // namespace vedette::io
