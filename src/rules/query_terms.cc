// SPDX-License-Identifier: Apache-2.0
#include "rules/query_terms.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "base/glob.h"
#include "eql/interpreter.h"

namespace vedette::rules {
namespace {

using eql::Expr;
using event::FieldType;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool HasField(const Expr& expr);

bool AnyHasField(const std::vector<eql::ExprPtr>& list) {
  return std::any_of(list.begin(), list.end(),
                     [](const eql::ExprPtr& item) { return HasField(*item); });
}

/// Does the value depend on the event?
bool HasField(const Expr& expr) {
  struct Visitor {
    bool operator()(const eql::Literal&) const { return false; }
    bool operator()(const eql::Field&) const { return true; }
    bool operator()(const eql::Unary& n) const { return HasField(*n.operand); }
    bool operator()(const eql::Logical& n) const { return AnyHasField(n.operands); }
    bool operator()(const eql::Comparison& n) const {
      return HasField(*n.left) || HasField(*n.right);
    }
    bool operator()(const eql::Arithmetic& n) const {
      return HasField(*n.left) || HasField(*n.right);
    }
    bool operator()(const eql::InList& n) const {
      return HasField(*n.subject) || AnyHasField(n.items);
    }
    bool operator()(const eql::Pattern& n) const {
      return HasField(*n.subject) || AnyHasField(n.patterns);
    }
    bool operator()(const eql::Call& n) const { return AnyHasField(n.arguments); }
    bool operator()(const eql::Relation&) const { return true; }
  };
  return std::visit(Visitor{}, expr.node);
}

/// Only types whose values compare as they are written: dates, addresses and versions have
/// equalities of their own.
bool ComparesPlainly(const event::Schema::Field* known) {
  if (known == nullptr) return true;
  switch (known->type) {
    case FieldType::kKeyword:
    case FieldType::kConstantKeyword:
    case FieldType::kWildcard:
    case FieldType::kBoolean:
    case FieldType::kLong:
    case FieldType::kUnsignedLong:
    case FieldType::kDouble:
      return true;
    default:
      return false;
  }
}

std::optional<ValueSet::Item> ItemOf(const Expr& expr, bool wildcards) {
  const auto* literal = std::get_if<eql::Literal>(&expr.node);
  if (literal == nullptr) return std::nullopt;
  ValueSet::Item item;
  item.span = expr.span;
  if (const auto* text = std::get_if<std::string>(&literal->value)) {
    item.value = *text;
    item.pattern = wildcards && text->find_first_of("*?") != std::string::npos;
  } else if (const auto* flag = std::get_if<bool>(&literal->value)) {
    item.value = *flag;
  } else if (const auto* number = std::get_if<std::int64_t>(&literal->value)) {
    item.value = static_cast<double>(*number);
  } else if (const auto* large = std::get_if<std::uint64_t>(&literal->value)) {
    item.value = static_cast<double>(*large);
  } else if (const auto* real = std::get_if<double>(&literal->value)) {
    item.value = *real;
  } else {
    return std::nullopt;
  }
  return item;
}

bool IsNull(const Expr& expr) {
  const auto* literal = std::get_if<eql::Literal>(&expr.node);
  return literal != nullptr && std::holds_alternative<std::monostate>(literal->value);
}

/// All items or none: a set with a part that is not understood is not understood.
bool AddItems(const std::vector<eql::ExprPtr>& list, bool wildcards, ValueSet& out) {
  for (const eql::ExprPtr& expr : list) {
    auto item = ItemOf(*expr, wildcards);
    if (!item) return false;
    out.items.push_back(std::move(*item));
  }
  out.kind = ValueSet::Kind::kItems;
  return true;
}

class Builder {
 public:
  Builder(eql::Dialect dialect, const eql::CheckOptions& options, const event::Schema& schema)
      : dialect_(dialect), options_(options), schema_(schema) {}

