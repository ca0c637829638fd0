// SPDX-License-Identifier: Apache-2.0
#include "service/ordered_workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace vedette::service {
namespace {

struct Job {
  std::uint64_t number = 0;
  std::uint64_t result = 0;
  std::uint64_t uses = 0;
};

// Jobs of very different length, so that they end in another order than they began.
std::uint64_t Toil(std::uint64_t number) {
  std::uint64_t sum = number;
  for (std::uint64_t i = 0; i < (number % 7 == 0 ? 20000U : 10U); ++i) sum = sum * 31 + i;
  return sum;
}

OrderedWorkers<Job>::Work Worker() {
  return [](Job& job) { job.result = Toil(job.number); };
}

class Workers : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Threads, Workers, ::testing::Values(1, 2, 3, 8));

TEST_P(Workers, GiveJobsBackInOrderAndUseThemAgain) {
  constexpr std::uint64_t kJobs = 2000;
  OrderedWorkers<Job> workers(GetParam(), Worker);
  std::thread producer([&] {
    for (std::uint64_t i = 0; i < kJobs; ++i) {
      Job* const job = workers.Free();
      ASSERT_NE(job, nullptr);
      EXPECT_EQ(job, workers.Free());
      job->number = i;
      ++job->uses;
      workers.Submit();
    }
    workers.Close();
  });
  std::uint64_t next = 0;
  while (const Job* const job = workers.Done()) {
    EXPECT_EQ(job->number, next);
    EXPECT_EQ(job->result, Toil(next));
    EXPECT_EQ(job->uses, next / (2 * GetParam() + 2) + 1);
    ++next;
    workers.Release();
  }
  producer.join();
  EXPECT_EQ(next, kJobs);
  EXPECT_EQ(workers.Done(), nullptr);
}

TEST_P(Workers, StopFreesAProducerThatWaits) {
  OrderedWorkers<Job> workers(GetParam(), Worker);
  std::atomic<std::uint64_t> submitted = 0;
  std::thread producer([&] {
    while (workers.Free() != nullptr) {
      ++submitted;
      workers.Submit();
    }
  });
  ASSERT_NE(workers.Done(), nullptr);
  workers.Stop();
  producer.join();
  EXPECT_LE(submitted, 2 * GetParam() + 2);
  EXPECT_EQ(workers.Done(), nullptr);
  EXPECT_EQ(workers.Free(), nullptr);
}

TEST_P(Workers, NothingSubmitted) {
  OrderedWorkers<Job> workers(GetParam(), Worker);
  workers.Close();
  EXPECT_EQ(workers.Done(), nullptr);
}

TEST_P(Workers, ProducerAndConsumerMayBeOneThread) {
  OrderedWorkers<Job> workers(GetParam(), Worker);
  for (std::uint64_t i = 0; i < 50; ++i) {
    workers.Free()->number = i;
    workers.Submit();
    EXPECT_EQ(workers.Done()->result, Toil(i));
    workers.Release();
  }
}

}  // namespace
}  // namespace vedette::service
