// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "eql/evaluation.h"
#include "eql/explanation.h"

/// Inside of ConditionExplainer. Not for other rooms.
namespace vedette::eql {

/// The value as JSON; past 4 KiB a JSON text with its beginning and `…`.
std::string SeenJson(const event::Value& value);

/// What one leaf of a condition saw in one event.
struct LeafReader {
  const Plan& plan;
  const Mode& mode;
  const event::Event& event;
  base::Arena& scratch;
  const Surroundings& around;

  /// Its fields with all their values, in the order in which they stand, then what functions and
  /// arithmetic made of them (of several values, the first).
  std::vector<SeenValue> Values(const Expr& leaf) const;
  /// Why a leaf that fails may surprise its author; empty when nothing is known.
  std::string Hint(const Expr& leaf) const;

 private:
  event::Value FieldValue(const Expr& expr, const Field& field) const;
};

}  // namespace vedette::eql
