// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "engine/sequence_machine.h"
#include "engine/statement_runner.h"
#include "eql/parser.h"
#include "event/schema.h"
#include "measure.h"
#include "parts.h"

namespace vedette::bench {
namespace {

/// A two-stage sequence and the events that move it, without parsing and matching.
class Keys {
 public:
  static base::Result<Keys> Make(std::uint64_t most) {
    Keys keys;
    const base::Source source(
        "bench",
        "sequence by process.entity_id with maxspan=1h [process where true] [file where true]");
    eql::ParseResult parsed = eql::Parse(source, eql::Dialect::kElasticsearch);
    std::vector<base::Diagnostic> diagnostics;
    const eql::CheckOptions check;
    if (!parsed.query || !eql::Check(*parsed.query, *keys.fields_, check, diagnostics)) {
      return base::Error(base::ErrorCode::kInternal, "the sequence does not compile");
    }
    engine::StatementOptions options;
    options.sequence.max_partials = most + 1;
    VED_TRY(auto runner,
            engine::QueryRunner::Build(std::move(*parsed.query), *keys.fields_, check, options));
    keys.runner_ = std::make_unique<engine::QueryRunner>(std::move(runner));
    keys.category_ = keys.fields_->Intern("event.category");
    keys.entity_ = keys.fields_->Intern("process.entity_id");
    keys.slots_.resize(keys.fields_->size());
    return keys;
  }

  /// One stage operation of key `number`; results so far.
  std::size_t Step(bool opens, std::uint64_t number) {
    arena_.Reset();
    key_.clear();
    fmt::format_to(std::back_inserter(key_), "entity-{}", number);
    slots_[static_cast<std::size_t>(category_)] = event::Value::String(opens ? "process" : "file");
    slots_[static_cast<std::size_t>(entity_)] = event::Value::String(key_);
    event::Event event;
    event.slots = slots_;
    event.timestamp.nanoseconds = ++time_;
    event.has_timestamp = true;
    runner_->Process(event, arena_, matches_);
    const std::size_t results = matches_.size();
    matches_.clear();
    return results;
  }
  const engine::QueryRunner& runner() const { return *runner_; }

 private:
  std::unique_ptr<event::FieldTable> fields_ =
      std::make_unique<event::FieldTable>(event::EcsSchema());
  std::unique_ptr<engine::QueryRunner> runner_;
  event::FieldId category_{};
  event::FieldId entity_{};
  std::vector<event::Value> slots_;
  std::vector<engine::Match> matches_;
  std::string key_;
  base::Arena arena_;
  std::int64_t time_ = 0;
};

}  // namespace

base::Result<void> RunSequences(const PartOptions& options) {
  for (const std::uint64_t live : options.keys) {
    VED_TRY(Keys keys, Keys::Make(live));
    const double opening = TimeThread([&] {
      for (std::uint64_t i = 0; i < live; ++i) keys.Step(true, i);
    });
    const auto counters = keys.runner().counters();
    const auto kept = keys.runner().events().bytes();
    // Steady state: a key in no order that a cache could like is opened anew (its latest partial
    // stays), another one asks for a second stage. Keys that went are opened again, so that as many
    // stay alive.
    const std::uint64_t operations = std::min<std::uint64_t>(live, 1'000'000);
    std::uint64_t results = 0;
    const double steady = TimeThread([&] {
      for (std::uint64_t i = 0; i < operations; ++i) {
        const std::uint64_t key = i * 0x9E3779B97F4A7C15U % live;
        if (i % 4 == 0) {
          results += keys.Step(false, key);
        } else {
          keys.Step(true, key);
        }
      }
    });
    const auto count = static_cast<double>(live);
    Row row("sequences", fmt::format("{} live keys", live));
    row.Text("label", options.label).Count("keys", live).Count("pending", counters.partials);
    row.Count("evicted", counters.evicted).Count("results", results);
    row.Real("state_bytes_per_key",
             static_cast<double>(counters.bytes) / static_cast<double>(counters.partials));
    row.Real("kept_event_bytes_per_key", static_cast<double>(kept) / count);
    row.Count("event_header_bytes", engine::RetainedEvents::kHeaderBytes);
    row.Real("open_ns", opening / count * 1e9);
    row.Real("operation_ns", steady / static_cast<double>(operations) * 1e9);
    row.Real("operations_per_second", static_cast<double>(operations) / steady);
  }
  return {};
}

}  // namespace vedette::bench