  Formula Make(const Expr& expr, bool positive) {
    if (!HasField(expr)) return Constant(expr, positive);
    if (const auto* unary = std::get_if<eql::Unary>(&expr.node);
        unary != nullptr && unary->op == eql::UnaryOp::kNot) {
      return Make(*unary->operand, !positive);
    }
    if (const auto* logical = std::get_if<eql::Logical>(&expr.node)) {
      return Chain(expr, *logical, positive);
    }
    Formula out = Leaf(expr, positive);
    if (const auto* comparison = std::get_if<eql::Comparison>(&expr.node)) {
      Compare(*comparison, out.term);
    } else if (const auto* list = std::get_if<eql::InList>(&expr.node)) {
      In(*list, out.term);
    } else if (const auto* pattern = std::get_if<eql::Pattern>(&expr.node)) {
      Match(*pattern, out.term);
    } else if (std::holds_alternative<eql::Field>(expr.node)) {
      // A bare boolean field: true.
      if (Subject(expr, out.term)) {
        out.term.values.kind = ValueSet::Kind::kItems;
        out.term.values.items.push_back({true, false, expr.span});
      }
    }
    return out;
  }

 private:
  static Formula Leaf(const Expr& expr, bool positive) {
    Formula out;
    out.expr = &expr;
    out.negated = !positive;
    out.term.expr = &expr;
    out.term.positive = positive;
    return out;
  }

  Formula Chain(const Expr& expr, const eql::Logical& logical, bool positive) {
    Formula out;
    out.expr = &expr;
    out.negated = !positive;
    const bool is_and = (logical.op == eql::LogicalOp::kAnd) == positive;
    out.kind = is_and ? Formula::Kind::kAnd : Formula::Kind::kOr;
    for (const eql::ExprPtr& operand : logical.operands) {
      Formula child = Make(*operand, positive);
      // `a and (b and c)` and `not (a or b)` below an `and` are one chain.
      if (child.kind == out.kind && child.kind != Formula::Kind::kTerm) {
        std::move(child.children.begin(), child.children.end(), std::back_inserter(out.children));
      } else {
        out.children.push_back(std::move(child));
      }
    }
    return out;
  }

  Formula Constant(const Expr& expr, bool positive) {
    Formula out = Leaf(expr, positive);
    base::Arena arena(4096);
    const event::Value value = eql::Evaluate(expr, dialect_, options_, event::Event{}, arena);
    if (value.kind() != event::ValueKind::kBoolean) return out;
    out.term.values.kind = ValueSet::Kind::kConstant;
    out.term.values.constant = value.boolean();
    return out;
  }

  bool Subject(const Expr& expr, Term& term) const {
    const auto* field = std::get_if<eql::Field>(&expr.node);
    if (field == nullptr || field->variable || field->alias_item) return false;
    term.field = field->Dotted();
    term.optional = field->optional;
    const event::Schema::Field* known = schema_.Find(term.field);
    term.single = known != nullptr && !known->array;
    return ComparesPlainly(known);
  }

  void Compare(const eql::Comparison& comparison, Term& term) const {
    const bool flipped = !std::holds_alternative<eql::Field>(comparison.left->node);
    const Expr& subject = flipped ? *comparison.right : *comparison.left;
    const Expr& other = flipped ? *comparison.left : *comparison.right;
    const bool plain = Subject(subject, term);
    const bool equality =
        comparison.op == eql::ComparisonOp::kEqual || comparison.op == eql::ComparisonOp::kNotEqual;
    if (term.field.empty()) return;
    if (IsNull(other)) {
      if (!equality) return;
      term.values.kind = ValueSet::Kind::kAny;
      // `x == null` is the negation of "has a value".
      if (comparison.op == eql::ComparisonOp::kEqual) term.positive = !term.positive;
      return;
    }
    if (comparison.op == eql::ComparisonOp::kNotEqual) term.positive = !term.positive;
    auto item = ItemOf(other, false);
    if (!item || !plain) return;
    if (equality) {
      term.values.kind = ValueSet::Kind::kItems;
      term.values.items.push_back(std::move(*item));
      return;
    }
    if (const auto* bound = std::get_if<double>(&item->value)) {
      Range(comparison.op, flipped, *bound, term.values);
    }
  }

  static void Range(eql::ComparisonOp op, bool flipped, double bound, ValueSet& out) {
    const bool less = op == eql::ComparisonOp::kLess || op == eql::ComparisonOp::kLessEqual;
    const bool open = op == eql::ComparisonOp::kLess || op == eql::ComparisonOp::kGreater;
    out.kind = ValueSet::Kind::kRange;
    out.low = -kInfinity;
    out.high = kInfinity;
    (less != flipped ? out.high : out.low) = bound;
    (less != flipped ? out.high_open : out.low_open) = open;
  }

