// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "eql/ast.h"
#include "eql/checker.h"

/// Makes up events from a query alone: a smallest stream that must fire it, and near misses, in
/// each of which one thing that the query asks for is not so. Pure; running them is the engine's
/// part (engine/proof_run.h). How it works: docs/explanation/proofs.md.
namespace vedette::rules {

enum class StreamKind : std::uint8_t {
  kWitness,         ///< must fire
  kBroken,          ///< one condition does not hold
  kTooSlow,         ///< the last event comes after maxspan
  kWrongKey,        ///< one join key differs
  kWrongOrder,      ///< the events come in reverse
  kUntil,           ///< an `until` event comes between
  kMissingPresent,  ///< an event comes that `![…]` forbids
  kOneRunFewer,
};
std::string_view StreamKindName(StreamKind kind);

struct ProofStream {
  StreamKind kind = StreamKind::kWitness;
  std::string name;                 ///< for people: "without `process.name == "x"`"
  std::string condition;            ///< the condition at stake, as the query has it; may be empty
  std::vector<std::string> events;  ///< ECS documents in time order, each with its timestamp
  /// The conditions overlap so that this stream may fire after all; firing shows a thing about the
  /// rule, not a fault.
  bool may_fire = false;
  bool must_fire() const { return kind == StreamKind::kWitness; }
};

struct Proof {
  std::vector<ProofStream> streams;  ///< the witness first; empty when there is none
  /// No events can fire the query: what excludes what.
  std::string contradiction;
  /// The prover came to its limits: which construct or which bound.
  std::string unsupported;
  /// Conditions that the others imply: breaking them alone is impossible.
  std::vector<std::string> redundant;
  /// Conditions for which no near miss was found although there may be one.
  std::vector<std::string> undecided;
  /// Fields that must hold several values at once for the query to fire, although ECS knows them
  /// with one.
  std::vector<std::string> needs_several;
};

struct ProofLimits {
  std::size_t max_near_misses = 200;
  std::size_t max_steps = 4000;  ///< of one search
};

/// `query` passed Check() with `options`. ES and EP only; for EG `unsupported` is set.
/// Typically a few milliseconds.
Proof MakeProof(const eql::Query& query, const eql::CheckOptions& options,
                const ProofLimits& limits = {});

}  // namespace vedette::rules
