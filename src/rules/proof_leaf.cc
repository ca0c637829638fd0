// SPDX-License-Identifier: Apache-2.0
#include "rules/proof_leaf.h"

#include <algorithm>

#include "base/ip.h"
#include "base/time.h"
#include "eql/function_table.h"
#include "eql/regex.h"
#include "eql/value_ops.h"

namespace vedette::rules {
namespace {

using eql::Expr;
using event::Value;

constexpr std::size_t kMaxChoices = 256;

/// Evaluates scalars for one value per field. Not the interpreter: it knows fields by Variable, and
/// events that do not exist yet.
class Calculator {
 public:
  Calculator(const Scope& scope, const Choice& choice) : scope_(scope), choice_(choice) {}

  Value Scalar(const Expr& expr) {
    if (const auto* literal = std::get_if<eql::Literal>(&expr.node)) return eql::ToValue(*literal);
    if (const auto* field = std::get_if<eql::Field>(&expr.node)) {
      const auto found = choice_.find(Resolve(*field, scope_));
      return found == choice_.end() ? Value() : eql::ToValue(found->second);
    }
    if (const auto* unary = std::get_if<eql::Unary>(&expr.node)) {
      const Value operand = Scalar(*unary->operand);
      if (unary->op == eql::UnaryOp::kMinus) return eql::Negate(operand);
      if (unary->op == eql::UnaryOp::kPlus) return operand;
    }
    if (const auto* arithmetic = std::get_if<eql::Arithmetic>(&expr.node)) {
      return eql::Compute(arithmetic->op, Scalar(*arithmetic->left), Scalar(*arithmetic->right),
                          false);
    }
    if (const auto* call = std::get_if<eql::Call>(&expr.node)) return Called(*call);
    const auto truth = Truth(expr);
    return truth.has_value() ? Value::Boolean(*truth) : Value();
  }

  /// A null result of a leaf is false.
  std::optional<bool> Truth(const Expr& expr) {
    if (const auto* comparison = std::get_if<eql::Comparison>(&expr.node)) {
      return Compared(*comparison);
    }
    if (const auto* in = std::get_if<eql::InList>(&expr.node)) {
      const Value subject = Scalar(*in->subject);
      return std::any_of(in->items.begin(), in->items.end(), [&](const eql::ExprPtr& item) {
        return Equal(subject, Scalar(*item), in->insensitive);
      });
    }
    if (const auto* pattern = std::get_if<eql::Pattern>(&expr.node)) return Matched(*pattern);
    if (const auto* logical = std::get_if<eql::Logical>(&expr.node)) {
      const bool stop = logical->op == eql::LogicalOp::kOr;
      for (const auto& operand : logical->operands) {
        const auto truth = Truth(*operand);
        if (!truth.has_value()) return std::nullopt;
        if (*truth == stop) return stop;
      }
      return !stop;
    }
    if (const auto* unary = std::get_if<eql::Unary>(&expr.node);
        unary != nullptr && unary->op == eql::UnaryOp::kNot) {
      const auto truth = Truth(*unary->operand);
      return truth.has_value() ? std::optional(!*truth) : std::nullopt;
    }
    if (std::holds_alternative<eql::Relation>(expr.node) || ArraySearch(expr) != nullptr) {
      return std::nullopt;
    }
    const Value value = Scalar(expr);
    if (value.kind() == event::ValueKind::kBoolean) return value.boolean();
    return value.is_null() ? std::optional(false) : std::nullopt;
  }

 private:
  std::optional<std::string_view> Text(const Value& value) { return eql::TextOf(value, arena_); }

  Value Called(const eql::Call& call) {
    const eql::FunctionSpec* spec = eql::FindFunction(call.name, eql::Dialect::kEndpoint);
    if (spec == nullptr || eql::BindsVariable(spec->id)) return {};
    std::vector<Value> arguments;
    for (const auto& argument : call.arguments) arguments.push_back(Scalar(*argument));
    eql::FunctionContext context;
    context.insensitive = call.insensitive;
    context.scratch = &arena_;
    return eql::CallFunction(spec->id, arguments, context);
  }

