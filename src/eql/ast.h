// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/diagnostic.h"
#include "base/time.h"
#include "event/field_table.h"

/// The one syntax tree of all three dialects (reference section 3). Built by the parser, annotated
/// by the checker
/// (`Expr::type`, `Field::id`), read by printer, interpreter and, later, lowering.
namespace vedette::eql {

using base::Span;

enum class Dialect : std::uint8_t { kElasticsearch, kEndpoint, kEndgame };

/// Static type, section 5.1. kUnknown: the schema does not say, anything goes.
enum class Type : std::uint8_t {
  kUnknown,
  kNull,
  kBoolean,
  kNumber,
  kString,
  kDate,
  kIp,
  kVersion,
  kArray,
  kObject
};

struct Expr;
struct EventQuery;
using ExprPtr = std::unique_ptr<Expr>;

struct Literal {
  /// monostate is `null`. Integers: int64, then uint64, then double (2.5).
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string> value;
};

struct Field {
  struct Part {
    std::variant<std::string, std::uint64_t> key;  ///< a name, or an array index
  };
  std::vector<Part> path;
  bool optional = false;  ///< `?a.b`
  bool variable = false;  ///< `$a.b`
  /// Names joined by dots; indexes as `[n]`.
  std::string Dotted() const;
  std::optional<event::FieldId> id;  ///< set by the checker
  std::optional<std::uint32_t>
      alias_item;  ///< EP: item index that the first part names, set by the checker
};

enum class ComparisonOp : std::uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual
};
enum class ArithmeticOp : std::uint8_t { kAdd, kSubtract, kMultiply, kDivide, kModulo };
enum class LogicalOp : std::uint8_t { kAnd, kOr };
enum class UnaryOp : std::uint8_t { kNot, kMinus, kPlus };
enum class PatternOp : std::uint8_t { kColon, kLike, kLikeInsensitive, kRegex, kRegexInsensitive };
enum class RelationKind : std::uint8_t { kChild, kDescendant, kEvent };

struct Unary {
  UnaryOp op;
  ExprPtr operand;
};
struct Logical {
  LogicalOp op;
  std::vector<ExprPtr> operands;
};  ///< flattened chain, at least two
struct Comparison {
  ComparisonOp op;
  ExprPtr left, right;
  Span op_span;
};
struct Arithmetic {
  ArithmeticOp op;
  ExprPtr left, right;
};
struct InList {
  ExprPtr subject;
  std::vector<ExprPtr> items;
  bool negated = false;
  bool insensitive = false;
};
struct Pattern {
  PatternOp op;
  ExprPtr subject;
  std::vector<ExprPtr> patterns;
  bool list = false;
  Span op_span;
};
struct Call {
  std::string name;
  bool insensitive = false;
  bool method = false;
  std::vector<ExprPtr> arguments;
  Span name_span;
};
struct Relation {
  RelationKind kind;
  std::unique_ptr<EventQuery> query;
};

struct Expr {
  using Node = std::variant<Literal, Field, Unary, Logical, Comparison, Arithmetic, InList, Pattern,
                            Call, Relation>;
  Node node;
  Span span;
  Type type = Type::kUnknown;  ///< set by the checker
};

struct EventQuery {
  std::string category;  ///< "any" with any=true matches every event
  bool any = false;
  bool quoted = false;  ///< category was a string literal
  Span category_span;
  ExprPtr condition;
  Span span;
};

struct SequenceItem {
  EventQuery query;
  std::vector<ExprPtr> keys;
  bool missing = false;      ///< `![ … ]`
  std::optional<bool> fork;  ///< EG; `fork` alone is true
  std::uint32_t runs = 1;    ///< ES `with runs=N`
  bool has_runs = false;
  std::string alias;  ///< EP `as name`
  Span alias_span;
  Span span;
};

struct Sequence {
  std::vector<ExprPtr> keys;
  std::optional<base::Duration> maxspan;
  std::string maxspan_text;  ///< as written: "5m"
  std::vector<SequenceItem> items;
  std::optional<SequenceItem> until;
  /// EP: some item reads a field through an alias, as written; set by the checker, kept by folding.
  bool refers_to_alias = false;
};
struct Sample {
  std::vector<ExprPtr> keys;
  std::vector<SequenceItem> items;
};
struct Join {
  std::vector<ExprPtr> keys;
  std::vector<SequenceItem> items;
  std::optional<SequenceItem> until;
};

struct Pipe {
  std::string name;
  std::vector<ExprPtr> arguments;
  Span span;
  Span name_span;
};

/// A macro or constant definition (EG); uses are expanded by the parser, the definition is kept for
/// printing.
struct Definition {
  std::string name;
  bool macro = false;
  std::vector<std::string> parameters;
  ExprPtr body;
};

struct Query {
  Dialect dialect = Dialect::kElasticsearch;
  std::vector<Definition> definitions;
  std::variant<EventQuery, Sequence, Sample, Join> statement;
  std::vector<Pipe> pipes;
};

/// Structural equality: spans, types and slots do not count.
bool Equal(const Query& a, const Query& b);
bool Equal(const Expr& a, const Expr& b);
ExprPtr Clone(const Expr& expr);

}  // namespace vedette::eql
