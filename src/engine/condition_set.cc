// SPDX-License-Identifier: Apache-2.0
#include "engine/condition_set.h"

#include "engine/condition_lowering.h"

namespace vedette::engine {

ConditionSet::ConditionSet(event::FieldTable& fields)
    : table_(&fields), lowering_(std::make_unique<ConditionLowering>(*this)) {}
ConditionSet::~ConditionSet() = default;
ConditionSet::ConditionSet(ConditionSet&& other) noexcept
    : table_(other.table_),
      trees_(std::move(other.trees_)),
      roots_(std::move(other.roots_)),
      fields_(std::move(other.fields_)),
      predicates_(std::move(other.predicates_)),
      lowering_(std::move(other.lowering_)) {
  if (lowering_) lowering_->MoveTo(*this);
}
ConditionSet& ConditionSet::operator=(ConditionSet&& other) noexcept {
  table_ = other.table_;
  trees_ = std::move(other.trees_);
  roots_ = std::move(other.roots_);
  fields_ = std::move(other.fields_);
  predicates_ = std::move(other.predicates_);
  lowering_ = std::move(other.lowering_);
  if (lowering_) lowering_->MoveTo(*this);
  return *this;
}

ConditionId ConditionSet::Add(const eql::EventQuery& query, eql::Dialect dialect,
                              const eql::CheckOptions& options) {
  roots_.push_back(lowering_->Lower(query, dialect, options));
  return static_cast<ConditionId>(roots_.size() - 1);
}

void ConditionSet::Lower() {
  if (lowering_) lowering_->Finish();
  lowering_.reset();
}

std::size_t ConditionSet::bytes() const {
  std::size_t bytes = trees_.bytes() + roots_.size() * sizeof(NodeId);
  for (const MatchedPredicate& predicate : predicates_) {
    bytes += sizeof predicate + predicate.slots.size() * sizeof(event::FieldId);
  }
  for (const MatchedField& field : fields_) {
    bytes += sizeof field + field.tests.bytes() +
             4 * (field.predicates.size() + field.test_begin.size() + field.test_predicates.size());
  }
  return bytes;
}

}  // namespace vedette::engine
