// SPDX-License-Identifier: Apache-2.0
// scan_stdin RULES < EVENTS: finds what `vedette scan - -r RULES -f ndjson` finds.
#include <vedette/engine.h>

#include <array>
#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const vedette::RuleSet rules = vedette::RuleLoader().AddPath(argv[1]).Compile();
  for (const vedette::Diagnostic& wrong : rules.diagnostics()) std::cerr << wrong.rendered;

  auto engine = vedette::Engine::Create(rules, {}, [](const vedette::Detection& found) {
    for (std::size_t i = 0; i < found.building_block_count(); ++i) {
      std::cout << found.building_block(i) << '\n';
    }
    std::cout << found.document() << '\n';
  });
  if (!engine.ok()) return 2;

  vedette::Status status;
  std::array<char, 65536> bytes;
  while (status.ok() && (std::cin.read(bytes.data(), bytes.size()), std::cin.gcount() > 0)) {
    status = engine->Feed({bytes.data(), static_cast<std::size_t>(std::cin.gcount())});
  }
  if (status.ok()) status = engine->Finish();
  if (!status.ok()) std::cerr << status.message() << '\n';
  std::cerr << engine->counters().detections << " detections\n";
  return status.ok() ? 0 : 3;
}
