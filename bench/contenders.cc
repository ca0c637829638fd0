// SPDX-License-Identifier: Apache-2.0
#include "contenders.h"

#include <algorithm>

namespace vedette::bench {
namespace {

/// Blocks as the product reads them: an index of one fits the second-level cache together with the
/// text of a batch, whatever the size of the file.
constexpr std::size_t kBlockBytes = std::size_t{1} << 20U;

void Add(ScanTotals& totals, std::uint64_t event, std::uint32_t condition, std::vector<Hit>* hits) {
  ++totals.hits;
  totals.checksum = (totals.checksum * 0x9E3779B97F4A7C15U) ^ (event * 1'000'003 + condition);
  if (hits != nullptr) hits->push_back({event, condition});
}

std::string_view TakeBlock(std::string_view& text) {
  std::size_t size = std::min(text.size(), kBlockBytes);
  if (size < text.size()) {
    std::size_t cut = text.rfind('\n', size - 1);
    if (cut == std::string_view::npos) cut = std::min(text.find('\n', size), text.size() - 1);
    size = cut + 1;
  }
  const std::string_view block = text.substr(0, size);
  text.remove_prefix(size);
  return block;
}

}  // namespace

Engine::Engine(const RuleConditions& conditions, const engine::MatcherOptions& options)
    : conditions_(&conditions),
      extractor_(conditions.fields(), {}),
      matcher_(conditions.set(), conditions.projector(), options),
      origin_(matcher_.AddOrigin(std::vector<bool>(conditions.conditions().size(), true))) {}

bool Engine::Project(std::string_view json, event::Event& event) {
  arena_.Reset();
  const auto tree = reader_.Read(json, arena_);
  if (!tree) return false;
  event.json = json;
  event.document = *tree;
  event.slots = conditions_->projector().Project(*tree, arena_);
  return true;
}

template <typename Seen>
void Engine::ForEachRecord(std::string_view text, ScanTotals& totals, Seen&& seen) {
  using Outcome = event::FieldExtractor::Outcome;
  while (!text.empty()) {
    extractor_.Load(TakeBlock(text));
    event::RawEvent raw;
    for (Outcome outcome{}; (outcome = extractor_.Next(raw)) != Outcome::kEnd; ++totals.events) {
      seen(raw, outcome == Outcome::kEvent);
    }
  }
}

ScanTotals Engine::Scan(std::string_view text, std::vector<Hit>* hits) {
  ScanTotals totals;
  ForEachRecord(text, totals, [&](const event::RawEvent& raw, bool regular) {
    if (regular) {
      matcher_.Match(raw, origin_, found_);
    } else {
      ++totals.irregular;
      event::Event event;
      found_.clear();
      if (Project(raw.json, event)) {
        matcher_.Match(event, origin_, found_);
      } else {
        ++totals.unreadable;
      }
    }
    for (const auto condition : found_) Add(totals, totals.events, condition, hits);
  });
  return totals;
}

ScanTotals Engine::Extract(std::string_view text) {
  ScanTotals totals;
  ForEachRecord(text, totals, [&](const event::RawEvent& raw, bool regular) {
    event::Event event;
    if (regular) {
      totals.checksum += raw.tokens.empty() ? 0 : raw.tokens.front().size;
    } else {
      ++totals.irregular;
      if (!Project(raw.json, event)) ++totals.unreadable;
    }
  });
  return totals;
}

Oracle::Oracle(const RuleConditions& conditions) : conditions_(&conditions) {
  interpreters_.reserve(conditions.conditions().size());
  for (const RuleCondition& one : conditions.conditions()) {
    interpreters_.emplace_back(*one.query, one.dialect, conditions.fields(), *one.options);
  }
}

ScanTotals Oracle::Scan(std::string_view text, std::vector<Hit>* hits) {
  ScanTotals totals;
  for (; !text.empty(); ++totals.events) {
    const std::size_t size = std::min(text.find('\n'), text.size());
    const std::string_view json = text.substr(0, size);
    text.remove_prefix(std::min(text.size(), size + 1));
    arena_.Reset();
    const auto tree = reader_.Read(json, arena_);
    if (!tree) {
      ++totals.unreadable;
      continue;
    }
    event::Event event;
    event.json = json;
    event.document = *tree;
    event.slots = conditions_->projector().Project(*tree, arena_);
    for (std::uint32_t i = 0; i < interpreters_.size(); ++i) {
      if (conditions_->conditions()[i].beyond) continue;
      if (interpreters_[i].Matches(event, arena_)) Add(totals, totals.events, i, hits);
    }
  }
  return totals;
}

}  // namespace vedette::bench
