// SPDX-License-Identifier: Apache-2.0
#include "fleet.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace vedette::bench {
namespace {

constexpr std::size_t kRecent = 48;
constexpr std::size_t kLinesOfShape = 96;
constexpr std::size_t kPaths = 4096;
constexpr std::int64_t kBegin = 1'772'000'000'000'000'000;
constexpr std::int64_t kStep = 2'000'000;
/// One event that only resembles a true positive of a bundled rule in as many.
constexpr std::uint64_t kNearMissEvery = 1'000;
/// Steps of one incident are at most so many events apart.
constexpr std::uint64_t kStepGap = 40;

/// In thousandths. Set so that bench/check-corpus finds 16 % of command lines and 68 % of file
/// paths distinct at mid entropy, and 60 % of command lines at high.
struct Freshness {
  std::uint64_t line;
  std::uint64_t path;
  std::uint64_t stranger;  ///< a file, network or DNS event of a process that was never reported
};
constexpr Freshness kFreshness[] = {{60, 250, 0}, {445, 685, 0}, {980, 900, 800}};

std::string WithTag(std::string_view text, std::string_view tag) {
  constexpr std::string_view kTag = "{tag}";
  std::string out(text);
  for (std::size_t at = 0; (at = out.find(kTag, at)) != std::string::npos; at += tag.size()) {
    out.replace(at, kTag.size(), tag);
  }
  return out;
}

}  // namespace

Fleet::Fleet(const CorpusOptions& options)
    : options_(options),
      random_(options.seed),
      hosts_(options.hosts),
      lines_(CommonCommands().size()) {
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    Host& host = hosts_[i];
    host.name = fmt::format("{}-{:03}", RandomWord(random_), i);
    host.id = random_.Hex(32);
    host.agent_id = random_.Hex(8);
    for (const std::size_t digits : {4U, 4U, 4U, 12U}) {
      host.agent_id += '-';
      random_.AppendHex(host.agent_id, digits);
    }
    host.address = RandomAddress(random_);
    host.mac = "52-54-00";
    for (int octet = 0; octet < 3; ++octet) {
      host.mac += '-';
      random_.AppendHex(host.mac, 2);
    }
    const base::Timestamp boot{kBegin - kStep};
    host.recent.push_back(
        {random_.Hex(40), "/usr/lib/systemd/systemd", {"/sbin/init", "splash"}, 1, "root", boot});
    host.recent.push_back({random_.Hex(40), "/usr/bin/bash", {"-bash"}, 1207, "root", boot});
  }
  Schedule();
}

void Fleet::Schedule() {
  const std::uint64_t total = options_.attacks + options_.look_alikes;
  // Attacks and look-alikes alternate in proportion, evenly over the corpus.
  for (std::uint64_t i = 0; i < total; ++i) {
    const std::uint64_t benign_before = i * options_.look_alikes / total;
    const bool benign = (i + 1) * options_.look_alikes / total > benign_before;
    const auto kinds = benign ? LookAlikes() : BootAttacks();
    const std::uint64_t turn = benign ? benign_before : i - benign_before;
    const std::uint64_t share = options_.events / total;
    Plan(i, kinds[turn % kinds.size()], i * share + random_.Below(share / 2 + 1));
  }
}

void Fleet::Plan(std::uint64_t incident, const IncidentKind& kind, std::uint64_t begin) {
  const std::size_t host = random_.Below(hosts_.size());
  const std::string tag = random_.Hex(8);
  std::uint64_t ordinal = begin;
  for (std::size_t step = 0; step < kind.steps.size(); ++step) {
    while (due_.contains(ordinal)) ++ordinal;
    if (ordinal >= options_.events) return;
    due_.emplace(ordinal, Due{incident, &kind, step, host, tag});
    ordinal += 1 + random_.Below(kStepGap);
  }
}

