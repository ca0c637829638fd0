// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <string>

#include "eql/evaluation.h"

namespace vedette::eql {
namespace {

bool IsBooleanExpression(const Expr& expr) {
  struct Visitor {
    bool operator()(const Literal&) const { return false; }
    bool operator()(const Field&) const { return false; }
    bool operator()(const Unary& n) const { return n.op == UnaryOp::kNot; }
    bool operator()(const Logical&) const { return true; }
    bool operator()(const Comparison&) const { return true; }
    bool operator()(const Arithmetic&) const { return false; }
    bool operator()(const InList&) const { return true; }
    bool operator()(const Pattern&) const { return true; }
    bool operator()(const Call& n) const {
      const FunctionSpec* spec = FindFunction(n.name, Dialect::kEndpoint);
      return spec != nullptr && spec->result == Type::kBoolean;
    }
    bool operator()(const Relation&) const { return true; }
  };
  return std::visit(Visitor{}, expr.node);
}

const bool* BooleanLiteral(const Expr& expr) {
  const auto* literal = std::get_if<Literal>(&expr.node);
  return literal == nullptr ? nullptr : std::get_if<bool>(&literal->value);
}

template <class Function>
void ForEachChild(const Expr& expr, const Function& visit) {
  struct Visitor {
    const Function& visit;
    void operator()(const Literal&) const {}
    void operator()(const Field&) const {}
    void operator()(const Unary& n) const { visit(*n.operand); }
    void operator()(const Logical& n) const {
      for (const auto& operand : n.operands) visit(*operand);
    }
    void operator()(const Comparison& n) const { visit(*n.left), visit(*n.right); }
    void operator()(const Arithmetic& n) const { visit(*n.left), visit(*n.right); }
    void operator()(const InList& n) const {
      visit(*n.subject);
      for (const auto& item : n.items) visit(*item);
    }
    void operator()(const Pattern& n) const {
      visit(*n.subject);
      for (const auto& pattern : n.patterns) visit(*pattern);
    }
    void operator()(const Call& n) const {
      for (const auto& argument : n.arguments) visit(*argument);
    }
    void operator()(const Relation&) const {}
  };
  std::visit(Visitor{visit}, expr.node);
}

const FunctionSpec* BindingCall(const Expr& expr, Dialect dialect) {
  const auto* call = std::get_if<Call>(&expr.node);
  if (call == nullptr) return nullptr;
  const FunctionSpec* spec = FindFunction(call->name, dialect);
  return spec != nullptr && BindsVariable(spec->id) && call->arguments.size() == 3 ? spec : nullptr;
}

}  // namespace

Truth Not(Truth t) {
  if (t == Truth::kNull) return t;
  return t == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}

Truth ToTruth(const event::Value& value) {
  if (value.kind() != event::ValueKind::kBoolean) return Truth::kNull;
  return value.boolean() ? Truth::kTrue : Truth::kFalse;
}

event::Value FromTruth(Truth t) {
  return t == Truth::kNull ? event::Value() : event::Value::Boolean(t == Truth::kTrue);
}

std::optional<BooleanTest> AsBooleanTest(const Comparison& comparison) {
  if (comparison.op != ComparisonOp::kEqual && comparison.op != ComparisonOp::kNotEqual) {
    return std::nullopt;
  }
  const bool equal = comparison.op == ComparisonOp::kEqual;
  if (const bool* wanted = BooleanLiteral(*comparison.right);
      wanted != nullptr && IsBooleanExpression(*comparison.left)) {
    return BooleanTest{&comparison.left, *wanted == equal};
  }
  if (const bool* wanted = BooleanLiteral(*comparison.left);
      wanted != nullptr && IsBooleanExpression(*comparison.right)) {
    return BooleanTest{&comparison.right, *wanted == equal};
  }
  return std::nullopt;
}

Plan::Plan(const Expr& root, const Mode& mode) : mode_(mode) {
  Visit(root);
  if (!mode_.endgame()) PlanCondition(root);
}

const Regex* Plan::RegexOf(const Expr& expr) const {
  const auto found = regexes_.find(&expr);
  return found == regexes_.end() ? nullptr : &found->second;
}

Plan::Facts Plan::Visit(const Expr& expr) {
  Facts facts = VisitChildren(expr);
  CompileRegexes(expr);
  facts_[&expr] = facts;
  if (facts.constant) {
    base::Arena arena(4096);
    Evaluator evaluator(*this, mode_, event::Event{}, arena);
    facts.always_null = evaluator.Scalar(expr).is_null();
  } else if (!mode_.endgame()) {
    facts.always_null = NullPropagates(expr);
  }
  facts_[&expr] = facts;
  return facts;
}

Plan::Facts Plan::VisitChildren(const Expr& expr) {
  Facts facts;
  facts.constant = true;
  ForEachChild(expr, [&](const Expr& child) {
    if (!Visit(child).constant) facts.constant = false;
  });
  if (const auto* field = std::get_if<Field>(&expr.node)) {
    // An optional field that the schema lacks was resolved to a constant null by the checker.
    facts.constant = expr.type == Type::kNull && !field->id && !field->variable;
    if (!facts.constant && !mode_.endgame()) {
      std::string name = (field->variable ? "$" : "") + field->Dotted();
      if (field->alias_item) name = "\n" + name;
      const auto [at, fresh] =
          group_names_.try_emplace(std::move(name), static_cast<Group>(groups_.size()));
      if (fresh) groups_.push_back(&expr);
      group_of_[&expr] = at->second;
    }
  } else if (std::holds_alternative<Relation>(expr.node)) {
    facts.constant = false;
  }
  return facts;
}

bool Plan::NullPropagates(const Expr& expr) const {
  const auto null = [&](const ExprPtr& child) { return facts_.at(child.get()).always_null; };
  if (const auto* unary = std::get_if<Unary>(&expr.node)) return null(unary->operand);
  if (const auto* sum = std::get_if<Arithmetic>(&expr.node))
    return null(sum->left) || null(sum->right);
  if (const auto* comparison = std::get_if<Comparison>(&expr.node)) {
    if (const auto test = AsBooleanTest(*comparison)) return null(*test->operand);
    const bool equality =
        comparison->op == ComparisonOp::kEqual || comparison->op == ComparisonOp::kNotEqual;
    return !equality && (null(comparison->left) || null(comparison->right));
  }
  if (const auto* in = std::get_if<InList>(&expr.node)) return null(in->subject);
  if (const auto* pattern = std::get_if<Pattern>(&expr.node)) return null(pattern->subject);
  if (const auto* call = std::get_if<Call>(&expr.node)) {
    const FunctionSpec* spec = FindFunction(call->name, mode_.dialect);
    if (spec == nullptr) return false;
    const std::size_t required =
        std::min<std::size_t>(spec->required_arguments, call->arguments.size());
    return std::any_of(call->arguments.begin(),
                       call->arguments.begin() + static_cast<std::ptrdiff_t>(required), null);
  }
  return false;
}

void Plan::PlanCondition(const Expr& expr) {
  if (const auto* logical = std::get_if<Logical>(&expr.node)) {
    for (const auto& operand : logical->operands) PlanCondition(*operand);
    return;
  }
  if (const auto* unary = std::get_if<Unary>(&expr.node); unary && unary->op == UnaryOp::kNot) {
    PlanCondition(*unary->operand);
    return;
  }
  if (const auto* comparison = std::get_if<Comparison>(&expr.node)) {
    if (const auto test = AsBooleanTest(*comparison)) {
      PlanCondition(**test->operand);
      return;
    }
  }
  PlanLeaf(expr);
}

void Plan::PlanLeaf(const Expr& leaf) {
  std::vector<Group> groups;
  CollectGroups(leaf, groups);
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  leaves_[&leaf] = std::move(groups);
}

void Plan::CollectGroups(const Expr& expr, std::vector<Group>& groups) {
  if (const auto found = group_of_.find(&expr); found != group_of_.end()) {
    groups.push_back(found->second);
  }
  if (BindingCall(expr, mode_.dialect) != nullptr) {
    // The body is a condition of its own, with its own leaves, for every element.
    PlanCondition(*std::get<Call>(expr.node).arguments[2]);
    return;
  }
  ForEachChild(expr, [&](const Expr& child) { CollectGroups(child, groups); });
}

void Plan::CompileRegexes(const Expr& expr) {
  std::vector<std::string_view> patterns;
  const auto add = [&](const ExprPtr& part) {
    const auto* literal = std::get_if<Literal>(&part->node);
    const auto* text = literal ? std::get_if<std::string>(&literal->value) : nullptr;
    if (text != nullptr) patterns.push_back(*text);
  };
  auto flavour = RegexFlavour::kLucene;
  bool insensitive = false;
  if (const auto* pattern = std::get_if<Pattern>(&expr.node)) {
    if (pattern->op != PatternOp::kRegex && pattern->op != PatternOp::kRegexInsensitive) return;
    std::for_each(pattern->patterns.begin(), pattern->patterns.end(), add);
    insensitive = pattern->op == PatternOp::kRegexInsensitive;
    if (mode_.dialect == Dialect::kEndpoint) flavour = RegexFlavour::kLuceneBasic;
  } else if (const auto* call = std::get_if<Call>(&expr.node)) {
    const FunctionSpec* spec = FindFunction(call->name, mode_.dialect);
    if (spec == nullptr || spec->id != FunctionId::kMatch || call->arguments.empty()) return;
    std::for_each(call->arguments.begin() + 1, call->arguments.end(), add);
    flavour = RegexFlavour::kPython;
    insensitive = !mode_.case_sensitive;
  }
  if (patterns.empty()) return;
  auto regex = Regex::Compile(patterns, flavour, insensitive);
  if (regex) regexes_.emplace(&expr, std::move(*regex));
}

}  // namespace vedette::eql
