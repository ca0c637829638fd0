// SPDX-License-Identifier: Apache-2.0
#include "service/alert_funnel.h"

#include <algorithm>

namespace vedette::service {
namespace {

// Alerts are some 10 KB each: this holds about ten thousand of them.
constexpr std::size_t kMaxHeldBytes = 96 * 1024 * 1024;

bool Earlier(const PendingAlert& a, const PendingAlert& b) {
  // Events without a time come first: nothing says that they are later than any other.
  if (a.summary.has_time != b.summary.has_time) return !a.summary.has_time;
  return a.summary.time < b.summary.time;
}

}  // namespace

AlertFunnel::AlertFunnel(const DetectionSet& set, const AlertStamp& options,
                         std::int64_t max_signals, bool hold, Sink sink)
    : set_(&set),
      options_(options),
      max_signals_(max_signals),
      hold_(hold),
      sink_(std::move(sink)),
      rules_(set.size()) {}

std::int64_t AlertFunnel::LimitOf(std::uint32_t rule) const {
  return max_signals_ < 0 ? set_->rule(rule).max_signals : max_signals_;
}

void AlertFunnel::NumberTwins(std::vector<PendingAlert>& alerts) {
  // Several rules may alert on one record: they share its ordinal, hence one count per record, not
  // per alert.
  for (std::size_t i = 0; i < alerts.size();) {
    std::size_t end = i + 1;
    while (end < alerts.size() && alerts[end].record == alerts[i].record) ++end;
    if (!alerts[i].twin_key.empty()) {
      const std::uint64_t ordinal = twins_[alerts[i].twin_key]++;
      for (std::size_t k = i; ordinal != 0 && k < end; ++k) {
        RewriteTwin(*set_, options_, ordinal, alerts[k]);
      }
    }
    i = end;
  }
}

base::Result<void> AlertFunnel::Add(std::vector<PendingAlert>& alerts) {
  NumberTwins(alerts);
  for (PendingAlert& alert : alerts) {
    ++rules_[alert.rule].hits;
    if (!seen_.insert(alert.summary.uuid).second) {
      ++duplicates_;
      continue;
    }
    if (!hold_) {
      VED_TRY_VOID(HandOut(alert));
      continue;
    }
    held_bytes_ += alert.document.size() + alert.twin_json.size() + sizeof alert;
    held_.push_back(std::move(alert));
    if (held_bytes_ <= kMaxHeldBytes) continue;
    Prune();
    // Without a bound on alerts there is none on memory but this: order holds within such a run.
    if (held_bytes_ > kMaxHeldBytes) VED_TRY_VOID(HandOutHeld());
  }
  alerts.clear();
  return {};
}

base::Result<void> AlertFunnel::HandOut(const PendingAlert& alert) {
  RuleStats& stats = rules_[alert.rule];
  const std::int64_t limit = LimitOf(alert.rule);
  if (limit > 0 && stats.alerts >= static_cast<std::uint64_t>(limit)) {
    ++stats.truncated;
    return {};
  }
  ++stats.alerts;
  ++alerts_;
  return sink_(alert);
}

void AlertFunnel::Prune() {
  std::stable_sort(held_.begin(), held_.end(), Earlier);
  std::vector<std::uint64_t> kept(rules_.size());
  std::vector<PendingAlert> rest;
  held_bytes_ = 0;
  for (PendingAlert& alert : held_) {
    const std::int64_t limit = LimitOf(alert.rule);
    if (limit > 0 && ++kept[alert.rule] > static_cast<std::uint64_t>(limit)) {
      ++rules_[alert.rule].truncated;
      continue;
    }
    held_bytes_ += alert.document.size() + alert.twin_json.size() + sizeof alert;
    rest.push_back(std::move(alert));
  }
  held_ = std::move(rest);
}

base::Result<void> AlertFunnel::HandOutHeld() {
  std::stable_sort(held_.begin(), held_.end(), Earlier);
  for (const PendingAlert& alert : held_) VED_TRY_VOID(HandOut(alert));
  held_.clear();
  held_bytes_ = 0;
  return {};
}

base::Result<void> AlertFunnel::Finish() { return HandOutHeld(); }

}  // namespace vedette::service
