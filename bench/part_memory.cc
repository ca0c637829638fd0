// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <cstring>

#include "contenders.h"
#include "measure.h"
#include "parts.h"
#include "workload.h"
#include "yardstick.h"

namespace vedette::bench {
namespace {

constexpr std::size_t kBlock = std::size_t{4} << 20U;

/// After returning to the system what the allocator only keeps.
std::uint64_t SettledBytes() {
  malloc_trim(0);
  return ResidentBytes();
}

/// Scans stdin to its end; prints the resident size after every `step` events.
void ScanStdin(Engine& engine, const PartOptions& options, std::uint64_t step) {
  std::string buffer(kBlock + kTextPadding, '\0');
  std::size_t held = 0;
  std::uint64_t events = 0;
  for (;;) {
    const ssize_t got = read(STDIN_FILENO, buffer.data() + held, kBlock - held);
    if (got <= 0) break;
    held += static_cast<std::size_t>(got);
    const auto* last = static_cast<const char*>(memrchr(buffer.data(), '\n', held));
    if (last == nullptr) {
      if (held == kBlock) break;  // no line of the generator is so long
      continue;
    }
    const auto whole = static_cast<std::size_t>(last - buffer.data()) + 1;
    const std::uint64_t before = events;
    events += engine.Scan({buffer.data(), whole}).events;
    std::memmove(buffer.data(), buffer.data() + whole, held - whole);
    held -= whole;
    if (events / step == before / step) continue;
    const auto counters = engine.counters();
    Row row("memory", "after events");
    row.Text("label", options.label).Count("events", events / step * step);
    row.Count("rss_bytes", ResidentBytes()).Count("matcher_bytes", counters.bytes);
    row.Count("flushes", counters.flushes).Count("sets_built", counters.sets_built);
  }
}

}  // namespace

base::Result<void> RunMemory(const PartOptions& options) {
  // What the schema and the standard library take once must not count as the rules'.
  VED_TRY(const auto nothing, RuleConditions::Parse("none.ndjson", "", {}));
  const std::uint64_t before = SettledBytes();
  VED_TRY(const auto conditions,
          RuleConditions::Load(options.rules, {options.counts.front(), options.stages}));
  const std::uint64_t loaded = SettledBytes();
  const auto rules = static_cast<double>(std::max<std::size_t>(1, conditions->rules()));
  {
    Row row("memory", fmt::format("{} rules", conditions->rules()));
    row.Text("label", options.label).Count("rules", conditions->rules());
    row.Count("rss_before", before).Count("rss_loaded", loaded);
    row.Real("rss_bytes_per_rule", static_cast<double>(loaded - before) / rules);
    row.Count("set_bytes", conditions->set().bytes());
    row.Real("set_bytes_per_rule", static_cast<double>(conditions->set().bytes()) / rules);
    row.Real("load_seconds", conditions->load_seconds());
    row.Real("lower_seconds", conditions->lower_seconds());
  }
  if (options.sample == 0) return {};
  Engine engine(*conditions);
  ScanStdin(engine, options, options.sample);
  return {};
}

}  // namespace vedette::bench
