// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/glob.h"
#include "base/ip.h"
#include "engine/pattern_index.h"
#include "eql/ast.h"
#include "event/value.h"

namespace vedette::engine {

/// A comparison of one field's value with one literal; numbered within the field.
using TestId = std::uint32_t;

/// Everything that rules compare one field with, each literal once, asked of a value all together.
///
/// Add while rules are lowered, Build(), then immutable; any thread may match with a Scratch of
/// its own. Matching a text costs one or two hash look-ups for all literals that are compared as a
/// whole, one pass for all wildcard patterns, one comparison for each address block; a number
/// costs one comparison for each distinct bound.
class FieldTests {
 public:
  struct Scratch {
    PatternIndex::Scratch patterns;
    std::string lower;
  };

  TestId AddExact(std::string_view text, base::Case fold);
  /// A pattern of `like`, `:` or `wildcard`.
  TestId AddPattern(std::string_view pattern, base::Case fold);
  TestId AddLiteral(PatternIndex::Kind kind, std::string_view literal);
  /// `lower` (folded, not empty) occurs in the folded text.
  TestId AddContains(std::string_view lower);
  TestId AddNumber(eql::ComparisonOp op, const event::Value& number);
  TestId AddBlock(const base::CidrBlock& block);
  /// A test that is decided elsewhere; it only takes a number.
  TestId AddOther();
  void Build();

  std::size_t size() const { return count_; }
  /// How readily a test holds, compared with others: what an index should rather not stand on. A
  /// guess from the literal alone: a whole text of some length 1, a lone digit anywhere 300.
  std::uint32_t Readiness(TestId test) const { return readiness_[test]; }
  std::size_t bytes() const;
  const PatternIndex& patterns() const { return patterns_; }
  bool compares_numbers() const { return !numbers_.empty(); }
  bool compares_text() const { return has_text_; }

  /// Appends the tests that hold for a text, unordered, each once.
  void MatchText(std::string_view text, Scratch& scratch, std::vector<TestId>& out) const;
  /// Whether any test could hold for a text that lies somewhere in `json`, the text of a
  /// list of nothing but strings. False is certain. For fields with few literals: looking once is
  /// cheaper than at each element. True without a look for all others.
  bool MayHoldIn(std::string_view json, Scratch& scratch) const;
  /// `number.is_number()`.
  void MatchNumber(const event::Value& number, std::vector<TestId>& out) const;

 private:
  /// Texts to numbers, open addressing; texts lie in one string.
  class Table {
   public:
    void Build(const std::map<std::string, TestId, std::less<>>& from);
    static constexpr TestId kNone = 0xFFFFFFFFU;
    TestId Find(std::string_view text) const;
    bool empty() const { return slots_.empty(); }
    std::size_t bytes() const { return slots_.size() * sizeof(Slot) + texts_.size(); }

   private:
    struct Slot {
      std::uint32_t hash = 0;
      std::uint32_t begin = 0;
      std::uint32_t size = 0;
      TestId test = kNone;
    };
    std::vector<Slot> slots_;
    std::string texts_;
    std::uint32_t mask_ = 0;
  };
  struct NumberTest {
    event::Value bound;
    std::uint8_t orders;  ///< bit 0 less, 1 equal, 2 greater: when the test holds
    TestId test;
  };

  TestId Next(std::uint32_t readiness) {
    readiness_.push_back(readiness);
    return count_++;
  }

  TestId count_ = 0;
  std::vector<std::uint32_t> readiness_;
  bool has_text_ = false;
  std::map<std::string, TestId, std::less<>> exact_[2];  ///< by Case; emptied by Build
  std::map<std::string, TestId, std::less<>> interned_;  ///< all others; emptied by Build
  Table tables_[2];
  PatternIndex patterns_;
  PatternIndex anywhere_;  ///< all literals of a field that has few, as parts of a longer text
  bool few_ = false;
  std::size_t others_ = 0;
  std::vector<NumberTest> numbers_;
  std::vector<std::pair<base::CidrBlock, TestId>> blocks_;
};

}  // namespace vedette::engine
