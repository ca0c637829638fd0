// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "rules/proof_solver.h"

/// The second half of the solver: from a set of leaves that must hold to values.
namespace vedette::rules {

/// Which decisions (depths of the search) something rests on; empty: none.
using Levels = std::set<int>;

/// A leaf that was taken.
struct Fact {
  const Goal* goal;
  Levels levels;
  std::vector<Variable> variables;
  bool null_test = false;
  /// The field must have a value for this to hold.
  bool NeedsValue() const { return goal->positive != null_test; }
};
using FactPtr = std::shared_ptr<const Fact>;

/// Why facts cannot hold together.
struct Conflict {
  Levels levels;
  std::vector<TakenLeaf> leaves;
  std::string field;
  bool certain = true;  ///< false: not shown, only not found
};

struct AssignContext {
  const SolveOptions* options;
  LanguageCache* cache;
};

/// True and `values` set, or false and `conflict` set. Facts over one field only.
bool ValueOne(const Variable& variable, const std::vector<FactPtr>& facts,
              const AssignContext& context, std::vector<Scalar>& values, Conflict& conflict);
/// The same for all fields of all facts.
bool AssignAll(const std::vector<FactPtr>& facts, const AssignContext& context, Valuation& values,
               Conflict& conflict);

}  // namespace vedette::rules
