// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/arena.h"
#include "engine/condition_set.h"
#include "engine/keyed_hash.h"
#include "engine/keyed_memo.h"
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
  std::vector<ClassId> elements;
  std::string key;
};

struct FieldCounters {
  std::uint64_t lookups = 0;  ///< values asked for, elements of lists included
  std::uint64_t misses = 0;   ///< of these, not remembered: classified anew
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

  FieldClasses(const MatchedField& field, std::size_t memo_bytes);
  /// Whether predicates that the evaluator decides are part of the class (fields whose values come
  /// again) or asked when a rule needs them. Forgets everything.
  void Start(bool with_asked, ClassifyRoom& room);
  bool with_asked() const { return with_asked_; }

  /// The class of a value as it stands in the record; `token` empty: absent.
  ClassId OfToken(std::string_view token, ClassifyRoom& room);
  /// The class of what a Projector laid into the slot.
  ClassId OfValue(const event::Value& value, ClassifyRoom& room);
  bool Holds(ClassId of, std::uint32_t local) const {
    return (bits_[of * words_ + (local >> 6U)] >> (local & 63U) & 1U) != 0;
  }
  std::span<const std::uint64_t> Bits(ClassId of) const {
    return {bits_.data() + of * words_, words_};
  }
  std::size_t size() const { return classes_; }
  std::size_t bytes() const;
  const FieldCounters& counters() const { return counters_; }

 private:
  ClassId OfText(std::string_view text, ClassifyRoom& room);
  ClassId OfScalar(const event::Value& value, ClassifyRoom& room);
  ClassId OfArrayToken(std::string_view token, ClassifyRoom& room);
  ClassId OfElements(ClassifyRoom& room);
  ClassId Classify(const event::Value& value, ClassifyRoom& room);
  ClassId Intern(std::vector<TestId>& tests);
  ClassId NewClass(std::span<const TestId> tests, std::uint64_t hash);
  ClassId InternTuple(std::vector<ClassId>& elements);

  const MatchedField* field_;
  bool with_asked_ = true;
  std::size_t words_;
  std::uint32_t classes_ = 0;
  std::vector<std::uint64_t> bits_;         ///< words_ a class
  std::vector<std::uint32_t> tests_begin_;  ///< by class; its tests, ascending
  std::vector<TestId> tests_;
  std::unordered_multimap<std::uint64_t, ClassId> by_tests_;
  struct Tuple {
    std::uint32_t begin, count;
    ClassId of;
  };
  std::vector<ClassId> tuple_elements_;
  std::unordered_multimap<std::uint64_t, Tuple> by_tuple_;
  KeyedMemo memo_;
  FieldCounters counters_;
};

}  // namespace vedette::engine