  void In(const eql::InList& list, Term& term) const {
    if (list.negated) term.positive = !term.positive;
    const bool plain = Subject(*list.subject, term);
    if (term.field.empty() || !plain) return;
    term.values.insensitive = list.insensitive;
    if (!AddItems(list.items, false, term.values)) term.values = {};
  }

  void Match(const eql::Pattern& pattern, Term& term) const {
    const bool plain = Subject(*pattern.subject, term);
    if (term.field.empty() || !plain) return;
    if (pattern.op == eql::PatternOp::kRegex || pattern.op == eql::PatternOp::kRegexInsensitive) {
      return;
    }
    term.values.insensitive = pattern.op != eql::PatternOp::kLike;
    if (!AddItems(pattern.patterns, true, term.values)) term.values = {};
  }

  eql::Dialect dialect_;
  const eql::CheckOptions& options_;
  const event::Schema& schema_;
};

base::Case FoldOf(bool insensitive) {
  return insensitive ? base::Case::kAsciiInsensitive : base::Case::kSensitive;
}

bool SameText(std::string_view a, std::string_view b, bool insensitive) {
  return insensitive ? base::EqualFold(a, b) : a == b;
}

bool HasLetter(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const char lower = base::AsciiLower(c);
    return lower >= 'a' && lower <= 'z';
  });
}

bool InRange(double value, const ValueSet& range) {
  const bool above = range.low_open ? value > range.low : value >= range.low;
  const bool below = range.high_open ? value < range.high : value <= range.high;
  return above && below;
}

/// Can no text match both patterns? Their fixed beginnings or ends differ.
bool PatternsDisjoint(std::string_view a, std::string_view b, bool insensitive) {
  const std::string_view a_head = a.substr(0, a.find_first_of("*?"));
  const std::string_view b_head = b.substr(0, b.find_first_of("*?"));
  const std::size_t head = std::min(a_head.size(), b_head.size());
  if (!SameText(a_head.substr(0, head), b_head.substr(0, head), insensitive)) return true;
  const std::string_view a_tail = a.substr(a.find_last_of("*?") + 1);
  const std::string_view b_tail = b.substr(b.find_last_of("*?") + 1);
  const std::size_t tail = std::min(a_tail.size(), b_tail.size());
  return !SameText(a_tail.substr(a_tail.size() - tail), b_tail.substr(b_tail.size() - tail),
                   insensitive);
}

bool ItemsDisjoint(const ValueSet::Item& a, const ValueSet::Item& b, bool insensitive) {
  if (a.value.index() != b.value.index()) return false;  // the dialect may convert
  const auto* a_text = std::get_if<std::string>(&a.value);
  const auto* b_text = std::get_if<std::string>(&b.value);
  if (a_text == nullptr || b_text == nullptr) return a.value != b.value;
  if (a.pattern && b.pattern) return PatternsDisjoint(*a_text, *b_text, insensitive);
  if (a.pattern) return !base::WildcardMatch(*a_text, *b_text, FoldOf(insensitive));
  if (b.pattern) return !base::WildcardMatch(*b_text, *a_text, FoldOf(insensitive));
  return !SameText(*a_text, *b_text, insensitive);
}

bool RangeWithin(const ValueSet& inner, const ValueSet& outer) {
  const bool low =
      inner.low > outer.low || (inner.low == outer.low && (inner.low_open || !outer.low_open));
  const bool high = inner.high < outer.high ||
                    (inner.high == outer.high && (inner.high_open || !outer.high_open));
  return low && high;
}

bool RangesDisjoint(const ValueSet& a, const ValueSet& b) {
  const auto before = [](const ValueSet& x, const ValueSet& y) {
    return x.high < y.low || (x.high == y.low && (x.high_open || y.low_open));
  };
  return before(a, b) || before(b, a);
}

}  // namespace

Formula MakeFormula(const Expr& condition, eql::Dialect dialect, const eql::CheckOptions& options,
                    const event::Schema& schema) {
  return Builder(dialect, options, schema).Make(condition, true);
}

