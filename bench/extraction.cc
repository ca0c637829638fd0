// SPDX-License-Identifier: Apache-2.0
// extraction FILE [ROUNDS]
// Takes the fields of the yardstick (47 paths) and of a full set of Linux rules (112 paths) out of
// NDJSON held in memory: simdjson's forward pass against event::FieldExtractor, in turns on one
// thread. Before anything is timed, a tenth of the events must agree with JsonReader and Projector,
// and no event may be irregular. SIMDJSON_FORCE_IMPLEMENTATION=haswell gives simdjson AVX2. One
// line of JSON per contender on stdout, a table on stderr.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/field_extractor.h"
#include "event/field_extractor_oracle.h"
#include "measure.h"
#include "yardstick.h"

namespace {

using vedette::event::FieldExtractor;
using vedette::event::FieldId;
using vedette::event::FieldTable;
using vedette::event::RawEvent;
using vedette::event::RawToken;
using vedette::event::StructuralIndex;

/// What Linux rules read besides the yardstick's fields. Without `file.Ext.original.path`, which
/// the corpus spells with a dotted key: the yardstick knows none.
constexpr std::array kMorePaths = std::to_array<std::string_view>({
    "auditd.data.a0",
    "auditd.data.a1",
    "auditd.data.a2",
    "auditd.data.class",
    "auditd.data.syscall",
    "auditd.result",
    "container.id",
    "container.security_context.privileged",
    "dns.question.name",
    "dns.question.type",
    "file.Ext.entropy",
    "file.Ext.header_bytes",
    "file.Ext.original.extension",
    "file.Ext.original.name",
    "file.mode",
    "file.directory",
    "file.hash.sha256",
    "file.type",
    "group.Ext.real.id",
    "group.id",
    "group.name",
    "host.architecture",
    "host.ip",
    "host.os.family",
    "host.os.name",
    "kubernetes.audit.objectRef.resource",
    "kubernetes.audit.verb",
    "network.direction",
    "network.protocol",
    "network.type",
    "orchestrator.resource.name",
    "process.Ext.ancestry",
    "process.Ext.memfd.name",
    "process.Ext.ptrace.child_pid",
    "process.entry_leader.entity_id",
    "process.entry_leader.entry_meta.type",
    "process.entry_leader.executable",
    "process.entry_leader.name",
    "process.env_vars",
    "process.exit_code",
    "process.group.id",
    "process.hash.md5",
    "process.hash.sha1",
    "process.interactive",
    "process.parent.args_count",
    "process.parent.group.id",
    "process.parent.group.name",
    "process.parent.interactive",
    "process.parent.user.id",
    "process.parent.user.name",
    "process.parent.working_directory",
    "process.pe.original_file_name",
    "process.real_group.id",
    "process.real_user.id",
    "process.session_leader.entity_id",
    "process.session_leader.executable",
    "process.session_leader.name",
    "process.start",
    "process.thread.capabilities.effective",
    "process.thread.capabilities.permitted",
    "process.user.id",
    "user.Ext.real.id",
    "user.Ext.real.name",
    "user.effective.id",
    "user.target.name",
});

struct Corpus {
  std::string text;  ///< whole lines and padding
  std::string_view lines() const {
    return std::string_view(text).substr(0, text.size() - FieldExtractor::kPadding);
  }
};

/// What a contender found.
struct Found {
  std::uint64_t events = 0;
  std::uint64_t irregular = 0;
  std::uint64_t fields = 0;  ///< 0 for the yardstick, which does not count them
};

Found RunSimdjson(const Corpus& corpus, vedette::bench::Yardstick& yardstick) {
  vedette::bench::Taken taken;
  yardstick.Pass47(corpus.lines(), taken);
  return {taken.events, taken.failed, 0};
}

Found RunExtractor(const Corpus& corpus, FieldExtractor& extractor) {
  // As a reader hands it over: blocks of whole lines.
  constexpr std::size_t kBlock = std::size_t{1} << 20U;
  Found found;
  std::string_view rest = corpus.lines();
  while (!rest.empty()) {
    const std::string_view block =
        rest.size() <= kBlock ? rest : rest.substr(0, rest.rfind('\n', kBlock - 1) + 1);
    rest.remove_prefix(block.size());
    extractor.Load(block);
    RawEvent event;
    for (FieldExtractor::Outcome outcome{};
         (outcome = extractor.Next(event)) != FieldExtractor::Outcome::kEnd;) {
      ++found.events;
      if (outcome == FieldExtractor::Outcome::kIrregular) {
        ++found.irregular;
        continue;
      }
      for (const RawToken& token : event.tokens) {
        found.fields += token.size != 0 ? 1 : 0;
      }
    }
  }
  return found;
}

/// The worst case: each record is irregular, read whole and laid by the definition.
Found RunIrregular(const Corpus& corpus, const FieldTable& table) {
  static constexpr std::array<std::string_view, 1> kAll = {"*"};
  FieldExtractor extractor(table, kAll);
  const vedette::event::Projector projector(table);
  vedette::event::JsonReader reader;
  vedette::base::Arena arena;
  Found found;
  extractor.Load(corpus.lines());
  RawEvent event;
  while (extractor.Next(event) == FieldExtractor::Outcome::kIrregular) {
    arena.Reset();
    const auto document = reader.Read(event.json, arena);
    ++found.events;
    if (!document) {
      ++found.irregular;
      continue;
    }
    for (const auto& value : projector.Project(*document, arena)) {
      if (!value.is_null()) ++found.fields;
    }
  }
  return found;
}

/// Every tenth event against the definition.
bool AgreesWithOracle(const Corpus& corpus, const FieldTable& table) {
  const vedette::event::Projector projector(table);
  FieldExtractor extractor(table, {});
  extractor.Load(corpus.lines());
  RawEvent event;
  for (std::uint64_t i = 0; extractor.Next(event) == FieldExtractor::Outcome::kEvent; ++i) {
    if (i % 10 != 0) continue;
    const std::string wrong = vedette::event::Disagreement(event, table, projector);
    if (wrong.empty()) continue;
    fmt::print(stderr, "extraction: event {}: {}\n", i, wrong);
    return false;
  }
  return true;
}

struct Contender {
  std::string name;
  std::function<Found()> run;
  std::size_t yardstick;  ///< contender with the same paths that this one is compared with
  std::uint64_t fields = 0;
  std::vector<double> seconds{};
};

void Report(const std::vector<Contender>& contenders, const Corpus& corpus, std::uint64_t events) {
  fmt::print(stderr, "{:34} {:>9} {:>7} {:>14}\n", "contender", "us/event", "GB/s",
             "x (least-most)");
  const auto bytes = static_cast<double>(corpus.lines().size());
  for (const Contender& contender : contenders) {
    const std::vector<double>& base = contenders[contender.yardstick].seconds;
    const std::vector<double> ratios = vedette::bench::Ratios(base, contender.seconds);
    const auto [least, most] = std::minmax_element(ratios.begin(), ratios.end());
    const double seconds = vedette::bench::Median(contender.seconds);
    const double micros = seconds * 1e6 / static_cast<double>(events);
    fmt::print(stderr, "{:34} {:9.3f} {:7.2f} {:5.2f} ({:.2f}-{:.2f})\n", contender.name, micros,
               bytes / seconds * 1e-9, vedette::bench::Median(ratios), *least, *most);
    vedette::bench::Row row("extraction", contender.name);
    row.Text("simdjson", vedette::bench::Yardstick::InstructionSet());
    row.Count("events", events).Count("bytes", corpus.lines().size());
    row.Count("fields", contender.fields).Real("us_per_event", micros);
    row.Spread("to_simdjson", ratios).Spread("cpu_seconds", contender.seconds);
  }
}

constexpr std::array kCodes = {
    std::pair{"AVX-512", StructuralIndex::Code::kAvx512},
    std::pair{"AVX2", StructuralIndex::Code::kAvx2},
    std::pair{"portable", StructuralIndex::Code::kPortable},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    fmt::print(stderr, "usage: extraction FILE [ROUNDS]\n");
    return 2;
  }
  const long rounds = argc == 3 ? std::strtol(argv[2], nullptr, 10) : 7;
  std::ifstream file(argv[1], std::ios::binary);
  Corpus corpus;
  corpus.text.assign(std::istreambuf_iterator<char>(file), {});
  if (!file || corpus.text.empty() || rounds < 1) {
    fmt::print(stderr, "extraction: cannot read {}\n", argv[1]);
    return 3;
  }
  if (corpus.text.back() != '\n') corpus.text += '\n';
  corpus.text.append(FieldExtractor::kPadding, '\0');

