// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "event/event.h"
#include "event/json_reader.h"
#include "event/raw_event.h"

namespace vedette::engine {

/// The values of the current event, whichever way it came: as text that nobody has decoded, or with
/// slots laid. Decodes single fields when they are asked for. One thread.
class EventValues {
 public:
  /// `table`: the projector's.
  EventValues(const event::Projector& projector, const event::FieldTable& table);
  void Begin(const event::RawEvent& raw) {
    raw_ = &raw;
    event_ = nullptr;
    ++number_;
  }
  void Begin(const event::Event& event) {
    raw_ = nullptr;
    event_ = &event;
  }
  bool raw() const { return raw_ != nullptr; }
  std::string_view Token(event::FieldId id) const { return raw_->Token(id); }
  const event::Value& Slot(event::FieldId id) const { return event_->Get(id); }
  /// The event with at least these slots laid; texts live in `arena` or in the event.
  const event::Event& Laid(std::span<const event::FieldId> ids, event::JsonReader& reader,
                           base::Arena& arena);

 private:
  const event::Projector* projector_;
  const event::RawEvent* raw_ = nullptr;
  const event::Event* event_ = nullptr;
  event::Event decoded_;
  enum class Plain : std::uint8_t { kNo, kText, kTextOrLone };
  std::vector<Plain> plain_;  ///< by field: what a string without escapes is in its slot
  std::vector<event::Value> slots_;
  std::vector<std::uint64_t> laid_;  ///< by field: the event for which its slot was laid
  std::uint64_t number_ = 0;
};

/// Values of several fields as one text to be hashed; different values give different texts.
class SignatureBuffer {
 public:
  void Begin(std::uint32_t parent, bool raw);
  void AddToken(std::string_view token);
  void AddPresence(bool present);
  void AddValue(const event::Value& value);
  std::string_view text() const { return {bytes_.data(), size_}; }

 private:
  char* Reserve(std::size_t bytes) {
    if (size_ + bytes > bytes_.size()) bytes_.resize((size_ + bytes) * 2);
    return bytes_.data() + size_;
  }
  std::vector<char> bytes_;
  std::size_t size_ = 0;
};

}  // namespace vedette::engine
