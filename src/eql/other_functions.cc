// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/glob.h"
#include "base/ip.h"
#include "eql/function_table.h"
#include "eql/text.h"
#include "eql/value_ops.h"

namespace vedette::eql {
namespace {

using event::Value;
using event::ValueKind;
using Arguments = std::span<const Value>;

bool SameScalar(const Value& a, const Value& b, const FunctionContext& context) {
  if (a.is_number() && b.is_number()) {
    return CompareNumbers(a, b) == std::partial_ordering::equivalent;
  }
  if (a.kind() != b.kind()) return false;
  if (a.kind() == ValueKind::kBoolean) return a.boolean() == b.boolean();
  if (!a.is_string()) return false;
  if (!context.insensitive) return a.text() == b.text();
  return FoldText(a.text(), *context.scratch) == FoldText(b.text(), *context.scratch);
}

Value ArrayContains(Arguments arguments, const FunctionContext& context) {
  if (arguments[0].is_null()) return {};
  if (!arguments[0].is_list()) return Value::Boolean(false);
  for (const Value& element : arguments[0].list()) {
    for (const Value& wanted : arguments.subspan(1)) {
      if (SameScalar(element, wanted, context)) return Value::Boolean(true);
    }
  }
  return Value::Boolean(false);
}

Value CidrMatch(Arguments arguments, const FunctionContext& context) {
  if (arguments[0].is_null() && !context.endgame) return {};
  if (!arguments[0].is_string()) return Value::Boolean(false);
  const auto address = base::ParseIp(arguments[0].text());
  if (!address) return Value::Boolean(false);
  for (const Value& block_text : arguments.subspan(1)) {
    if (!block_text.is_string()) continue;
    const auto block = ParseBlock(block_text.text());
    if (block && block->Contains(*address)) return Value::Boolean(true);
  }
  return Value::Boolean(false);
}

Value Wildcard(Arguments arguments, const FunctionContext& context) {
  if (arguments[0].is_null() || (context.endgame && !arguments[0].is_string())) return {};
  auto text = TextOf(arguments[0], *context.scratch);
  if (!text) return {};
  if (context.insensitive) text = FoldText(*text, *context.scratch);
  for (const Value& pattern : arguments.subspan(1)) {
    if (!pattern.is_string()) continue;
    const std::string_view wanted =
        context.insensitive ? FoldText(pattern.text(), *context.scratch) : pattern.text();
    if (base::WildcardMatch(wanted, *text, base::Case::kSensitive, !context.endgame)) {
      return Value::Boolean(true);
    }
  }
  return Value::Boolean(false);
}

}  // namespace

std::optional<base::CidrBlock> ParseBlock(std::string_view text) {
  if (auto block = base::ParseCidr(text)) return block;
  if (const auto address = base::ParseIp(text)) return base::CidrBlock{*address, 128};
  return std::nullopt;
}

Value CallOtherFunction(FunctionId id, Arguments arguments, const FunctionContext& context) {
  switch (id) {
    case FunctionId::kArrayContains:
      return ArrayContains(arguments, context);
    case FunctionId::kCidrMatch:
      return CidrMatch(arguments, context);
    case FunctionId::kWildcard:
      return Wildcard(arguments, context);
    case FunctionId::kSafe:
      return arguments[0];
    default:
      return {};
  }
}

}  // namespace vedette::eql
