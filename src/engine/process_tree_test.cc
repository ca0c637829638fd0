// SPDX-License-Identifier: Apache-2.0
#include "engine/process_tree.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "engine/process_tree_test_support.h"

namespace vedette::engine {
namespace {

class ProcessTreeTest : public ::testing::Test {
 protected:
  ObservedProcess Add(const ProcessObservation& seen) { return tree_.Observe(seen); }
  std::string Executable(ProcessNodeId id) const {
    const ProcessView view = tree_.View(id);
    return view.image == nullptr ? "?" : std::string(view.image->executable());
  }
  ProcessTree tree_{Fixed()};
};

TEST_F(ProcessTreeTest, ForkAndExecAreOneProcessAndTheParentIsFound) {
  const auto shell = Add(At(1, Change::kExec, 100, 1, "/bin/bash")).process;
  const auto child = Add(At(2, Change::kFork, 101, 100));
  EXPECT_EQ(child.stated_parent, shell);
  EXPECT_EQ(Executable(child.process), "/bin/bash") << "a fork runs its parent's image";
  const auto exec = Add(At(3, Change::kExec, 101, 100, "/bin/cp"));
  EXPECT_EQ(exec.process, child.process);
  EXPECT_EQ(Executable(exec.process), "/bin/cp");
  EXPECT_EQ(tree_.ParentOf(exec.process), shell);
  EXPECT_EQ(tree_.View(exec.process).start, (base::Timestamp{2'000'000'000}));
}

TEST_F(ProcessTreeTest, WhatWasOnlyReferredToIsUnknown) {
  const auto child = Add(At(2, Change::kExec, 101, 100, "/bin/cp"));
  const ProcessView parent = tree_.View(child.stated_parent);
  EXPECT_FALSE(parent.seen);
  EXPECT_EQ(parent.pid, 100U);
  EXPECT_EQ(parent.image, nullptr);
  const auto own = Add(At(3, Change::kOther, 100, 1, "/bin/bash"));
  EXPECT_EQ(own.process, child.stated_parent) << "its own record makes it known";
  EXPECT_TRUE(tree_.View(own.process).seen);
}

TEST_F(ProcessTreeTest, AStartOnALivePidClosesTheOldProcess) {
  const auto old = Add(At(1, Change::kStart, 100, 1, "/bin/old")).process;
  const auto young = Add(At(5, Change::kStart, 100, 1, "/bin/young")).process;
  EXPECT_NE(old, young);
  EXPECT_FALSE(tree_.View(old).live);
  EXPECT_EQ(Add(At(6, Change::kExec, 200, 100)).stated_parent, young);
  EXPECT_EQ(tree_.counters().pid_reused, 1U);
}

TEST_F(ProcessTreeTest, AnotherStartTimeIsAnotherProcess) {
  auto first = At(10, Change::kOther, 100);
  first.process.start = base::Timestamp{1'000'000'000};
  auto second = At(20, Change::kOther, 100);
  second.process.start = base::Timestamp{15'000'000'000};
  const auto old = Add(first).process;
  const auto young = Add(second).process;
  EXPECT_NE(old, young);
  EXPECT_EQ(Add(second).process, young);
  EXPECT_EQ(Add(first).process, ProcessNodeId::kNone) << "never attaches to the younger";
}

TEST_F(ProcessTreeTest, AnExitEndsThePid) {
  const auto shell = Add(At(1, Change::kStart, 100, 1, "/bin/bash")).process;
  Add(At(5, Change::kExit, 100));
  EXPECT_EQ(Add(At(4, Change::kExec, 101, 100)).stated_parent, shell) << "late, but before";
  const auto after = Add(At(6, Change::kExec, 102, 100)).stated_parent;
  EXPECT_NE(after, shell);
  EXPECT_FALSE(tree_.View(after).seen);
}

TEST_F(ProcessTreeTest, OlderThanTheStartNeverAttaches) {
  Add(At(10, Change::kStart, 100, 1, "/bin/bash"));
  EXPECT_EQ(Add(At(9, Change::kOther, 100)).process, ProcessNodeId::kNone);
  EXPECT_EQ(Add(At(9, Change::kExec, 101, 100)).stated_parent, ProcessNodeId::kNone);
  EXPECT_EQ(tree_.counters().late, 2U);
}

TEST_F(ProcessTreeTest, AParentIsNeverYoungerThanItsChild) {
  auto child = At(20, Change::kOther, 101, 100);
  child.process.start = base::Timestamp{5'000'000'000};
  Add(At(10, Change::kStart, 100, 1, "/bin/young"));
  EXPECT_EQ(Add(child).stated_parent, ProcessNodeId::kNone);
}

TEST_F(ProcessTreeTest, APidThatMayBeReusedIsNoParent) {
  const auto old = Add(At(1, Change::kExec, 900, 1, "/bin/cp")).process;
  Add(At(2, Change::kExec, 30'000, 1, "/bin/a"));
  Add(At(3, Change::kExec, 400, 1, "/bin/b"));
  Add(At(4, Change::kExec, 401, 1, "/bin/c"));
  Add(At(5, Change::kExec, 950, 1, "/bin/d"));
  const auto child = Add(At(6, Change::kExec, 951, 900, "/bin/e"));
  EXPECT_NE(child.stated_parent, old);
  EXPECT_FALSE(tree_.View(child.stated_parent).seen);
  EXPECT_EQ(tree_.counters().pid_doubtful, 1U);
}

TEST_F(ProcessTreeTest, RebootForgets) {
  auto first = At(1, Change::kStart, 100, 1, "/bin/bash");
  first.boot_id = "one";
  const auto shell = Add(first).process;
  Add(At(2, Change::kOther, 100));  // says nothing of the boot
  auto second = At(50, Change::kExec, 200, 100, "/bin/cp");
  second.boot_id = "two";
  EXPECT_FALSE(tree_.View(Add(second).stated_parent).seen);
  EXPECT_EQ(tree_.View(shell).id, ProcessNodeId::kNone);
  EXPECT_EQ(Add(first).process, ProcessNodeId::kNone) << "a straggler of the boot before";
  EXPECT_EQ(tree_.counters().stale_boot, 1U);
  EXPECT_EQ(tree_.counters().boots, 1U);
}

TEST_F(ProcessTreeTest, ABootRecordForgets) {
  Add(At(1, Change::kStart, 100, 1, "/bin/bash"));
  ProcessObservation boot;
  boot.host = "h";
  boot.time = base::Timestamp{9'000'000'000};
  boot.boots = true;
  Add(boot);
  EXPECT_EQ(tree_.node_count(), 0U);
  EXPECT_FALSE(tree_.View(Add(At(20, Change::kExec, 200, 100)).stated_parent).seen);
}

TEST_F(ProcessTreeTest, HostsAreApart) {
  const auto here = Add(At(1, Change::kStart, 100, 1, "/bin/bash")).process;
  auto there = At(2, Change::kExec, 200, 100);
  there.host = "other";
  EXPECT_NE(Add(there).stated_parent, here);
  EXPECT_EQ(tree_.host_count(), 2U);
  EXPECT_EQ(tree_.FindByPid("other", 200, {2'000'000'000}) == ProcessNodeId::kNone, false);
  EXPECT_EQ(tree_.FindByPid("h", 200, {2'000'000'000}), ProcessNodeId::kNone);
}

TEST_F(ProcessTreeTest, EntityIdSurvivesExitPidReuseAndMissingPid) {
  const auto shell = Add(Entity(1, Change::kFork, "A", 100, "P", "/bin/bash")).process;
  Add(Entity(2, Change::kExit, "A", 100));
  Add(Entity(3, Change::kStart, "B", 100, "P", "/bin/other"));
  EXPECT_EQ(Add(Entity(4, Change::kStart, "C", 101, "A")).stated_parent, shell);
  ProcessObservation file = Entity(5, Change::kOther, "A", 0);
  file.process.pid.reset();
  EXPECT_EQ(Add(file).process, shell);
}

TEST_F(ProcessTreeTest, ExecMayChangeTheEntityId) {
  const auto fork = Add(Entity(1, Change::kFork, "A", 100, "P", "/bin/bash")).process;
  const auto exec = Add(Entity(2, Change::kExec, "B", 100, "P", "/bin/sh")).process;
  EXPECT_EQ(exec, fork);
  EXPECT_EQ(tree_.FindByEntityId("h", "A"), fork);
  EXPECT_EQ(tree_.FindByEntityId("h", "B"), fork);
  EXPECT_EQ(Add(Entity(3, Change::kStart, "C", 101, "A")).stated_parent, fork);
  // Stated as a chain: the process before the exec is the parent of the one after.
  EXPECT_EQ(Add(Entity(4, Change::kExec, "D", 100, "B", "/bin/cp")).process, fork);
  EXPECT_EQ(Executable(fork), "/bin/cp");
  // Another parent, so another process took the pid.
  EXPECT_NE(Add(Entity(5, Change::kExec, "E", 100, "Q", "/bin/mv")).process, fork);
}

TEST_F(ProcessTreeTest, AnIdMadeOfThePidComesBackWithIt) {
  const auto first = Add(Entity(1, Change::kFork, "host-100", 100)).process;
  Add(Entity(2, Change::kExit, "host-100", 100));
  const auto second = Add(Entity(3, Change::kFork, "host-100", 100)).process;
  EXPECT_NE(first, second);
  EXPECT_EQ(tree_.FindByEntityId("h", "host-100"), second);
}

TEST_F(ProcessTreeTest, MarksSurviveExecDeathAndReparenting) {
  const auto sshd = Add(At(1, Change::kExec, 50, 1, "/usr/sbin/sshd")).process;
  ASSERT_TRUE(tree_.Mark(sshd, 63));
  const auto shell = Add(At(2, Change::kFork, 60, 50)).process;
  const auto worker = Add(At(3, Change::kFork, 70, 60)).process;
  Add(At(4, Change::kExec, 50, 1, "/usr/bin/other"));
  Add(At(5, Change::kExit, 50));
  Add(At(6, Change::kExit, 60));
  Add(At(4000, Change::kOther, 9, 1));  // long after every grace
  Add(At(4001, Change::kOther, 9, 1));
  const auto orphan = Add(At(4002, Change::kExec, 70, 1, "/tmp/x"));
  EXPECT_EQ(orphan.process, worker);
  EXPECT_TRUE(tree_.AnyAncestorMarked(worker, 63));
  EXPECT_FALSE(tree_.AnyAncestorMarked(worker, 62));
  EXPECT_TRUE(tree_.IsMarked(sshd, 63)) << "a tombstone while it has descendants";
  EXPECT_FALSE(tree_.AnyAncestorMarked(sshd, 63)) << "not its own descendant";
  EXPECT_TRUE(tree_.IsDescendantOf(worker, [&](const ProcessView& v) { return v.id == shell; }));
  EXPECT_FALSE(tree_.Mark(worker, 64));

  Add(At(4003, Change::kExit, 70));
  for (int i = 0; i < 8; ++i) Add(At(9000 + i, Change::kOther, 9, 1));
  EXPECT_EQ(tree_.View(worker).id, ProcessNodeId::kNone);
  EXPECT_EQ(tree_.View(sshd).id, ProcessNodeId::kNone) << "gone with its last descendant";
  EXPECT_FALSE(tree_.Mark(sshd, 1));
}

TEST_F(ProcessTreeTest, ACycleIsRefused) {
  Add(Entity(1, Change::kStart, "A", 1, "B"));
  Add(Entity(2, Change::kStart, "B", 2, "C"));
  Add(Entity(3, Change::kStart, "C", 3, "A"));
  EXPECT_EQ(tree_.counters().cycles_refused, 1U);
  std::size_t steps = 0;
  tree_.IsDescendantOf(tree_.FindByEntityId("h", "A"), [&](const ProcessView&) {
    ++steps;
    return false;
  });
  EXPECT_EQ(steps, 2U);
  Add(Entity(4, Change::kStart, "S", 4, "S"));
  EXPECT_EQ(tree_.ParentOf(tree_.FindByEntityId("h", "S")), ProcessNodeId::kNone);
}

TEST_F(ProcessTreeTest, WalksEndAtTheirBound) {
  ProcessTreeOptions options = Fixed();
  options.max_ancestor_steps = 10;
  ProcessTree tree(options);
  ProcessNodeId last{};
  for (int i = 0; i < 30; ++i) {
    const std::string id = std::to_string(i);
    const std::string parent = std::to_string(i - 1);
    last = tree.Observe(Entity(i, Change::kStart, id, 100 + static_cast<std::uint32_t>(i), parent))
               .process;
  }
  tree.Mark(tree.FindByEntityId("h", "5"), 0);
  EXPECT_FALSE(tree.AnyAncestorMarked(last, 0));
  EXPECT_EQ(tree.counters().walks_cut, 1U);
}

TEST_F(ProcessTreeTest, AForkSeenFromTheParentCountsOnceTheChildSpeaks) {
  auto shell = At(1, Change::kExec, 100, 1, "/bin/bash");
  const std::vector<std::string_view> args = {"bash", "-x"};
  shell.process.properties.args = args;
  shell.process.properties.has_args = true;
  Add(shell);
  auto clone = At(2, Change::kOther, 100, 1, "/bin/bash");
  clone.forked_pid = 101;
  Add(clone);
  // Unspoken for: the number may be of another pid namespace.
  EXPECT_FALSE(tree_.View(Add(At(3, Change::kExec, 110, 101)).stated_parent).seen);
  const auto child = Add(At(5, Change::kOther, 101, 100, "/bin/bash")).process;
  ASSERT_NE(tree_.View(child).image, nullptr);
  EXPECT_EQ(tree_.View(child).image->stored_args(), 2U);
  EXPECT_EQ(tree_.View(child).start, (base::Timestamp{2'000'000'000}));
  EXPECT_EQ(Executable(Add(At(6, Change::kExec, 120, 101)).stated_parent), "/bin/bash");
  // Another parent speaks: the number was of another namespace.
  clone.time = base::Timestamp{7'000'000'000};
  clone.forked_pid = 300;
  Add(clone);
  const auto stranger = Add(At(8, Change::kOther, 300, 299)).process;
  EXPECT_EQ(tree_.View(stranger).image, nullptr);
}

TEST_F(ProcessTreeTest, TheChildOfVforkMayExecuteBeforeItsParentReports) {
  Add(At(1, Change::kExec, 100, 1, "/bin/bash"));
  const auto child = Add(At(2, Change::kExec, 101, 100, "/bin/cp")).process;
  auto report = At(3, Change::kOther, 100, 1, "/bin/bash");
  report.forked_pid = 101;
  Add(report);
  EXPECT_EQ(Add(At(4, Change::kOther, 101, 100, "/bin/cp")).process, child);
  EXPECT_TRUE(tree_.View(child).live);
}

TEST_F(ProcessTreeTest, ARecordByTheWayOfAnotherExecutableDropsTheArguments) {
  auto shell = At(1, Change::kExec, 100, 1, "/bin/bash");
  const std::vector<std::string_view> args = {"bash", "-x"};
  shell.process.properties.args = args;
  shell.process.properties.has_args = true;
  const auto id = Add(shell).process;
  Add(At(2, Change::kOther, 100, 1, "/bin/bash"));
  EXPECT_TRUE(tree_.View(id).image->has_args());
  Add(At(3, Change::kOther, 100, 1, "/bin/zsh"));
  EXPECT_FALSE(tree_.View(id).image->has_args());
  EXPECT_EQ(Executable(id), "/bin/zsh");
}

}  // namespace
}  // namespace vedette::engine
