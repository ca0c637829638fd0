// SPDX-License-Identifier: Apache-2.0
#include "engine/retained_events.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "event/json_reader.h"

namespace vedette::engine {
namespace {

using event::Member;
using event::Value;
using event::ValueKind;

/// What lies before the values and texts of a copy.
struct Head {
  base::Timestamp timestamp;
  std::uint64_t arrival;
  std::uint64_t position;
  const char* texts;
  std::uint32_t json, index, id;  ///< lengths
  std::uint32_t source;
  bool has_timestamp;
};
static_assert(sizeof(Head) % alignof(Value) == 0);

/// Copies value trees into one block: measured first, then written, so that an event is a single
/// allocation.
class Packer {
 public:
  /// Values and members first, texts behind them: nothing needs padding.
  void Measure(const Value& value) {
    switch (value.kind()) {
      case ValueKind::kString:
      case ValueKind::kNumberText:
        texts_ += value.text().size();
        break;
      case ValueKind::kList:
        nodes_ += value.list().size_bytes();
        for (const Value& element : value.list()) Measure(element);
        break;
      case ValueKind::kObject:
        nodes_ += value.object().size_bytes();
        for (const Member& member : value.object()) {
          texts_ += member.key.size();
          Measure(member.value);
        }
        break;
      default:
        break;
    }
  }
  void MeasureText(std::string_view text) { texts_ += text.size(); }
  void MeasureNodes(std::size_t bytes) { nodes_ += bytes; }
  std::size_t size() const { return nodes_ + texts_; }

  void Start(std::byte* memory) {
    node_ = memory;
    text_ = memory + nodes_;
  }
  template <class T>
  std::span<T> Nodes(std::size_t count) {
    T* first = reinterpret_cast<T*>(node_);
    for (std::size_t i = 0; i < count; ++i) new (first + i) T();
    node_ += count * sizeof(T);
    return {first, count};
  }
  std::string_view Text(std::string_view text) {
    char* to = reinterpret_cast<char*>(text_);
    if (!text.empty()) std::memcpy(to, text.data(), text.size());
    text_ += text.size();
    return {to, text.size()};
  }
  Value Copy(const Value& value) {
    switch (value.kind()) {
      case ValueKind::kString:
        return Value::String(Text(value.text()));
      case ValueKind::kNumberText:
        return Value::NumberText(Text(value.text()));
      case ValueKind::kList: {
        const auto to = Nodes<Value>(value.list().size());
        for (std::size_t i = 0; i < to.size(); ++i) to[i] = Copy(value.list()[i]);
        return Value::List(to);
      }
      case ValueKind::kObject: {
        const auto to = Nodes<Member>(value.object().size());
        for (std::size_t i = 0; i < to.size(); ++i) {
          to[i].key = Text(value.object()[i].key);
          to[i].value = Copy(value.object()[i].value);
        }
        return Value::Object(to);
      }
      default:
        return value;
    }
  }

 private:
  std::size_t nodes_ = 0;
  std::size_t texts_ = 0;
  std::byte* node_ = nullptr;
  std::byte* text_ = nullptr;
};

}  // namespace

const std::size_t RetainedEvents::kHeaderBytes = sizeof(Slot);

RetainedEvents::RetainedEvents(std::vector<event::FieldId> kept_fields)
    : kept_fields_(std::move(kept_fields)) {}

void RetainedEvents::Begin(const event::Event& event, std::uint64_t position,
                           std::uint32_t source) {
  current_ = &event;
  current_ref_ = kNoEvent;
  position_ = position;
  source_ = source;
}

EventRef RetainedEvents::Retain() {
  if (current_ref_ != kNoEvent) {
    ++slots_[current_ref_].references;
    return current_ref_;
  }
  if (free_.empty()) {
    current_ref_ = static_cast<EventRef>(slots_.size());
    slots_.emplace_back();
  } else {
    current_ref_ = free_.back();
    free_.pop_back();
  }
  Slot& slot = slots_[current_ref_];
  slot.references = 1;
  CopyInto(slot, *current_);
  return current_ref_;
}

void RetainedEvents::CopyInto(Slot& slot, const event::Event& event) {
  json_.clear();
  std::string_view json = event.json;
  if (json.empty() && !event.document.is_null()) {
    event::WriteJson(event.document, json_);
    json = json_;
  }
  Packer packer;
  packer.MeasureNodes(sizeof(Head));
  packer.MeasureText(json);
  packer.MeasureText(event.index);
  packer.MeasureText(event.id);
  packer.MeasureNodes(kept_fields_.size() * sizeof(Value));
  const auto slot_of = [&](event::FieldId field) {
    const auto index = static_cast<std::size_t>(field);
    return index < event.slots.size() ? event.slots[index] : Value();
  };
  for (const event::FieldId field : kept_fields_) packer.Measure(slot_of(field));
  slot.memory = std::make_unique_for_overwrite<std::byte[]>(packer.size());
  slot.size = static_cast<std::uint32_t>(std::min<std::size_t>(packer.size(), UINT32_MAX));
  packer.Start(slot.memory.get());
  Head& head = packer.Nodes<Head>(1)[0];
  const auto kept = packer.Nodes<Value>(kept_fields_.size());
  // The texts that Get() finds by their lengths come first among the texts.
  head = {event.timestamp,
          event.arrival,
          position_,
          packer.Text(json).data(),
          static_cast<std::uint32_t>(json.size()),
          static_cast<std::uint32_t>(event.index.size()),
          static_cast<std::uint32_t>(event.id.size()),
          source_,
          event.has_timestamp};
  packer.Text(event.index);
  packer.Text(event.id);
  for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = packer.Copy(slot_of(kept_fields_[i]));
  bytes_ += slot.size;
}

RetainedEvent RetainedEvents::Get(EventRef ref) const {
  const std::byte* memory = slots_[ref].memory.get();
  const Head& head = *std::launder(reinterpret_cast<const Head*>(memory));
  RetainedEvent out;
  out.timestamp = head.timestamp;
  out.has_timestamp = head.has_timestamp;
  out.arrival = head.arrival;
  out.position = head.position;
  out.source = head.source;
  out.json = {head.texts, head.json};
  out.index = {head.texts + head.json, head.index};
  out.id = {head.texts + head.json + head.index, head.id};
  out.kept = {std::launder(reinterpret_cast<const Value*>(memory + sizeof(Head))),
              kept_fields_.size()};
  return out;
}

void RetainedEvents::Release(EventRef ref) {
  Slot& slot = slots_[ref];
  if (--slot.references != 0) return;
  bytes_ -= slot.size;
  slot.memory.reset();
  free_.push_back(ref);
  if (ref == current_ref_) current_ref_ = kNoEvent;
}

}  // namespace vedette::engine
