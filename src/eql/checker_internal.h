// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "eql/checker.h"
#include "eql/function_table.h"

/// Inside of Check(), split by kind of construct.
namespace vedette::eql {

/// Permanent diagnostic codes of the checker.
namespace code {
inline constexpr std::string_view kUnknownField = "E0201";
inline constexpr std::string_view kUnknownFunction = "E0202";
inline constexpr std::string_view kNotBoolean = "E0203";
inline constexpr std::string_view kArity = "E0204";
inline constexpr std::string_view kWrongType = "E0205";
inline constexpr std::string_view kNotConstant = "E0206";
inline constexpr std::string_view kUnusableField = "E0207";
inline constexpr std::string_view kInexactField = "E0208";
inline constexpr std::string_view kPatternOnNonText = "E0209";
inline constexpr std::string_view kListElement = "E0210";
inline constexpr std::string_view kKeyCount = "E0211";
inline constexpr std::string_view kKeyType = "E0212";
inline constexpr std::string_view kBadRegex = "E0213";
inline constexpr std::string_view kBadBlock = "E0214";
inline constexpr std::string_view kNoInsensitiveForm = "E0215";
inline constexpr std::string_view kFieldAgainstField = "E0216";
inline constexpr std::string_view kNotInDialect = "E0217";
inline constexpr std::string_view kRelation = "E0218";
inline constexpr std::string_view kPipe = "E0219";
inline constexpr std::string_view kStructure = "E0220";
inline constexpr std::string_view kAlias = "E0221";
inline constexpr std::string_view kVariable = "E0222";
inline constexpr std::string_view kArrayIndex = "E0223";
inline constexpr std::string_view kWarnUnknownField = "W0201";
inline constexpr std::string_view kWarnCategory = "W0202";
inline constexpr std::string_view kWarnStar = "W0203";
inline constexpr std::string_view kWarnRegexAnchor = "W0204";
inline constexpr std::string_view kWarnOptional = "W0205";
inline constexpr std::string_view kWarnUnusableField = "W0206";
}  // namespace code

class Checker {
 public:
  Checker(Query& query, event::FieldTable& fields, const CheckOptions& options,
          std::vector<base::Diagnostic>& diagnostics)
      : query_(query), fields_(fields), options_(options), diagnostics_(diagnostics) {}
  bool Run();

 private:
  struct Alias {
    std::string name;
    std::uint32_t item;
  };

  bool es() const { return query_.dialect == Dialect::kElasticsearch; }
  bool ep() const { return query_.dialect == Dialect::kEndpoint; }
  bool eg() const { return query_.dialect == Dialect::kEndgame; }

  base::Diagnostic& Report(std::string_view code, Span span, std::string message,
                           std::string label = {});
  base::Diagnostic& Warn(std::string_view code, Span span, std::string message,
                         std::string label = {});

  // Statements (checker_statements.cc).
  void CheckRequiredFields();
  void CheckEventQuery(EventQuery& query);
  void CheckCategory(const EventQuery& query);
  void CheckSequence(Sequence& sequence);
  void CheckSample(Sample& sample);
  void CheckJoin(Join& join);
  void CheckItems(std::vector<SequenceItem>& items, SequenceItem* until,
                  std::vector<ExprPtr>& keys);
  void CheckItem(SequenceItem& item, bool is_until);
  void CheckKeys(std::vector<ExprPtr>& keys);
  void CheckKeyCounts(const std::vector<SequenceItem>& items, const SequenceItem* until);
  void CheckKeyTypes(const SequenceItem& first, const SequenceItem& other);
  void CheckPipes();
  void CheckPipe(Pipe& pipe);

  // Expressions (checker_expressions.cc).
  void Condition(Expr& expr, std::string_view role);
  Type Visit(Expr& expr);
  Type Visit(Expr& expr, Unary& unary);
  Type Visit(Logical& logical);
  Type Visit(Expr& expr, Comparison& comparison);
  Type Visit(Arithmetic& arithmetic);
  Type Visit(Expr& expr, InList& in);
  Type Visit(Expr& expr, Pattern& pattern);
  Type Visit(Expr& expr, Relation& relation);
  void Number(const Expr& expr, std::string_view role);
  void WarnAboutStar(const Expr& expr);
  bool IsConstant(const Expr& expr) const;
  /// The first field in `expr`, else null.
  const Expr* FirstField(const Expr& expr) const;

  // Calls (checker_calls.cc).
  Type Visit(Expr& expr, Call& call);
  void UnknownFunction(const Call& call);
  bool CheckArity(const Call& call, const FunctionSpec& spec);
  void CheckArgument(const Call& call, const FunctionSpec& spec, std::size_t index);
  Type VisitBindingCall(Call& call, const FunctionSpec& spec);
  void CheckRegex(const std::vector<ExprPtr>& patterns, std::size_t from, bool insensitive);

  // Fields (checker_fields.cc).
  Type VisitField(Expr& expr, Field& field);
  Type VisitTree(Expr& array);
  Type VisitEndgameField(Field& field);
  Type ResolveFlat(Expr& expr, Field& field, const std::string& path);
  Type UnknownField(Expr& expr, Field& field, const std::string& path);
  Type TypeOfKnown(const Expr& expr, const std::string& path, const event::Schema::Field& known);
  bool HasExactSubfield(const std::string& path) const;
  bool IsBound(std::string_view name) const;
  const Alias* FindAlias(std::string_view name) const;

  Query& query_;
  event::FieldTable& fields_;
  const CheckOptions& options_;
  std::vector<base::Diagnostic>& diagnostics_;
  std::vector<std::string> bound_;        ///< names bound by enclosing array functions
  std::vector<Alias> visible_aliases_;    ///< of earlier items
  std::vector<std::string> all_aliases_;  ///< of the whole sequence
  std::set<std::string> unknown_fields_;  ///< reported already
  bool failed_ = false;
};

/// "a number", "a text", … for messages.
std::string_view TypeName(Type type);
/// Ordinal of an argument position: "first", "second", …
std::string OrdinalName(std::size_t index);

}  // namespace vedette::eql
