// SPDX-License-Identifier: Apache-2.0
#include <functional>

#include "contenders.h"
#include "event/schema.h"
#include "measure.h"
#include "parts.h"
#include "simdjson_paths.h"
#include "workload.h"
#include "yardstick.h"

namespace vedette::bench {
namespace {

struct Contender {
  std::string name;
  std::function<void(std::string_view)> pass;
  std::vector<double> seconds;
};

/// The product's extractor over the paths of P47.
class OwnExtraction {
 public:
  OwnExtraction() : fields_(event::EcsSchema()), extractor_(Interned(fields_), {}) {}
  void Pass(std::string_view text, Taken& taken) {
    extractor_.Load(text);
    event::RawEvent raw;
    using Outcome = event::FieldExtractor::Outcome;
    for (Outcome outcome{}; (outcome = extractor_.Next(raw)) != Outcome::kEnd;) {
      ++taken.events;
      if (outcome != Outcome::kEvent) ++taken.failed;
      for (const event::RawToken& token : raw.tokens) taken.sum += token.size;
    }
  }

 private:
  static event::FieldTable& Interned(event::FieldTable& fields) {
    for (const std::string_view path : kSimdjsonPaths) fields.Intern(path);
    return fields;
  }
  event::FieldTable fields_;
  event::FieldExtractor extractor_;
};

}  // namespace

base::Result<void> RunLimits(const PartOptions& options) {
  VED_TRY(const Corpus corpus, Corpus::Load(options.corpus));
  Yardstick yardstick;
  OwnExtraction own;
  std::vector<Taken> taken(5);
  std::vector<Contender> contenders;
  contenders.push_back(
      {"P47", [&](std::string_view text) { yardstick.Pass47(text, taken[0]); }, {}});
  contenders.push_back(
      {"memchr", [&](std::string_view text) { Yardstick::Lines(text, taken[1]); }, {}});
  contenders.push_back({"structural index",
                        [&](std::string_view text) { yardstick.StructuralIndex(text, taken[2]); },
                        {}});
  contenders.push_back(
      {"own extraction", [&](std::string_view text) { own.Pass(text, taken[3]); }, {}});
  contenders.push_back({"DOM", [&](std::string_view text) { yardstick.Dom(text, taken[4]); }, {}});
  for (Contender& one : contenders) one.seconds.assign(options.pairs, 0);
  // Turn about by fifths, so that a machine that changes speed changes all.
  const auto fifths = corpus.Parts(5);
  for (std::size_t pair = 0; pair < options.pairs; ++pair) {
    for (const std::string_view part : fifths) {
      for (Contender& one : contenders) {
        one.seconds[pair] += TimeThread([&] { one.pass(part); });
      }
    }
  }
  const auto bytes = static_cast<double>(corpus.text().size());
  const auto events = static_cast<double>(corpus.events());
  for (std::size_t i = 0; i < contenders.size(); ++i) {
    const Contender& one = contenders[i];
    Row row("limits", one.name);
    row.Text("label", options.label).Text("instruction_set", Yardstick::InstructionSet());
    row.Count("events", corpus.events()).Count("bytes", corpus.text().size());
    row.Count("failed", taken[i].failed).Count("checksum", taken[i].sum >> 1U);
    row.Real("us_per_event", Median(one.seconds) / events * 1e6);
    row.Real("gb_per_second", bytes / Median(one.seconds) / 1e9);
    row.Spread("to_p47", Ratios(contenders[0].seconds, one.seconds));
    row.Spread("cpu_seconds", one.seconds);
  }
  return {};
}

}  // namespace vedette::bench
