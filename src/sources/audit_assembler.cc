// SPDX-License-Identifier: Apache-2.0
#include "sources/audit_assembler.h"

#include <utility>

#include "sources/audit_record.h"

namespace vedette::sources {

bool AuditAssembler::Push(std::string_view line, const Sink& sink) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  if (line.find_first_not_of(" \t") == std::string_view::npos) return false;
  if (line.size() > limits_.max_line_bytes) {
    ++counters_.oversize;
    return false;
  }
  const auto record = ParseAuditLine(line);
  if (!record) {
    ++counters_.malformed;
    return false;
  }
  ++counters_.lines;
  Pending* pending = Find(record->node, record->seconds, record->millis, record->sequence);
  if (record->type == "EOE") {
    if (pending == nullptr) {
      ++counters_.orphaned;
      return true;
    }
    pending->event.ended = true;
    pending->closed = true;
  } else {
    if (pending == nullptr) {
      pending = &Begin(record->node, record->seconds, record->millis, record->sequence);
    }
    Append(*pending, line);
    if (HasNestedMessage(record->body)) pending->closed = true;
  }
  DeliverClosed(sink);
  return true;
}

void AuditAssembler::Flush(const Sink& sink) {
  while (!pending_.empty()) DeliverFront(sink);
}

AuditAssembler::Pending* AuditAssembler::Find(std::string_view node, std::int64_t seconds,
                                              std::uint32_t millis, std::uint64_t sequence) {
  // Newest first: a record nearly always belongs to the event before it.
  for (auto it = pending_.rbegin(); it != pending_.rend(); ++it) {
    if (it->event.sequence == sequence && it->event.seconds == seconds &&
        it->event.millis == millis && it->event.node == node && !it->event.ended) {
      return &*it;
    }
  }
  return nullptr;
}

AuditAssembler::Pending& AuditAssembler::Begin(std::string_view node, std::int64_t seconds,
                                               std::uint32_t millis, std::uint64_t sequence) {
  for (Pending& other : pending_) {
    if (other.closed || other.event.node != node) continue;
    ++other.later;
    const std::int64_t age = (seconds - other.event.seconds) * 1000 + millis - other.event.millis;
    const bool old = age > limits_.later_seconds * 1000 &&
                     counters_.lines - other.last_line >= limits_.later_lines;
    if (old || other.later >= limits_.later_events) {
      other.closed = true;
      ++counters_.expired;
    }
  }
  Pending& pending = pending_.emplace_back();
  pending.event.node = node;
  pending.event.seconds = seconds;
  pending.event.millis = millis;
  pending.event.sequence = sequence;
  pending.bytes = sizeof(Pending) + node.size();
  total_bytes_ += pending.bytes;
  return pending;
}

void AuditAssembler::Append(Pending& pending, std::string_view line) {
  pending.last_line = counters_.lines;
  const std::size_t cost = line.size() + sizeof(std::string);
  if (pending.event.lines.size() >= limits_.max_records ||
      pending.bytes + cost > limits_.max_event_bytes) {
    pending.event.truncated = true;
    ++counters_.truncated;
    return;
  }
  pending.event.lines.emplace_back(line);
  pending.bytes += cost;
  total_bytes_ += cost;
}

void AuditAssembler::DeliverFront(const Sink& sink) {
  Pending front = std::move(pending_.front());
  pending_.pop_front();
  total_bytes_ -= front.bytes;
  ++counters_.events;
  sink(front.event);
}

void AuditAssembler::DeliverClosed(const Sink& sink) {
  while (!pending_.empty()) {
    const bool full =
        pending_.size() > limits_.max_events || total_bytes_ > limits_.max_total_bytes;
    if (!pending_.front().closed) {
      if (!full) return;
      ++counters_.evicted;
    }
    DeliverFront(sink);
  }
}

}  // namespace vedette::sources
