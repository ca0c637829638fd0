// SPDX-License-Identifier: Apache-2.0
#include "eql/checker.h"

#include <algorithm>
#include <array>

#include "eql/checker_internal.h"

namespace vedette::eql {
namespace {

/// Whether any node of a tree refers to other events.
bool ReachesOut(const Expr& expr) {
  const auto any = [](const std::vector<ExprPtr>& list) {
    return std::any_of(list.begin(), list.end(), [](const ExprPtr& e) { return ReachesOut(*e); });
  };
  struct Visitor {
    decltype(any)& any_of;
    bool operator()(const Literal&) const { return false; }
    bool operator()(const Field& n) const { return n.alias_item.has_value(); }
    bool operator()(const Unary& n) const { return ReachesOut(*n.operand); }
    bool operator()(const Logical& n) const { return any_of(n.operands); }
    bool operator()(const Comparison& n) const {
      return ReachesOut(*n.left) || ReachesOut(*n.right);
    }
    bool operator()(const Arithmetic& n) const {
      return ReachesOut(*n.left) || ReachesOut(*n.right);
    }
    bool operator()(const InList& n) const { return ReachesOut(*n.subject) || any_of(n.items); }
    bool operator()(const Pattern& n) const { return ReachesOut(*n.subject); }
    bool operator()(const Call& n) const { return any_of(n.arguments); }
    bool operator()(const Relation&) const { return true; }
  };
  return std::visit(Visitor{any}, expr.node);
}

}  // namespace

bool Check(Query& query, event::FieldTable& fields, const CheckOptions& options,
           std::vector<base::Diagnostic>& diagnostics) {
  return Checker(query, fields, options, diagnostics).Run();
}

bool NeedsState(const Query& query) {
  const auto* event_query = std::get_if<EventQuery>(&query.statement);
  if (event_query == nullptr || !query.pipes.empty()) return true;
  return event_query->condition != nullptr && ReachesOut(*event_query->condition);
}

Phase PhaseOf(std::string_view code) {
  if (code.starts_with("E01")) return Phase::kParsing;
  if (code == code::kFieldAgainstField) return Phase::kPlanning;
  constexpr std::array kWhileParsing = {code::kArity,       code::kKeyCount,  code::kRelation,
                                        code::kPipe,        code::kStructure, code::kArrayIndex,
                                        code::kNotInDialect};
  const bool parsing =
      std::find(kWhileParsing.begin(), kWhileParsing.end(), code) != kWhileParsing.end();
  return parsing ? Phase::kParsing : Phase::kVerification;
}

std::string_view TypeName(Type type) {
  switch (type) {
    case Type::kUnknown:
      return "a value of unknown type";
    case Type::kNull:
      return "null";
    case Type::kBoolean:
      return "a boolean";
    case Type::kNumber:
      return "a number";
    case Type::kString:
      return "a string";
    case Type::kDate:
      return "a date";
    case Type::kIp:
      return "an ip address";
    case Type::kVersion:
      return "a version";
    case Type::kArray:
      return "an array";
    case Type::kObject:
      return "an object";
  }
  return "a value";
}

std::string OrdinalName(std::size_t index) {
  constexpr std::array<std::string_view, 5> kNames = {"first", "second", "third", "fourth",
                                                      "fifth"};
  if (index < kNames.size()) return std::string(kNames[index]);
  return std::to_string(index + 1) + "th";
}

base::Diagnostic& Checker::Report(std::string_view code, Span span, std::string message,
                                  std::string label) {
  failed_ = true;
  base::Diagnostic& out = diagnostics_.emplace_back();
  out.severity = base::Severity::kError;
  out.code = code;
  out.message = std::move(message);
  out.span = span;
  out.label = std::move(label);
  return out;
}

base::Diagnostic& Checker::Warn(std::string_view code, Span span, std::string message,
                                std::string label) {
  base::Diagnostic& out = diagnostics_.emplace_back();
  out.severity = base::Severity::kWarning;
  out.code = code;
  out.message = std::move(message);
  out.span = span;
  out.label = std::move(label);
  return out;
}

bool Checker::Run() {
  CheckRequiredFields();
  if (auto* event_query = std::get_if<EventQuery>(&query_.statement)) CheckEventQuery(*event_query);
  if (auto* sequence = std::get_if<Sequence>(&query_.statement)) CheckSequence(*sequence);
  if (auto* sample = std::get_if<Sample>(&query_.statement)) CheckSample(*sample);
  if (auto* join = std::get_if<Join>(&query_.statement)) CheckJoin(*join);
  CheckPipes();
  return !failed_;
}

}  // namespace vedette::eql