Term Negated(const Term& term) {
  Term out = term;
  out.positive = !out.positive;
  return out;
}

bool TermRelations::Spend() {
  if (budget_ == 0) return false;
  --budget_;
  return true;
}

bool TermRelations::ItemCovers(const ValueSet& outer, const ValueSet::Item& outer_item,
                               const ValueSet& inner, const ValueSet::Item& inner_item) {
  if (!Spend() || outer_item.value.index() != inner_item.value.index()) return false;
  const auto* wide = std::get_if<std::string>(&outer_item.value);
  const auto* narrow = std::get_if<std::string>(&inner_item.value);
  if (wide == nullptr || narrow == nullptr) return outer_item.value == inner_item.value;
  // Without case, the inner one also accepts spellings that a sensitive outer one refuses.
  if (inner.insensitive && !outer.insensitive && HasLetter(*narrow)) return false;
  const bool insensitive = outer.insensitive;
  if (!outer_item.pattern) {
    return !inner_item.pattern && SameText(*wide, *narrow, insensitive);
  }
  if (inner_item.pattern && wide->find('?') != std::string::npos &&
      narrow->find('*') != std::string::npos) {
    return SameText(*wide, *narrow, insensitive);
  }
  // Only a star of the wide pattern can swallow a star of the narrow one, so matching the narrow
  // pattern as if it were a text proves it.
  return base::WildcardMatch(*wide, *narrow, FoldOf(insensitive));
}

bool TermRelations::Subset(const ValueSet& inner, const ValueSet& outer) {
  using Kind = ValueSet::Kind;
  if (outer.kind == Kind::kAny) {
    return inner.kind == Kind::kItems || inner.kind == Kind::kRange || inner.kind == Kind::kAny;
  }
  if (inner.kind == Kind::kRange && outer.kind == Kind::kRange) return RangeWithin(inner, outer);
  if (inner.kind != Kind::kItems) return false;
  if (outer.kind == Kind::kRange) {
    return std::all_of(inner.items.begin(), inner.items.end(), [&](const ValueSet::Item& item) {
      const auto* number = std::get_if<double>(&item.value);
      return number != nullptr && InRange(*number, outer);
    });
  }
  if (outer.kind != Kind::kItems) return false;
  return std::all_of(inner.items.begin(), inner.items.end(), [&](const ValueSet::Item& narrow) {
    return std::any_of(outer.items.begin(), outer.items.end(), [&](const ValueSet::Item& wide) {
      return ItemCovers(outer, wide, inner, narrow);
    });
  });
}

bool TermRelations::Disjoint(const ValueSet& a, const ValueSet& b) {
  using Kind = ValueSet::Kind;
  if (a.kind == Kind::kRange && b.kind == Kind::kRange) return RangesDisjoint(a, b);
  if (a.kind == Kind::kRange && b.kind == Kind::kItems) return Disjoint(b, a);
  if (a.kind != Kind::kItems) return false;
  if (b.kind == Kind::kRange) {
    return std::all_of(a.items.begin(), a.items.end(), [&](const ValueSet::Item& item) {
      const auto* number = std::get_if<double>(&item.value);
      return number != nullptr && !InRange(*number, b);
    });
  }
  if (b.kind != Kind::kItems) return false;
  const bool insensitive = a.insensitive || b.insensitive;
  return std::all_of(a.items.begin(), a.items.end(), [&](const ValueSet::Item& x) {
    return std::all_of(b.items.begin(), b.items.end(), [&](const ValueSet::Item& y) {
      return Spend() && ItemsDisjoint(x, y, insensitive);
    });
  });
}

bool TermRelations::Exclude(const Term& a, const Term& b) {
  if (a.field.empty() || a.field != b.field || (!a.positive && !b.positive)) return false;
  if (a.positive && b.positive) {
    // Of several values one may satisfy the one term, another the other.
    return a.single && Disjoint(a.values, b.values);
  }
  return a.positive ? Subset(a.values, b.values) : Subset(b.values, a.values);
}

bool TermRelations::Implies(const Term& inner, const Term& outer) {
  return Exclude(inner, Negated(outer));
}

}  // namespace vedette::rules
