// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace vedette::service {

/// Runs jobs on worker threads and hands the results back in the order of submission, so that
/// output never depends on the number of threads. At most 2 x threads + 2 jobs are under way: that
/// bounds memory and is the back-pressure. With one thread everything happens in the caller.
///
/// `make_worker` is called once per thread and gives the function that does a job; workers share
/// nothing else. Submit and Finish belong to one thread, on which `consume` runs too.
template <class Job>
class OrderedWorkers {
 public:
  using Work = std::function<void(Job&)>;

  OrderedWorkers(std::size_t threads, const std::function<Work()>& make_worker,
                 std::function<void(Job&)> consume)
      : consume_(std::move(consume)), in_flight_limit_(2 * threads + 2) {
    if (threads <= 1) {
      inline_work_ = make_worker();
      return;
    }
    for (std::size_t i = 0; i < threads; ++i) {
      workers_.emplace_back([this, work = make_worker()] { Run(work); });
    }
  }
  ~OrderedWorkers() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    ready_.notify_all();
    for (auto& worker : workers_) worker.join();
  }
  OrderedWorkers(const OrderedWorkers&) = delete;
  OrderedWorkers& operator=(const OrderedWorkers&) = delete;

  void Submit(std::unique_ptr<Job> job) {
    if (workers_.empty()) {
      inline_work_(*job);
      consume_(*job);
      return;
    }
    if (in_flight_.size() >= in_flight_limit_) ConsumeOldest();
    auto slot = std::make_unique<Slot>();
    slot->job = std::move(job);
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(slot.get());
    }
    in_flight_.push_back(std::move(slot));
    ready_.notify_one();
  }

  /// Waits for everything submitted and consumes it.
  void Finish() {
    while (!in_flight_.empty()) ConsumeOldest();
  }

 private:
  struct Slot {
    std::unique_ptr<Job> job;
    bool done = false;  // under mutex_
  };

  void ConsumeOldest() {
    std::unique_ptr<Slot> slot = std::move(in_flight_.front());
    in_flight_.pop_front();
    {
      std::unique_lock lock(mutex_);
      done_.wait(lock, [&] { return slot->done; });
    }
    consume_(*slot->job);
  }

  void Run(const Work& work) {
    while (true) {
      Slot* slot = nullptr;
      {
        std::unique_lock lock(mutex_);
        ready_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        slot = waiting_.front();
        waiting_.pop_front();
      }
      work(*slot->job);
      {
        const std::lock_guard lock(mutex_);
        slot->done = true;
      }
      done_.notify_one();
    }
  }

  std::function<void(Job&)> consume_;
  std::size_t in_flight_limit_;
  Work inline_work_;
  std::deque<std::unique_ptr<Slot>> in_flight_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::condition_variable done_;
  std::deque<Slot*> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace vedette::service
