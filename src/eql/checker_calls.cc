// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "eql/checker_internal.h"
#include "eql/interpreter.h"
#include "eql/value_ops.h"

namespace vedette::eql {
namespace {

std::string ArityText(const FunctionSpec& spec) {
  const auto count = [](std::uint32_t n) {
    return fmt::format("{} argument{}", n, n == 1 ? "" : "s");
  };
  if (spec.max_arguments == FunctionSpec::kUnbounded) {
    return "at least " + count(spec.min_arguments);
  }
  if (spec.min_arguments == spec.max_arguments) return "exactly " + count(spec.min_arguments);
  return fmt::format("{} to {}", spec.min_arguments, count(spec.max_arguments));
}

std::string_view Wanted(Parameter parameter) {
  switch (parameter) {
    case Parameter::kText:
      return "a string";
    case Parameter::kNumber:
      return "a number";
    case Parameter::kInteger:
      return "an integer";
    case Parameter::kBoolean:
      return "a boolean";
    case Parameter::kAddress:
      return "an ip address";
    default:
      return "a value";
  }
}

}  // namespace

void Checker::UnknownFunction(const Call& call) {
  auto& error = Report(code::kUnknownFunction, call.name_span,
                       fmt::format("unknown function `{}`", call.name));
  std::vector<std::string_view> names;
  for (const FunctionSpec& spec : Functions()) {
    if (spec.In(query_.dialect)) names.push_back(spec.name);
  }
  if (const auto nearest = base::Nearest(call.name, names); !nearest.empty()) {
    error.help.push_back(fmt::format("is `{}` meant?", nearest));
  } else if (const FunctionSpec* other = FindFunction(call.name, Dialect::kEndpoint)) {
    error.help.push_back(fmt::format("names are case sensitive here: `{}`", other->name));
  } else if (FindFunction(call.name, Dialect::kEndgame) != nullptr) {
    error.notes.push_back("this function exists in the Endgame dialect only");
  }
}

bool Checker::CheckArity(const Call& call, const FunctionSpec& spec) {
  const std::size_t count = call.arguments.size();
  if (count >= spec.min_arguments && count <= spec.max_arguments) return true;
  Report(code::kArity, call.name_span,
         fmt::format("`{}` takes {}, not {}", spec.name, ArityText(spec), count));
  return false;
}

Type Checker::Visit(Expr& expr, Call& call) {
  static_cast<void>(expr);
  const FunctionSpec* spec = FindFunction(call.name, query_.dialect);
  if (spec == nullptr) {
    UnknownFunction(call);
    return Type::kUnknown;
  }
  if (!CheckArity(call, *spec)) return spec->result;
  if (call.insensitive && !spec->insensitive_variant) {
    Report(code::kNoInsensitiveForm, call.name_span,
           fmt::format("`{}` has no case-insensitive form", spec->name), "remove the `~`");
  }
  if (BindsVariable(spec->id)) return VisitBindingCall(call, *spec);
  for (auto& argument : call.arguments) Visit(*argument);
  if (spec->id == FunctionId::kMatch && std::holds_alternative<Literal>(call.arguments[0]->node) &&
      call.arguments.size() == 2 && std::holds_alternative<Field>(call.arguments[1]->node)) {
    std::swap(call.arguments[0], call.arguments[1]);  // the order of old rules
  }
  for (std::size_t i = 0; i < call.arguments.size(); ++i) CheckArgument(call, *spec, i);
  if (spec->id == FunctionId::kMatch) CheckRegex(call.arguments, 1, !options_.case_sensitive);
  return spec->result;
}

void Checker::CheckArgument(const Call& call, const FunctionSpec& spec, std::size_t index) {
  const Expr& argument = *call.arguments[index];
  const Type type = argument.type;
  const Parameter parameter = spec.ParameterAt(index);
  const bool constant = IsConstant(argument);
  const auto wrong = [&] {
    Report(code::kWrongType, argument.span,
           fmt::format("the {} argument of `{}` must be {}", OrdinalName(index), spec.name,
                       Wanted(parameter)),
           fmt::format("this is {}", TypeName(type)));
  };
  if (index >= spec.constants_from && !constant) {
    Report(
        code::kNotConstant, argument.span,
        fmt::format("the {} argument of `{}` must be a constant", OrdinalName(index), spec.name));
    return;
  }
  if (type == Type::kUnknown || type == Type::kNull) return;
  // EP has no declared types to hold a field to; only what is written out can be wrong.
  if (ep() && !constant) return;
  switch (parameter) {
    case Parameter::kText:
      // EG counts array elements and members with length() as well, but a number is never right.
      if (type != Type::kString) wrong();
      break;
    case Parameter::kNumber:
      if (type != Type::kNumber) wrong();
      break;
    case Parameter::kInteger:
      if (type != Type::kNumber) {
        wrong();
      } else if (constant) {
        base::Arena arena(1024);
        const auto value = Evaluate(argument, query_.dialect, options_, event::Event{}, arena);
        if (value.kind() == event::ValueKind::kDouble) wrong();
      }
      break;
    case Parameter::kBoolean:
      if (type != Type::kBoolean) wrong();
      break;
    case Parameter::kAddress:
      if (es() ? type != Type::kIp : type != Type::kString && type != Type::kIp) wrong();
      break;
    default:
      break;
  }
  if (spec.id == FunctionId::kCidrMatch && index > 0 && type == Type::kString) {
    base::Arena arena(1024);
    const auto block = Evaluate(argument, query_.dialect, options_, event::Event{}, arena);
    if (block.is_string() && !ParseBlock(block.text())) {
      Report(code::kBadBlock, argument.span, "this is not an address block",
             "expected address/prefix, such as 10.0.0.0/8");
    }
  }
}

Type Checker::VisitBindingCall(Call& call, const FunctionSpec& spec) {
  if (eg()) {
    Visit(*call.arguments[0]);
    const Type type = call.arguments[0]->type;
    if (type != Type::kUnknown && type != Type::kNull) {
      Report(code::kWrongType, call.arguments[0]->span,
             fmt::format("the first argument of `{}` must be an array", spec.name));
    }
  } else {
    VisitTree(*call.arguments[0]);
  }
  const auto* variable = std::get_if<Field>(&call.arguments[1]->node);
  const std::string* name = variable != nullptr && variable->path.size() == 1
                                ? std::get_if<std::string>(&variable->path[0].key)
                                : nullptr;
  if (name == nullptr || variable->variable != ep()) {
    Report(code::kVariable, call.arguments[1]->span,
           fmt::format("the second argument of `{}` names the element", spec.name),
           ep() ? "expected a variable such as $entry" : "expected a plain name");
    return spec.result;
  }
  bound_.push_back(*name);
  Condition(*call.arguments[2], fmt::format("the third argument of `{}`", spec.name));
  bound_.pop_back();
  return spec.result;
}

}  // namespace vedette::eql
