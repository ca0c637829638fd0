// SPDX-License-Identifier: Apache-2.0
#include "engine/field_tests.h"

#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <cstring>
#include <functional>

#include "eql/value_ops.h"

namespace vedette::engine {
namespace {

constexpr std::size_t kPadding = 16;

/// Fields with no more literals are looked at as a whole first.
constexpr std::size_t kFewLiterals = 512;

std::uint8_t OrdersOf(eql::ComparisonOp op) {
  switch (op) {
    case eql::ComparisonOp::kEqual:
      return 0b010;
    case eql::ComparisonOp::kNotEqual:
      return 0b101;
    case eql::ComparisonOp::kLess:
      return 0b001;
    case eql::ComparisonOp::kLessEqual:
      return 0b011;
    case eql::ComparisonOp::kGreater:
      return 0b100;
    case eql::ComparisonOp::kGreaterEqual:
      return 0b110;
  }
  return 0;
}

std::string Lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), base::AsciiLower);
  return out;
}

/// Of a pattern, by the longest literal run in it.
std::uint32_t ReadinessOf(std::size_t run) {
  constexpr std::uint32_t kShort[] = {1000, 300, 40, 10, 4, 4, 3, 3};
  return run < std::size(kShort) ? kShort[run] : 2;
}

std::size_t LongestRun(std::string_view pattern) {
  std::size_t longest = 0;
  std::size_t begin = 0;
  while (begin < pattern.size()) {
    const std::size_t end = std::min(pattern.find_first_of("*?", begin), pattern.size());
    longest = std::max(longest, end - begin);
    begin = end + 1;
  }
  return longest;
}

std::uint32_t HashOf(std::string_view text) {
  const std::size_t hash = std::hash<std::string_view>{}(text);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32U));
}

}  // namespace

void FieldTests::Table::Build(const std::map<std::string, TestId, std::less<>>& from) {
  if (from.empty()) return;
  std::size_t capacity = 16;
  while (capacity < from.size() * 2) capacity *= 2;
  slots_.assign(capacity, {});
  mask_ = static_cast<std::uint32_t>(capacity - 1);
  for (const auto& [text, test] : from) {
    const std::uint32_t hash = HashOf(text);
    std::uint32_t at = hash & mask_;
    while (slots_[at].test != kNone) at = (at + 1) & mask_;
    slots_[at] = {hash, static_cast<std::uint32_t>(texts_.size()),
                  static_cast<std::uint32_t>(text.size()), test};
    texts_ += text;
  }
}

TestId FieldTests::Table::Find(std::string_view text) const {
  const std::uint32_t hash = HashOf(text);
  for (std::uint32_t at = hash & mask_; slots_[at].test != kNone; at = (at + 1) & mask_) {
    const Slot& slot = slots_[at];
    if (slot.hash == hash && slot.size == text.size() &&
        std::memcmp(texts_.data() + slot.begin, text.data(), text.size()) == 0) {
      return slot.test;
    }
  }
  return kNone;
}

TestId FieldTests::AddExact(std::string_view text, base::Case fold) {
  const bool folds = fold == base::Case::kAsciiInsensitive;
  const auto [at, fresh] =
      exact_[folds ? 1 : 0].try_emplace(folds ? Lower(text) : std::string(text), count_);
  // "-c" is among the arguments of every other command.
  if (fresh) Next(text.size() <= 2 ? 20 : text.size() == 3 ? 5 : 1);
  has_text_ = true;
  return at->second;
}

TestId FieldTests::AddPattern(std::string_view pattern, base::Case fold) {
  if (pattern.find_first_of("*?") == std::string_view::npos) return AddExact(pattern, fold);
  const bool folds = fold == base::Case::kAsciiInsensitive;
  const auto [at, fresh] = interned_.try_emplace(
      (folds ? "p~" : "p=") + (folds ? Lower(pattern) : std::string(pattern)), count_);
  has_text_ = true;
  if (fresh) patterns_.Add(pattern, fold, Next(ReadinessOf(LongestRun(pattern))));
  return at->second;
}

TestId FieldTests::AddLiteral(PatternIndex::Kind kind, std::string_view literal) {
  const auto [at, fresh] =
      interned_.try_emplace(fmt::format("l{}{}", static_cast<int>(kind), literal), count_);
  has_text_ = true;
  if (fresh) {
    patterns_.AddLiteral(kind, literal, base::Case::kSensitive, Next(ReadinessOf(literal.size())));
  }
  return at->second;
}

