// SPDX-License-Identifier: Apache-2.0
#include "engine/field_classes.h"

#include <algorithm>
#include <cstring>

namespace vedette::engine {
namespace {

using event::Value;
using event::ValueKind;

/// Texts beyond this are decided by the evaluator: its functions give up on longer ones, and a
/// table would have to give up at the same byte.
constexpr std::size_t kMaxTestedText = 16 * 1024 * 1024;

/// Keyed like the memos: a stream must not be able to make lists that crowd one place of a table.
std::uint64_t HashOf(std::span<const std::uint32_t> numbers, const KeyedHash& hash) {
  return hash.Of({reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()}).low;
}

/// The text between the quotes of a JSON string that needs no decoding.
bool PlainString(std::string_view token, std::string_view& text) {
  if (token.size() < 2 || token.front() != '"') return false;
  text = token.substr(1, token.size() - 2);
  return std::memchr(text.data(), '\\', text.size()) == nullptr;
}

/// The elements of a list of such strings; false: it holds anything else.
bool PlainStrings(std::string_view token, std::vector<std::string_view>& texts) {
  texts.clear();
  std::size_t at = 1;
  while (at < token.size()) {
    const char c = token[at];
    if (c == ']' || c == ',' || c == ' ' || c == '\t') {
      ++at;
      continue;
    }
    const std::size_t end = c == '"' ? token.find('"', at + 1) : std::string_view::npos;
    // An escaped quote leaves its backslash at the end of the text.
    if (end == std::string_view::npos ||
        !PlainString(token.substr(at, end + 1 - at), texts.emplace_back())) {
      return false;
    }
    at = end + 1;
  }
  return true;
}

}  // namespace

FieldClasses::FieldClasses(const MatchedField& field, std::size_t memo_bytes, MemoBudget* budget)
    : field_(&field),
      heads_(((field.predicates.size() + 63) / 64 + 63) / 64),
      memo_(memo_bytes, budget) {}

void FieldClasses::Start(bool with_asked, ClassifyRoom& room) {
  with_asked_ = with_asked;
  hash_ = &room.hash;
  classes_ = 0;
  bits_.clear();
  bits_begin_.clear();
  tests_begin_ = {0};
  tests_.clear();
  by_tests_.Clear();
  tuples_.clear();
  by_tuple_.Clear();
  tuple_elements_.clear();
  memo_.Clear();
  // "No value" is not found by its tests: a value for which none holds has none either.
  tests_begin_.push_back(0);
  std::vector<std::uint32_t> holding = field_->holds_if_absent;
  if (with_asked_) {
    room.arena.Reset();
    for (const std::uint32_t local : field_->asked) {
      if (room.oracle.HoldsFor(field_->predicates[local], Value(), room.arena)) {
        holding.push_back(local);
      }
    }
  }
  AppendBits(holding);
  classes_ = 1;
  NewClass({}, HashOf({}, *hash_));
}

void FieldClasses::AppendBits(std::span<const std::uint32_t> locals) {
  std::vector<std::uint64_t> words((field_->predicates.size() + 63) / 64);
  for (const std::uint32_t local : locals) {
    words[local >> 6U] |= std::uint64_t{1} << (local & 63U);
  }
  const std::size_t begin = bits_.size();
  bits_begin_.push_back(begin);
  bits_.resize(begin + heads_);
  for (std::size_t word = 0; word < words.size(); ++word) {
    if (words[word] == 0) continue;
    bits_[begin + (word >> 6U)] |= std::uint64_t{1} << (word & 63U);
    bits_.push_back(words[word]);
  }
}

std::size_t FieldClasses::bytes() const {
  return bits_.size() * 8 + bits_begin_.size() * 8 + tests_.size() * 4 + tests_begin_.size() * 4 +
         tuple_elements_.size() * 4 + tuples_.size() * sizeof(Tuple) + by_tests_.bytes() +
         by_tuple_.bytes();
}

ClassId FieldClasses::OfToken(std::string_view token, ClassifyRoom& room) {
  if (token.empty()) return kAbsent;
  if (field_->presence_only && token.front() != '[' && token.front() != 'n' &&
      token.front() != '{' && field_->text) {
    return kNoTestHolds;
  }
  ++counters_.lookups;
  const Hash128 hash = room.hash.Of(token);
  if (const std::uint32_t known = memo_.Find(hash); known != KeyedMemo::kNone) return known;
  ClassId of = kAbsent;
  std::string_view text;
  if (PlainString(token, text) && field_->text) {
    ++counters_.misses;
    of = Classify(Value::String(text), room);
  } else if (token.front() == '[') {
    of = OfArrayToken(token, room);
  } else {
    ++counters_.misses;
    const auto tree = room.reader.Read(token, room.arena);
    if (tree) {
      const Value laid = room.projector->Lay(field_->id, *tree, room.arena);
      of = laid.is_null() ? kAbsent : Classify(laid, room);
    }
  }
  memo_.Insert(hash, of);
  return of;
}

/// Lists of plain strings are taken apart here; anything else is read as JSON.
ClassId FieldClasses::OfArrayToken(std::string_view token, ClassifyRoom& room) {
  if (!field_->text || !PlainStrings(token, room.texts)) {
    const auto tree = room.reader.Read(token, room.arena);
    if (!tree) return kAbsent;
    return OfValue(room.projector->Lay(field_->id, *tree, room.arena), room);
  }
  if (room.texts.empty()) return kAbsent;
  if (!field_->tests.MayHoldIn(token, room.tests)) {
    ++counters_.misses;
    return kNoTestHolds;
  }
  room.elements.clear();
  for (const std::string_view text : room.texts) room.elements.push_back(OfText(text, room));
  return OfElements(room);
}

ClassId FieldClasses::OfValue(const Value& value, ClassifyRoom& room) {
  if (value.is_null()) return kAbsent;
  if (!value.is_list()) return OfScalar(value, room);
  room.elements.clear();
  for (const Value& element : value.list()) {
    const ClassId of = OfScalar(element, room);
    room.elements.push_back(of);
  }
  return OfElements(room);
}

ClassId FieldClasses::OfElements(ClassifyRoom& room) {
  auto& elements = room.elements;
  if (elements.empty()) return kAbsent;
  // Elements of which nothing is known add nothing but that there is a value.
  std::erase(elements, kNoTestHolds);
  std::sort(elements.begin(), elements.end());
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
  if (elements.empty()) return kNoTestHolds;
  return elements.size() == 1 ? elements.front() : InternTuple(elements);
}

ClassId FieldClasses::OfScalar(const Value& value, ClassifyRoom& room) {
  if (value.is_string()) return OfText(value.text(), room);
  ++counters_.lookups;
  room.key.assign(1, static_cast<char>(value.kind()));
  if (value.kind() == ValueKind::kNumberText) {
    room.key += value.text();
  } else {
    // The payload is one word whatever the kind.
    const std::uint64_t word = value.kind() == ValueKind::kBoolean
                                   ? static_cast<std::uint64_t>(value.boolean())
                                   : value.unsigned_integer();
    room.key.append(reinterpret_cast<const char*>(&word), sizeof word);
  }
  const Hash128 hash = room.hash.Of(room.key);
  if (const std::uint32_t known = memo_.Find(hash); known != KeyedMemo::kNone) return known;
  ++counters_.misses;
  const ClassId of = Classify(value, room);
  memo_.Insert(hash, of);
  return of;
}

/// Remembered apart from tokens: those begin with a quote that is part of the hash.
ClassId FieldClasses::OfText(std::string_view text, ClassifyRoom& room) {
  ++counters_.lookups;
  Hash128 hash = room.hash.Of(text);
  hash.low = ~hash.low;
  if (const std::uint32_t known = memo_.Find(hash); known != KeyedMemo::kNone) return known;
  ++counters_.misses;
  const ClassId of = Classify(Value::String(text), room);
  memo_.Insert(hash, of);
  return of;
}

ClassId FieldClasses::Classify(const Value& value, ClassifyRoom& room) {
  if (value.is_list()) return OfValue(value, room);
  room.found.clear();
  const FieldTests& tests = field_->tests;
  const bool tested = value.is_string()
                          ? value.text().size() <= kMaxTestedText
                          : value.is_number() && tests.compares_numbers() && !tests.compares_text();
  if (!tested) {
    // Of an unknown mapping, or too long: every predicate by itself. A class of its own, for its
    // predicates are no tests.
    std::vector<std::uint32_t> holding;
    for (std::uint32_t local = 0; local < field_->predicates.size(); ++local) {
      const bool asked_later = !with_asked_ && std::find(field_->asked.begin(), field_->asked.end(),
                                                         local) != field_->asked.end();
      if (!asked_later && room.oracle.HoldsFor(field_->predicates[local], value, room.arena)) {
        holding.push_back(local);
      }
    }
    // Beyond the tests' numbers, so that they mix with tests in the unions of lists.
    for (const std::uint32_t local : holding) {
      room.found.push_back(static_cast<TestId>(field_->tests.size()) + local);
    }
    return Intern(room.found);
  }
  if (value.is_string()) {
    tests.MatchText(value.text(), room.tests, room.found);
  } else {
    tests.MatchNumber(value, room.found);
  }
  if (with_asked_) {
    for (std::size_t i = 0; i < field_->asked.size(); ++i) {
      const PredicateId predicate = field_->predicates[field_->asked[i]];
      if (room.oracle.HoldsFor(predicate, value, room.arena)) {
        room.found.push_back(field_->asked_tests[i]);
      }
    }
  }
  return Intern(room.found);
}

ClassId FieldClasses::Intern(std::vector<TestId>& tests) {
  if (tests.empty() && classes_ > kNoTestHolds) return kNoTestHolds;
  std::sort(tests.begin(), tests.end());
  tests.erase(std::unique(tests.begin(), tests.end()), tests.end());
  const std::uint64_t hash = HashOf(tests, *hash_);
  const std::uint32_t known = by_tests_.Find(hash, [&](ClassId of) {
    const std::uint32_t begin = tests_begin_[of];
    return std::ranges::equal(tests,
                              std::span(tests_).subspan(begin, tests_begin_[of + 1] - begin));
  });
  return known != HashIndex::kNone ? known : NewClass(tests, hash);
}

ClassId FieldClasses::NewClass(std::span<const TestId> tests, std::uint64_t hash) {
  const ClassId of = classes_++;
  tests_.insert(tests_.end(), tests.begin(), tests.end());
  tests_begin_.push_back(static_cast<std::uint32_t>(tests_.size()));
  std::vector<std::uint32_t> holding;
  for (const TestId test : tests) {
    if (test >= field_->tests.size()) {
      holding.push_back(test - static_cast<TestId>(field_->tests.size()));
      continue;
    }
    holding.insert(holding.end(), field_->test_predicates.begin() + field_->test_begin[test],
                   field_->test_predicates.begin() + field_->test_begin[test + 1]);
  }
  AppendBits(holding);
  by_tests_.Insert(hash, of);
  return of;
}

ClassId FieldClasses::InternTuple(std::vector<ClassId>& elements) {
  const std::uint64_t hash = HashOf(elements, *hash_);
  const std::uint32_t known = by_tuple_.Find(hash, [&](std::uint32_t i) {
    return std::ranges::equal(
        elements, std::span(tuple_elements_).subspan(tuples_[i].begin, tuples_[i].count));
  });
  if (known != HashIndex::kNone) return kFirstTuple + known;
  const auto number = static_cast<std::uint32_t>(tuples_.size());
  tuples_.push_back({static_cast<std::uint32_t>(tuple_elements_.size()),
                     static_cast<std::uint32_t>(elements.size())});
  tuple_elements_.insert(tuple_elements_.end(), elements.begin(), elements.end());
  by_tuple_.Insert(hash, number);
  return kFirstTuple + number;
}

}  // namespace vedette::engine
