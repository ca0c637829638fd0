// SPDX-License-Identifier: Apache-2.0
#include "event/structural_index.h"

#include <algorithm>
#include <cstring>

#include "event/structural_scan.h"

namespace vedette::event {
namespace structural {

// The definition, byte by byte, with nothing shared but the output.
void ScanPortable(const char* text, std::size_t size, Output& out) {
  bool in_string = false;
  bool escaped = false;
  bool in_scalar = false;
  bool broken = false;
  const auto emit = [&](std::size_t at, std::uint8_t kind) {
    out.positions[out.size] = static_cast<std::uint32_t>(at);
    out.kinds[out.size++] = kind;
  };
  for (std::size_t i = 0; i < size; ++i) {
    const auto c = static_cast<std::uint8_t>(text[i]);
    if (c >= 0x80) out.has_non_ascii = true;
    const bool is_escaped = escaped;
    escaped = c == '\\' && !is_escaped;
    if (c == '\\') out.backslashes[i / 4096] |= std::uint64_t{1} << (i / 64 % 64);
    const bool was_in_scalar = in_scalar;
    in_scalar = false;
    if (c == '\n') {
      emit(i, in_string || broken ? StructuralIndex::kBroken : c);
      in_string = broken = false;
    } else if (c < 0x20) {
      broken |= in_string || (c != '\t' && c != '\r');
    } else if (c == '"' && !is_escaped) {
      if (!in_string) emit(i, c);
      in_string = !in_string;
    } else if (in_string || c == ' ' || c == ':' || c == ',') {
      continue;
    } else if (c == '{' || c == '}' || c == '[' || c == ']') {
      emit(i, c);
    } else {
      if (!was_in_scalar) emit(i, c);
      in_scalar = true;
    }
  }
  out.broken = in_string || broken;
}

}  // namespace structural

bool StructuralIndex::Supported(Code code) {
#if defined(__x86_64__)
  switch (code) {
    case Code::kPortable:
      return true;
    case Code::kAvx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
             __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("pclmul");
    case Code::kAvx512:
      return Supported(Code::kAvx2) && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
             __builtin_cpu_supports("avx512vbmi2");
  }
#endif
  return code == Code::kPortable;
}

StructuralIndex::Code StructuralIndex::Best() {
  if (Supported(Code::kAvx512)) return Code::kAvx512;
  return Supported(Code::kAvx2) ? Code::kAvx2 : Code::kPortable;
}

void StructuralIndex::Grow(std::size_t bytes) {
  if (kinds_ != nullptr && bytes <= capacity_) return;
  capacity_ = bytes + bytes / 4;
  // An entry per byte, one for a missing line break, and what a block writes past its last entry.
  positions_ = std::make_unique_for_overwrite<std::uint32_t[]>(capacity_ + 2 * kGuard);
  kinds_ = std::make_unique_for_overwrite<std::uint8_t[]>(capacity_ + 2 * kGuard);
  backslashes_.resize(capacity_ / 4096 + 2);
}

void StructuralIndex::Build(std::string_view text) {
  Grow(text.size());
  std::fill_n(backslashes_.begin(), text.size() / 4096 + 1, 0);
  structural::Output out{positions_.get(), kinds_.get(), backslashes_.data()};
  switch (code_) {
    case Code::kPortable:
      structural::ScanPortable(text.data(), text.size(), out);
      break;
    case Code::kAvx2:
      structural::ScanAvx2(text.data(), text.size(), out);
      break;
    case Code::kAvx512:
      structural::ScanAvx512(text.data(), text.size(), out);
      break;
  }
  const auto end = static_cast<std::uint32_t>(text.size());
  if (!text.empty() && text.back() != '\n') {
    out.positions[out.size] = end;
    out.kinds[out.size++] = out.broken ? kBroken : std::uint8_t{'\n'};
  }
  std::fill_n(out.positions + out.size, kGuard, end);
  std::memset(out.kinds + out.size, '\n', kGuard);
  size_ = out.size;
  has_non_ascii_ = out.has_non_ascii;
}

}  // namespace vedette::event
