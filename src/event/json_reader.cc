// SPDX-License-Identifier: Apache-2.0
#include "event/json_reader.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/json_writer.h"

namespace vedette::event {
namespace {

using base::Error;
using base::ErrorCode;
namespace ondemand = simdjson::ondemand;

/// Digits, sign, point and exponent only: what a number token may hold.
std::string_view NumberToken(std::string_view raw) {
  const std::size_t end = raw.find_first_not_of("+-0123456789.eE");
  return raw.substr(0, end);
}

bool IsJsonNumber(std::string_view t) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t from = i;
    while (i < t.size() && t[i] >= '0' && t[i] <= '9') ++i;
    return i - from;
  };
  if (i < t.size() && t[i] == '-') ++i;
  const std::size_t first = i;
  const std::size_t whole = digits();
  if (whole == 0 || (whole > 1 && t[first] == '0')) return false;
  if (i < t.size() && t[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  if (i < t.size() && (t[i] == 'e' || t[i] == 'E')) {
    ++i;
    if (i < t.size() && (t[i] == '+' || t[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == t.size();
}

}  // namespace

struct JsonReader::Impl {
  explicit Impl(Limits given) : limits(given) {}

  Limits limits;
  ondemand::parser parser;
  std::vector<char> padded;  // grown once to the largest record, then reused
  bool repaired = false;
  const char* failure = nullptr;
  bool too_deep = false;
  base::Arena* arena = nullptr;
  // Children of the containers under way; a finished container moves its tail into the arena, so
  // that nesting costs no allocation.
  std::vector<Value> values;
  std::vector<Member> members;

  std::string_view Pad(std::string_view json) {
    const std::size_t need = json.size() + simdjson::SIMDJSON_PADDING;
    if (padded.size() < need) padded.resize(need + need / 2);
    std::memcpy(padded.data(), json.data(), json.size());
    std::memset(padded.data() + json.size(), 0, simdjson::SIMDJSON_PADDING);
    return {padded.data(), json.size()};
  }

  bool Fail(simdjson::error_code code) {
    if (failure == nullptr) failure = simdjson::error_message(code);
    return false;
  }

  bool ReadNumber(std::string_view raw, Value& out) {
    const std::string_view token = NumberToken(raw);
    if (!IsJsonNumber(token)) {
      failure = "a number is malformed";
      return false;
    }
    const char* const end = token.data() + token.size();
    if (token.find_first_of(".eE") == std::string_view::npos) {
      std::int64_t integer = 0;
      if (auto [p, ec] = std::from_chars(token.data(), end, integer); ec == std::errc()) {
        out = Value::Integer(integer);
        return true;
      }
      std::uint64_t natural = 0;
      if (auto [p, ec] = std::from_chars(token.data(), end, natural); ec == std::errc()) {
        out = Value::Unsigned(natural);
        return true;
      }
      out = Value::NumberText(arena->Copy(token));
      return true;
    }
    double real = 0;
    const auto [p, ec] = std::from_chars(token.data(), end, real);
    out = ec == std::errc() && std::isfinite(real) ? Value::Double(real)
                                                   : Value::NumberText(arena->Copy(token));
    return true;
  }

  bool ReadObject(ondemand::object object, std::size_t depth, Value& out) {
    const std::size_t first = members.size();
    for (auto field : object) {
      if (field.error() != simdjson::SUCCESS) return Fail(field.error());
      std::string_view key;
      if (const auto e = field.unescaped_key().get(key); e != simdjson::SUCCESS) return Fail(e);
      key = arena->Copy(key);
      ondemand::value child;
      if (const auto e = field.value().get(child); e != simdjson::SUCCESS) return Fail(e);
      Value value;
      if (!ReadValue(child, depth + 1, value)) return false;
      members.push_back({key, value});
    }
    const auto kept = arena->NewArray<Member>(members.size() - first);
    std::copy(members.begin() + static_cast<std::ptrdiff_t>(first), members.end(), kept.begin());
    members.resize(first);
    out = Value::Object(kept);
    return true;
  }

  bool ReadArray(ondemand::array array, std::size_t depth, Value& out) {
    const std::size_t first = values.size();
    for (auto element : array) {
      ondemand::value child;
      if (const auto e = element.get(child); e != simdjson::SUCCESS) return Fail(e);
      Value value;
      if (!ReadValue(child, depth + 1, value)) return false;
      values.push_back(value);
    }
    const auto kept = arena->NewArray<Value>(values.size() - first);
    std::copy(values.begin() + static_cast<std::ptrdiff_t>(first), values.end(), kept.begin());
    values.resize(first);
    out = Value::List(kept);
    return true;
  }

  template <class Json>
  bool ReadValue(Json& json, std::size_t depth, Value& out) {
    if (depth > limits.max_depth) {
      too_deep = true;
      return false;
    }
    ondemand::json_type type;
    if (const auto e = json.type().get(type); e != simdjson::SUCCESS) return Fail(e);
    switch (type) {
      case ondemand::json_type::object: {
        ondemand::object object;
        if (const auto e = json.get_object().get(object); e != simdjson::SUCCESS) return Fail(e);
        return ReadObject(object, depth, out);
      }
      case ondemand::json_type::array: {
        ondemand::array array;
        if (const auto e = json.get_array().get(array); e != simdjson::SUCCESS) return Fail(e);
        return ReadArray(array, depth, out);
      }
      case ondemand::json_type::string: {
        std::string_view text;
        if (const auto e = json.get_string().get(text); e != simdjson::SUCCESS) return Fail(e);
        out = Value::String(arena->Copy(text));
        return true;
      }
      case ondemand::json_type::boolean: {
        bool flag = false;
        if (const auto e = json.get_bool().get(flag); e != simdjson::SUCCESS) return Fail(e);
        out = Value::Boolean(flag);
        return true;
      }
      case ondemand::json_type::null: {
        bool null = false;
        if (simdjson::simdjson_result<bool>(json.is_null()).get(null) != simdjson::SUCCESS ||
            !null) {
          failure = "a literal is malformed";
          return false;
        }
        out = Value();
        return true;
      }
      case ondemand::json_type::number:
        return ReadNumber(RawToken(json), out);
    }
    return false;
  }

  static std::string_view RawToken(ondemand::value& json) { return json.raw_json_token(); }
  static std::string_view RawToken(ondemand::document& json) {
    std::string_view token;
    if (json.raw_json_token().get(token) != simdjson::SUCCESS) return {};
    return token;
  }

  bool Parse(std::string_view padded_json, Value& out) {
    failure = nullptr;
    too_deep = false;
    values.clear();
    members.clear();
    ondemand::document document;
    if (const auto e =
            parser.iterate(padded_json.data(), padded_json.size(), padded.size()).get(document);
        e != simdjson::SUCCESS) {
      bad_utf8 = e == simdjson::UTF8_ERROR;
      return Fail(e);
    }
    ondemand::json_type type;
    if (const auto e = document.type().get(type); e != simdjson::SUCCESS) return Fail(e);
    // A scalar document cannot be read as `value`; only containers recurse.
    if (!ReadValue(document, 0, out)) return false;
    // A lone scalar is no record of anything; what may follow it does not matter.
    if (type != ondemand::json_type::object && type != ondemand::json_type::array) return true;
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
      failure = "there is text after the JSON value";
      return false;
    }
    return true;
  }
  bool bad_utf8 = false;
};

JsonReader::JsonReader() : JsonReader(Limits{}) {}
JsonReader::JsonReader(Limits limits) : impl_(std::make_unique<Impl>(limits)) {}
JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;
JsonReader& JsonReader::operator=(JsonReader&&) noexcept = default;
bool JsonReader::utf8_repaired() const { return impl_->repaired; }

base::Result<Value> JsonReader::Read(std::string_view json, base::Arena& arena) {
  Impl& impl = *impl_;
  impl.repaired = false;
  impl.bad_utf8 = false;
  impl.arena = &arena;
  if (json.size() > impl.limits.max_bytes) {
    return Error(ErrorCode::kLimitExceeded,
                 fmt::format("record of {} bytes is larger than the limit of {}", json.size(),
                             impl.limits.max_bytes));
  }
  Value value;
  bool good = impl.Parse(impl.Pad(json), value);
  if (!good && impl.bad_utf8) {
    // A log may carry raw bytes of an attacker's file name; losing the event would be a way to
    // hide.
    const std::string repaired = base::RepairUtf8(json);
    impl.repaired = true;
    good = impl.Parse(impl.Pad(repaired), value);
  }
  if (good) return value;
  if (impl.too_deep) {
    return Error(ErrorCode::kLimitExceeded,
                 fmt::format("JSON is nested deeper than {} levels", impl.limits.max_depth));
  }
  return Error(
      ErrorCode::kCorrupt,
      fmt::format("not valid JSON: {}", impl.failure != nullptr ? impl.failure : "unknown"));
}

namespace {

void Write(const Value& value, base::JsonWriter& writer) {
  switch (value.kind()) {
    case ValueKind::kNull:
      writer.Null();
      break;
    case ValueKind::kBoolean:
      writer.Bool(value.boolean());
      break;
    case ValueKind::kInteger:
      writer.Int(value.integer());
      break;
    case ValueKind::kUnsigned:
      writer.Uint(value.unsigned_integer());
      break;
    case ValueKind::kDouble:
      writer.Double(value.real());
      break;
    case ValueKind::kNumberText:
      writer.Raw(value.text());
      break;
    case ValueKind::kString:
      writer.String(value.text());
      break;
    case ValueKind::kList:
      writer.BeginArray();
      for (const Value& element : value.list()) Write(element, writer);
      writer.EndArray();
      break;
    case ValueKind::kObject:
      writer.BeginObject();
      for (const Member& member : value.object()) {
        writer.Key(member.key);
        Write(member.value, writer);
      }
      writer.EndObject();
      break;
  }
}

}  // namespace

void WriteJson(const Value& value, std::string& out) {
  base::JsonWriter writer(out);
  Write(value, writer);
}

void WriteJson(const Value& value, base::JsonWriter& writer) { Write(value, writer); }

}  // namespace vedette::event
