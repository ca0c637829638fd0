// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace vedette::event {

enum class ValueKind : std::uint8_t {
  kNull,
  kBoolean,
  kInteger,   ///< int64
  kUnsigned,  ///< uint64 above the int64 range
  kDouble,
  kNumberText,  ///< a JSON number outside 64 bits; its digits as text, so that nothing is lost
  kString,
  kList,
  kObject,
};

struct Member;

/// One JSON-like value, 16 bytes, trivially copyable; strings, lists and objects point into the
/// arena of the batch (or into static storage) and die with it. A flattened multi-valued field is a
/// kList of scalars.
class Value {
 public:
  constexpr Value() = default;
  static constexpr Value Boolean(bool v) {
    Value x(ValueKind::kBoolean);
    x.payload_.boolean = v;
    return x;
  }
  static constexpr Value Integer(std::int64_t v) {
    Value x(ValueKind::kInteger);
    x.payload_.integer = v;
    return x;
  }
  static constexpr Value Unsigned(std::uint64_t v) {
    Value x(ValueKind::kUnsigned);
    x.payload_.unsigned_integer = v;
    return x;
  }
  static constexpr Value Double(double v) {
    Value x(ValueKind::kDouble);
    x.payload_.real = v;
    return x;
  }
  static constexpr Value String(std::string_view v) { return Text(ValueKind::kString, v); }
  static constexpr Value NumberText(std::string_view v) { return Text(ValueKind::kNumberText, v); }
  static constexpr Value List(std::span<const Value> v) {
    Value x(ValueKind::kList);
    x.size_ = static_cast<std::uint32_t>(v.size());
    x.payload_.list = v.data();
    return x;
  }
  static constexpr Value Object(std::span<const Member> v);

  constexpr ValueKind kind() const { return kind_; }
  constexpr bool is_null() const { return kind_ == ValueKind::kNull; }
  constexpr bool is_string() const { return kind_ == ValueKind::kString; }
  constexpr bool is_list() const { return kind_ == ValueKind::kList; }
  constexpr bool is_object() const { return kind_ == ValueKind::kObject; }
  constexpr bool is_number() const {
    return kind_ >= ValueKind::kInteger && kind_ <= ValueKind::kNumberText;
  }

  // Each accessor requires the kind in its name.
  constexpr bool boolean() const { return payload_.boolean; }
  constexpr std::int64_t integer() const { return payload_.integer; }
  constexpr std::uint64_t unsigned_integer() const { return payload_.unsigned_integer; }
  constexpr double real() const { return payload_.real; }
  /// kString and kNumberText.
  constexpr std::string_view text() const { return {payload_.text, size_}; }
  constexpr std::span<const Value> list() const { return {payload_.list, size_}; }
  constexpr std::span<const Member> object() const;

  /// The member of an object by its literal key; null value if absent or not an object. O(members).
  /// With duplicate keys, the first.
  Value Get(std::string_view key) const;
  /// `Get` along a dotted path; at each object a literal dotted key (`"a.b"`) works as well as
  /// nesting.
  Value GetPath(std::string_view dotted) const;

 private:
  constexpr explicit Value(ValueKind kind) : kind_(kind) {}
  static constexpr Value Text(ValueKind kind, std::string_view v) {
    Value x(kind);
    x.size_ = static_cast<std::uint32_t>(v.size());
    x.payload_.text = v.data();
    return x;
  }
  union Payload {
    bool boolean;
    std::int64_t integer = 0;
    std::uint64_t unsigned_integer;
    double real;
    const char* text;
    const Value* list;
    const Member* object;
  };
  ValueKind kind_ = ValueKind::kNull;
  std::uint32_t size_ = 0;
  Payload payload_;
};
static_assert(sizeof(Value) == 16 && std::is_trivially_copyable_v<Value>);

struct Member {
  std::string_view key;
  Value value;
};

constexpr Value Value::Object(std::span<const Member> v) {
  Value x(ValueKind::kObject);
  x.size_ = static_cast<std::uint32_t>(v.size());
  x.payload_.object = v.data();
  return x;
}
constexpr std::span<const Member> Value::object() const { return {payload_.object, size_}; }

}  // namespace vedette::event
