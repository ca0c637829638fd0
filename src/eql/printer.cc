// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cmath>
#include <unordered_set>

#include "eql/dialect.h"
#include "eql/parser.h"

namespace vedette::eql {
namespace {

/// How tightly an expression binds. A child that binds less than its place asks for goes in
/// brackets.
enum Strength : int {
  kAnything,
  kOrStrength,
  kAndStrength,
  kNotStrength,
  kComparisonStrength,
  kSumStrength,
  kProductStrength,
  kMethodStrength,  // Endgame only: x:f()
  kSignStrength,
  kPredicateStrength,  // Elasticsearch and endpoint: in, like, …
  kPrimaryStrength,
};

Strength Tighter(Strength strength) { return static_cast<Strength>(strength + 1); }

std::string_view Spelling(ComparisonOp op) {
  switch (op) {
    case ComparisonOp::kEqual:
      return "==";
    case ComparisonOp::kNotEqual:
      return "!=";
    case ComparisonOp::kLess:
      return "<";
    case ComparisonOp::kLessEqual:
      return "<=";
    case ComparisonOp::kGreater:
      return ">";
    case ComparisonOp::kGreaterEqual:
      return ">=";
  }
  return "==";
}
std::string_view Spelling(ArithmeticOp op) {
  switch (op) {
    case ArithmeticOp::kAdd:
      return "+";
    case ArithmeticOp::kSubtract:
      return "-";
    case ArithmeticOp::kMultiply:
      return "*";
    case ArithmeticOp::kDivide:
      return "/";
    case ArithmeticOp::kModulo:
      return "%";
  }
  return "+";
}
std::string_view Spelling(PatternOp op) {
  switch (op) {
    case PatternOp::kColon:
      return ":";
    case PatternOp::kLike:
      return "like";
    case PatternOp::kLikeInsensitive:
      return "like~";
    case PatternOp::kRegex:
      return "regex";
    case PatternOp::kRegexInsensitive:
      return "regex~";
  }
  return ":";
}
std::string_view Spelling(RelationKind kind) {
  switch (kind) {
    case RelationKind::kChild:
      return "child of [";
    case RelationKind::kDescendant:
      return "descendant of [";
    case RelationKind::kEvent:
      return "event of [";
  }
  return "event of [";
}

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

class Printer {
 public:
  explicit Printer(Dialect dialect) : rules_(RulesOf(dialect)) {}

  std::string Take() { return std::move(out_); }

  void PrintQuery(const Query& query) {
    for (const Definition& definition : query.definitions) PrintDefinition(definition);
    std::visit([this](const auto& statement) { PrintStatement(statement); }, query.statement);
    for (const Pipe& pipe : query.pipes) {
      out_ += "\n| " + pipe.name;
      if (!pipe.arguments.empty()) out_ += ' ';
      List(pipe.arguments);
    }
  }

  /// Prints `expr` for a place that asks for at least `least`.
  void Print(const Expr& expr, Strength least) {
    const bool brackets = StrengthOf(expr) < least;
    if (brackets) out_ += '(';
    std::visit([this](const auto& node) { Node(node); }, expr.node);
    if (brackets) out_ += ')';
  }

 private:
  Strength StrengthOf(const Expr& expr) const {
    struct Visitor {
      const DialectRules& rules;
      Strength operator()(const Literal& a) const {
        // Folding makes negative literals; the parser reads them as a sign and a number.
        const auto* integer = std::get_if<std::int64_t>(&a.value);
        const auto* real = std::get_if<double>(&a.value);
        const bool negative =
            (integer != nullptr && *integer < 0) || (real != nullptr && std::signbit(*real));
        return negative ? kSignStrength : kPrimaryStrength;
      }
      Strength operator()(const Field&) const { return kPrimaryStrength; }
      Strength operator()(const Unary& a) const {
        return a.op == UnaryOp::kNot ? kNotStrength : kSignStrength;
      }
      Strength operator()(const Logical& a) const {
        return a.op == LogicalOp::kOr ? kOrStrength : kAndStrength;
      }
      Strength operator()(const Comparison&) const { return kComparisonStrength; }
      Strength operator()(const Arithmetic& a) const {
        return a.op == ArithmeticOp::kAdd || a.op == ArithmeticOp::kSubtract ? kSumStrength
                                                                             : kProductStrength;
      }
      Strength operator()(const InList&) const {
        return rules.in_binds_to_primary ? kPredicateStrength : kComparisonStrength;
      }
      Strength operator()(const Pattern&) const { return kPredicateStrength; }
      Strength operator()(const Call& a) const {
        return a.method ? kMethodStrength : kPrimaryStrength;
      }
      Strength operator()(const Relation&) const {
        return rules.relation_is_operand ? kMethodStrength : kComparisonStrength;
      }
    };
    return std::visit(Visitor{rules_}, expr.node);
  }

