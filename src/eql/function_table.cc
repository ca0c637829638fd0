// SPDX-License-Identifier: Apache-2.0
#include "eql/function_table.h"

#include "base/glob.h"

namespace vedette::eql {
namespace {

using P = Parameter;

constexpr P kNumbers[] = {P::kNumber};
constexpr P kAnything[] = {P::kAny};
constexpr P kTexts[] = {P::kText};
constexpr P kSearch[] = {P::kAny, P::kVariable, P::kCondition};
constexpr P kBetweenArguments[] = {P::kText, P::kText, P::kText, P::kBoolean};
constexpr P kCidrArguments[] = {P::kAddress, P::kText};
constexpr P kIndexArguments[] = {P::kText, P::kText, P::kInteger};
constexpr P kTextInteger[] = {P::kText, P::kInteger};
constexpr std::uint32_t kMany = FunctionSpec::kUnbounded;
constexpr std::uint32_t kNever = FunctionSpec::kUnbounded;

// Columns: id, name, least and most arguments, parameter kinds, result, ES, EP, EG, `~`, first
// position that must be constant, how many leading arguments turn the result null when they are.
// clang-format off
constexpr FunctionSpec kFunctions[] = {
    {FunctionId::kArraySearch, "_arraysearch", 3, 3, kSearch, Type::kBoolean, false, true, false, false, kNever, 0},
    {FunctionId::kAdd, "add", 2, 2, kNumbers, Type::kNumber, true, true, true, false, kNever, 2},
    {FunctionId::kArrayContains, "arrayContains", 2, kMany, kAnything, Type::kBoolean, false, false, true, false, kNever, 1},
    {FunctionId::kArrayCount, "arrayCount", 3, 3, kSearch, Type::kNumber, false, false, true, false, kNever, 0},
    {FunctionId::kArraySearch, "arraySearch", 3, 3, kSearch, Type::kBoolean, false, false, true, false, kNever, 0},
    {FunctionId::kBetween, "between", 3, 4, kBetweenArguments, Type::kString, true, true, true, true, 3, 3},
    {FunctionId::kCidrMatch, "cidrMatch", 2, kMany, kCidrArguments, Type::kBoolean, true, true, true, false, 1, 1},
    {FunctionId::kConcat, "concat", 1, kMany, kAnything, Type::kString, true, true, true, false, kNever, kMany},
    {FunctionId::kDivide, "divide", 2, 2, kNumbers, Type::kNumber, true, true, true, false, kNever, 2},
    {FunctionId::kEndsWith, "endsWith", 2, 2, kTexts, Type::kBoolean, true, true, true, true, kNever, 2},
    {FunctionId::kIndexOf, "indexOf", 2, 3, kIndexArguments, Type::kNumber, true, true, true, true, kNever, 3},
    {FunctionId::kLength, "length", 1, 1, kTexts, Type::kNumber, true, true, true, false, kNever, 1},
    {FunctionId::kMatch, "match", 2, kMany, kTexts, Type::kBoolean, false, false, true, false, 1, 1},
    {FunctionId::kMatch, "matchLite", 2, kMany, kTexts, Type::kBoolean, false, false, true, false, 1, 1},
    {FunctionId::kModulo, "modulo", 2, 2, kNumbers, Type::kNumber, true, true, true, false, kNever, 2},
    {FunctionId::kMultiply, "multiply", 2, 2, kNumbers, Type::kNumber, true, true, true, false, kNever, 2},
    {FunctionId::kNumber, "number", 1, 2, kTextInteger, Type::kNumber, true, true, true, false, 1, 1},
    {FunctionId::kSafe, "safe", 1, 1, kAnything, Type::kUnknown, false, false, true, false, kNever, 0},
    {FunctionId::kStartsWith, "startsWith", 2, 2, kTexts, Type::kBoolean, true, true, true, true, kNever, 2},
    {FunctionId::kString, "string", 1, 1, kAnything, Type::kString, true, true, true, false, kNever, 1},
    {FunctionId::kStringContains, "stringContains", 2, 2, kTexts, Type::kBoolean, true, true, true, true, kNever, 2},
    {FunctionId::kSubstring, "substring", 2, 3, kTextInteger, Type::kString, true, true, true, false, kNever, 2},
    {FunctionId::kSubtract, "subtract", 2, 2, kNumbers, Type::kNumber, true, true, true, false, kNever, 2},
    {FunctionId::kWildcard, "wildcard", 2, kMany, kTexts, Type::kBoolean, true, true, true, true, 1, 1},
};
// clang-format on

}  // namespace

bool FunctionSpec::In(Dialect dialect) const {
  switch (dialect) {
    case Dialect::kElasticsearch:
      return elasticsearch;
    case Dialect::kEndpoint:
      return endpoint;
    case Dialect::kEndgame:
      return endgame;
  }
  return false;
}

std::span<const FunctionSpec> Functions() { return kFunctions; }

const FunctionSpec* FindFunction(std::string_view name, Dialect dialect) {
  for (const FunctionSpec& spec : kFunctions) {
    if (!spec.In(dialect)) continue;
    const bool same =
        dialect == Dialect::kEndgame ? spec.name == name : base::EqualFold(spec.name, name);
    if (same) return &spec;
  }
  return nullptr;
}

bool BindsVariable(FunctionId id) {
  return id == FunctionId::kArraySearch || id == FunctionId::kArrayCount;
}

event::Value CallFunction(FunctionId id, std::span<const event::Value> arguments,
                          const FunctionContext& context) {
  switch (id) {
    case FunctionId::kAdd:
    case FunctionId::kSubtract:
    case FunctionId::kMultiply:
    case FunctionId::kDivide:
    case FunctionId::kModulo:
    case FunctionId::kNumber:
      return CallNumberFunction(id, arguments, context);
    case FunctionId::kBetween:
    case FunctionId::kConcat:
    case FunctionId::kEndsWith:
    case FunctionId::kIndexOf:
    case FunctionId::kLength:
    case FunctionId::kStartsWith:
    case FunctionId::kString:
    case FunctionId::kStringContains:
    case FunctionId::kSubstring:
      return CallStringFunction(id, arguments, context);
    default:
      return CallOtherFunction(id, arguments, context);
  }
}

}  // namespace vedette::eql
