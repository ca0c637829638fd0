// SPDX-License-Identifier: Apache-2.0
// What the implementations of StructuralIndex share. Internal to src/event.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace vedette::event::structural {

/// Where a scan writes. Both arrays have room for one entry per byte and 64 more.
struct Output {
  std::uint32_t* positions;
  std::uint8_t* kinds;
  std::uint64_t* backslashes;  ///< zeroed; bit per block of 64 bytes
  std::size_t size = 0;
  bool has_non_ascii = false;
  bool broken = false;  ///< what the last line, which has no line break, is to be marked with
};

/// `size` bytes; at least 64 more are readable.
void ScanPortable(const char* text, std::size_t size, Output& out);
/// Only where Supported() says so; ScanPortable() on other machines than x86.
void ScanAvx2(const char* text, std::size_t size, Output& out);
void ScanAvx512(const char* text, std::size_t size, Output& out);

/// Which of the 64 bytes of a block are what; bit 0 is the first byte.
struct Block {
  std::uint64_t backslash;
  std::uint64_t quote;
  std::uint64_t control;  ///< below 0x20
  std::uint64_t bracket;
  std::uint64_t separator;  ///< colon, comma, space
};

/// What one block must know of those before it.
struct Carry {
  std::uint64_t in_string = 0;  ///< all ones inside a string
  std::uint64_t escaped = 0;    ///< 1: the first byte follows an odd number of backslashes
  std::uint64_t in_scalar = 0;  ///< 1: the last byte belonged to a number or word
  bool broken = false;          ///< something is wrong with the line so far
};

/// The bytes that a backslash escapes; of runs of backslashes only the byte behind them counts.
[[gnu::always_inline]] inline std::uint64_t Escaped(std::uint64_t backslash, Carry& carry) {
  std::uint64_t escaped = carry.escaped;
  // An escaped backslash escapes nothing.
  backslash &= ~carry.escaped;
  carry.escaped = 0;
  while (backslash != 0) {
    const int first = std::countr_zero(backslash);
    const int length = std::countr_one(backslash >> first);
    const int behind = first + length;
    if (behind == 64) {
      carry.escaped = static_cast<std::uint64_t>(length) & 1U;
      break;
    }
    escaped |= (static_cast<std::uint64_t>(length) & 1U) << behind;
    backslash &= ~std::uint64_t{0} << behind;
  }
  return escaped;
}

/// Lines end and control characters in strings break them. Adds the line breaks to `lines`, those
/// of broken lines also to `broken`; leaves `in_string` as it is when every line begins outside.
inline void EndLines(const char* text, std::uint64_t control, Carry& carry,
                     std::uint64_t& in_string, std::uint64_t& lines, std::uint64_t& broken) {
  for (; control != 0; control &= control - 1) {
    const int at = std::countr_zero(control);
    const std::uint64_t bit = std::uint64_t{1} << at;
    const bool inside = (in_string & bit) != 0;
    const char c = text[at];
    if (c != '\n') {
      carry.broken |= inside || (c != '\t' && c != '\r');
      continue;
    }
    lines |= bit;
    if (inside || carry.broken) broken |= bit;
    carry.broken = false;
    // Quotes from here on open where they seemed to close.
    if (inside) in_string ^= ~std::uint64_t{0} << at;
  }
}

}  // namespace vedette::event::structural
