// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string>

#include "rules/guide_renderer.h"
#include "rules/rule_loader.h"
#include "rules/rule_test_file.h"
#include "rules/toml_rule_codec.h"

/// The first byte chooses the reader; whatever is read must be writable and readable again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const char* path = data[0] % 2 == 0 ? "fuzz.toml" : "fuzz.ndjson";
  const auto load =
      vedette::rules::LoadRulesFromText(path, text, {.profile = vedette::rules::Profile::kElastic});
  for (const auto& diagnostic : load.diagnostics) vedette::rules::Render(diagnostic, false);
  for (const auto& rule : load.rules) {
    const std::string toml = vedette::rules::WriteTomlRule(rule);
    const auto again = vedette::rules::ReadTomlRule("again.toml", toml);
    if (!again.rule.has_value() && toml.size() < 1'000'000) __builtin_trap();
    vedette::rules::RenderGuide(rule.note, {.width = 60, .colour = true});
  }
  vedette::rules::ReadRuleTests("fuzz.test.toml", text);
  return 0;
}
