// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "rules/proof_leaf.h"

namespace vedette::rules {

/// One leaf that bears on a field whose value is sought.
struct Demand {
  const eql::Expr* leaf;
  ScopePtr scope;
  bool positive;
  std::vector<Variable> members;  ///< the sought variables that the leaf reads
  bool alone;                     ///< it reads nothing else
};

/// Languages of leaves over one field, made once per rule. One thread.
class LanguageCache {
 public:
  explicit LanguageCache(eql::Dialect dialect) : dialect_(dialect) {}
  /// Null when the leaf's texts are no regular language. Valid as long as the cache (leaves over
  /// one field) or until Forget() (others).
  const LeafLanguage* Of(const Demand& demand, const Choice& others);
  void Forget() { others_.clear(); }

 private:
  eql::Dialect dialect_;
  std::unordered_map<const eql::Expr*, std::optional<LeafLanguage>> alone_;
  std::vector<std::unique_ptr<LeafLanguage>> others_;
};

struct ValueRequest {
  /// Variables that must hold the same value; the first names the field.
  std::span<const Variable> members;
  std::span<const Demand> demands;
  const Choice* others;                       ///< values of the other fields that demands read
  const std::vector<Scalar>* hint = nullptr;  ///< taken when it fits
  std::size_t count = 1;                      ///< alternatives wanted
  bool several = false;                       ///< the field may hold several values
};
struct ValueAnswer {
  std::vector<std::vector<Scalar>> alternatives;  ///< each a list of values for the field
  bool complete = true;                           ///< with no alternative: proof that there is none
};

/// Values that meet every demand: each positive one by some value, each negative one by all.
ValueAnswer FindValues(const ValueRequest& request, LanguageCache& cache);

/// Fields that hold lists in ECS documents by nature (`process.args`, `event.type`, …).
bool IsListField(std::string_view path);

}  // namespace vedette::rules
