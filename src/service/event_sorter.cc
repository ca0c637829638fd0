// SPDX-License-Identifier: Apache-2.0
#include "service/event_sorter.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace vedette::service {
namespace {

// A merge reads all runs at once; more would run out of file descriptors before anything else.
constexpr std::size_t kMaxRuns = 512;

base::Error Failed(const char* what) {
  return base::Error(base::ErrorCode::kIo,
                     std::string("cannot ") + what + " a temporary file for sorting: " +
                         std::strerror(errno) + "; TMPDIR needs room for the events to be ordered");
}

bool Put(std::FILE* file, const void* bytes, std::size_t size) {
  return size == 0 || std::fwrite(bytes, 1, size, file) == size;
}
template <class T>
bool PutNumber(std::FILE* file, T number) {
  return Put(file, &number, sizeof number);
}
bool PutText(std::FILE* file, const std::string& text) {
  return PutNumber(file, static_cast<std::uint64_t>(text.size())) &&
         Put(file, text.data(), text.size());
}
bool PutEvent(std::FILE* file, const OrderedEvent& event) {
  return PutNumber(file, event.timestamp.nanoseconds) && PutNumber(file, event.arrival) &&
         PutNumber(file, event.source) && PutNumber(file, event.enrich) &&
         PutText(file, event.tiebreaker) && PutText(file, event.json) &&
         PutText(file, event.index) && PutText(file, event.id) &&
         PutNumber(file, static_cast<std::uint64_t>(event.hits.size())) &&
         Put(file, event.hits.data(), event.hits.size() * sizeof(event.hits[0])) &&
         PutNumber(file, event.facts) &&
         PutNumber(file, static_cast<std::uint64_t>(event.tokens.size())) &&
         Put(file, event.tokens.data(), event.tokens.size() * sizeof(event.tokens[0]));
}

bool Get(std::FILE* file, void* bytes, std::size_t size) {
  return size == 0 || std::fread(bytes, 1, size, file) == size;
}
template <class T>
bool GetNumber(std::FILE* file, T& number) {
  return Get(file, &number, sizeof number);
}
bool GetText(std::FILE* file, std::string& text) {
  std::uint64_t size = 0;
  if (!GetNumber(file, size)) return false;
  text.resize(size);
  return Get(file, text.data(), size);
}
bool GetEvent(std::FILE* file, OrderedEvent& event) {
  std::uint64_t hits = 0;
  if (!GetNumber(file, event.timestamp.nanoseconds) || !GetNumber(file, event.arrival) ||
      !GetNumber(file, event.source) || !GetNumber(file, event.enrich) ||
      !GetText(file, event.tiebreaker) || !GetText(file, event.json) ||
      !GetText(file, event.index) || !GetText(file, event.id) || !GetNumber(file, hits)) {
    return false;
  }
  event.hits.resize(hits);
  std::uint64_t tokens = 0;
  if (!Get(file, event.hits.data(), hits * sizeof(event.hits[0])) ||
      !GetNumber(file, event.facts) || !GetNumber(file, tokens)) {
    return false;
  }
  event.tokens.resize(tokens);
  return Get(file, event.tokens.data(), tokens * sizeof(event.tokens[0]));
}

bool Earlier(const OrderedEvent& a, const OrderedEvent& b) { return a.Before(b); }

}  // namespace

base::Result<void> EventSorter::Add(OrderedEvent event) {
  bytes_ += event.bytes();
  events_.push_back(std::move(event));
  if (bytes_ < memory_ || runs_.size() >= kMaxRuns) return {};
  return Spill();
}

base::Result<void> EventSorter::Spill() {
  std::stable_sort(events_.begin(), events_.end(), Earlier);
  File file(std::tmpfile());
  if (file == nullptr) return Failed("make");
  for (const OrderedEvent& event : events_) {
    if (!PutEvent(file.get(), event)) return Failed("write");
  }
  if (std::fflush(file.get()) != 0) return Failed("write");
  std::rewind(file.get());
  runs_.push_back(std::move(file));
  events_.clear();
  events_.shrink_to_fit();
  bytes_ = 0;
  return {};
}

base::Result<void> EventSorter::Drain(const Sink& sink) {
  std::stable_sort(events_.begin(), events_.end(), Earlier);
  if (runs_.empty()) {
    for (const OrderedEvent& event : events_) VED_TRY_VOID(sink(event));
    events_.clear();
    return {};
  }
  struct Head {
    OrderedEvent event;
    std::size_t run;
  };
  const auto later = [](const Head& a, const Head& b) { return b.event.Before(a.event); };
  std::vector<Head> heads;
  std::size_t next = 0;
  const auto refill = [&](std::size_t run) -> base::Result<void> {
    Head head{{}, run};
    if (run == runs_.size()) {
      if (next == events_.size()) return {};
      head.event = std::move(events_[next++]);
    } else if (!GetEvent(runs_[run].get(), head.event)) {
      if (std::ferror(runs_[run].get()) != 0) return Failed("read");
      return {};
    }
    heads.push_back(std::move(head));
    std::push_heap(heads.begin(), heads.end(), later);
    return {};
  };
  for (std::size_t run = 0; run <= runs_.size(); ++run) VED_TRY_VOID(refill(run));
  while (!heads.empty()) {
    std::pop_heap(heads.begin(), heads.end(), later);
    const Head head = std::move(heads.back());
    heads.pop_back();
    VED_TRY_VOID(sink(head.event));
    VED_TRY_VOID(refill(head.run));
  }
  runs_.clear();
  events_.clear();
  return {};
}

}  // namespace vedette::service