  bool Matched(const eql::Pattern& pattern) {
    const auto text = Text(Scalar(*pattern.subject));
    if (!text.has_value()) return false;
    const bool insensitive = pattern.op == eql::PatternOp::kColon ||
                             pattern.op == eql::PatternOp::kLikeInsensitive ||
                             pattern.op == eql::PatternOp::kRegexInsensitive;
    const bool regex =
        pattern.op == eql::PatternOp::kRegex || pattern.op == eql::PatternOp::kRegexInsensitive;
    return std::any_of(
        pattern.patterns.begin(), pattern.patterns.end(), [&](const eql::ExprPtr& part) {
          const Value wanted = Scalar(*part);
          if (!wanted.is_string()) return false;
          if (!regex) {
            return base::WildcardMatch(
                wanted.text(), *text,
                insensitive ? base::Case::kAsciiInsensitive : base::Case::kSensitive);
          }
          const std::string_view patterns[] = {wanted.text()};
          const auto compiled =
              eql::Regex::Compile(patterns, eql::RegexFlavour::kLuceneBasic, insensitive);
          return compiled.has_value() && compiled->Matches(*text);
        });
  }

  bool Equal(const Value& a, const Value& b, bool insensitive) {
    if (a.is_null() || b.is_null()) return false;
    if (a.is_number() && b.is_number()) return eql::CompareNumbers(a, b) == 0;
    const auto x = Text(a);
    const auto y = Text(b);
    if (!x || !y) return false;
    if (*x == *y) return true;
    if (insensitive) return base::EqualFold(*x, *y);
    if (const auto order = Order(a, b)) return *order == 0;
    return false;
  }

  /// Order of two values: numbers, addresses, times, else texts.
  std::optional<std::partial_ordering> Order(const Value& a, const Value& b) {
    if (a.is_number() && b.is_number()) return eql::CompareNumbers(a, b);
    const auto x = Text(a);
    const auto y = Text(b);
    if (!x || !y) return std::nullopt;
    if (a.is_number() || b.is_number()) {
      const auto m = eql::DecimalFromText(*x);
      const auto n = eql::DecimalFromText(*y);
      if (!m || !n) return std::nullopt;
      return eql::CompareNumbers(*m, *n);
    }
    const auto address = base::ParseIp(*x);
    const auto block = eql::ParseBlock(*y);
    if (address && block) {
      return block->Contains(*address) ? std::partial_ordering::equivalent
                                       : std::partial_ordering::less;
    }
    const auto time = base::ParseIsoTime(*x);
    const auto other = base::ParseIsoTime(*y);
    if (time && other) return *time <=> *other;
    return x->compare(*y) <=> 0;
  }

  std::optional<bool> Compared(const eql::Comparison& comparison) {
    using Op = eql::ComparisonOp;
    const Value a = Scalar(*comparison.left);
    const Value b = Scalar(*comparison.right);
    const bool equality = comparison.op == Op::kEqual || comparison.op == Op::kNotEqual;
    const auto null_literal = [](const eql::ExprPtr& e) {
      const auto* literal = std::get_if<eql::Literal>(&e->node);
      return literal != nullptr && std::holds_alternative<std::monostate>(literal->value);
    };
    if (equality && null_literal(comparison.right)) return a.is_null();
    if (equality && null_literal(comparison.left)) return b.is_null();
    if (a.is_null() || b.is_null()) return false;
    if (equality) return Equal(a, b, false);
    const auto order = Order(a, b);
    if (!order) return false;
    switch (comparison.op) {
      case Op::kLess:
        return *order < 0;
      case Op::kLessEqual:
        return *order <= 0;
      case Op::kGreater:
        return *order > 0;
      default:
        return *order >= 0;
    }
  }

  const Scope& scope_;
  const Choice& choice_;
  base::Arena arena_{4096};
};

bool Mentions(const Expr& expr, const Scope& scope, const Variable& variable) {
  std::set<Variable> found;
  AddVariables(expr, scope, found);
  return found.contains(variable);
}

/// Builds the language of one leaf.
class LanguageMaker {
 public:
  LanguageMaker(const Scope& scope, const Variable& variable, const Choice& choice,
                eql::Dialect dialect)
      : scope_(scope), variable_(variable), dialect_(dialect), calculator_(scope, choice) {}

