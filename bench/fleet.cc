// SPDX-License-Identifier: Apache-2.0
#include "fleet.h"

#include <fmt/format.h>

#include <utility>

namespace vedette::bench {
namespace {

constexpr std::size_t kHosts = 120;
constexpr std::size_t kRecent = 48;
constexpr std::int64_t kBegin = 1'772'000'000'000'000'000;
constexpr std::int64_t kStep = 2'000'000;

}  // namespace

Fleet::Fleet(std::uint64_t seed) : random_(seed), hosts_(kHosts) {
  for (std::size_t i = 0; i < kHosts; ++i) {
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
}

void Fleet::Append(std::uint64_t ordinal, Plot plot, std::string& out) {
  Host& host = hosts_[random_.Skewed(hosts_.size())];
  const auto within = static_cast<std::int64_t>(random_.Below(kStep));
  const base::Timestamp time{kBegin + static_cast<std::int64_t>(ordinal) * kStep + within};
  EventWriter writer(host, time, ordinal, random_, out);
  if (plot == Plot::kEveryday) {
    AppendEveryday(writer, host, time);
  } else {
    AppendStaged(writer, host, plot);
  }
}

void Fleet::AppendStaged(EventWriter& writer, const Host& host, Plot plot) {
  // The parent is the shell or a tool below it, never a random process: the number of alerts must
  // not hang on the seed.
  Process parent = host.recent[1];
  CommandShape shape = random_.Pick(PlantedCommands());
  if (plot == Plot::kNearMiss) {
    const NearMiss& miss = random_.Pick(NearMisses());
    shape = miss.command;
    parent = Spawn({miss.parent, miss.parent}, parent, parent.start);
  }
  const Process process = Spawn(shape, parent, parent.start);
  if (random_.OneIn(4)) {
    writer.AuditdExec(process, parent);
  } else {
    writer.DefendProcess(process, parent);
  }
}

void Fleet::AppendEveryday(EventWriter& writer, Host& host, base::Timestamp time) {
  const std::size_t place = random_.Below(host.recent.size());
  const std::uint64_t die = random_.Below(100);
  if (die >= 72) {
    if (die < 84) return writer.DefendFile(host.recent[place]);
    if (die < 93) return writer.DefendNetwork(host.recent[place]);
    return die < 97 ? writer.AuditdLogin() : writer.AuthLog();
  }
  const auto commands = CommonCommands();
  const Process& parent = host.recent[place];
  Process process = Spawn(commands[random_.Skewed(commands.size())], parent, time);
  if (die < 58) {
    writer.DefendProcess(process, parent);
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

}  // namespace vedette::bench
