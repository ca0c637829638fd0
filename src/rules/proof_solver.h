// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "rules/proof_goal.h"
#include "rules/proof_leaf.h"
#include "rules/proof_values.h"

namespace vedette::rules {

/// What the solver must know beside the goals. Outlives it.
struct SolverSetting {
  eql::Dialect dialect = eql::Dialect::kElasticsearch;
  /// Paths that some `_arraysearch` of the query looks through.
  std::set<std::string> arrays;
  /// The goal of `leaf` (a relation, from event `event`) for an ancestor's own event, and that
  /// event's number; the same pair gives the same number.
  std::function<std::uint32_t(const eql::Expr& leaf, std::uint32_t event)> ancestor_of;
  std::function<Goal(const eql::Expr& leaf, std::uint32_t event, std::uint32_t ancestor)>
      ancestor_goal;
  /// The inner query of `leaf`, of event number `ancestor`.
  std::function<Goal(const eql::Expr& leaf, std::uint32_t ancestor)> inner_goal;
};

struct SolveOptions {
  const Valuation* hint = nullptr;  ///< values to keep where they fit
  /// Fields that ECS knows with one value may take several.
  bool several_everywhere = false;
  std::size_t max_steps = 4000;
};

/// A leaf, and the truth that its positive form must have.
struct TakenLeaf {
  const eql::Expr* leaf;
  bool positive;
};

struct Solution {
  enum class Verdict : std::uint8_t {
    kSolved,
    kContradiction,  ///< shown: no events satisfy the goals
    kGaveUp,         ///< a limit, or a construct that the solver cannot express
  };
  Verdict verdict = Verdict::kGaveUp;
  Valuation values;
  std::set<std::uint32_t> ancestors;  ///< events made up for relations
  /// Of the last dead end: the leaves that exclude each other there, and their field.
  std::vector<TakenLeaf> conflict;
  std::string conflict_field;
  bool solved() const { return verdict == Verdict::kSolved; }
};

/// Finds values for the fields of a few events such that all goals hold.
///
/// Depth-first over the alternatives of `or`, cheapest first, with conflict-directed backjumping;
/// every added leaf is tested at once against the others on its field. Fields related to each other
/// are valued in dependency order, a few alternatives each. Bounded by `max_steps`.
/// One thread; keeps languages of leaves between calls.
class Solver {
 public:
  explicit Solver(const SolverSetting& setting) : setting_(setting), cache_(setting.dialect) {}
  Solution Solve(const std::vector<Goal>& goals, const SolveOptions& options);

 private:
  const SolverSetting& setting_;
  LanguageCache cache_;
  /// Elements made for searches, named alike in every call so that hints carry over.
  std::map<std::pair<const eql::Expr*, std::uint32_t>, std::string> elements_;
};

}  // namespace vedette::rules
