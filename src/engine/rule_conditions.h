// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/condition_set.h"
#include "engine/rule_compiler.h"
#include "eql/ast.h"
#include "eql/checker.h"
#include "event/field_table.h"

namespace vedette::engine {

/// Which items of one statement with state an event may take part in.
struct StageHit {
  static constexpr std::uint32_t kUntil = 63;
  static constexpr std::uint32_t kMostItems = 63;
  std::uint32_t statement = 0;  ///< number among those with state
  std::uint64_t items = 0;      ///< bit i: item i; bit kUntil: `until`
};

/// The conditions of many statements as one ConditionSet: those that one event decides, and every
/// item of those with state. What an item asks of other events is left out: for it the hit is only
/// necessary. Add, Lower, then immutable; any thread may read.
class RuleConditions {
 public:
  explicit RuleConditions(event::FieldTable& fields) : set_(fields) {}

  /// The statements are checked and folded, and outlive this. Of each kind numbered in this order.
  /// `query` is an event query that one event decides.
  void AddDecided(const eql::Query& query, const eql::CheckOptions& options);
  void AddStateful(const eql::Query& query, const eql::CheckOptions& options);
  void Lower();

  const ConditionSet& set() const { return set_; }
  std::size_t decided() const { return decided_; }
  std::size_t stateful() const { return stateful_; }
  enum class Role : std::uint8_t {
    kDecided,
    kStateful,
    kRelation,      ///< the query inside an endpoint process relation; `statement` is its number
    kProcessEvent,  ///< whether process relations take it for one
  };
  struct Place {
    std::uint32_t statement = 0;  ///< number of its kind
    std::uint32_t item = 0;
    Role role = Role::kDecided;
    std::uint32_t owner = 0;  ///< the statement it is there for, whatever its role
  };
  const Place& place(ConditionId condition) const { return places_[condition]; }
  /// By condition, from what is eligible by statement: those that one event decides first.
  std::vector<bool> Eligible(const std::vector<bool>& statements) const;

 private:
  ConditionId Add(const eql::EventQuery& query, const eql::Query& of,
                  const eql::CheckOptions& options, Place place);

  ConditionSet set_;
  std::vector<Place> places_;
  std::uint32_t relations_ = 0;
  std::unique_ptr<eql::EventQuery> process_event_;
  std::size_t decided_ = 0;
  std::size_t stateful_ = 0;
};

}  // namespace vedette::engine
