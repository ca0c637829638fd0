// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/explain_statement.h"

namespace vedette::engine {
namespace {

using Fate = ExplainedKey::Fate;
using Role = ExplainedItem::Role;

std::string Seconds(base::Duration duration) {
  const double seconds = static_cast<double>(duration.count()) / 1e9;
  return fmt::format("{:.15g} s", std::round(seconds * 1000) / 1000);
}

/// Items are counted from 1, and with repetitions it matters which of them.
std::string ItemName(std::uint32_t stage, const ExplainShape& shape,
                     const StatementReport& report) {
  const std::uint32_t item = shape.stages[stage];
  std::string out = fmt::format("item {}", item + 1);
  if (report.items[item].runs > 1) {
    const auto begin = std::find(shape.stages.begin(), shape.stages.end(), item);
    out += fmt::format(" (event {} of {})", stage - (begin - shape.stages.begin()) + 1,
                       report.items[item].runs);
  }
  return out;
}

std::string MissingNames(const StatementReport& report) {
  std::string out;
  for (std::size_t i = 0; i < report.items.size(); ++i) {
    if (report.items[i].role != Role::kMissing) continue;
    out += fmt::format("{}item {}", out.empty() ? "" : " or ", i + 1);
  }
  return out;
}

std::string Came(const std::vector<std::uint32_t>& items) {
  std::string out;
  for (const std::uint32_t item : items) {
    out += fmt::format("{}{}", out.empty() ? "" : ", ", item + 1);
  }
  return (items.size() == 1 ? "item " : "items ") + out;
}

std::string AnyOrderInWords(const ExplainedKey& key, const ExplainShape& shape) {
  std::vector<std::uint32_t> came, open;
  for (const std::uint32_t item : shape.stages) {
    (key.events[item] != 0 ? came : open).push_back(item);
  }
  if (open.empty()) return "all items came, but not as events of their own, or not together";
  return came.empty() ? "no item came"
                      : fmt::format("{} came; {} never did", Came(came), Came(open));
}

std::string NotStarted(const ExplainedKey& key, const ExplainShape& shape) {
  std::vector<std::uint32_t> came;
  for (std::uint32_t item = 0; item < key.events.size(); ++item) {
    const bool counts =
        std::find(shape.stages.begin(), shape.stages.end(), item) != shape.stages.end();
    if (counts && key.events[item] != 0) came.push_back(item);
  }
  if (came.empty()) return "no item of the sequence came";
  return fmt::format("{} came, item {} before it never did", Came(came), shape.stages[0] + 1);
}

std::string Ended(const ExplainedKey& key, const StatementReport& report,
                  const ExplainShape& shape) {
  const std::string next = ItemName(key.reached, shape, report);
  switch (key.fate) {
    case Fate::kUntil:
      return fmt::format("then `until` came at {}, before {}", base::FormatIsoTime(key.ended),
                         next);
    case Fate::kEvicted:
      return fmt::format("then it was forgotten for want of room, before {}", next);
    case Fate::kExpired:
      if (key.late) {
        return fmt::format("then {} came too late: {} after the first event, maxspan is {}", next,
                           Seconds(*key.late), report.maxspan);
      }
      return fmt::format("then {} did not come within maxspan={}", next, report.maxspan);
    default:
      return fmt::format("it waits for {}", next);
  }
}

}  // namespace

std::string KeyInWords(const ExplainedKey& key, const StatementReport& report,
                       const ExplainShape& shape) {
  if (key.results != 0) {
    return fmt::format("{} result{}", key.results, key.results == 1 ? "" : "s");
  }
  if (!shape.ordered) return AnyOrderInWords(key, shape);
  if (key.reached == 0) return NotStarted(key, shape);
  if (key.reached == shape.stages.size()) {
    return key.fate == Fate::kMissing
               ? "all items came, but so did " + MissingNames(report) + ", which must be missing"
               : "all items came";
  }
  std::string out = fmt::format("{} of {} events came, the first at {}; ", key.reached,
                                shape.stages.size(), base::FormatIsoTime(key.first));
  out += Ended(key, report, shape);
  const std::uint32_t awaited = shape.stages[key.reached];
  const bool repeated = shape.stages[key.reached - 1] == awaited;
  if (!key.late && !repeated && key.events[awaited] != 0 && key.fate != Fate::kUntil) {
    out += fmt::format(" (it came {} time{}, but not after what must precede it)",
                       key.events[awaited], key.events[awaited] == 1 ? "" : "s");
  }
  return out;
}

void Conclude(StatementReport& report, const ExplainShape& shape) {
  if (report.results != 0) {
    report.verdict = fmt::format("{} result{}", report.results, report.results == 1 ? "" : "s");
  }
  // Ordered by how far they came, so the first without a result is the nearest miss.
  const auto near = std::find_if(report.keys.begin(), report.keys.end(),
                                 [](const auto& key) { return key.results == 0; });
  if (near == report.keys.end()) {
    if (report.results != 0) return;
    report.awaited = shape.stages.front();
    const ExplainedItem& first = report.items[*report.awaited];
    report.verdict =
        first.without_key != 0
            ? fmt::format("no result: events of item {} lack a join key", *report.awaited + 1)
            : "no result: no event matches any item";
    return;
  }
  const std::string who = near->keys.empty() ? "" : near->keys + ": ";
  report.verdict += report.results != 0 ? "; nearest miss: " : "no result; nearest miss: ";
  report.verdict += who + near->stands;
  if (shape.ordered) {
    if (near->reached < shape.stages.size()) report.awaited = shape.stages[near->reached];
  } else {
    const auto open = std::find_if(shape.stages.begin(), shape.stages.end(),
                                   [&](std::uint32_t item) { return near->events[item] == 0; });
    if (open != shape.stages.end()) report.awaited = *open;
  }
  if (!report.awaited || near->events[*report.awaited] != 0) return;
  const ExplainedItem& item = report.items[*report.awaited];
  if (item.asks_earlier) return;
  report.verdict +=
      item.events == 0 ? fmt::format("; no event at all matches item {}", *report.awaited + 1)
                       : fmt::format("; item {} matches {} event{}, under other keys",
                                     *report.awaited + 1, item.events, item.events == 1 ? "" : "s");
}

}  // namespace vedette::engine