  void List(const std::vector<ExprPtr>& items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out_ += ", ";
      Print(*items[i], kAnything);
    }
  }

  void Node(const Literal& a) {
    struct Visitor {
      Printer& printer;
      void operator()(std::monostate) const { printer.out_ += "null"; }
      void operator()(bool value) const { printer.out_ += value ? "true" : "false"; }
      void operator()(std::int64_t value) const { printer.out_ += std::to_string(value); }
      void operator()(std::uint64_t value) const { printer.out_ += std::to_string(value); }
      void operator()(double value) const { printer.Double(value); }
      void operator()(const std::string& value) const { printer.String(value); }
    };
    std::visit(Visitor{*this}, a.value);
  }

  void Node(const Field& a) {
    if (a.optional) out_ += '?';
    if (a.variable) out_ += '$';
    for (std::size_t i = 0; i < a.path.size(); ++i) {
      if (const auto* index = std::get_if<std::uint64_t>(&a.path[i].key)) {
        out_ += '[' + std::to_string(*index) + ']';
        continue;
      }
      if (i > 0) out_ += '.';
      const auto& name = std::get<std::string>(a.path[i].key);
      // A field that shares its name with a constant stays a field only in backticks.
      Name(name, a.path.size() == 1 && constants_.contains(name));
    }
  }

  void Node(const Unary& a) {
    if (a.op == UnaryOp::kNot) {
      out_ += "not ";
      return Print(*a.operand, kNotStrength);
    }
    out_ += a.op == UnaryOp::kMinus ? '-' : '+';
    Print(*a.operand, rules_.repeated_sign ? kSignStrength : kPrimaryStrength);
  }

  void Node(const Logical& a) {
    const Strength own = a.op == LogicalOp::kOr ? kOrStrength : kAndStrength;
    for (std::size_t i = 0; i < a.operands.size(); ++i) {
      if (i > 0) out_ += a.op == LogicalOp::kOr ? " or " : " and ";
      Print(*a.operands[i], Tighter(own));
    }
  }

  void Node(const Comparison& a) {
    Print(*a.left, kSumStrength);
    out_ += ' ';
    out_ += Spelling(a.op);
    out_ += ' ';
    Print(*a.right, kSumStrength);
  }

  void Node(const Arithmetic& a) {
    const bool sum = a.op == ArithmeticOp::kAdd || a.op == ArithmeticOp::kSubtract;
    const Strength own = sum ? kSumStrength : kProductStrength;
    Print(*a.left, own);
    out_ += ' ';
    out_ += Spelling(a.op);
    out_ += ' ';
    Print(*a.right, Tighter(own));
  }

  void Node(const InList& a) {
    Print(*a.subject, rules_.in_binds_to_primary ? kPrimaryStrength : kSumStrength);
    out_ += a.negated ? " not in" : " in";
    out_ += a.insensitive ? "~ (" : " (";
    List(a.items);
    out_ += ')';
  }

  void Node(const Pattern& a) {
    Print(*a.subject, kPrimaryStrength);
    out_ += ' ';
    out_ += Spelling(a.op);
    out_ += a.list ? " (" : " ";
    List(a.patterns);
    if (a.list) out_ += ')';
  }

  void Node(const Call& a) {
    std::size_t first = 0;
    if (a.method && !a.arguments.empty()) {
      const Expr& receiver = *a.arguments.front();
      const bool relation = std::holds_alternative<Relation>(receiver.node);
      Print(receiver, relation ? kPrimaryStrength : kMethodStrength);
      out_ += ':';
      first = 1;
    }
    out_ += a.name;
    out_ += a.insensitive ? "~(" : "(";
    for (std::size_t i = first; i < a.arguments.size(); ++i) {
      if (i > first) out_ += ", ";
      Print(*a.arguments[i], kAnything);
    }
    out_ += ')';
  }

