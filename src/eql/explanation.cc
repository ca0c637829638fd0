// SPDX-License-Identifier: Apache-2.0
#include "eql/explanation.h"

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "eql/evaluation.h"
#include "eql/explanation_values.h"
#include "eql/parser.h"

namespace vedette::eql {
namespace {

using Kind = Explanation::Kind;

Verdict ToVerdict(Truth truth) {
  return truth == Truth::kTrue ? Verdict::kTrue
                               : (truth == Truth::kFalse ? Verdict::kFalse : Verdict::kNull);
}

/// A node as the explanation divides it; leaves have no parts.
struct Shape {
  Kind kind = Kind::kLeaf;
  std::vector<const Expr*> parts;
};

Shape ShapeOf(const Expr& expr, const Mode& mode) {
  Shape shape;
  if (const auto* logical = std::get_if<Logical>(&expr.node)) {
    shape.kind = logical->op == LogicalOp::kAnd ? Kind::kAnd : Kind::kOr;
    for (const auto& operand : logical->operands) shape.parts.push_back(operand.get());
    return shape;
  }
  if (const auto* unary = std::get_if<Unary>(&expr.node); unary && unary->op == UnaryOp::kNot) {
    return {Kind::kNot, {unary->operand.get()}};
  }
  // Endgame compares such operands as values, so there the comparison is one question.
  if (mode.endgame()) return shape;
  if (const auto* comparison = std::get_if<Comparison>(&expr.node)) {
    if (const auto test = AsBooleanTest(*comparison)) {
      return {test->positive ? Kind::kTest : Kind::kNot, {test->operand->get()}};
    }
  }
  return shape;
}

/// Fewest leaves that must turn out otherwise for a node to be true, and for it to be false.
struct Gap {
  std::uint32_t to_true = 0;
  std::uint32_t to_false = 0;
};

Gap Combine(Kind kind, const std::vector<Gap>& parts) {
  if (kind == Kind::kNot) return {parts[0].to_false, parts[0].to_true};
  if (kind == Kind::kTest) return parts[0];
  Gap all{0, 0};
  Gap one{UINT32_MAX, UINT32_MAX};
  for (const Gap& part : parts) {
    all.to_true += part.to_true;
    all.to_false += part.to_false;
    one.to_true = std::min(one.to_true, part.to_true);
    one.to_false = std::min(one.to_false, part.to_false);
  }
  return kind == Kind::kAnd ? Gap{all.to_true, one.to_false} : Gap{one.to_true, all.to_false};
}

Gap GapOfLeaf(Truth truth) {
  return {truth == Truth::kTrue ? 0U : 1U, truth == Truth::kFalse ? 0U : 1U};
}

/// One walk over one event. An evaluator serves one question at a time, so each node gets its own.
class Trace {
 public:
  Trace(const Plan& plan, const Mode& mode, const event::Event& event, base::Arena& scratch,
        const Surroundings& around)
      : plan_(plan), mode_(mode), event_(event), scratch_(scratch), around_(around) {}

  Gap Measure(const Expr& expr) const {
    const Shape shape = ShapeOf(expr, mode_);
    if (shape.kind == Kind::kLeaf) return GapOfLeaf(Ask(expr));
    std::vector<Gap> parts;
    for (const Expr* part : shape.parts) parts.push_back(Measure(*part));
    return Combine(shape.kind, parts);
  }

  /// Operands of the topmost `and` from the first that does not hold.
  std::uint32_t Untried(const Expr& expr) const {
    const Shape shape = ShapeOf(expr, mode_);
    if (shape.kind != Kind::kAnd) return Ask(expr) == Truth::kTrue ? 0 : 1;
    for (std::size_t i = 0; i < shape.parts.size(); ++i) {
      if (Ask(*shape.parts[i]) != Truth::kTrue) {
        return static_cast<std::uint32_t>(shape.parts.size() - i);
      }
    }
    return 0;
  }

  Explanation Tell(const Expr& expr) const {
    Gap ignored;
    return Tell(expr, ignored);
  }

 private:
  Truth Ask(const Expr& expr) const {
    Evaluator evaluator(plan_, mode_, event_, scratch_, &around_);
    return evaluator.Condition(expr);
  }

  Explanation Tell(const Expr& expr, Gap& gap) const {
    Shape shape = ShapeOf(expr, mode_);
    Explanation out;
    out.kind = shape.kind;
    const Truth truth = Ask(expr);
    out.verdict = ToVerdict(truth);
    out.text = Print(expr, mode_.dialect);
    if (shape.kind == Kind::kLeaf) {
      gap = GapOfLeaf(truth);
      const LeafReader reader{plan_, mode_, event_, scratch_, around_};
      out.seen = reader.Values(expr);
      if (truth != Truth::kTrue) out.hint = reader.Hint(expr);
    } else {
      std::vector<Gap> gaps(shape.parts.size());
      for (std::size_t i = 0; i < shape.parts.size(); ++i) {
        out.parts.push_back(Tell(*shape.parts[i], gaps[i]));
      }
      gap = Combine(shape.kind, gaps);
    }
    out.distance = gap.to_true;
    return out;
  }

