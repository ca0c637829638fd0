// SPDX-License-Identifier: Apache-2.0
// Input: the choices that the generator of queries and events makes. All evaluators and the
// definition must agree, alone and among other queries.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>

#include "engine/random_query.h"
#include "engine/random_query_check.h"
#include "engine/random_query_shrink.h"

namespace {

using vedette::engine::CaseOutcome;
using vedette::engine::CompareEvaluators;
using vedette::engine::RandomCase;

void Fail(const RandomCase& one, const CaseOutcome& outcome) {
  std::fprintf(stderr, "%s%s", one.Text().c_str(), outcome.difference.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  vedette::engine::RandomSource random(size, std::span(data, size));
  const std::size_t stop = random.Below(256);
  const RandomCase one = vedette::engine::MakeRandomCase(random);
  if (!CompareEvaluators(one, stop).difference.empty()) {
    const RandomCase small = vedette::engine::Shrink(one, [&](const RandomCase& candidate) {
      return !CompareEvaluators(candidate, stop).difference.empty();
    });
    Fail(small, CompareEvaluators(small, stop));
  }
  const std::array<RandomCase, 2> cases = {one, vedette::engine::MakeRandomCase(random)};
  const CaseOutcome together = CompareTogether(cases);
  if (!together.difference.empty()) Fail(one, together);
  return 0;
}