  std::optional<LeafLanguage> Make(const Expr& leaf) {
    if (const auto* pattern = std::get_if<eql::Pattern>(&leaf.node)) return OfPattern(*pattern);
    if (const auto* in = std::get_if<eql::InList>(&leaf.node)) return OfList(*in);
    if (const auto* comparison = std::get_if<eql::Comparison>(&leaf.node)) {
      return OfComparison(*comparison);
    }
    if (const auto* call = std::get_if<eql::Call>(&leaf.node)) return OfCall(*call);
    return std::nullopt;
  }

 private:
  bool Open(const Expr& expr) const { return Mentions(expr, scope_, variable_); }
  std::optional<std::string> TextOf(const Expr& expr) {
    const Value value = calculator_.Scalar(expr);
    base::Arena arena(1024);
    const auto text = eql::TextOf(value, arena);
    return text ? std::optional(std::string(*text)) : std::nullopt;
  }
  std::optional<std::int64_t> WholeOf(const Expr& expr) {
    return eql::WholeNumber(calculator_.Scalar(expr));
  }

  std::optional<LeafLanguage> OfPattern(const eql::Pattern& pattern) {
    const bool regex =
        pattern.op == eql::PatternOp::kRegex || pattern.op == eql::PatternOp::kRegexInsensitive;
    const bool insensitive =
        pattern.op != eql::PatternOp::kLike && pattern.op != eql::PatternOp::kRegex;
    const base::Case fold = insensitive ? base::Case::kAsciiInsensitive : base::Case::kSensitive;
    LeafLanguage out;
    for (const auto& part : pattern.patterns) {
      const auto text = TextOf(*part);
      if (!text) continue;
      if (!regex) {
        out.language.Add(Language::Wildcard(*text, fold));
        continue;
      }
      const auto language =
          Language::Regex(*text, insensitive, dialect_ == eql::Dialect::kElasticsearch);
      if (!language) return std::nullopt;
      out.language.Add(*language);
    }
    return PullBack(*pattern.subject, std::move(out));
  }

  std::optional<LeafLanguage> OfList(const eql::InList& in) {
    const base::Case fold = in.insensitive ? base::Case::kAsciiInsensitive : base::Case::kSensitive;
    LeafLanguage out;
    for (const auto& item : in.items) {
      if (Open(*item)) return std::nullopt;
      if (const auto text = TextOf(*item)) out.language.Add(Language::Exactly(*text, fold));
    }
    return PullBack(*in.subject, std::move(out));
  }

  std::optional<LeafLanguage> OfComparison(const eql::Comparison& comparison) {
    using Op = eql::ComparisonOp;
    const bool left = Open(*comparison.left);
    if (left && Open(*comparison.right)) return std::nullopt;
    const Expr& subject = left ? *comparison.left : *comparison.right;
    const Expr& other = left ? *comparison.right : *comparison.left;
    if (const auto* call = std::get_if<eql::Call>(&subject.node)) {
      const eql::FunctionSpec* spec = eql::FindFunction(call->name, eql::Dialect::kEndpoint);
      if (spec != nullptr && spec->id == eql::FunctionId::kLength) {
        return OfLength(comparison.op, left, *call->arguments[0], WholeOf(other));
      }
    }
    if (comparison.op != Op::kEqual && comparison.op != Op::kNotEqual) return std::nullopt;
    const auto text = TextOf(other);
    LeafLanguage out;
    if (text) out.language = Language::Exactly(*text, base::Case::kSensitive);
    return PullBack(subject, std::move(out));
  }

