// SPDX-License-Identifier: Apache-2.0
// AVX2 and AVX-512 forms of the structural scan, chosen at run time: the build itself is for plain
// x86-64, hence a target attribute on each function that uses more.
#include "event/structural_index.h"
#include "event/structural_scan.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace vedette::event::structural {
namespace {

/// Turns what a block holds into its entries. `inside` has a bit for each byte from an opening
/// quote up to, not including, the closing one.
struct Entries {
  std::uint64_t all;
  std::uint64_t broken;  ///< line breaks to be marked
};

[[gnu::always_inline]] inline Entries FindEntries(const char* text, const Block& block,
                                                  std::uint64_t quote, std::uint64_t inside,
                                                  std::uint64_t valid, Carry& carry) {
  std::uint64_t lines = 0;
  std::uint64_t broken = 0;
  if (block.control != 0) [[unlikely]] {
    EndLines(text, block.control, carry, inside, lines, broken);
  }
  carry.in_string = static_cast<std::uint64_t>(static_cast<std::int64_t>(inside) >> 63);
  const std::uint64_t word =
      ~(block.bracket | block.separator | block.control | quote | inside) & valid;
  const std::uint64_t first_of_word = word & ~(word << 1U | carry.in_scalar);
  carry.in_scalar = word >> 63U;
  return {(block.bracket & ~inside) | first_of_word | (quote & inside) | lines, broken};
}

/// Rare: the kinds of broken lines' ends, written as line breaks, are replaced.
void MarkBroken(std::uint64_t broken, std::uint32_t base, Output& out) {
  for (std::size_t i = out.size; i-- > 0 && out.positions[i] >= base;) {
    if ((broken >> (out.positions[i] - base) & 1U) != 0) {
      out.kinds[i] = StructuralIndex::kBroken;
    }
  }
}

/// Asks for the text of later blocks. The processor's own guesses stop at the end of a page, every
/// second event: cold text was read 1.8 times as fast with this. Past the text it does no harm.
constexpr std::size_t kAhead = 2048;

[[gnu::always_inline]] inline void NoteBackslashes(std::uint32_t base, Output& out) {
  out.backslashes[base / 4096] |= std::uint64_t{1} << (base / 64 % 64);
}

[[gnu::target("pclmul"), gnu::always_inline]] inline std::uint64_t PrefixXor(std::uint64_t bits) {
  const __m128i product =
      _mm_clmulepi64_si128(_mm_cvtsi64_si128(static_cast<long long>(bits)), _mm_set1_epi8(-1), 0);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt,pclmul"),
  gnu::always_inline]] inline void
ScanBlock512(const char* text, std::uint32_t base, std::uint64_t valid, Carry& carry, Output& out) {
  _mm_prefetch(text + base + kAhead, _MM_HINT_T0);
  const __m512i bytes = _mm512_loadu_si512(text + base);
  const __m512i folded = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
  const auto is = [](__m512i a, char c) __attribute__((target("avx512f,avx512bw"), always_inline)) {
    return _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8(c));
  };
  Block block{};
  block.backslash = is(bytes, '\\') & valid;
  block.control = _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20)) & valid;
  block.bracket = (is(folded, '{') | is(folded, '}')) & valid;
  block.separator = is(bytes, ' ') | is(bytes, ':') | is(bytes, ',');
  out.has_non_ascii |= (_mm512_movepi8_mask(bytes) & valid) != 0;
  std::uint64_t quote = is(bytes, '"') & valid;
  if ((block.backslash | carry.escaped) != 0) {
    quote &= ~Escaped(block.backslash, carry);
    NoteBackslashes(base, out);
  }
  const std::uint64_t inside = PrefixXor(quote) ^ carry.in_string;
  const Entries entries = FindEntries(text + base, block, quote, inside, valid, carry);
  const auto count = static_cast<std::size_t>(std::popcount(entries.all));
  _mm512_storeu_si512(out.kinds + out.size, _mm512_maskz_compress_epi8(entries.all, bytes));
  const __m512i ordinals = _mm512_set_epi8(
      63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41,
      40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18,
      17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i offsets = _mm512_maskz_compress_epi8(entries.all, ordinals);
  const __m512i start = _mm512_set1_epi32(static_cast<int>(base));
  std::uint32_t* const to = out.positions + out.size;
  _mm512_storeu_si512(
      to, _mm512_add_epi32(start, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(offsets))));
  if (count > 16) {
    _mm512_storeu_si512(
        to + 16,
        _mm512_add_epi32(start, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(offsets, 1))));
  }
  if (count > 32) {
    _mm512_storeu_si512(
        to + 32,
        _mm512_add_epi32(start, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(offsets, 2))));
    _mm512_storeu_si512(
        to + 48,
        _mm512_add_epi32(start, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(offsets, 3))));
  }
  out.size += count;
  if (entries.broken != 0) [[unlikely]] {
    MarkBroken(entries.broken, base, out);
  }
}

/// 64 bytes as two registers.
struct Pair {
  __m256i low, high;
};