TestId FieldTests::AddContains(std::string_view lower) {
  const auto [at, fresh] = interned_.try_emplace("c" + std::string(lower), count_);
  has_text_ = true;
  if (fresh) {
    patterns_.AddLiteral(PatternIndex::Kind::kContains, lower, base::Case::kAsciiInsensitive,
                         Next(ReadinessOf(lower.size())));
  }
  return at->second;
}

TestId FieldTests::AddNumber(eql::ComparisonOp op, const event::Value& number) {
  const std::uint8_t orders = OrdersOf(op);
  for (const NumberTest& known : numbers_) {
    if (known.orders == orders &&
        eql::CompareNumbers(known.bound, number) == std::partial_ordering::equivalent) {
      return known.test;
    }
  }
  numbers_.push_back({number, orders, Next(orders == 0b010 ? 10 : 200)});
  return numbers_.back().test;
}

TestId FieldTests::AddBlock(const base::CidrBlock& block) {
  for (const auto& [known, test] : blocks_) {
    if (known.prefix_bits == block.prefix_bits && known.address == block.address) return test;
  }
  has_text_ = true;
  blocks_.emplace_back(block, Next(50));
  return blocks_.back().second;
}

TestId FieldTests::AddOther() {
  ++others_;
  return Next(300);
}

void FieldTests::Build() {
  few_ = patterns_.size() + exact_[0].size() + exact_[1].size() <= kFewLiterals &&
         numbers_.empty() && blocks_.empty() && others_ == 0;
  if (few_) {
    patterns_.CopyTo(anywhere_);
    for (const auto& literals : exact_) {
      for (const auto& [text, test] : literals) {
        // The empty text is part of every list.
        if (text.empty()) few_ = false;
        if (!text.empty()) {
          anywhere_.AddLiteral(PatternIndex::Kind::kContains, text, base::Case::kAsciiInsensitive,
                               test);
        }
      }
    }
    anywhere_.Build();
  }
  for (int i = 0; i < 2; ++i) {
    tables_[i].Build(exact_[i]);
    exact_[i] = {};
  }
  interned_ = {};
  patterns_.Build();
}

std::size_t FieldTests::bytes() const {
  return tables_[0].bytes() + tables_[1].bytes() + patterns_.bytes() +
         numbers_.size() * sizeof(NumberTest) + blocks_.size() * sizeof(blocks_[0]);
}

void FieldTests::MatchText(std::string_view text, Scratch& scratch,
                           std::vector<TestId>& out) const {
  const auto take = [&](TestId test) {
    if (test != Table::kNone) out.push_back(test);
  };
  if (!tables_[0].empty()) take(tables_[0].Find(text));
  if (!tables_[1].empty() || !patterns_.empty()) {
    scratch.lower.resize(text.size() + kPadding);
    std::transform(text.begin(), text.end(), scratch.lower.begin(), base::AsciiLower);
    std::fill(scratch.lower.end() - kPadding, scratch.lower.end(), '\0');
    if (!tables_[1].empty()) take(tables_[1].Find({scratch.lower.data(), text.size()}));
    if (!patterns_.empty()) {
      patterns_.Match(text, scratch.lower.data(), scratch.patterns, out);
    }
  }
  if (blocks_.empty()) return;
  const auto address = base::ParseIp(text);
  if (!address) return;
  for (const auto& [block, test] : blocks_) {
    if (block.Contains(*address)) out.push_back(test);
  }
}

bool FieldTests::MayHoldIn(std::string_view json, Scratch& scratch) const {
  // With an escape the text is not what it says.
  if (!few_ || std::memchr(json.data(), '\\', json.size()) != nullptr) return true;
  scratch.lower.resize(json.size() + kPadding);
  std::transform(json.begin(), json.end(), scratch.lower.begin(), base::AsciiLower);
  std::fill(scratch.lower.end() - kPadding, scratch.lower.end(), '\0');
  return anywhere_.Occurs({scratch.lower.data(), json.size()});
}

void FieldTests::MatchNumber(const event::Value& number, std::vector<TestId>& out) const {
  for (const NumberTest& test : numbers_) {
    const auto order = eql::CompareNumbers(number, test.bound);
    const unsigned bit = order == std::partial_ordering::less         ? 0b001U
                         : order == std::partial_ordering::equivalent ? 0b010U
                         : order == std::partial_ordering::greater    ? 0b100U
                                                                      : 0U;
    if ((test.orders & bit) != 0) out.push_back(test.test);
  }
}

}  // namespace vedette::engine
