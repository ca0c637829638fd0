// SPDX-License-Identifier: Apache-2.0
#include "engine/sequence_definition_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "event/json_reader.h"

namespace vedette::engine {
namespace {

using event::Value;
using event::ValueKind;

std::string Folded(std::string text, bool fold_case) {
  if (!fold_case) return text;
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

}  // namespace

DefinedKeyPart KeyPartOf(const Value& value, bool fold_case) {
  switch (value.kind()) {
    case ValueKind::kNull:
      return {};
    case ValueKind::kBoolean:
      return {1, value.boolean() ? 1.0 : 0.0, ""};
    case ValueKind::kInteger:
      return {2, static_cast<double>(value.integer()), ""};
    case ValueKind::kUnsigned:
      return {2, static_cast<double>(value.unsigned_integer()), ""};
    case ValueKind::kDouble:
      return {2, value.real(), ""};
    case ValueKind::kNumberText:
    case ValueKind::kString:
      return {3, 0, Folded(std::string(value.text()), fold_case)};
    default:
      break;
  }
  std::string json;
  event::WriteJson(value, json);
  return {4, 0, Folded(std::move(json), fold_case)};
}

DefinedKey KeyFromJson(std::string_view json, bool fold_case) {
  DefinedKey key;
  if (json.empty()) return key;
  base::Arena arena(1024);
  event::JsonReader reader;
  const auto read = reader.Read(json, arena);
  if (!read) return {{5, 0, std::string(json)}};
  for (const Value& value : read->list()) key.push_back(KeyPartOf(value, fold_case));
  return key;
}

std::string Describe(const DefinedKey& key) {
  std::string out = "[";
  for (const DefinedKeyPart& part : key) {
    if (out.size() > 1) out += ", ";
    switch (part.rank) {
      case 0:
        out += "null";
        break;
      case 1:
        out += part.number != 0 ? "true" : "false";
        break;
      case 2:
        out += fmt::format("{}", part.number);
        break;
      default:
        out += fmt::format("\"{}\"", part.text);
    }
  }
  return out + "]";
}

DefinedKeyReader::DefinedKeyReader(std::span<const eql::ExprPtr> global,
                                   std::span<const eql::ExprPtr> own, eql::Dialect dialect,
                                   const eql::CheckOptions& options)
    : endgame_(dialect == eql::Dialect::kEndgame),
      fold_case_(dialect == eql::Dialect::kEndgame && !options.case_sensitive) {
  for (const auto& list : {global, own}) {
    for (const auto& key : list) {
      parts_.push_back({key.get(), eql::Expression(*key, dialect, options)});
    }
  }
}

std::vector<DefinedKeyPart> DefinedKeyReader::ValuesOf(const Part& part, const event::Event& event,
                                                       base::Arena& scratch) const {
  if (endgame_) return {KeyPartOf(part.expression.ValueOf(event, scratch), fold_case_)};
  std::vector<DefinedKeyPart> values;
  const auto& field = std::get<eql::Field>(part.expr->node);
  if (field.id) {
    const Value& slot = event.Get(*field.id);
    if (slot.is_list()) {
      for (const Value& value : slot.list()) {
        if (!value.is_null()) values.push_back(KeyPartOf(value, false));
      }
    } else if (!slot.is_null()) {
      values.push_back(KeyPartOf(slot, false));
    }
  }
  if (values.empty() && field.optional) values.emplace_back();
  return values;
}

std::vector<DefinedKey> DefinedKeyReader::KeysOf(const event::Event& event,
                                                 base::Arena& scratch) const {
  std::vector<DefinedKey> keys(1);
  for (const Part& part : parts_) {
    std::vector<DefinedKey> longer;
    for (const DefinedKey& key : keys) {
      for (const DefinedKeyPart& value : ValuesOf(part, event, scratch)) {
        longer.push_back(key);
        longer.back().push_back(value);
      }
    }
    keys = std::move(longer);
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace vedette::engine
