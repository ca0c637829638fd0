// SPDX-License-Identifier: Apache-2.0
#include "engine/join_key.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/time.h"
#include "eql/text.h"
#include "eql/value_ops.h"
#include "event/json_reader.h"

namespace vedette::engine {
namespace {

using event::Value;
using event::ValueKind;

void AppendRaw(std::string& out, char tag, const void* bytes, std::size_t size) {
  out += tag;
  out.append(static_cast<const char*>(bytes), size);
}

void CollectScalars(const Value& value, std::vector<Value>& out) {
  if (value.is_list()) {
    for (const Value& element : value.list()) CollectScalars(element, out);
  } else if (!value.is_null() && !value.is_object()) {
    out.push_back(value);
  }
}

int KindRank(const Value& value) {
  if (value.is_null()) return 0;
  if (value.kind() == ValueKind::kBoolean) return 1;
  if (value.is_number()) return 2;
  return value.is_string() ? 3 : 4;
}

}  // namespace

std::weak_ordering CompareKeyValues(const Value& a, const Value& b) {
  if (const auto order = KindRank(a) <=> KindRank(b); order != 0) return order;
  if (a.kind() == ValueKind::kBoolean) return a.boolean() <=> b.boolean();
  if (a.is_number()) {
    const auto order = eql::CompareNumbers(a, b);
    if (order == std::partial_ordering::less) return std::weak_ordering::less;
    return order == std::partial_ordering::greater ? std::weak_ordering::greater
                                                   : std::weak_ordering::equivalent;
  }
  if (a.is_string()) return a.text() <=> b.text();
  return std::weak_ordering::equivalent;
}

JoinKeyReader::JoinKeyReader(std::span<const eql::ExprPtr> global,
                             std::span<const eql::ExprPtr> own, eql::Dialect dialect,
                             const eql::CheckOptions& options, std::uint64_t seed)
    : dialect_(dialect),
      fold_case_(dialect == eql::Dialect::kEndgame && !options.case_sensitive),
      seed_(seed) {
  for (const auto& keys : {global, own}) {
    for (const auto& key : keys) {
      const auto* field = std::get_if<eql::Field>(&key->node);
      parts_.push_back({key.get(), field != nullptr && field->optional,
                        eql::Expression(*key, dialect, options)});
    }
  }
}

bool JoinKeyReader::ValuesOf(const Part& part, const event::Event& event, base::Arena& scratch,
                             std::vector<Value>& values) const {
  values.clear();
  if (dialect_ == eql::Dialect::kEndgame) {
    values.push_back(part.expression.ValueOf(event, scratch));
    return true;
  }
  if (const auto* field = std::get_if<eql::Field>(&part.expr->node); field && field->id) {
    const auto index = static_cast<std::size_t>(*field->id);
    if (index < event.slots.size()) CollectScalars(event.slots[index], values);
  }
  if (values.empty()) {
    if (!part.optional) return false;
    values.emplace_back();
  }
  return true;
}

void JoinKeyReader::Encode(const Value& value, const eql::Expr& expr, base::Arena& scratch,
                           std::string& out) const {
  const auto text = [&](char tag, std::string_view bytes) {
    const std::uint64_t size = bytes.size();
    AppendRaw(out, tag, &size, sizeof size);
    out += bytes;
  };
  if (expr.type == eql::Type::kDate && !value.is_null()) {
    const auto written = eql::TextOf(value, scratch);
    if (const auto time = written ? base::ParseEventTime(*written) : std::nullopt) {
      AppendRaw(out, 'D', &time->nanoseconds, sizeof time->nanoseconds);
      return;
    }
  }
  switch (value.kind()) {
    case ValueKind::kNull:
      out += 'n';
      return;
    case ValueKind::kBoolean:
      out += value.boolean() ? 't' : 'f';
      return;
    case ValueKind::kInteger: {
      const std::int64_t number = value.integer();
      AppendRaw(out, 'i', &number, sizeof number);
      return;
    }
    case ValueKind::kUnsigned: {
      const std::uint64_t number = value.unsigned_integer();
      AppendRaw(out, 'u', &number, sizeof number);
      return;
    }
    case ValueKind::kDouble: {
      const double real = value.real();
      if (std::abs(real) < 9.0e18 && std::trunc(real) == real) {
        const auto number = static_cast<std::int64_t>(real);
        AppendRaw(out, 'i', &number, sizeof number);
      } else {
        AppendRaw(out, 'd', &real, sizeof real);
      }
      return;
    }
    case ValueKind::kNumberText:
      text('N', value.text());
      return;
    case ValueKind::kString:
      text('s', fold_case_ ? eql::FoldText(value.text(), scratch) : value.text());
      return;
    case ValueKind::kList:
    case ValueKind::kObject: {
      std::string json;
      event::WriteJson(value, json);
      text('j', fold_case_ ? eql::FoldText(json, scratch) : std::string_view(json));
      return;
    }
  }
}

JoinKey JoinKeyReader::MakeKey(std::span<const Value> values, base::Arena& scratch) const {
  std::string bytes;
  for (std::size_t i = 0; i < values.size(); ++i) {
    Encode(values[i], *parts_[i].expr, scratch, bytes);
  }
  const XXH128_hash_t hash = XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed_);
  const auto kept = scratch.NewArray<Value>(values.size());
  std::copy(values.begin(), values.end(), kept.begin());
  return {{hash.low64, hash.high64}, kept};
}

bool JoinKeyReader::Read(const event::Event& event, base::Arena& scratch,
                         std::vector<JoinKey>& out) const {
  const std::size_t first = out.size();
  std::vector<std::vector<Value>> choices(parts_.size());
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (!ValuesOf(parts_[i], event, scratch, choices[i])) return true;
  }
  std::vector<std::size_t> at(parts_.size(), 0);
  std::vector<Value> values(parts_.size());
  bool complete = true;
  while (true) {
    if (out.size() - first == kMaxCombinations) {
      complete = false;
      break;
    }
    for (std::size_t i = 0; i < parts_.size(); ++i) values[i] = choices[i][at[i]];
    out.push_back(MakeKey(values, scratch));
    std::size_t digit = parts_.size();
    while (digit > 0 && ++at[digit - 1] == choices[digit - 1].size()) at[--digit] = 0;
    if (digit == 0) break;
  }
  const auto begin = out.begin() + static_cast<std::ptrdiff_t>(first);
  if (out.size() - first > 1) {
    std::sort(begin, out.end(), [](const JoinKey& a, const JoinKey& b) {
      for (std::size_t i = 0; i < a.values.size(); ++i) {
        const auto order = CompareKeyValues(a.values[i], b.values[i]);
        if (order != 0) return order < 0;
      }
      return false;
    });
    // Equal values were sorted together, except a date in two spellings: compare all.
    auto end = begin;
    for (auto key = begin; key != out.end(); ++key) {
      if (std::none_of(begin, end, [&](const JoinKey& k) { return k.hash == key->hash; })) {
        *end++ = *key;
      }
    }
    out.erase(end, out.end());
  }
  return complete;
}

}  // namespace vedette::engine
