// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace vedette::sources {

/// All records of one event, as lines. Owns copies, since the records of an event arrive in
/// different reads of a file.
struct AuditEvent {
  std::string node;
  std::int64_t seconds = 0;
  std::uint32_t millis = 0;
  std::uint64_t sequence = 0;
  std::vector<std::string> lines;  ///< in order of arrival, without EOE
  bool ended = false;              ///< its EOE was seen, so nothing is known to be missing
  bool truncated = false;          ///< a bound of AuditAssembler cut records off
};

/// Groups audit lines into events by node, time and sequence.
///
/// Events interleave and come out of order. One is closed by its EOE, at once when it is a single
/// user-space record (`msg='…'`, which never has companions), when `later_events` others of its
/// node have begun, when its node's clock is `later_seconds` past it, or by Flush(). Events are
/// delivered in the order of their first lines whatever the order in which they close, so the same
/// input gives the same output; a closed event waits for older open ones.
///
/// Memory is bounded by Limits: over `max_events` or `max_total_bytes` the oldest event is
/// delivered as it is. A record that comes after its event was delivered begins an event anew. Not
/// thread-safe.
///
/// Cost: O(line + open events) per line; the latter are few unless a log lacks EOE records.
class AuditAssembler {
 public:
  struct Limits {
    std::size_t later_events = 64;  ///< auditd's own queue is in sequence order, give or take CPUs
    std::int64_t later_seconds = 2;
    /// Lines that must have passed since an event's own last one before the clock may close it:
    /// after a quiet spell the next event is seconds later, and stragglers may still follow its
    /// first line.
    std::size_t later_lines = 8;
    std::size_t max_events = 1024;
    std::size_t max_records = 2048;                 ///< of one event
    std::size_t max_event_bytes = 4 * 1024 * 1024;  ///< execve's own limit for one call is 2 MiB
    std::size_t max_total_bytes = 64 * 1024 * 1024;
    std::size_t max_line_bytes = 256 * 1024;  ///< the kernel's records end near 9 KiB
  };
  struct Counters {
    std::uint64_t lines = 0;      ///< audit lines accepted
    std::uint64_t malformed = 0;  ///< lines that are no audit records, blank ones aside
    std::uint64_t oversize = 0;   ///< lines over max_line_bytes, dropped
    std::uint64_t events = 0;     ///< delivered
    std::uint64_t truncated = 0;  ///< records dropped by max_records or max_event_bytes
    std::uint64_t orphaned =
        0;  ///< EOE without any open event: its records are missing or came too late
    std::uint64_t evicted = 0;  ///< events delivered early for want of room
    std::uint64_t expired = 0;  ///< events closed by later ones rather than by EOE
  };
  using Sink = std::function<void(const AuditEvent& event)>;

  AuditAssembler() = default;
  explicit AuditAssembler(Limits limits) : limits_(limits) {}

  /// Takes one line (a line break at its end is ignored). False when it is not an audit record.
  bool Push(std::string_view line, const Sink& sink);
  /// Delivers everything that is still open.
  void Flush(const Sink& sink);

  const Counters& counters() const { return counters_; }
  std::size_t open_events() const { return pending_.size(); }

 private:
  struct Pending {
    AuditEvent event;
    std::size_t bytes = 0;
    std::size_t later = 0;        ///< events of the node begun since
    std::uint64_t last_line = 0;  ///< value of Counters::lines at its latest record
    bool closed = false;
  };
  Pending* Find(std::string_view node, std::int64_t seconds, std::uint32_t millis,
                std::uint64_t sequence);
  Pending& Begin(std::string_view node, std::int64_t seconds, std::uint32_t millis,
                 std::uint64_t sequence);
  void Append(Pending& pending, std::string_view line);
  void DeliverFront(const Sink& sink);
  void DeliverClosed(const Sink& sink);

  Limits limits_;
  Counters counters_;
  std::deque<Pending> pending_;  ///< by first line, oldest first
  std::size_t total_bytes_ = 0;
};

}  // namespace vedette::sources