  void Node(const Relation& a) {
    out_ += Spelling(a.kind);
    PrintStatement(*a.query);
    out_ += ']';
  }

  void Name(const std::string& name, bool force_quotes) {
    if (!force_quotes && IsPlainName(rules_, name)) {
      out_ += name;
      return;
    }
    out_ += '`';
    for (const char c : name) {
      if (c == '`') out_ += '`';
      out_ += c;
    }
    out_ += '`';
  }

  void Double(double value) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    const std::string_view text(digits, static_cast<std::size_t>(end - digits));
    out_ += text;
    // Shortest form of 5.0 is "5", which would read back as an integer.
    if (text.find_first_not_of("-0123456789") == text.npos) out_ += ".0";
  }

  void String(const std::string& value) {
    bool raw = rules_.triple_quotes && value.find_first_of("\\\"") != value.npos &&
               value.find("\"\"\"") == value.npos;
    for (const char c : value) raw = raw && !IsControl(c);
    if (raw) {
      out_ += "\"\"\"" + value + "\"\"\"";
      return;
    }
    out_ += '"';
    for (const char c : value) Escaped(c);
    out_ += '"';
  }
  void Escaped(char c) {
    static constexpr std::string_view kControls = "\b\t\n\f\r\"\\";
    static constexpr std::string_view kLetters = "btnfr\"\\";
    const std::size_t index = kControls.find(c);
    if (index != kControls.npos) {
      out_ += '\\';
      out_ += kLetters[index];
    } else if (IsControl(c)) {
      static constexpr std::string_view kHex = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(c);
      out_ += "\\u{";
      out_ += kHex[byte >> 4u];
      out_ += kHex[byte & 0xFu];
      out_ += '}';
    } else {
      out_ += c;
    }
  }

  void PrintDefinition(const Definition& definition) {
    out_ += definition.macro ? "macro " : "const ";
    out_ += definition.name;
    if (definition.macro) {
      out_ += '(';
      for (std::size_t i = 0; i < definition.parameters.size(); ++i) {
        if (i > 0) out_ += ", ";
        out_ += definition.parameters[i];
      }
      out_ += ") ";
      Print(*definition.body, kAnything);
    } else {
      out_ += " = ";
      Print(*definition.body, kAnything);
      constants_.insert(definition.name);
    }
    out_ += '\n';
  }

  void PrintStatement(const EventQuery& query) {
    if (query.quoted) {
      String(query.category);
    } else {
      out_ += query.category;
    }
    out_ += " where ";
    Print(*query.condition, kAnything);
  }

  void PrintStatement(const Sequence& sequence) {
    out_ += "sequence";
    Keys(sequence.keys);
    if (sequence.maxspan.has_value()) out_ += " with maxspan=" + sequence.maxspan_text;
    for (const SequenceItem& item : sequence.items) Item("\n  ", item);
    if (sequence.until.has_value()) Item("\nuntil ", *sequence.until);
  }
  void PrintStatement(const Sample& sample) {
    out_ += "sample";
    Keys(sample.keys);
    for (const SequenceItem& item : sample.items) Item("\n  ", item);
  }
  void PrintStatement(const Join& join) {
    out_ += "join";
    Keys(join.keys);
    for (const SequenceItem& item : join.items) Item("\n  ", item);
    if (join.until.has_value()) Item("\nuntil ", *join.until);
  }

  void Keys(const std::vector<ExprPtr>& keys) {
    if (keys.empty()) return;
    out_ += " by ";
    List(keys);
  }

  void Item(std::string_view lead, const SequenceItem& item) {
    out_ += lead;
    out_ += item.missing ? "![" : "[";
    PrintStatement(item.query);
    out_ += ']';
    if (item.fork.has_value()) out_ += *item.fork ? " fork" : " fork=false";
    Keys(item.keys);
    if (item.has_runs) out_ += " with runs=" + std::to_string(item.runs);
    if (!item.alias.empty()) out_ += " as " + item.alias;
  }

  const DialectRules& rules_;
  std::string out_;
  std::unordered_set<std::string> constants_;
};

}  // namespace

std::string Print(const Query& query) {
  Printer printer(query.dialect);
  printer.PrintQuery(query);
  return printer.Take();
}

std::string Print(const Expr& expr, Dialect dialect) {
  Printer printer(dialect);
  printer.Print(expr, kAnything);
  return printer.Take();
}

}  // namespace vedette::eql