  const Plan& plan_;
  const Mode& mode_;
  const event::Event& event_;
  base::Arena& scratch_;
  const Surroundings& around_;
};

std::string Listed(const std::vector<SeenValue>& seen) {
  std::string out;
  for (const SeenValue& value : seen) {
    if (!out.empty()) out += ", ";
    out += value.name + (value.missing() ? " is missing" : " is " + value.json);
  }
  return out;
}

/// All that a subtree looked at, without repetitions.
void CollectSeen(const Explanation& node, std::vector<SeenValue>& out) {
  for (const SeenValue& value : node.seen) {
    const bool there = std::any_of(out.begin(), out.end(),
                                   [&](const SeenValue& old) { return old.name == value.name; });
    if (!there) out.push_back(value);
  }
  for (const Explanation& part : node.parts) CollectSeen(part, out);
}

/// The part of a true condition that makes it true, as far down as one part does so alone.
const Explanation& Culprit(const Explanation& node) {
  if (node.kind == Kind::kTest) return Culprit(node.parts.front());
  if (node.kind != Kind::kOr) return node;
  const auto found =
      std::find_if(node.parts.begin(), node.parts.end(),
                   [](const Explanation& part) { return part.verdict == Verdict::kTrue; });
  return found == node.parts.end() ? node : Culprit(*found);
}

std::string Named(std::string_view what, const Explanation& node, bool an_alternative) {
  std::vector<SeenValue> seen;
  CollectSeen(node, seen);
  std::string out = an_alternative ? "no alternative holds, the nearest " : "";
  out.append(what).append(" `" + node.text + "`");
  if (!seen.empty()) out += ": " + Listed(seen);
  if (!node.hint.empty()) out += " (" + node.hint + ")";
  return out;
}

std::string ReasonOf(const Explanation& node, bool an_alternative) {
  switch (node.kind) {
    case Kind::kAnd:
      for (const Explanation& part : node.parts) {
        if (part.verdict != Verdict::kTrue) return ReasonOf(part, an_alternative);
      }
      return {};
    case Kind::kOr: {
      const auto nearest = std::min_element(
          node.parts.begin(), node.parts.end(),
          [](const Explanation& a, const Explanation& b) { return a.distance < b.distance; });
      return ReasonOf(*nearest, true);
    }
    case Kind::kTest:
      return ReasonOf(node.parts.front(), an_alternative);
    case Kind::kNot:
      // `e == false` reads better whole.
      if (node.parts.front().verdict == Verdict::kTrue && node.text.starts_with("not ")) {
        return Named("is excluded by", Culprit(node.parts.front()), an_alternative);
      }
      break;
    case Kind::kLeaf:
      break;
  }
  return Named("fails at", node, an_alternative);
}

}  // namespace

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kFalse:
      return "false";
    case Verdict::kTrue:
      return "true";
    case Verdict::kNull:
      return "null";
  }
  return "";
}

std::string FirstReason(const EventExplanation& explanation) {
  if (explanation.matches) return {};
  if (!explanation.of_category) {
    return "the query is about `" + explanation.category +
           "` events: " + Listed({explanation.category_seen});
  }
  return explanation.condition ? ReasonOf(*explanation.condition, false) : std::string();
}

struct ConditionExplainer::Impl {
  const EventQuery* query;
  Mode mode;
  Interpreter interpreter;
  std::optional<Plan> plan;
  event::FieldId category{};
  std::string category_name;
};

ConditionExplainer::ConditionExplainer(const EventQuery& query, Dialect dialect,
                                       event::FieldTable& fields, const CheckOptions& options)
    : impl_(new Impl{&query,
                     {dialect, dialect != Dialect::kEndgame || options.case_sensitive},
                     Interpreter(query, dialect, fields, options),
                     std::nullopt,
                     fields.Intern(options.category_field),
                     options.category_field}) {
  if (dialect == Dialect::kEndgame) {
    impl_->category = fields.Intern(kEndgameTypeField, event::Shape::kTree);
    impl_->category_name = kEndgameTypeField;
  }
  if (query.condition != nullptr) impl_->plan.emplace(*query.condition, impl_->mode);
}
ConditionExplainer::~ConditionExplainer() = default;
ConditionExplainer::ConditionExplainer(ConditionExplainer&&) noexcept = default;

Nearness ConditionExplainer::Measure(const event::Event& event, base::Arena& scratch,
                                     const Surroundings& around) const {
  Nearness out;
  out.other_category = !impl_->interpreter.CategoryMatches(event);
  if (impl_->plan) {
    const Trace trace(*impl_->plan, impl_->mode, event, scratch, around);
    out.distance = trace.Measure(*impl_->query->condition).to_true;
    if (out.distance != 0) out.untried = trace.Untried(*impl_->query->condition);
  }
  return out;
}

EventExplanation ConditionExplainer::Explain(const event::Event& event, base::Arena& scratch,
                                             const Surroundings& around) const {
  EventExplanation out;
  out.matches = impl_->interpreter.Matches(event, scratch, around);
  out.of_category = impl_->interpreter.CategoryMatches(event);
  if (!impl_->query->any) out.category = impl_->query->category;
  out.category_seen = {impl_->category_name, SeenJson(event.Get(impl_->category))};
  if (impl_->plan) {
    out.condition =
        Trace(*impl_->plan, impl_->mode, event, scratch, around).Tell(*impl_->query->condition);
  }
  return out;
}

}  // namespace vedette::eql