[[gnu::target("avx2"), gnu::always_inline]] inline std::uint64_t Mask(__m256i low, __m256i high) {
  const auto a = static_cast<std::uint32_t>(_mm256_movemask_epi8(low));
  const auto b = static_cast<std::uint32_t>(_mm256_movemask_epi8(high));
  return std::uint64_t{b} << 32U | a;
}

[[gnu::target("avx2"), gnu::always_inline]] inline std::uint64_t Is(const Pair& bytes, char c) {
  const __m256i wanted = _mm256_set1_epi8(c);
  return Mask(_mm256_cmpeq_epi8(bytes.low, wanted), _mm256_cmpeq_epi8(bytes.high, wanted));
}

[[gnu::target("avx2,bmi,bmi2,popcnt,pclmul"), gnu::always_inline]] inline void ScanBlock256(
    const char* text, std::uint32_t base, std::uint64_t valid, Carry& carry, Output& out) {
  _mm_prefetch(text + base + kAhead, _MM_HINT_T0);
  const auto* from = reinterpret_cast<const __m256i*>(text + base);
  const Pair bytes{_mm256_loadu_si256(from), _mm256_loadu_si256(from + 1)};
  const __m256i bit5 = _mm256_set1_epi8(0x20);
  const Pair folded{_mm256_or_si256(bytes.low, bit5), _mm256_or_si256(bytes.high, bit5)};
  const __m256i last_control = _mm256_set1_epi8(0x1F);
  Block block{};
  block.backslash = Is(bytes, '\\') & valid;
  // Below 0x20: the unsigned maximum with 0x1F is 0x1F.
  block.control = Mask(_mm256_cmpeq_epi8(_mm256_max_epu8(bytes.low, last_control), last_control),
                       _mm256_cmpeq_epi8(_mm256_max_epu8(bytes.high, last_control), last_control)) &
                  valid;
  block.bracket = (Is(folded, '{') | Is(folded, '}')) & valid;
  block.separator = Is(bytes, ' ') | Is(bytes, ':') | Is(bytes, ',');
  out.has_non_ascii |= (Mask(bytes.low, bytes.high) & valid) != 0;
  std::uint64_t quote = Is(bytes, '"') & valid;
  if ((block.backslash | carry.escaped) != 0) {
    quote &= ~Escaped(block.backslash, carry);
    NoteBackslashes(base, out);
  }
  const std::uint64_t inside = PrefixXor(quote) ^ carry.in_string;
  const Entries entries = FindEntries(text + base, block, quote, inside, valid, carry);
  const auto count = static_cast<std::size_t>(std::popcount(entries.all));
  std::uint32_t* const positions = out.positions + out.size;
  std::uint8_t* const kinds = out.kinds + out.size;
  std::uint64_t rest = entries.all;
  // In steps of eight: the entries past `count` are overwritten by the next block. An empty mask
  // has 64 trailing zeros, and text[base + 64] is readable.
  for (std::size_t i = 0; i < count; i += 8) {
    for (std::size_t k = i; k < i + 8; ++k) {
      const std::uint32_t at = base + static_cast<std::uint32_t>(_tzcnt_u64(rest));
      positions[k] = at;
      kinds[k] = static_cast<std::uint8_t>(text[at]);
      rest &= rest - 1;
    }
  }
  out.size += count;
  if (entries.broken != 0) [[unlikely]] {
    MarkBroken(entries.broken, base, out);
  }
}

/// The bits of `count` < 64 bytes.
constexpr std::uint64_t Low(std::size_t count) { return (std::uint64_t{1} << count) - 1; }

}  // namespace

[[gnu::target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt,pclmul")]] void
ScanAvx512(const char* text, std::size_t size, Output& result) {
  Carry carry;
  Output out = result;  // a local, so that its members may stay in registers
  std::size_t base = 0;
  for (; base + 64 <= size; base += 64) {
    ScanBlock512(text, static_cast<std::uint32_t>(base), ~std::uint64_t{0}, carry, out);
  }
  if (base < size) {
    ScanBlock512(text, static_cast<std::uint32_t>(base), Low(size - base), carry, out);
  }
  out.broken = carry.in_string != 0 || carry.broken;
  result = out;
}

[[gnu::target("avx2,bmi,bmi2,popcnt,pclmul")]] void ScanAvx2(const char* text, std::size_t size,
                                                             Output& result) {
  Carry carry;
  Output out = result;
  std::size_t base = 0;
  for (; base + 64 <= size; base += 64) {
    ScanBlock256(text, static_cast<std::uint32_t>(base), ~std::uint64_t{0}, carry, out);
  }
  if (base < size) {
    ScanBlock256(text, static_cast<std::uint32_t>(base), Low(size - base), carry, out);
  }
  out.broken = carry.in_string != 0 || carry.broken;
  result = out;
}

}  // namespace vedette::event::structural

#else

namespace vedette::event::structural {

void ScanAvx2(const char* text, std::size_t size, Output& out) { ScanPortable(text, size, out); }
void ScanAvx512(const char* text, std::size_t size, Output& out) { ScanPortable(text, size, out); }

}  // namespace vedette::event::structural

#endif