void Fleet::Append(std::uint64_t ordinal, std::string& out) {
  const auto due = due_.find(ordinal);
  Host& host = due != due_.end() ? hosts_[due->second.host] : hosts_[random_.Skewed(hosts_.size())];
  auto time = kBegin + static_cast<std::int64_t>(ordinal) * kStep;
  time += static_cast<std::int64_t>(random_.Below(kStep));
  if (options_.disorder_seconds != 0) {
    time -= static_cast<std::int64_t>(random_.Below(options_.disorder_seconds * 1'000'000'000));
  }
  EventWriter writer(host, {time}, ordinal, random_, out);
  writer.set_full_size(options_.full_size);
  if (due != due_.end()) {
    planted_.push_back(
        {due->second.incident, due->second.kind, due->second.step, writer.event_id(), host.name});
    AppendStep(writer, host, due->second);
    due_.erase(due);
  } else if (ordinal % kNearMissEvery == kNearMissEvery / 2) {
    AppendNearMiss(writer, host);
  } else {
    AppendEveryday(writer, host, {time});
  }
}

void Fleet::AppendStep(EventWriter& writer, const Host& host, const Due& due) {
  // The parent is the root shell or a tool below it, never a random process: what a rule finds must
  // not hang on the seed.
  const IncidentStep& step = due.kind->steps[due.step];
  Process parent = host.recent[1];
  if (!step.parent.empty()) parent = Spawn({step.parent, step.parent}, parent, parent.start);
  parent.user = "root";
  Process process = Spawn({step.executable, step.line}, parent, parent.start);
  process.user = "root";
  process.executable = WithTag(step.executable, due.tag);
  for (std::string& word : process.args) word = WithTag(word, due.tag);
  const std::string path = WithTag(step.path, due.tag);
  switch (step.kind) {
    case StepKind::kExec:
      if (random_.OneIn(4)) return writer.AuditdExec(process, parent);
      return writer.DefendProcess(ProcessAction::kExec, process, parent);
    case StepKind::kCreate:
      return writer.DefendFile("creation", path, process);
    case StepKind::kRename:
      return writer.DefendFile("rename", path, process);
    case StepKind::kModify:
      return writer.DefendFile("modification", path, process);
    case StepKind::kConnect:
      return writer.DefendNetwork(process);
  }
}

void Fleet::AppendNearMiss(EventWriter& writer, const Host& host) {
  const NearMiss& miss = random_.Pick(NearMisses());
  const Process parent = Spawn({miss.parent, miss.parent}, host.recent[1], host.recent[1].start);
  const Process process = Spawn(miss.command, parent, parent.start);
  if (random_.OneIn(4)) {
    writer.AuditdExec(process, parent);
  } else {
    writer.DefendProcess(ProcessAction::kExec, process, parent);
  }
}

void Fleet::AppendEveryday(EventWriter& writer, Host& host, base::Timestamp time) {
  // In percent: Defend 80 (processes 46, files 19, network 10, DNS 5), Auditd Manager 18
  // (executions 12, files 3, logins 3), authentication log 2.
  const std::uint64_t die = random_.Below(100);
  if (die < 58) return AppendProcess(writer, host, die, time);
  if (die >= 98) return writer.AuthLog();
  if (die >= 95 && !random_.OneIn(5)) return writer.AuditdLogin();
  const Process& known = host.recent[random_.Below(host.recent.size())];
  const bool stranger =
      random_.Below(1000) < kFreshness[static_cast<std::size_t>(options_.entropy)].stranger;
  const Process process = stranger ? Everyday(known, time) : known;
  if (die < 77) {
    constexpr std::array<std::string_view, 6> kActions = {"creation", "creation", "modification",
                                                          "rename",   "deletion", "creation"};
    writer.DefendFile(kActions[random_.Below(kActions.size())], EverydayPath(), process);
  } else if (die < 87) {
    writer.DefendNetwork(process);
  } else if (die < 92) {
    writer.DefendDns(process);
  } else {
    writer.AuditdFile(EverydayPath(), process);
  }
}

void Fleet::AppendProcess(EventWriter& writer, Host& host, std::uint64_t die,
                          base::Timestamp time) {
  const Process& parent = host.recent[random_.Below(host.recent.size())];
  if (die >= 26 && die < 36) {  // a fork is a copy of its parent
    Process copy = parent;
    copy.entity_id = random_.Hex(40);
    copy.pid = static_cast<std::int64_t>(2000 + random_.Below(4'000'000));
    return writer.DefendProcess(ProcessAction::kFork, copy, parent);
  }
  if (die >= 36 && die < 46) {
    return writer.DefendProcess(ProcessAction::kEnd, parent, host.recent[0]);
  }
  Process process = Everyday(parent, time);
  if (die < 26) {
    writer.DefendProcess(ProcessAction::kExec, process, parent);
  } else {
    writer.AuditdExec(process, parent);
  }
  if (host.recent.size() < kRecent) {
    host.recent.push_back(std::move(process));
  } else {
    host.recent[2 + random_.Below(kRecent - 2)] = std::move(process);
  }
}

Process Fleet::Spawn(const CommandShape& shape, const Process& parent, base::Timestamp start) {
  Process process;
  process.entity_id = random_.Hex(40);
  process.executable = FillWords(shape.executable, random_).front();
  process.args = FillWords(shape.line, random_);
  process.pid = static_cast<std::int64_t>(2000 + random_.Below(4'000'000));
  process.user = random_.OneIn(8) ? std::string(RandomUser(random_)) : parent.user;
  process.start = start;
  return process;
}

Process Fleet::Everyday(const Process& parent, base::Timestamp start) {
  const auto commands = CommonCommands();
  const std::size_t shape = random_.Skewed(commands.size());
  auto& seen = lines_[shape];
  const bool fresh =
      random_.Below(1000) < kFreshness[static_cast<std::size_t>(options_.entropy)].line;
  if (fresh || seen.empty()) {
    Process process = Spawn(commands[shape], parent, start);
    if (seen.size() < kLinesOfShape) {
      seen.push_back(process.args);
    } else if (random_.OneIn(4)) {
      seen[random_.Below(seen.size())] = process.args;
    }
    return process;
  }
  Process process = Spawn({commands[shape].executable, "-"}, parent, start);
  process.args = seen[random_.Skewed(seen.size())];
  return process;
}

std::string Fleet::EverydayPath() {
  const bool fresh =
      random_.Below(1000) < kFreshness[static_cast<std::size_t>(options_.entropy)].path;
  if (!fresh && !paths_.empty()) return paths_[random_.Skewed(paths_.size())];
  std::string path = RandomPath(random_);
  if (paths_.size() < kPaths) {
    paths_.push_back(path);
  } else {
    paths_[random_.Below(paths_.size())] = path;
  }
  return path;
}

}  // namespace vedette::bench
