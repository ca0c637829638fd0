// SPDX-License-Identifier: Apache-2.0
#include "service/rule_eligibility.h"

#include <utility>

namespace vedette::service {
namespace {

// Index names are few; a stream made of ever new ones must not grow the cache without end.
constexpr std::size_t kMaxOrigins = 4096;

}  // namespace

engine::OriginId RuleEligibility::Of(sources::SourceId source, const event::Event& event,
                                     base::Arena& arena) {
  const auto origin = sources::OriginOf(source, event.document, event.index, arena);
  key_.clear();
  for (const std::string_view name : origin.Names()) {
    key_ += name;
    key_ += '\n';
  }
  if (const auto found = by_origin_.find(key_); found != by_origin_.end()) return found->second;
  if (by_origin_.size() >= kMaxOrigins) by_origin_.clear();
  std::vector<bool> rules(set_->size());
  for (std::size_t i = 0; i < rules.size(); ++i) rules[i] = set_->selector(i).Selects(origin);
  return by_origin_.emplace(key_, matcher_->AddOrigin(rules)).first->second;
}

}  // namespace vedette::service
