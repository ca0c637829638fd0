// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "engine/condition_set.h"
#include "engine/hash_index.h"
#include "engine/keyed_hash.h"
#include "engine/keyed_memo.h"
#include "engine/matcher.h"
#include "engine/predicate_oracle.h"
#include "event/event.h"
#include "event/json_reader.h"

namespace vedette::engine {

/// What values of one field have in common for all rules: the predicates that hold for them. Class
/// 0 is "no value".
using ClassId = std::uint32_t;

/// What classifying needs besides the field; shared by the fields of a matcher.
struct ClassifyRoom {
  ClassifyRoom(const ConditionSet& set, const event::Projector& lays, std::uint64_t seed)
      : hash(seed), projector(&lays), oracle(set) {}
  KeyedHash hash;
  const event::Projector* projector;
  PredicateOracle oracle;
  event::JsonReader reader;
  base::Arena arena;  ///< for what lives as long as one event
  FieldTests::Scratch tests;
  std::vector<TestId> found;
  std::vector<std::string_view> texts;
  std::vector<ClassId> elements;
  std::string key;
};

/// One worker's knowledge of one field: values to classes, classes to predicates.
///
/// A value is hashed once (its JSON text as it stands) and looked up in a memo; one that is not
/// remembered is classified by the field's tests. A list's class is that of its elements' tests
/// together, interned on the tuple of the elements' classes. docs/explanation/value-classes.md.
class FieldClasses {
 public:
  static constexpr ClassId kAbsent = 0;
  static constexpr ClassId kNoTestHolds = 1;  ///< there is a value, and that is all

  /// `memo_bytes`: the most that its memo may take of `budget`, which outlives this.
  FieldClasses(const MatchedField& field, std::size_t memo_bytes, MemoBudget* budget);
  /// Whether predicates that the evaluator decides are part of the class (fields whose values come
  /// again) or asked when a rule needs them. Forgets everything.
  void Start(bool with_asked, ClassifyRoom& room);
  bool with_asked() const { return with_asked_; }

  /// The class of a value as it stands in the record; `token` empty: absent.
  ClassId OfToken(std::string_view token, ClassifyRoom& room);
  /// The class of what a Projector laid into the slot.
  ClassId OfValue(const event::Value& value, ClassifyRoom& room);
  bool Holds(ClassId of, std::uint32_t local) const {
    if (of < kFirstTuple) return HoldsForValue(of, local);
    const Tuple& tuple = tuples_[of - kFirstTuple];
    for (std::uint32_t i = tuple.begin; i < tuple.begin + tuple.count; ++i) {
      if (HoldsForValue(tuple_elements_[i], local)) return true;
    }
    return false;
  }
  /// Calls `visit(local)` for every predicate that holds; for lists perhaps more than once.
  template <class Visit>
  void ForEachHolding(ClassId of, const Visit& visit) const {
    if (of < kFirstTuple) {
      ForEachOfValue(of, visit);
      return;
    }
    const Tuple& tuple = tuples_[of - kFirstTuple];
    for (std::uint32_t i = tuple.begin; i < tuple.begin + tuple.count; ++i) {
      ForEachOfValue(tuple_elements_[i], visit);
    }
  }
  std::size_t size() const { return classes_ + tuples_.size(); }
  /// Classes and lists; the memo has a bound of its own.
  std::size_t bytes() const;
  std::size_t memo_bytes() const { return memo_.bytes(); }
  const FieldCounters& counters() const { return counters_; }

 private:
  /// Lists have numbers of their own from here on: their predicates are those of their elements'
  /// classes together, which are not written out. (Written out they took 40 MB for ten thousand
  /// rules: a shell's name alone is in thousands of predicates.)
  static constexpr ClassId kFirstTuple = 0x80000000U;
  struct Tuple {
    std::uint32_t begin, count;
  };
  bool HoldsForValue(ClassId of, std::uint32_t local) const {
    const std::uint32_t word = local >> 6U;
    const std::uint64_t* const bits = bits_.data() + bits_begin_[of];
    const std::uint64_t filled = bits[word >> 6U];
    if ((filled >> (word & 63U) & 1U) == 0) return false;
    std::size_t before = heads_;
    for (std::uint32_t i = 0; i < word >> 6U; ++i) {
      before += static_cast<std::size_t>(std::popcount(bits[i]));
    }
    before +=
        static_cast<std::size_t>(std::popcount(filled & ((std::uint64_t{1} << (word & 63U)) - 1)));
    return (bits[before] >> (local & 63U) & 1U) != 0;
  }
  template <class Visit>
  void ForEachOfValue(ClassId of, const Visit& visit) const {
    const std::uint64_t* const bits = bits_.data() + bits_begin_[of];
    std::size_t next = heads_;
    for (std::size_t head = 0; head < heads_; ++head) {
      for (std::uint64_t filled = bits[head]; filled != 0; filled &= filled - 1) {
        const std::size_t word = head * 64 + static_cast<std::size_t>(std::countr_zero(filled));
        for (std::uint64_t left = bits[next]; left != 0; left &= left - 1) {
          visit(static_cast<std::uint32_t>(word * 64 +
                                           static_cast<std::size_t>(std::countr_zero(left))));
        }
        ++next;
      }
    }
  }
  ClassId OfText(std::string_view text, ClassifyRoom& room);
  ClassId OfScalar(const event::Value& value, ClassifyRoom& room);
  ClassId OfArrayToken(std::string_view token, ClassifyRoom& room);
  ClassId OfElements(ClassifyRoom& room);
  ClassId Classify(const event::Value& value, ClassifyRoom& room);
  ClassId Intern(std::vector<TestId>& tests);
  ClassId NewClass(std::span<const TestId> tests, std::uint64_t hash);
  ClassId InternTuple(std::vector<ClassId>& elements);

  const MatchedField* field_;
  const KeyedHash* hash_ = nullptr;  ///< the room's, from Start() on
  bool with_asked_ = true;
  void AppendBits(std::span<const std::uint32_t> locals);

  std::size_t heads_;  ///< words that say which words of a class's bits are not zero
  std::uint32_t classes_ = 0;
  // By class: heads_ words, then the words that are not zero. Of the ten thousand predicates that a
  // field may have, few hold for a value.
  std::vector<std::uint64_t> bits_;
  std::vector<std::size_t> bits_begin_;
  std::vector<std::uint32_t> tests_begin_;  ///< by class; its tests, ascending
  std::vector<TestId> tests_;
  HashIndex by_tests_;
  std::vector<ClassId> tuple_elements_;
  std::vector<Tuple> tuples_;
  HashIndex by_tuple_;
  KeyedMemo memo_;
  FieldCounters counters_;
};

}  // namespace vedette::engine
