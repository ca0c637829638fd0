// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace vedette::service {

/// Runs jobs on worker threads and hands them back in the order of submission, so that output never
/// depends on the number of threads.
///
/// Three parties: a producer fills jobs (Free, Submit, Close), workers do them, a consumer takes
/// them in order (Done, Release, Stop). Producer and consumer are one thread each. The jobs are
/// 2 x threads + 2 objects used over and over, so they may keep their memory; when all of them are
/// under way, Free() waits: that is the back-pressure. With `threads` 1 there is no worker thread:
/// the consumer does each job in Done().
///
/// `make_worker` is called once per worker and gives the function that does a job; workers share
/// nothing else. Cost: one lock per job and party.
template <class Job>
class OrderedWorkers {
 public:
  using Work = std::function<void(Job&)>;

  OrderedWorkers(std::size_t threads, const std::function<Work()>& make_worker)
      : slots_(2 * threads + 2) {
    if (threads <= 1) {
      own_work_ = make_worker();
      return;
    }
    for (std::size_t i = 0; i < threads; ++i) {
      workers_.emplace_back([this, work = make_worker()] { Run(work); });
    }
  }
  ~OrderedWorkers() {
    Stop();
    for (auto& worker : workers_) worker.join();
  }
  OrderedWorkers(const OrderedWorkers&) = delete;
  OrderedWorkers& operator=(const OrderedWorkers&) = delete;

  /// A job to fill, left as it was when released; null once stopped. Until Submit() the same again.
  Job* Free() {
    std::unique_lock lock(mutex_);
    free_.wait(lock, [&] { return stopped_ || submitted_ - released_ < slots_.size(); });
    return stopped_ ? nullptr : &SlotOf(submitted_).job;
  }

  /// The job that Free() gave.
  void Submit() {
    {
      const std::lock_guard lock(mutex_);
      SlotOf(submitted_).done = false;
      ++submitted_;
    }
    (workers_.empty() ? done_ : ready_).notify_one();
  }

  /// Nothing more will be submitted.
  void Close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    done_.notify_one();
  }

  /// The oldest job, done, until Release(); null when there will be none any more.
  Job* Done() {
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] { return stopped_ || OldestIsThere() || Drained(); });
    if (stopped_ || Drained()) return nullptr;
    Slot& slot = SlotOf(released_);
    lock.unlock();
    if (workers_.empty()) own_work_(slot.job);
    return &slot.job;
  }

  /// The job that Done() gave is free again.
  void Release() {
    {
      const std::lock_guard lock(mutex_);
      ++released_;
    }
    free_.notify_one();
  }

  /// What is under way is of no use any more: Free() and Done() give null from now on.
  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    free_.notify_all();
    ready_.notify_all();
    done_.notify_all();
  }

 private:
  struct Slot {
    Job job;
    bool done = false;  // under mutex_
  };

  // The numbers count jobs since the beginning: released_ <= started_ <= submitted_.
  Slot& SlotOf(std::uint64_t number) { return slots_[number % slots_.size()]; }
  bool OldestIsThere() {
    return released_ < submitted_ && (workers_.empty() || SlotOf(released_).done);
  }
  bool Drained() const { return closed_ && released_ == submitted_; }

  void Run(const Work& work) {
    while (true) {
      std::uint64_t number = 0;
      {
        std::unique_lock lock(mutex_);
        ready_.wait(lock, [&] { return stopped_ || started_ < submitted_; });
        if (stopped_) return;
        number = started_++;
      }
      Slot& slot = SlotOf(number);
      work(slot.job);
      bool oldest = false;
      {
        const std::lock_guard lock(mutex_);
        slot.done = true;
        oldest = number == released_;
      }
      // Whoever waits, waits for the oldest.
      if (oldest) done_.notify_one();
    }
  }

  std::vector<Slot> slots_;
  Work own_work_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::condition_variable ready_;
  std::condition_variable done_;
  // Under mutex_.
  std::uint64_t submitted_ = 0;
  std::uint64_t started_ = 0;
  std::uint64_t released_ = 0;
  bool closed_ = false;
  bool stopped_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace vedette::service
