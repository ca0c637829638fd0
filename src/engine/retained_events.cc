// SPDX-License-Identifier: Apache-2.0
#include "engine/retained_events.h"

#include <cstring>

#include "event/json_reader.h"

namespace vedette::engine {
namespace {

using event::Member;
using event::Value;
using event::ValueKind;

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
  packer.MeasureText(json);
  packer.MeasureText(event.index);
  packer.MeasureText(event.id);
  packer.MeasureNodes(kept_fields_.size() * sizeof(Value));
  const auto slot_of = [&](event::FieldId field) {
    const auto index = static_cast<std::size_t>(field);
    return index < event.slots.size() ? event.slots[index] : Value();
  };
  for (const event::FieldId field : kept_fields_) packer.Measure(slot_of(field));
  slot.size = packer.size();
  slot.memory = std::make_unique_for_overwrite<std::byte[]>(slot.size);
  packer.Start(slot.memory.get());
  RetainedEvent& to = slot.event;
  to = RetainedEvent();
  to.timestamp = event.timestamp;
  to.has_timestamp = event.has_timestamp;
  to.arrival = event.arrival;
  to.position = position_;
  to.source = source_;
  const auto kept = packer.Nodes<Value>(kept_fields_.size());
  for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = packer.Copy(slot_of(kept_fields_[i]));
  to.kept = kept;
  to.json = packer.Text(json);
  to.index = packer.Text(event.index);
  to.id = packer.Text(event.id);
  bytes_ += slot.size;
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
