// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "vedette/engine.h"

namespace vedette {

inline constexpr std::int64_t kNow = 1'770'692'400'000'000'000;  // 2026-02-10T03:00:00Z

struct Outcome {
  std::string documents;  ///< NDJSON as scan writes it
  Counters counters;
  Status status;
};

inline EngineOptions FixedOptions() {
  EngineOptions options;
  options.now = Time(std::chrono::nanoseconds(kNow));
  options.max_alerts = 0;
  return options;
}

inline Engine::DetectionSink AppendTo(std::string& documents) {
  return [&documents](const Detection& found) {
    for (std::size_t i = 0; i < found.building_block_count(); ++i) {
      documents.append(found.building_block(i)) += '\n';
    }
    documents.append(found.document()) += '\n';
  };
}

/// Feeds each text as an input of its own, in pieces of 1 to `most` bytes.
inline Outcome Embedded(const RuleSet& rules, const EngineOptions& options,
                        const std::vector<std::string>& texts, std::mt19937& random,
                        std::size_t most) {
  Outcome out;
  auto engine = Engine::Create(rules, options, AppendTo(out.documents));
  if (!engine.ok()) return {"", {}, engine.status()};
  for (const std::string& text : texts) {
    for (std::size_t at = 0; at < text.size() && out.status.ok();) {
      const std::size_t size = 1 + random() % most;
      out.status = engine->Feed(std::string_view(text).substr(at, size));
      at += size;
    }
    if (out.status.ok()) out.status = engine->EndInput();
  }
  if (out.status.ok()) out.status = engine->Finish();
  out.counters = engine->counters();
  return out;
}

inline Outcome EmbeddedWhole(const RuleSet& rules, const EngineOptions& options,
                             const std::string& text) {
  std::mt19937 random(1);
  return Embedded(rules, options, {text}, random, std::string::npos);
}

}  // namespace vedette
