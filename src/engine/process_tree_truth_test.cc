// SPDX-License-Identifier: Apache-2.0
// A small kernel that knows the truth writes logs of several qualities; what the tree says of a
// parent must be true whenever it says anything.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "engine/process_tree.h"

namespace vedette::engine {
namespace {

struct LogQuality {
  const char* name;
  int exits_per_cent;   // of the exits that the log shows
  int forks_per_cent;   // of the forks, from the parent's side
  int others_per_cent;  // of the records by the way
  int boots;            // 0: the machine never boots anew, 1: in silence, 2: with a boot id
  std::uint32_t pid_max;
  double least_found;  // share of parents that must be found, else the test proves nothing
};

/// Processes with the circular pid allocation of Linux.
class Kernel {
 public:
  struct Process {
    std::uint32_t parent;
    std::string image;
    int births;  // tells processes of one pid apart
  };

  Kernel(std::uint64_t seed, std::uint32_t pid_max) : random_(seed), pid_max_(pid_max) { Boot(); }

  void Boot() {
    live_.clear();
    live_[1] = {0, "init", ++births_};
    last_ = 299;
    ++boot;
  }
  std::uint32_t Fork(std::uint32_t parent) {
    do {
      last_ = last_ + 1 >= pid_max_ ? 300 : last_ + 1;
    } while (live_.contains(last_));
    live_[last_] = {parent, live_.at(parent).image, ++births_};
    return last_;
  }
  void Exec(std::uint32_t pid) { live_.at(pid).image = "x" + std::to_string(++images_); }
  void Exit(std::uint32_t pid) {
    live_.erase(pid);
    for (auto& [child, process] : live_) {
      if (process.parent == pid) process.parent = 1;
    }
  }
  std::uint32_t Any() {
    auto at = live_.lower_bound(static_cast<std::uint32_t>(Random(pid_max_)));
    return at == live_.end() ? 1 : at->first;
  }
  const Process& Get(std::uint32_t pid) const { return live_.at(pid); }
  std::size_t size() const { return live_.size(); }
  std::uint64_t Random(std::uint64_t n) { return random_() % n; }
  bool Chance(int per_cent) { return Random(100) < static_cast<std::uint64_t>(per_cent); }

  int boot = 0;

 private:
  std::mt19937_64 random_;
  std::uint32_t pid_max_;
  std::map<std::uint32_t, Process> live_;
  std::uint32_t last_ = 299;
  int births_ = 0;
  int images_ = 0;
};

struct Record {
  std::int64_t time;
  ProcessChange change;
  std::uint32_t pid, parent;
  std::string image, parent_image, boot;
  std::uint32_t forked = 0;
};

std::vector<Record> WriteLog(const LogQuality& quality, std::uint64_t seed, int steps) {
  Kernel kernel(seed, quality.pid_max);
  std::vector<Record> log;
  const auto write = [&](int step, ProcessChange change, std::uint32_t pid) -> Record& {
    const auto& process = kernel.Get(pid);
    const std::string parent_image = process.parent == 0 ? "" : kernel.Get(process.parent).image;
    log.push_back({std::int64_t{step} * 1'000'000, change, pid, process.parent, process.image,
                   parent_image, quality.boots == 2 ? std::to_string(kernel.boot) : ""});
    return log.back();
  };
  for (int step = 1; step <= steps; ++step) {
    if (quality.boots != 0 && step % 9'000 == 0) kernel.Boot();
    const std::uint32_t pid = kernel.Any();
    switch (kernel.Random(10)) {
      case 0:
      case 1:
      case 2: {
        if (kernel.size() > 120) break;
        const std::uint32_t child = kernel.Fork(pid);
        if (kernel.Chance(quality.forks_per_cent)) {
          write(step, ProcessChange::kOther, pid).forked = child;
        }
        if (kernel.Chance(60)) {
          kernel.Exec(child);
          write(step, ProcessChange::kExec, child);
        }
        break;
      }
      case 3:
        if (pid == 1) break;
        kernel.Exec(pid);
        write(step, ProcessChange::kExec, pid);
        break;
      case 4:
      case 5:
      case 6:
        if (pid == 1) break;
        if (kernel.Chance(quality.exits_per_cent)) write(step, ProcessChange::kExit, pid);
        kernel.Exit(pid);
        break;
      default:
        if (kernel.Chance(quality.others_per_cent)) write(step, ProcessChange::kOther, pid);
    }
  }
  return log;
}

TEST(ProcessTreeTruthTest, NeverNamesAParentThatWasNot) {
  const LogQuality qualities[] = {
      {"execve alone", 0, 0, 0, 0, 4'000, 0.05},
      {"execve alone, pids of the smallest machine", 0, 0, 0, 0, 1'000, 0.02},
      {"execve and half of the exits", 50, 0, 0, 0, 4'000, 0.1},
      {"every kind of record", 100, 100, 100, 0, 4'000, 0.5},
      {"forks without exits", 0, 100, 50, 0, 4'000, 0.2},
      {"reboots in silence", 50, 50, 50, 1, 4'000, 0.2},
      {"reboots with an id", 50, 50, 50, 2, 4'000, 0.2},
  };
  for (const LogQuality& quality : qualities) {
    std::uint64_t asked = 0;
    std::uint64_t found = 0;
    std::uint64_t wrong = 0;
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      ProcessTreeOptions options;
      options.hash_seed = seed;
      ProcessTree tree(options);
      for (const Record& record : WriteLog(quality, seed, 40'000)) {
        ProcessObservation seen;
        seen.boot_id = record.boot;
        seen.time = base::Timestamp{record.time};
        seen.change = record.change;
        seen.process.pid = record.pid;
        seen.process.properties.executable = record.image;
        seen.parent.pid = record.parent;
        if (record.forked != 0) seen.forked_pid = record.forked;
        const ObservedProcess observed = tree.Observe(seen);
        const ProcessView parent = tree.View(observed.stated_parent);
        ++asked;
        if (!parent.seen || !parent.image_own || parent.image_since > observed.time) continue;
        ++found;
        wrong += parent.image->executable() != record.parent_image ? 1U : 0U;
      }
    }
    EXPECT_EQ(wrong, 0U) << quality.name << ": of " << found << " found, asked " << asked;
    EXPECT_GT(static_cast<double>(found), quality.least_found * static_cast<double>(asked))
        << quality.name << ": " << found << " of " << asked;
    fmt::print("{}: {} of {} parents found, {} wrong\n", quality.name, found, asked, wrong);
  }
}

}  // namespace
}  // namespace vedette::engine
