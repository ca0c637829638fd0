// SPDX-License-Identifier: Apache-2.0
#include "engine/event_values.h"

#include <cstring>

namespace vedette::engine {

EventValues::EventValues(const event::Projector& projector, const event::FieldTable& table)
    : projector_(&projector), slots_(table.size()), laid_(table.size(), 0) {
  for (std::uint32_t slot = 0; slot < table.size(); ++slot) {
    const auto& entry = table.entry(event::FieldId{slot});
    Plain plain = entry.shape == event::Shape::kTree ? Plain::kText : Plain::kNo;
    using event::FieldType;
    if (entry.shape == event::Shape::kFlat &&
        (entry.type == FieldType::kKeyword || entry.type == FieldType::kConstantKeyword ||
         entry.type == FieldType::kWildcard || entry.type == FieldType::kText ||
         entry.type == FieldType::kIp)) {
      plain = Plain::kTextOrLone;
    }
    plain_.push_back(plain);
  }
}

namespace {

/// The text of a string without escapes, or (`lone`) of a list of one such; nothing else.
bool PlainText(std::string_view token, bool lone, std::string_view& text) {
  const bool list = lone && token.size() > 4 && token.starts_with("[\"") && token.ends_with("\"]");
  if (list) token = token.substr(1, token.size() - 2);
  if (token.size() < 2 || token.front() != '"') return false;
  text = token.substr(1, token.size() - 2);
  // A lone token has no quote inside that a backslash does not announce; a list's elements have.
  return text.find('\\') == std::string_view::npos &&
         (!list || text.find('"') == std::string_view::npos);
}

}  // namespace

const event::Event& EventValues::Laid(std::span<const event::FieldId> ids,
                                      event::JsonReader& reader, base::Arena& arena) {
  if (event_ != nullptr) return *event_;
  for (const event::FieldId id : ids) {
    const auto slot = static_cast<std::size_t>(id);
    if (laid_[slot] == number_) continue;
    laid_[slot] = number_;
    slots_[slot] = {};
    const std::string_view token = raw_->Token(id);
    if (token.empty()) continue;
    std::string_view text;
    if (plain_[slot] != Plain::kNo && PlainText(token, plain_[slot] == Plain::kTextOrLone, text)) {
      slots_[slot] = event::Value::String(text);
      continue;
    }
    if (const auto tree = reader.Read(token, arena)) {
      slots_[slot] = projector_->Lay(id, *tree, arena);
    }
  }
  decoded_.json = raw_->json;
  decoded_.slots = slots_;
  return decoded_;
}

void SignatureBuffer::Begin(std::uint32_t parent, bool raw) {
  size_ = 0;
  char* const to = Reserve(8);
  std::memcpy(to, &parent, sizeof parent);
  to[4] = raw ? 'r' : 'v';
  size_ = 5;
}

// A record is one line, so a line break cannot be part of a token. Absence is the empty text.
void SignatureBuffer::AddToken(std::string_view token) {
  constexpr std::size_t kChunk = 32;
  char* const to = Reserve(token.size() + kChunk + 1);
  if (token.size() <= kChunk && !token.empty()) {
    // At least 64 bytes behind a record are readable: a copy of fixed size is two instructions.
    std::memcpy(to, token.data(), kChunk);
  } else if (!token.empty()) {
    std::memcpy(to, token.data(), token.size());
  }
  to[token.size()] = '\n';
  size_ += token.size() + 1;
}

void SignatureBuffer::AddPresence(bool present) {
  char* const to = Reserve(2);
  to[0] = present ? '+' : '-';
  to[1] = '\n';
  size_ += 2;
}

void SignatureBuffer::AddValue(const event::Value& value) {
  char* const head = Reserve(1 + sizeof(std::uint64_t));
  head[0] = static_cast<char>(value.kind());
  std::uint64_t word = 0;
  std::string_view text;
  switch (value.kind()) {
    case event::ValueKind::kNull:
      break;
    case event::ValueKind::kBoolean:
      word = value.boolean() ? 1 : 0;
      break;
    case event::ValueKind::kInteger:
    case event::ValueKind::kUnsigned:
    case event::ValueKind::kDouble:
      word = value.unsigned_integer();
      break;
    case event::ValueKind::kString:
    case event::ValueKind::kNumberText:
      text = value.text();
      word = text.size();
      break;
    case event::ValueKind::kList:
      word = value.list().size();
      break;
    case event::ValueKind::kObject:
      word = value.object().size();
      break;
  }
  std::memcpy(head + 1, &word, sizeof word);
  size_ += 1 + sizeof word;
  if (!text.empty()) {
    std::memcpy(Reserve(text.size()), text.data(), text.size());
    size_ += text.size();
  }
  if (value.is_list()) {
    for (const event::Value& element : value.list()) AddValue(element);
  }
}

}  // namespace vedette::engine