  std::optional<LeafLanguage> OfLength(eql::ComparisonOp op, bool left, const Expr& subject,
                                       std::optional<std::int64_t> bound) {
    using Op = eql::ComparisonOp;
    if (!bound || *bound > 10'000) return std::nullopt;
    if (!left) {  // 5 < length(x)
      op = op == Op::kLess           ? Op::kGreater
           : op == Op::kLessEqual    ? Op::kGreaterEqual
           : op == Op::kGreater      ? Op::kLess
           : op == Op::kGreaterEqual ? Op::kLessEqual
                                     : op;
    }
    const std::int64_t n = *bound;
    const auto size = [](std::int64_t v) {
      return static_cast<std::size_t>(std::max<std::int64_t>(v, 0));
    };
    LeafLanguage out;
    switch (op) {
      case Op::kEqual:
      case Op::kNotEqual:
        if (n >= 0) out.language = Language::OfLength(size(n), size(n));
        break;
      case Op::kLess:
        if (n > 0) out.language = Language::OfLength(0, size(n - 1));
        break;
      case Op::kLessEqual:
        if (n >= 0) out.language = Language::OfLength(0, size(n));
        break;
      case Op::kGreater:
        out.language = Language::OfLength(size(n + 1), std::nullopt);
        break;
      case Op::kGreaterEqual:
        out.language = Language::OfLength(size(n), std::nullopt);
        break;
    }
    return PullBack(subject, std::move(out));
  }

  std::optional<LeafLanguage> OfCall(const eql::Call& call) {
    using Id = eql::FunctionId;
    const eql::FunctionSpec* spec = eql::FindFunction(call.name, eql::Dialect::kEndpoint);
    if (spec == nullptr || call.arguments.size() < 2) return std::nullopt;
    const base::Case fold =
        call.insensitive ? base::Case::kAsciiInsensitive : base::Case::kSensitive;
    LeafLanguage out;
    if (spec->id == Id::kWildcard) {
      for (std::size_t i = 1; i < call.arguments.size(); ++i) {
        if (const auto text = TextOf(*call.arguments[i])) {
          out.language.Add(Language::Wildcard(*text, fold));
        }
      }
      return PullBack(*call.arguments[0], std::move(out));
    }
    if (spec->id != Id::kStartsWith && spec->id != Id::kEndsWith &&
        spec->id != Id::kStringContains) {
      return std::nullopt;
    }
    const bool whole_open = Open(*call.arguments[0]);
    if (whole_open && Open(*call.arguments[1])) return std::nullopt;
    const Expr& subject = *call.arguments[whole_open ? 0 : 1];
    const auto text = TextOf(*call.arguments[whole_open ? 1 : 0]);
    if (!text) return PullBack(subject, std::move(out));
    switch (spec->id) {
      case Id::kStartsWith:
        out.language =
            whole_open ? Language::StartingWith(*text, fold) : Language::PrefixesOf(*text, fold);
        break;
      case Id::kEndsWith:
        out.language =
            whole_open ? Language::EndingWith(*text, fold) : Language::SuffixesOf(*text, fold);
        break;
      default:
        // An empty text is contained in nothing and contains nothing.
        if (whole_open && !text->empty()) out.language = Language::Containing(*text, fold);
        if (!whole_open) {
          out.language = Language::PartsOf(*text, fold);
          out.exact = false;
        }
        break;
    }
    return PullBack(subject, std::move(out));
  }

  /// From the texts of `subject` to those of the variable inside it.
  std::optional<LeafLanguage> PullBack(const Expr& subject, LeafLanguage of) {
    if (const auto* field = std::get_if<eql::Field>(&subject.node)) {
      if (Resolve(*field, scope_) != variable_) return std::nullopt;
      of.language.Prepare();
      return of;
    }
    const auto* call = std::get_if<eql::Call>(&subject.node);
    const eql::FunctionSpec* spec =
        call == nullptr ? nullptr : eql::FindFunction(call->name, eql::Dialect::kEndpoint);
    if (spec == nullptr) return std::nullopt;
    if (spec->id == eql::FunctionId::kString) return PullBack(*call->arguments[0], std::move(of));
    if (spec->id == eql::FunctionId::kConcat) return ThroughConcat(*call, std::move(of));
    if (spec->id == eql::FunctionId::kSubstring) return ThroughSubstring(*call, std::move(of));
    return std::nullopt;
  }

  std::optional<LeafLanguage> ThroughConcat(const eql::Call& call, LeafLanguage of) {
    std::string before;
    std::string after;
    const Expr* inner = nullptr;
    for (const auto& argument : call.arguments) {
      if (Open(*argument)) {
        if (inner != nullptr) return std::nullopt;
        inner = argument.get();
        continue;
      }
      const auto text = TextOf(*argument);
      if (!text) return std::nullopt;
      (inner == nullptr ? before : after) += *text;
    }
    if (inner == nullptr) return std::nullopt;
    of.language = of.language.Without(before, after);
    return PullBack(*inner, std::move(of));
  }

  std::optional<LeafLanguage> ThroughSubstring(const eql::Call& call, LeafLanguage of) {
    const Expr& inner = *call.arguments[0];
    if (Open(*call.arguments[1])) return std::nullopt;
    const auto from = WholeOf(*call.arguments[1]);
    if (!from || *from < 0 || *from > 10'000) return std::nullopt;
    std::int64_t dropped = 0;
    of.exact = false;
    if (call.arguments.size() > 2) {
      const Expr& end = *call.arguments[2];
      const auto* minus = std::get_if<eql::Arithmetic>(&end.node);
      if (IsLengthOf(end, inner)) {
        dropped = 0;
      } else if (minus != nullptr && minus->op == eql::ArithmeticOp::kSubtract &&
                 IsLengthOf(*minus->left, inner) && !Open(*minus->right)) {
        const auto count = WholeOf(*minus->right);
        if (!count || *count < 0 || *count > 10'000) return std::nullopt;
        dropped = *count;
      } else if (!Open(end)) {
        const auto count = WholeOf(end);
        if (!count || *count < -10'000) return std::nullopt;
        // A fixed end: a text that ends there is one way; others exist.
        if (*count < 0) dropped = -*count;
      } else {
        return std::nullopt;
      }
    }
    of.language =
        of.language.Padded(static_cast<std::size_t>(*from), static_cast<std::size_t>(dropped));
    return PullBack(inner, std::move(of));
  }

  static bool IsLengthOf(const Expr& expr, const Expr& inner) {
    const auto* call = std::get_if<eql::Call>(&expr.node);
    const eql::FunctionSpec* spec =
        call == nullptr ? nullptr : eql::FindFunction(call->name, eql::Dialect::kEndpoint);
    return spec != nullptr && spec->id == eql::FunctionId::kLength &&
           eql::Equal(*call->arguments[0], inner);
  }

  const Scope& scope_;
  const Variable& variable_;
  eql::Dialect dialect_;
  Calculator calculator_;
};

}  // namespace

std::optional<bool> Holds(const Expr& leaf, const Scope& scope, const Choice& choice) {
  return Calculator(scope, choice).Truth(leaf);
}

std::optional<bool> HoldsForSome(const Expr& leaf, const Scope& scope, const Valuation& values) {
  std::set<Variable> variables;
  AddVariables(leaf, scope, variables);
  std::vector<std::pair<const Variable*, const std::vector<Scalar>*>> lists;
  for (const Variable& variable : variables) {
    const auto found = values.find(variable);
    if (found != values.end() && !found->second.empty()) {
      lists.emplace_back(&found->first, &found->second);
    }
  }
  std::vector<std::size_t> at(lists.size(), 0);
  for (std::size_t tried = 0; tried < kMaxChoices; ++tried) {
    Choice choice;
    for (std::size_t i = 0; i < lists.size(); ++i) {
      choice[*lists[i].first] = (*lists[i].second)[at[i]];
    }
    const auto truth = Holds(leaf, scope, choice);
    if (!truth.has_value() || *truth) return truth;
    std::size_t digit = 0;
    while (digit < at.size() && ++at[digit] == lists[digit].second->size()) at[digit++] = 0;
    if (digit == at.size()) break;
  }
  return false;
}

std::optional<LeafLanguage> LanguageOf(const Expr& leaf, const Scope& scope,
                                       const Variable& variable, const Choice& choice,
                                       eql::Dialect dialect) {
  return LanguageMaker(scope, variable, choice, dialect).Make(leaf);
}

}  // namespace vedette::rules