  std::vector<std::string_view> few(vedette::bench::kSimdjsonPaths.begin(),
                                    vedette::bench::kSimdjsonPaths.end());
  std::vector<std::string_view> many = few;
  many.insert(many.end(), kMorePaths.begin(), kMorePaths.end());
  std::vector<Contender> contenders;
  std::vector<std::unique_ptr<FieldTable>> tables;
  std::vector<std::unique_ptr<FieldExtractor>> extractors;
  std::vector<std::unique_ptr<vedette::bench::Yardstick>> yardsticks;
  for (const auto& paths : {few, many}) {
    tables.push_back(std::make_unique<FieldTable>(vedette::event::EcsSchema()));
    const FieldTable& table = *tables.back();
    for (const std::string_view path : paths) tables.back()->Intern(path);
    if (!AgreesWithOracle(corpus, table)) return 1;
    const std::size_t yardstick = contenders.size();
    yardsticks.push_back(std::make_unique<vedette::bench::Yardstick>(paths));
    contenders.push_back(
        {fmt::format("simdjson on-demand, {} paths", paths.size()),
         [&corpus, pass = yardsticks.back().get()] { return RunSimdjson(corpus, *pass); },
         yardstick});
    for (const auto& [name, code] : kCodes) {
      if (!StructuralIndex::Supported(code)) continue;
      extractors.push_back(
          std::make_unique<FieldExtractor>(table, std::span<const std::string_view>(), code));
      contenders.push_back({fmt::format("FieldExtractor, {} paths, {}", paths.size(), name),
                            [&corpus, extractor = extractors.back().get()] {
                              return RunExtractor(corpus, *extractor);
                            },
                            yardstick});
    }
    contenders.push_back({fmt::format("all irregular, {} paths", paths.size()),
                          [&corpus, &table] { return RunIrregular(corpus, table); }, yardstick});
  }
  std::uint64_t events = 0;
  for (Contender& contender : contenders) {
    const Found found = contender.run();
    events = found.events;
    contender.fields = found.fields;
    const Found wanted = contenders[contender.yardstick].run();
    if (found.events == wanted.events && found.irregular == 0 && wanted.irregular == 0) continue;
    fmt::print(stderr, "extraction: {}: {} events, {} irregular; yardstick: {}, {}\n",
               contender.name, found.events, found.irregular, wanted.events, wanted.irregular);
    return 1;
  }
  for (long round = 0; round < rounds; ++round) {
    for (Contender& contender : contenders) {
      contender.seconds.push_back(vedette::bench::TimeThread([&] { contender.run(); }));
    }
  }
  Report(contenders, corpus, events);
  return 0;
}
