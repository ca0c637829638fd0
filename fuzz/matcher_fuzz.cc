// SPDX-License-Identifier: Apache-2.0
// Input: the choices that the generators of queries and events make, and of how each document is
// written. The matcher on the text must say what the interpreter says of the event, with much room
// and with hardly any, at first sight and from memory.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "engine/random_conditions_for_test.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using vedette::engine::RandomCase;
  vedette::engine::RandomSource random(size, std::span(data, size));
  vedette::engine::RandomConditions conditions;
  vedette::engine::MatcherOptions options;
  const bool tiny = random.OneIn(3);
  if (tiny) options = {64, 64, size};
  std::vector<std::string> lines;
  for (std::size_t cases = 1 + random.Below(4); cases > 0; --cases) {
    const RandomCase one = vedette::engine::MakeRandomCase(random);
    conditions.Add(one);
    for (const std::string& event : one.events) {
      lines.push_back(random.OneIn(4) ? event : vedette::engine::Rewritten(event, random));
    }
  }
  // The room is looked at every 256 events.
  const std::size_t passes = tiny && !lines.empty() ? 2 + 260 / lines.size() : 2;
  vedette::engine::RawComparison sums;
  const std::string difference = conditions.Compare(lines, options, passes, random, sums);
  if (difference.empty()) return 0;
  std::fprintf(stderr, "%s\n", difference.c_str());
  std::abort();
}
