// SPDX-License-Identifier: Apache-2.0
#include "eql/function_table.h"
#include "eql/value_ops.h"

namespace vedette::eql {

using event::Value;

Value CallNumberFunction(FunctionId id, std::span<const Value> arguments,
                         const FunctionContext& context) {
  const auto arithmetic = [&](ArithmeticOp op) {
    return Compute(op, arguments[0], arguments[1], context.endgame);
  };
  switch (id) {
    case FunctionId::kAdd:
      return arithmetic(ArithmeticOp::kAdd);
    case FunctionId::kSubtract:
      return arithmetic(ArithmeticOp::kSubtract);
    case FunctionId::kMultiply:
      return arithmetic(ArithmeticOp::kMultiply);
    case FunctionId::kDivide:
      return arithmetic(ArithmeticOp::kDivide);
    case FunctionId::kModulo:
      return arithmetic(ArithmeticOp::kModulo);
    case FunctionId::kNumber: {
      if (!arguments[0].is_string()) return {};
      std::int64_t base = 0;
      if (arguments.size() > 1 && !arguments[1].is_null()) {
        const auto given = WholeNumber(arguments[1]);
        if (!given || *given < 2 || *given > 36) return {};
        base = *given;
      }
      return ParseNumber(arguments[0].text(), base, context.endgame);
    }
    default:
      return {};
  }
}

}  // namespace vedette::eql
