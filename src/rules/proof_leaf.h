// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "eql/ast.h"
#include "rules/proof_goal.h"
#include "rules/proof_language.h"

/// What one leaf of a condition says about one field, once the other fields are known.
namespace vedette::rules {

using Scalar = eql::Literal;
/// Values of fields; a variable that is not there is a field that the event lacks.
using Valuation = std::map<Variable, std::vector<Scalar>>;
/// One value per variable.
using Choice = std::map<Variable, Scalar>;

/// What kind of value a field takes.
enum class Domain : std::uint8_t { kText, kNumber, kBoolean, kAddress, kDate, kVersion };

/// Truth of `leaf` in its positive form (as if `!=` were `==`) for one value per field. Nothing
/// when the prover cannot evaluate it.
std::optional<bool> Holds(const eql::Expr& leaf, const Scope& scope, const Choice& choice);
/// The same over fields with several values: some choice makes it true (reference 8.1). At most
/// 256 choices are tried.
std::optional<bool> HoldsForSome(const eql::Expr& leaf, const Scope& scope,
                                 const Valuation& values);

struct LeafLanguage {
  Language language;
  /// False: texts of the language satisfy the leaf only likely; each must be tried.
  bool exact = true;
};
/// The texts of `variable` that make `leaf` true in its positive form, the other fields being as
/// chosen. Nothing when the leaf constrains the text in a way that is no regular language.
std::optional<LeafLanguage> LanguageOf(const eql::Expr& leaf, const Scope& scope,
                                       const Variable& variable, const Choice& choice,
                                       eql::Dialect dialect);

/// The kind of value that `variable` should take, from its declared type, else from what leaves
/// compare it with.
Domain DomainOf(const Variable& variable, const std::vector<const eql::Expr*>& leaves,
                const std::vector<const Scope*>& scopes);
/// Constants that the leaf mentions.
void AddConstants(const eql::Expr& leaf, std::vector<Scalar>& out);

}  // namespace vedette::rules
