// SPDX-License-Identifier: Apache-2.0
// What a pending join key costs: events that all open a sequence under a key of their own.
// pending_keys [KEYS]  prints one JSON line.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/sequence_machine.h"
#include "engine/statement_runner.h"
#include "eql/parser.h"
#include "event/schema.h"

int main(int argc, char** argv) {
  using namespace vedette;  // NOLINT: a program of one page
  const long keys = argc > 1 ? std::atol(argv[1]) : 1'000'000;
  const base::Source source(
      "bench",
      "sequence by process.entity_id with maxspan=1h [process where true] [file where true]");
  eql::ParseResult parsed = eql::Parse(source, eql::Dialect::kElasticsearch);
  event::FieldTable fields(event::EcsSchema());
  std::vector<base::Diagnostic> diagnostics;
  const eql::CheckOptions check;
  if (!parsed.query || !eql::Check(*parsed.query, fields, check, diagnostics)) return 2;
  engine::StatementOptions options;
  options.sequence.max_partials = static_cast<std::size_t>(keys) + 1;
  auto runner = engine::QueryRunner::Build(std::move(*parsed.query), fields, check, options);
  if (!runner) return 2;
  const event::FieldId category = fields.Intern("event.category");
  const event::FieldId entity = fields.Intern("process.entity_id");
  std::vector<event::Value> slots(fields.size());
  slots[static_cast<std::size_t>(category)] = event::Value::String("process");
  std::vector<engine::Match> matches;
  base::Arena arena;
  const auto started = std::chrono::steady_clock::now();
  for (long i = 0; i < keys; ++i) {
    arena.Reset();
    const std::string key = fmt::format("entity-{}", i);
    slots[static_cast<std::size_t>(entity)] = event::Value::String(key);
    event::Event event;
    event.slots = slots;
    event.timestamp.nanoseconds = i;
    event.has_timestamp = true;
    runner->Process(event, arena, matches);
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  const auto counters = runner->counters();
  fmt::print(
      R"({{"bench":"pending_keys","keys":{},"pending":{},"state_bytes_per_key":{:.1f},"event_header_bytes":{},"kept_event_bytes_per_key":{:.1f},"ns_per_event":{:.0f},"evicted":{}}})"
      "\n",
      keys, counters.partials,
      static_cast<double>(counters.bytes) / static_cast<double>(counters.partials),
      engine::RetainedEvents::kHeaderBytes,
      static_cast<double>(runner->events().bytes()) / static_cast<double>(keys),
      seconds.count() * 1e9 / static_cast<double>(keys), counters.evicted);
  return 0;
}
