// SPDX-License-Identifier: Apache-2.0
// What a process tree holds on to, under floods and hostile records.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "engine/process_tree.h"
#include "engine/process_tree_test_support.h"

namespace vedette::engine {
namespace {

TEST(ProcessTreeBoundsTest, TextsThatDoNotFitAreLeftOutWhole) {
  auto seen = At(1, Change::kExec, 100, 1, "/bin/bash");
  const std::string big(5'000, 'x');
  const std::vector<std::string_view> args = {"bash", big};
  seen.process.properties.args = args;
  seen.process.properties.has_args = true;
  seen.process.properties.command_line = "bash …";
  ProcessTree tree(Fixed());
  const ProcessView view = tree.View(tree.Observe(seen).process);
  EXPECT_EQ(view.image->executable(), "/bin/bash");
  EXPECT_FALSE(view.image->has_args());
  EXPECT_EQ(view.image->args_count(), -1);
  EXPECT_EQ(view.image->command_line(), "bash …");
  EXPECT_EQ(tree.counters().images_reduced, 1U);
}

TEST(ProcessTreeBoundsTest, BoundsHoldAndAFloodHurtsItsOwnHost) {
  ProcessTreeOptions options = Fixed();
  options.max_nodes = 100;
  options.max_hosts = 3;
  ProcessTree tree(options);
  auto quiet = At(0, Change::kStart, 7, 1, "/bin/quiet");
  quiet.host = "quiet";
  const auto kept = tree.Observe(quiet).process;
  for (std::uint32_t pid = 10; pid < 5'000; ++pid) {
    tree.Observe(At(1, Change::kStart, pid, pid - 1, "/bin/flood"));
    ASSERT_LE(tree.node_count(), 100U);
  }
  EXPECT_TRUE(tree.View(kept).seen);
  EXPECT_GT(tree.counters().evicted_nodes, 4'000U);
  for (int i = 0; i < 10; ++i) {
    const std::string name = "n" + std::to_string(i);
    auto other = At(2, Change::kStart, 5, 1);
    other.host = name;
    tree.Observe(other);
    ASSERT_LE(tree.host_count(), 3U);
  }
  EXPECT_EQ(tree.counters().evicted_hosts, 9U);
  EXPECT_EQ(tree.View(kept).id, ProcessNodeId::kNone);
}

TEST(ProcessTreeBoundsTest, TheSmallestTreeSurvivesAnything) {
  ProcessTreeOptions options = Fixed();
  options.max_nodes = 2;
  options.max_hosts = 2;
  options.grace = base::Duration(0);
  options.max_pending_forks = 1;
  ProcessTree tree(options);
  std::uint64_t state = 7;
  const auto next = [&state](std::uint64_t n) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state >> 33U) % n;
  };
  const std::vector<std::string> ids = {"", "", "a", "b", "c"};
  for (int i = 0; i < 200'000; ++i) {
    if (i == 100'000) {
      options.max_nodes = 7;
      tree = ProcessTree(options);
    }
    ProcessObservation seen;
    const std::string host = next(4) == 0 ? "g" : "h";
    seen.host = host;
    const std::string boot = next(500) == 0 ? std::to_string(next(3)) : "";
    seen.boot_id = boot;
    if (next(10) != 0) seen.time = base::Timestamp{static_cast<std::int64_t>(next(50)) + i / 10};
    if (next(999) == 0) seen.time = base::Timestamp{std::numeric_limits<std::int64_t>::max()};
    if (next(999) == 0) seen.time = base::Timestamp{std::numeric_limits<std::int64_t>::min()};
    seen.change = static_cast<Change>(next(6));
    seen.exits = next(9) == 0;
    seen.process.entity_id = ids[next(ids.size())];
    seen.parent.entity_id = ids[next(ids.size())];
    if (next(5) != 0) seen.process.pid = static_cast<std::uint32_t>(next(6));
    if (next(3) != 0) seen.parent.pid = static_cast<std::uint32_t>(next(6));
    if (next(4) == 0) seen.forked_pid = static_cast<std::uint32_t>(next(6));
    if (next(4) == 0) seen.process.start = base::Timestamp{static_cast<std::int64_t>(next(90))};
    if (next(2) == 0) seen.process.properties.executable = "/bin/x";
    const ObservedProcess observed = tree.Observe(seen);
    ASSERT_LE(tree.node_count(), options.max_nodes);
    tree.Mark(observed.process, static_cast<unsigned>(next(70)));
    tree.AnyAncestorMarked(observed.process, static_cast<unsigned>(next(70)));
    ASSERT_NE(observed.process, observed.stated_parent == ProcessNodeId::kNone
                                    ? ProcessNodeId{~std::uint64_t{0}}
                                    : observed.stated_parent);
  }
  EXPECT_EQ(tree.counters().walks_cut, 0U);
}

TEST(ProcessTreeBoundsTest, MeasuresBytesPerNode) {
  const std::vector<std::string_view> args = {"/usr/bin/python3", "-m", "http.server",  "--bind",
                                              "127.0.0.1",        "-d", "/var/www/html"};
  constexpr std::uint32_t kNodes = 260'000;  // just below a doubling of the node table
  const auto measure = [&](bool with_ids) {
    ProcessTree tree(Fixed());
    for (std::uint32_t i = 0; i < kNodes; ++i) {
      auto seen = At(1, with_ids ? Change::kStart : Change::kFork, 100 + i, 99 + i / 8);
      const std::string id =
          fmt::format("N2I2YTNhNWUtNmYwYi00ZDJmLTlhNTUtMWM2ZjBjOWUyYTEwLTI{:024}", i);
      if (with_ids || i == 0) {
        seen.process.properties = {
            "/usr/bin/python3.11",
            "python3.11",
            "/usr/bin/python3 -m http.server --bind 127.0.0.1 -d /var/www/html",
            args,
            true,
            7};
      }
      if (with_ids) seen.process.entity_id = id;
      tree.Observe(seen);
    }
    return static_cast<double>(tree.MeasureBytes()) / static_cast<double>(tree.node_count());
  };
  const double full = measure(true);
  const double bare = measure(false);
  RecordProperty("bytes_per_node_full", fmt::format("{:.0f}", full));
  RecordProperty("bytes_per_node_bare", fmt::format("{:.0f}", bare));
  fmt::print("bytes a node: {:.0f} with ids and images, {:.0f} for forks known by pid\n", full,
             bare);
  EXPECT_LT(full, 560);
  EXPECT_LT(bare, 220);
}

}  // namespace
}  // namespace vedette::engine
