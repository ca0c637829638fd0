// SPDX-License-Identifier: Apache-2.0
#include "cli/rules_cost_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/answer.h"
#include "cli/numbers.h"
#include "cli/terminal.h"
#include "cli/text_table.h"

namespace vedette::cli {
namespace {

using service::IndexKind;
using service::PredicatePrice;
using service::RulePrice;

constexpr std::size_t kMostRulesNamed = 3;
constexpr std::string_view kTitle = "1";
constexpr std::string_view kQuiet = "2";
constexpr std::string_view kWarn = "33";

std::string Percent(double part, double whole) {
  return whole > 0 ? fmt::format("{:.2f} %", 100 * part / whole) : std::string("-");
}

/// `text` in lines of at most `width` columns, broken at spaces, each after `indent` spaces.
std::string Wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  const std::size_t room = std::max<std::size_t>(width, indent + 20) - indent;
  std::string out;
  while (!text.empty()) {
    std::size_t end = text.size();
    if (end > room) {
      end = text.rfind(' ', room);
      if (end == std::string_view::npos || end == 0) end = text.size();
    }
    out.append(indent, ' ').append(text.substr(0, end)) += '\n';
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return out;
}

class CostPageWriter {
 public:
  CostPageWriter(const RuleCostReport& report, std::size_t width, bool colour)
      : report_(report), width_(width), colour_(colour) {}

  std::string Take() {
    if (report_.stats != nullptr) {
      MeasuredRules();
    } else {
      IndexedRules();
    }
    WithoutIndex();
    Predicates();
    return std::move(out_);
  }

 private:
  const std::string& NameOf(std::size_t rule) const { return report_.set->rule(rule).name; }
  std::size_t Shown(std::size_t count) const {
    return report_.top == 0 ? count : std::min(report_.top, count);
  }

  void MeasuredRules() {
    const service::RuleCostStats& stats = *report_.stats;
    const auto events = static_cast<double>(stats.costs.counters.events);
    TextTable table({{"Rule", false, true, 16},
                     {"Time", true},
                     {"Candidates", true},
                     {"Of events", true},
                     {"Unindexed", true},
                     {"Hits", true},
                     {"Asked", true},
                     {"Memory", true}});
    const auto& rules = report_.prices->rules;
    double sum = 0;
    for (const RulePrice& price : rules) sum += price.seconds;
    for (std::size_t i = 0; i < Shown(rules.size()); ++i) {
      const RulePrice& price = rules[i];
      table.Row({{NameOf(price.rule)},
                 {Percent(price.seconds, stats.match_seconds)},
                 {WithThousands(price.work.candidates)},
                 {Percent(static_cast<double>(price.work.candidates), events)},
                 {WithThousands(price.work.unindexed), price.work.unindexed == 0 ? "" : kWarn},
                 {WithThousands(price.work.hits)},
                 {WithThousands(price.work.asked)},
                 {BytesText(price.bytes)}});
    }
    out_ += table.Render(width_, colour_);
    More(rules.size(), "rule");
    std::string sentence = Counted(stats.costs.counters.events, "event");
    if (stats.timed()) {
      sentence += fmt::format(
          ", about {:.2f} us of matching each; {} of the time belongs to single rules, the rest to "
          "all of them together",
          stats.match_seconds / events * 1e6, Percent(sum, stats.match_seconds));
    } else {
      sentence += ", too few to tell the time";
    }
    out_ += "\n" + Wrapped(sentence, 0, width_);
  }

  void IndexedRules() {
    TextTable table({{"Rule", false, true, 16},
                     {"Index", false, true, 10},
                     {"Looked up by", false, true, 16},
                     {"Memory", true}});
    const auto& rules = report_.prices->rules;
    for (std::size_t i = 0; i < Shown(rules.size()); ++i) {
      const RulePrice& price = rules[i];
      table.Row({{NameOf(price.rule)},
                 {std::string(HasIndex(price.weakest) ? IndexName(price.weakest) : "none"),
                  HasIndex(price.weakest) ? std::string_view() : kWarn},
                 {LookedUpBy(price)},
                 {BytesText(price.bytes)}});
    }
    out_ += table.Render(width_, colour_);
    More(rules.size(), "rule");
    const auto open = std::count_if(rules.begin(), rules.end(), [](const RulePrice& price) {
      return !HasIndex(price.weakest);
    });
    out_ += fmt::format("\n{}, {} without an index; {} of memory\n", Counted(rules.size(), "rule"),
                        WithThousands(static_cast<std::uint64_t>(open)),
                        BytesText(report_.set->conditions().set().bytes()));
  }

