// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/ip.h"
#include "eql/ast.h"
#include "event/value.h"

/// Every function of the three dialects in one table, read by checker, folding and interpreter
/// (reference 9.2).
namespace vedette::eql {

enum class FunctionId : std::uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kArrayContains,
  kArrayCount,
  kArraySearch,
  kBetween,
  kCidrMatch,
  kConcat,
  kEndsWith,
  kIndexOf,
  kLength,
  kMatch,
  kNumber,
  kSafe,
  kStartsWith,
  kString,
  kStringContains,
  kSubstring,
  kWildcard,
};

/// What a parameter accepts. Null and values of unknown type are always accepted.
enum class Parameter : std::uint8_t {
  kAny,
  kText,
  kNumber,
  kInteger,
  kBoolean,
  kAddress,
  kVariable,   ///< a name bound by this call
  kCondition,  ///< a boolean expression over that name
};

struct FunctionSpec {
  static constexpr std::uint32_t kUnbounded = std::numeric_limits<std::uint32_t>::max();

  FunctionId id;
  std::string_view name;
  std::uint32_t min_arguments;
  std::uint32_t max_arguments;
  /// Kinds by position; the last one counts for all further arguments.
  std::span<const Parameter> parameters;
  Type result;
  bool elasticsearch, endpoint, endgame;
  bool insensitive_variant;          ///< `name~` exists (ES, EP)
  std::uint32_t constants_from;      ///< arguments from this position on must be constants
  std::uint32_t required_arguments;  ///< a null among the first so many makes the result null

  bool In(Dialect dialect) const;
  Parameter ParameterAt(std::size_t position) const {
    return parameters[position < parameters.size() ? position : parameters.size() - 1];
  }
};

/// All functions, ascending by name.
std::span<const FunctionSpec> Functions();
/// The function that `name` means in `dialect` (ES and EP ignore case), else null.
const FunctionSpec* FindFunction(std::string_view name, Dialect dialect);
/// `_arraysearch`, `arraySearch`, `arrayCount`: their second argument is a name, the third is
/// evaluated per element.
bool BindsVariable(FunctionId id);

/// A block of `cidrMatch`: `address/prefix`, or an address alone, which published rules write for a
/// block of one.
std::optional<base::CidrBlock> ParseBlock(std::string_view text);

struct FunctionContext {
  bool endgame = false;
  bool insensitive = false;  ///< fold case (`~`, or EG's switch)
  base::Arena* scratch = nullptr;
};

/// The value of a call whose arguments are scalars (for EG also trees). Not for functions that bind
/// a variable and not for `match`, which the interpreter evaluates itself.
event::Value CallFunction(FunctionId id, std::span<const event::Value> arguments,
                          const FunctionContext& context);

// By family; same contract.
event::Value CallStringFunction(FunctionId id, std::span<const event::Value> arguments,
                                const FunctionContext& context);
event::Value CallNumberFunction(FunctionId id, std::span<const event::Value> arguments,
                                const FunctionContext& context);
event::Value CallOtherFunction(FunctionId id, std::span<const event::Value> arguments,
                               const FunctionContext& context);

}  // namespace vedette::eql
