// SPDX-License-Identifier: Apache-2.0
// Damaged compressed streams: no crash, an end, and the same output however input and output are
// cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/decompressor.h"

namespace {

constexpr std::size_t kEnough = 1024 * 1024;

std::string Decode(std::string_view bytes, std::size_t chunk, std::size_t out_bytes) {
  std::string text;
  auto source =
      vedette::io::OpenDecompressed(std::make_unique<vedette::io::MemorySource>(bytes, chunk),
                                    {.zstd_window_log_max = 22, .xz_memory_bytes = 16U << 20});
  if (!source.has_value()) return text;
  std::vector<char> out(out_bytes);
  while (text.size() < kEnough) {
    auto count = (*source)->Read(out);
    if (!count.has_value() || *count == 0) break;
    if (*count > out.size()) std::abort();
    text.append(out.data(), *count);
  }
  text.resize(std::min(text.size(), kEnough));
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  const std::string whole = Decode(bytes, 65536, 65536);
  // What stands before an error may differ by what a decoder still held back, never the common
  // part.
  const std::string cut = Decode(bytes, 1U + data[0], 1U + data[1] * 16U);
  const std::size_t common = std::min(whole.size(), cut.size());
  if (whole.compare(0, common, cut, 0, common) != 0) std::abort();
  return 0;
}
