// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "event/value.h"

namespace vedette::sources {

/// A document tree under construction: members are set by dotted path in any order, Build() lays
/// the tree out in the arena. Members keep the order of their first mention. Setting a path twice
/// keeps the last value.
class AuditDocument {
 public:
  explicit AuditDocument(base::Arena& arena) : arena_(arena), nodes_(1) {}

  /// `path` must outlive the document (in practice: a literal).
  void Set(std::string_view path, event::Value value);
  /// A copy of `text`; nothing is set when it is empty.
  void SetText(std::string_view path, std::string_view text);
  /// The values as a list, copied; nothing when there are none.
  void SetList(std::string_view path, std::span<const event::Value> values);
  /// The member `key` (taken literally, copied) of the object at `path`.
  void SetMember(std::string_view path, std::string_view key, std::string_view text);

  base::Arena& arena() { return arena_; }
  event::Value Text(std::string_view text) { return event::Value::String(arena_.Copy(text)); }
  event::Value Build() const { return Build(0); }

 private:
  struct Node {
    std::string_view key;
    event::Value value;
    std::uint32_t first = 0;  ///< child, 0 = none (the root is nobody's child)
    std::uint32_t last = 0;
    std::uint32_t next = 0;
    std::uint32_t children = 0;
  };
  std::uint32_t Descend(std::string_view path);
  std::uint32_t Child(std::uint32_t parent, std::string_view key);
  event::Value Build(std::uint32_t node) const;

  base::Arena& arena_;
  std::vector<Node> nodes_;
};

}  // namespace vedette::sources
