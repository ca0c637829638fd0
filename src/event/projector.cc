// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>

#include "event/event.h"

namespace vedette::event {
namespace {

constexpr std::uint32_t kRoot = 0;

Value NumberFromText(std::string_view text) {
  const char* const end = text.data() + text.size();
  std::int64_t integer = 0;
  if (auto [p, ec] = std::from_chars(text.data(), end, integer); ec == std::errc() && p == end) {
    return Value::Integer(integer);
  }
  std::uint64_t natural = 0;
  if (auto [p, ec] = std::from_chars(text.data(), end, natural); ec == std::errc() && p == end) {
    return Value::Unsigned(natural);
  }
  double real = 0;
  if (auto [p, ec] = std::from_chars(text.data(), end, real);
      ec == std::errc() && p == end && std::isfinite(real)) {
    return Value::Double(real);
  }
  return {};
}

Value ToText(const Value& value, base::Arena& arena) {
  switch (value.kind()) {
    case ValueKind::kString:
      return value;
    case ValueKind::kNumberText:
      return Value::String(value.text());
    case ValueKind::kBoolean:
      return Value::String(value.boolean() ? "true" : "false");
    case ValueKind::kInteger:
      return Value::String(arena.Copy(fmt::to_string(value.integer())));
    case ValueKind::kUnsigned:
      return Value::String(arena.Copy(fmt::to_string(value.unsigned_integer())));
    case ValueKind::kDouble:
      return Value::String(arena.Copy(fmt::format("{}", value.real())));
    default:
      return {};
  }
}

Value ToBoolean(const Value& value) {
  if (value.kind() == ValueKind::kBoolean) return value;
  if (value.is_string() && value.text() == "true") return Value::Boolean(true);
  if (value.is_string() && value.text() == "false") return Value::Boolean(false);
  return {};
}

/// The scalar in the field's mapping type; null when it does not fit (Elasticsearch would refuse or
/// ignore it).
Value Coerce(const Value& value, FieldType type, base::Arena& arena) {
  switch (type) {
    case FieldType::kKeyword:
    case FieldType::kConstantKeyword:
    case FieldType::kWildcard:
    case FieldType::kText:
    case FieldType::kIp:
    case FieldType::kVersion:
      return ToText(value, arena);
    case FieldType::kBoolean:
      return ToBoolean(value);
    case FieldType::kLong:
    case FieldType::kUnsignedLong:
    case FieldType::kDouble:
      if (value.is_string()) return NumberFromText(value.text());
      return value.is_number() ? value : Value();
    case FieldType::kDate:
    case FieldType::kDateNanos:
      return value.is_string() || value.is_number() ? value : Value();
    default:
      return value;
  }
}

}  // namespace

namespace {

/// What `value`, no list and no object, adds to a flat slot; null for nothing.
Value LayScalar(const FieldTable::Entry& entry, const Value& value, base::Arena& arena) {
  if (!value.is_null()) return Coerce(value, entry.type, arena);
  if (entry.null_value == nullptr) return {};
  return Coerce(Value::String(*entry.null_value), entry.type, arena);
}

void LayElements(const FieldTable::Entry& entry, const Value& value, std::vector<Value>& found,
                 base::Arena& arena) {
  if (value.is_list()) {
    for (const Value& element : value.list()) LayElements(entry, element, found, arena);
  } else if (!value.is_object()) {
    if (const Value scalar = LayScalar(entry, value, arena); !scalar.is_null()) {
      found.push_back(scalar);
    }
  }
}

/// One value is a scalar, several are a list.
Value Collect(const std::vector<Value>& found, base::Arena& arena) {
  if (found.empty()) return {};
  if (found.size() == 1) return found.front();
  const std::span<Value> list = arena.NewArray<Value>(found.size());
  std::copy(found.begin(), found.end(), list.begin());
  return Value::List(list);
}

}  // namespace

/// Values found so far for each slot.
struct Projector::Collector {
  base::Arena& arena;
  std::vector<std::vector<Value>>& found;
};

Projector::Projector(const FieldTable& table) : table_(&table), nodes_(1) {
  for (std::uint32_t slot = 0; slot < table.size(); ++slot) {
    std::string_view rest = table.entry(FieldId{slot}).source_path;
    std::uint32_t node = kRoot;
    while (true) {
      const std::size_t dot = rest.find('.');
      const std::string part(rest.substr(0, dot));
      const auto next = static_cast<std::uint32_t>(nodes_.size());
      const auto [at, fresh] = nodes_[node].children.try_emplace(part, next);
      node = at->second;
      if (fresh) nodes_.emplace_back();
      if (dot == std::string_view::npos) break;
      rest.remove_prefix(dot + 1);
    }
    nodes_[node].slots.push_back(slot);
  }
}

void Projector::Descend(std::string_view key, const Value& value, std::uint32_t node,
                        Collector& out) const {
  // A key may itself hold dots: each part is one step down.
  while (true) {
    const std::size_t dot = key.find('.');
    const auto next = nodes_[node].children.find(key.substr(0, dot));
    if (next == nodes_[node].children.end()) return;
    node = next->second;
    if (dot == std::string_view::npos) break;
    key.remove_prefix(dot + 1);
  }
  Walk(value, node, out);
}

void Projector::Walk(const Value& value, std::uint32_t node, Collector& out) const {
  for (const std::uint32_t slot : nodes_[node].slots) {
    const FieldTable::Entry& entry = table_->entry(FieldId{slot});
    auto& values = out.found[slot];
    if (entry.shape == Shape::kTree) {
      // With duplicate keys the first stands, as Value::Get has it. The first element of an array
      // of objects likewise.
      if (values.empty()) values.push_back(value);
    } else if (!value.is_list() && !value.is_object()) {
      if (const Value scalar = LayScalar(entry, value, out.arena); !scalar.is_null()) {
        values.push_back(scalar);
      }
    }
  }
  if (value.is_list()) {
    for (const Value& element : value.list()) WalkElement(element, node, out);
  } else if (value.is_object()) {
    for (const Member& member : value.object()) Descend(member.key, member.value, node, out);
  }
}

// Elements of an array feed flat slots only: a tree slot took the array whole.
void Projector::WalkElement(const Value& element, std::uint32_t node, Collector& out) const {
  if (element.is_list() || element.is_object() || !nodes_[node].slots.empty()) {
    Walk(element, node, out);
  }
}

std::span<const Value> Projector::Project(const Value& document, base::Arena& arena) const {
  // One vector per slot keeps this obvious; the engine's own forward pass is the fast path to come.
  std::vector<std::vector<Value>> found(table_->size());
  Collector out{arena, found};
  if (document.is_object()) Walk(document, kRoot, out);
  const std::span<Value> slots = arena.NewArray<Value>(table_->size());
  for (std::size_t i = 0; i < slots.size(); ++i) slots[i] = Collect(found[i], arena);
  return slots;
}

Value Projector::Lay(FieldId id, const Value& value, base::Arena& arena) const {
  const FieldTable::Entry& entry = table_->entry(id);
  if (entry.shape == Shape::kTree) return value;
  if (!value.is_list()) return value.is_object() ? Value() : LayScalar(entry, value, arena);
  std::vector<Value> found;
  LayElements(entry, value, found, arena);
  return Collect(found, arena);
}

}  // namespace vedette::event
