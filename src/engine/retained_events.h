// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "event/event.h"

namespace vedette::engine {

/// Number of an event in RetainedEvents.
using EventRef = std::uint32_t;
inline constexpr EventRef kNoEvent = 0xFFFFFFFFU;

/// What outlives the batch of an event that a partial sequence, a sample or a result still needs.
struct RetainedEvent {
  base::Timestamp timestamp;
  bool has_timestamp = false;
  std::uint64_t arrival = 0;
  std::uint64_t position = 0;  ///< in the event order of the run; unique
  std::uint32_t source = 0;    ///< the caller's tag, given back unchanged
  std::string_view json;       ///< the ECS document
  std::string_view index;
  std::string_view id;
  /// Values of the fields that later conditions may ask for, in the order of `kept_fields`.
  std::span<const event::Value> kept;
};

/// The events that are waiting, counted by reference: each is copied once, however many rules and
/// keys wait for it, and freed with the last of them. One thread.
class RetainedEvents {
 public:
  /// `kept_fields`: the slots that alias references read, copied next to the document.
  explicit RetainedEvents(std::vector<event::FieldId> kept_fields = {});

  /// Begins the next event: Retain() copies it at the first call only.
  void Begin(const event::Event& event, std::uint64_t position, std::uint32_t source = 0);
  /// The current event, its count up by one. Writes its JSON if it has none yet.
  EventRef Retain();
  void AddReference(EventRef ref) { ++slots_[ref].references; }
  void Release(EventRef ref);

  /// Views into the copy; they hold while the event is held.
  RetainedEvent Get(EventRef ref) const;
  const std::vector<event::FieldId>& kept_fields() const { return kept_fields_; }
  std::size_t size() const { return slots_.size() - free_.size(); }
  /// What the table itself needs for an event, beside bytes().
  static const std::size_t kHeaderBytes;
  /// Heap bytes of the copies themselves, without the table.
  std::size_t bytes() const { return bytes_; }

 private:
  /// Sixteen bytes an event; all else lies with the copy itself.
  struct Slot {
    std::unique_ptr<std::byte[]> memory;
    std::uint32_t references = 0;
    std::uint32_t size = 0;
  };
  void CopyInto(Slot& slot, const event::Event& event);

  std::vector<event::FieldId> kept_fields_;
  std::deque<Slot> slots_;  // no slack, no moves
  std::vector<EventRef> free_;
  std::size_t bytes_ = 0;
  const event::Event* current_ = nullptr;
  EventRef current_ref_ = kNoEvent;
  std::uint64_t position_ = 0;
  std::uint32_t source_ = 0;
  std::string json_;
};

/// Holds one reference. Movable; the table must outlive it.
class EventHandle {
 public:
  EventHandle() = default;
  /// Takes over a reference that the caller holds.
  EventHandle(RetainedEvents& events, EventRef ref) : events_(&events), ref_(ref) {}
  EventHandle(EventHandle&& other) noexcept
      : events_(std::exchange(other.events_, nullptr)), ref_(other.ref_) {}
  EventHandle& operator=(EventHandle&& other) noexcept {
    if (this != &other) {
      Drop();
      events_ = std::exchange(other.events_, nullptr);
      ref_ = other.ref_;
    }
    return *this;
  }
  ~EventHandle() { Drop(); }
  /// False for the place of a missing event.
  explicit operator bool() const { return events_ != nullptr; }
  RetainedEvent operator*() const { return events_->Get(ref_); }
  struct Pointer {
    RetainedEvent event;
    const RetainedEvent* operator->() const { return &event; }
  };
  Pointer operator->() const { return {events_->Get(ref_)}; }

 private:
  void Drop() {
    if (events_ != nullptr) events_->Release(ref_);
    events_ = nullptr;
  }
  RetainedEvents* events_ = nullptr;
  EventRef ref_ = kNoEvent;
};

}  // namespace vedette::engine
