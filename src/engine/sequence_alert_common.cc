// SPDX-License-Identifier: Apache-2.0
#include "engine/sequence_alert_common.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "event/json_reader.h"

namespace vedette::engine {
namespace {

using event::Member;
using event::Value;
using event::ValueKind;

/// Same text, same value: members sorted, whole doubles as integers.
void WriteCanonical(const Value& value, base::JsonWriter& writer) {
  // Doubles are exact integers up to here.
  constexpr double kExact = 0x1p53;
  if (value.is_object()) {
    std::vector<const Member*> members;
    for (const Member& member : value.object()) members.push_back(&member);
    std::stable_sort(members.begin(), members.end(),
                     [](const Member* a, const Member* b) { return a->key < b->key; });
    writer.BeginObject();
    for (const Member* member : members) {
      writer.Key(member->key);
      WriteCanonical(member->value, writer);
    }
    writer.EndObject();
  } else if (value.is_list()) {
    writer.BeginArray();
    for (const Value& element : value.list()) WriteCanonical(element, writer);
    writer.EndArray();
  } else if (value.kind() == ValueKind::kDouble && std::abs(value.real()) < kExact &&
             std::trunc(value.real()) == value.real()) {
    writer.Int(static_cast<std::int64_t>(value.real()));
  } else {
    event::WriteJson(value, writer);
  }
}

std::string Canonical(const Value& value) {
  std::string text;
  base::JsonWriter writer(text);
  WriteCanonical(value, writer);
  return text;
}

std::span<const Value> Elements(const Value& value) {
  return value.is_list() ? value.list() : std::span<const Value>(&value, 1);
}

/// What `a` and `b` have in common; null when nothing.
Value CommonValue(const Value& a, const Value& b, base::Arena& arena) {
  if (a.is_null() || b.is_null()) return {};
  if (a.is_string() && b.is_string()) return a.text() == b.text() ? a : Value();
  if (Canonical(a) == Canonical(b)) return a;
  if (!a.is_list() && !b.is_list()) return {};
  std::set<std::string> in_b;
  for (const Value& element : Elements(b)) in_b.insert(Canonical(element));
  std::vector<Value> kept;
  for (const Value& element : Elements(a)) {
    // Taken out, so that each stands in the result once.
    if (!element.is_null() && in_b.erase(Canonical(element)) != 0) kept.push_back(element);
  }
  if (kept.empty()) return {};
  if (!a.is_list()) return a;
  const auto copy = arena.NewArray<Value>(kept.size());
  std::copy(kept.begin(), kept.end(), copy.begin());
  return Value::List(copy);
}

/// A dotted path that grows and shrinks with a walk.
class Path {
 public:
  explicit Path(std::size_t max_bytes) : max_bytes_(max_bytes) {}
  /// False, and no change, when the path would get too long.
  bool Push(std::string_view key, std::size_t& before) {
    before = text_.size();
    if (before + 1 + key.size() > max_bytes_) return false;
    if (before != 0) text_ += '.';
    text_ += key;
    return true;
  }
  void Pop(std::size_t before) { text_.resize(before); }
  const std::string& text() const { return text_; }

 private:
  std::size_t max_bytes_;
  std::string text_;
};

/// The fields of one document by dotted path.
class FieldIndex {
 public:
  FieldIndex(const Value& document, const CommonFieldLimits& limits)
      : max_fields_(limits.max_fields) {
    Path path(limits.max_path_bytes);
    Collect(document, path);
    // Stable: of duplicates the first stays in front.
    std::stable_sort(fields_.begin(), fields_.end(),
                     [](const Field& a, const Field& b) { return a.path < b.path; });
  }
  Value Find(std::string_view path) const {
    const auto found =
        std::lower_bound(fields_.begin(), fields_.end(), path,
                         [](const Field& field, std::string_view p) { return field.path < p; });
    return found != fields_.end() && found->path == path ? found->value : Value();
  }
  bool truncated() const { return truncated_; }

 private:
  struct Field {
    std::string path;
    Value value;
  };
  // As deep as the reader lets a document be.
  void Collect(const Value& object, Path& path) {
    if (!object.is_object()) return;
    for (const Member& member : object.object()) {
      std::size_t before = 0;
      if (fields_.size() >= max_fields_ || !path.Push(member.key, before)) {
        truncated_ = true;
        continue;
      }
      if (member.value.is_object()) {
        Collect(member.value, path);
      } else if (!member.value.is_null()) {
        fields_.push_back({path.text(), member.value});
      }
      path.Pop(before);
    }
  }
  std::size_t max_fields_;
  bool truncated_ = false;
  std::vector<Field> fields_;
};

/// `object` without what `other` lacks.
Value Narrow(const Value& object, const FieldIndex& other, Path& path, base::Arena& arena) {
  std::vector<Member> kept;
  std::set<std::string_view> seen;
  if (object.is_object()) {
    for (const Member& member : object.object()) {
      std::size_t before = 0;
      if (!path.Push(member.key, before)) continue;
      const Value common = member.value.is_object()
                               ? Narrow(member.value, other, path, arena)
                               : CommonValue(member.value, other.Find(path.text()), arena);
      path.Pop(before);
      const bool empty = common.is_null() || (common.is_object() && common.object().empty());
      if (!empty && seen.insert(member.key).second) kept.push_back({member.key, common});
    }
  }
  const auto copy = arena.NewArray<Member>(kept.size());
  std::copy(kept.begin(), kept.end(), copy.begin());
  return Value::Object(copy);
}

}  // namespace

CommonFields IntersectDocuments(std::span<const Value> documents, base::Arena& arena,
                                const CommonFieldLimits& limits) {
  CommonFields common;
  common.document = Value::Object({});
  if (documents.empty()) return common;
  if (documents.front().is_object()) common.document = documents.front();
  // The first document is measured like the rest, for its surplus is lost just the same.
  if (documents.size() > 1) common.truncated = FieldIndex(documents.front(), limits).truncated();
  for (const Value& other : documents.subspan(1)) {
    const FieldIndex index(other, limits);
    common.truncated = common.truncated || index.truncated();
    Path path(limits.max_path_bytes);
    common.document = Narrow(common.document, index, path, arena);
  }
  return common;
}

}  // namespace vedette::engine
