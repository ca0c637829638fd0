// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "eql/function_table.h"
#include "eql/text.h"
#include "eql/value_ops.h"

namespace vedette::eql {
namespace {

using event::Value;
using event::ValueKind;
using Arguments = std::span<const Value>;

/// A string argument as code points, as written and as compared.
struct Text {
  std::u32string plain;
  std::u32string folded;
};

/// The text of an argument. ES and EP take numbers and booleans by their text (only fields of
/// unknown type get here); EG wants a string.
std::optional<Text> ReadText(const Value& value, const FunctionContext& context) {
  if (value.is_null() || (context.endgame && !value.is_string())) return std::nullopt;
  const auto text = TextOf(value, *context.scratch);
  if (!text || text->size() > kMaxFunctionText) return std::nullopt;
  Text out;
  out.plain = DecodeUtf8(*text);
  out.folded = context.insensitive ? FoldCodePoints(out.plain) : out.plain;
  return out;
}

Value ToText(std::u32string_view text, const FunctionContext& context) {
  return Value::String(EncodeUtf8(text, *context.scratch));
}

Value Between(Arguments arguments, const FunctionContext& context) {
  const auto source = ReadText(arguments[0], context);
  const auto left = ReadText(arguments[1], context);
  const auto right = ReadText(arguments[2], context);
  if (!source || !left || !right) return {};
  const bool greedy =
      arguments.size() > 3 && arguments[3].kind() == ValueKind::kBoolean && arguments[3].boolean();
  const bool endgame = context.endgame;
  if (!endgame && (source->plain.empty() || left->plain.empty() || right->plain.empty())) {
    return ToText(source->plain, context);
  }
  const Value not_found = endgame ? Value() : Value::String("");
  std::size_t begin = source->folded.find(left->folded);
  if (begin == std::u32string::npos) return not_found;
  begin += left->folded.size();
  const std::size_t end =
      greedy ? source->folded.rfind(right->folded) : source->folded.find(right->folded, begin);
  if (end == std::u32string::npos || end < begin) return not_found;
  return ToText(std::u32string_view(source->plain).substr(begin, end - begin), context);
}

Value Concat(Arguments arguments, const FunctionContext& context) {
  std::string out;
  for (const Value& argument : arguments) {
    const auto text = TextOf(argument, *context.scratch);
    if (!text || out.size() + text->size() > kMaxFunctionText) return {};
    out += *text;
  }
  return Value::String(context.scratch->Copy(out));
}

Value IndexOf(Arguments arguments, const FunctionContext& context) {
  const auto source = ReadText(arguments[0], context);
  const auto wanted = ReadText(arguments[1], context);
  if (!source || !wanted) return {};
  std::int64_t start = 0;
  if (arguments.size() > 2) {
    const auto given = WholeNumber(arguments[2]);
    if (!given && !(context.endgame && arguments[2].is_null())) return {};
    start = std::max<std::int64_t>(given.value_or(0), 0);
  }
  if (static_cast<std::uint64_t>(start) > source->folded.size()) return {};
  const std::size_t found = source->folded.find(wanted->folded, static_cast<std::size_t>(start));
  if (found == std::u32string::npos) return {};
  return Value::Integer(static_cast<std::int64_t>(found));
}

Value Length(const Value& value, const FunctionContext& context) {
  if (context.endgame && value.is_list()) {
    return Value::Integer(static_cast<std::int64_t>(value.list().size()));
  }
  if (context.endgame && value.is_object()) {
    return Value::Integer(static_cast<std::int64_t>(value.object().size()));
  }
  if (value.is_null() || (context.endgame && !value.is_string())) return {};
  const auto text = TextOf(value, *context.scratch);
  return text ? Value::Integer(static_cast<std::int64_t>(CountCodePoints(*text))) : Value();
}

Value StringContains(Arguments arguments, const FunctionContext& context) {
  const auto source = ReadText(arguments[0], context);
  const auto wanted = ReadText(arguments[1], context);
  if (!source || !wanted) return context.endgame ? Value::Boolean(false) : Value();
  if (!context.endgame && (source->plain.empty() || wanted->plain.empty())) {
    return Value::Boolean(false);
  }
  return Value::Boolean(source->folded.find(wanted->folded) != std::u32string::npos);
}

Value Substring(Arguments arguments, const FunctionContext& context) {
  const auto source = ReadText(arguments[0], context);
  if (!source) return {};
  const auto length = static_cast<std::int64_t>(source->plain.size());
  // Negative positions count from the end; everything is clamped into the text.
  const auto clamp = [&](std::int64_t position) {
    if (position < 0) position = position < -length ? 0 : position + length;
    return std::min(position, length);
  };
  const auto start = WholeNumber(arguments[1]);
  if (!start && !(context.endgame && arguments[1].is_null())) return {};
  const std::int64_t begin = clamp(start.value_or(0));
  std::int64_t end = length;
  if (arguments.size() > 2 && !arguments[2].is_null()) {
    const auto given = WholeNumber(arguments[2]);
    if (!given) return {};
    end = clamp(*given);
  }
  if (end <= begin) return Value::String("");
  const auto at = static_cast<std::size_t>(begin);
  return ToText(std::u32string_view(source->plain).substr(at, static_cast<std::size_t>(end) - at),
                context);
}

Value StartsOrEndsWith(bool start, Arguments arguments, const FunctionContext& context) {
  const auto source = ReadText(arguments[0], context);
  const auto affix = ReadText(arguments[1], context);
  if (!source || !affix) return {};
  return Value::Boolean(start ? source->folded.starts_with(affix->folded)
                              : source->folded.ends_with(affix->folded));
}

}  // namespace

Value CallStringFunction(FunctionId id, Arguments arguments, const FunctionContext& context) {
  switch (id) {
    case FunctionId::kBetween:
      return Between(arguments, context);
    case FunctionId::kConcat:
      return Concat(arguments, context);
    case FunctionId::kStartsWith:
      return StartsOrEndsWith(true, arguments, context);
    case FunctionId::kEndsWith:
      return StartsOrEndsWith(false, arguments, context);
    case FunctionId::kIndexOf:
      return IndexOf(arguments, context);
    case FunctionId::kLength:
      return Length(arguments[0], context);
    case FunctionId::kStringContains:
      return StringContains(arguments, context);
    case FunctionId::kSubstring:
      return Substring(arguments, context);
    case FunctionId::kString: {
      const auto text = TextOf(arguments[0], *context.scratch);
      return text ? Value::String(*text) : Value();
    }
    default:
      return {};
  }
}

}  // namespace vedette::eql