  static std::string LookedUpBy(const RulePrice& price) {
    std::vector<std::string> names;
    const auto add = [&](const std::vector<std::string>& more) {
      for (const std::string& name : more) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      }
    };
    for (const auto& index : price.indexes) add(index.witness_fields);
    for (const auto& index : price.indexes) add(index.low_fields);
    for (const auto& index : price.indexes) add(index.discriminators);
    return fmt::format("{}", fmt::join(names, ", "));
  }

  void More(std::size_t count, const char* noun) {
    if (Shown(count) == count) return;
    out_ +=
        Tinted(colour_, kQuiet,
               fmt::format("… and {}; --top 0 shows all", Counted(count - Shown(count), noun))) +
        "\n";
  }

  /// Rules by what keeps an index from them; with events only those that it cost something.
  void WithoutIndex() {
    std::map<IndexKind, std::vector<std::size_t>> groups;
    for (const RulePrice& price : report_.prices->rules) {
      if (HasIndex(price.weakest)) continue;
      if (report_.stats != nullptr && price.work.unindexed == 0) continue;
      groups[price.weakest].push_back(price.rule);
    }
    if (groups.empty()) return;
    out_ += "\n" + Tinted(colour_, kTitle, "Rules without an index") + "\n";
    for (const auto& [kind, rules] : groups) {
      out_ += "\n" + Wrapped(Named(rules), 2, width_) +
              Wrapped("hint: " + std::string(IndexHint(kind)), 4, width_);
    }
  }

  std::string Named(const std::vector<std::size_t>& rules) const {
    std::string out;
    for (std::size_t i = 0; i < std::min(rules.size(), kMostRulesNamed); ++i) {
      out += (i == 0 ? "" : ", ") + WithoutControls(NameOf(rules[i]));
    }
    if (rules.size() > kMostRulesNamed) {
      out += " and " + Counted(rules.size() - kMostRulesNamed, "other");
    }
    return out;
  }

  void Predicates() {
    std::vector<const PredicatePrice*> shown;
    for (const PredicatePrice& price : report_.prices->predicates) {
      if (report_.stats == nullptr || price.asked != 0) shown.push_back(&price);
    }
    if (shown.empty()) return;
    out_ += "\n" +
            Tinted(colour_, kTitle,
                   report_.stats == nullptr ? "Comparisons that cost more than a look-up"
                                            : "Dear comparisons") +
            "\n";
    const auto all = report_.set->conditions().set().predicates();
    for (std::size_t i = 0; i < Shown(shown.size()); ++i) {
      const PredicatePrice& price = *shown[i];
      std::string head;
      if (report_.stats != nullptr) {
        head = fmt::format("{} asked", WithThousands(price.asked));
        if (report_.stats->timed()) {
          head = Percent(price.seconds, report_.stats->match_seconds) + ", " + head;
        }
        head += ": ";
      }
      out_ += "\n  " + FitToWidth(head + service::TextOf(all[price.predicate]), width_ - 2) + "\n";
      out_ += Tinted(colour_, kQuiet, Wrapped("in " + Named(price.rules), 4, width_));
      out_ += Wrapped("hint: " + std::string(RewriteHint(price.kind)), 4, width_);
    }
    More(shown.size(), "comparison");
  }

  const RuleCostReport& report_;
  std::size_t width_;
  bool colour_;
  std::string out_;
};

}  // namespace

std::string CostPage(const RuleCostReport& report, std::size_t width, bool colour) {
  return CostPageWriter(report, std::max<std::size_t>(width, 40), colour).Take();
}

}  // namespace vedette::cli
