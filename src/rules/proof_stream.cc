// SPDX-License-Identifier: Apache-2.0
// From values to documents with times.
#include <algorithm>

#include "base/time.h"
#include "rules/proof_document.h"
#include "rules/proof_maker.h"

namespace vedette::rules {
namespace {

using std::chrono::milliseconds;

/// 2026-01-12T10:00:00Z: an arbitrary instant, fixed so that proofs are reproducible.
constexpr base::Timestamp kStart{1'768'212'000'000'000'000};

base::Timestamp At(base::Duration after) { return {kStart.nanoseconds + after.count()}; }

}  // namespace

std::vector<std::string> ProofMaker::Stream(const Solution& solution, const Shape& shape) const {
  struct Placed {
    std::uint32_t event;
    base::Duration after;
  };
  std::vector<Placed> placed;
  std::size_t count = 0;
  for (const ProofItem& item : items_) count += item.runs;
  // Room for an intruder between any two, all well inside maxspan, on whole milliseconds.
  base::Duration step = std::chrono::seconds(1);
  if (maxspan_.has_value()) {
    step = std::min(step, *maxspan_ / static_cast<std::int64_t>(2 * count + 2));
  }
  if (step >= milliseconds(2)) step -= step % milliseconds(2);
  base::Duration now{0};
  const auto intrude = [&](std::size_t index) {
    if (!shape.extra || shape.extra->before != index) return;
    placed.push_back({shape.extra->event, now - step / 2});
  };
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const std::size_t index = shape.reversed ? items_.size() - 1 - i : i;
    intrude(i);
    const bool fewer = shape.fewer_runs == index;
    for (std::uint32_t run = fewer ? 1 : 0; run < items_[index].runs; ++run) {
      placed.push_back({items_[index].event, now});
      now += step;
    }
  }
  intrude(items_.size());
  if (shape.too_slow && maxspan_.has_value()) {
    placed.back().after = placed.front().after + *maxspan_ + milliseconds(1);
  }
  // Ancestors of ancestors were numbered later and come first.
  base::Duration before = -std::chrono::seconds(1);
  for (const std::uint32_t ancestor : solution.ancestors) {
    placed.push_back({ancestor, before});
    before -= std::chrono::seconds(1);
  }
  std::stable_sort(placed.begin(), placed.end(),
                   [](const Placed& a, const Placed& b) { return a.after < b.after; });
  std::vector<std::string> out;
  for (const Placed& one : placed) {
    Valuation values;
    for (const auto& [variable, list] : solution.values) {
      if (variable.event == one.event) values.emplace(variable, list);
    }
    if (solution.ancestors.contains(one.event)) {
      // The same machine as the event that it is the ancestor of.
      for (const auto& [variable, list] : solution.values) {
        if (variable.event == 0 && variable.path.starts_with("host.")) {
          values.emplace(Variable{one.event, variable.path}, list);
        }
      }
    }
    Scalar time;
    time.value = base::FormatIsoTime(At(one.after));
    values.insert_or_assign(Variable{one.event, options_.timestamp_field},
                            std::vector<Scalar>{time});
    out.push_back(DocumentOf(values, one.event));
  }
  return out;
}

void ProofMaker::AddStream(StreamKind kind, std::string name, std::string condition,
                           const Solution& solution, const Shape& shape, bool may_fire) {
  ProofStream stream;
  stream.kind = kind;
  stream.name = std::move(name);
  stream.condition = std::move(condition);
  stream.events = Stream(solution, shape);
  stream.may_fire = may_fire;
  out_.streams.push_back(std::move(stream));
}

}  // namespace vedette::rules
