// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "base/arena.h"
#include "event/value.h"

namespace vedette::sources {

/// An ECS document under construction: `Set("process.parent.name", v)` makes the objects on the
/// way.
///
/// The last write to a path wins, also when it turns an object into a value or a value into an
/// object. Nodes, the result and every view in it live in the arena; paths and texts that are
/// handed in are not copied, so they must live as long (literals, the parsed record, the arena
/// itself). Not thread-safe.
///
/// Cost of Set: O(path length + siblings on the way). Bounds: kMaxNodes nodes and kMaxDepth parts a
/// path; what passes them is left out and counted by dropped().
class EcsBuilder {
 public:
  static constexpr std::size_t kMaxNodes = 8192;
  static constexpr std::size_t kMaxDepth = 32;

  explicit EcsBuilder(base::Arena& arena) : arena_(&arena) {}

  /// Null leaves the document as it is, so that an absent raw field needs no test.
  void Set(std::string_view dotted, event::Value value);
  /// The empty text counts as absent, as in both vendors' pipelines.
  void SetText(std::string_view dotted, std::string_view text);
  void SetBoolean(std::string_view dotted, bool value) {
    Set(dotted, event::Value::Boolean(value));
  }

  /// What stands at the path; null if nothing or an object under construction.
  event::Value Get(std::string_view dotted) const;

  /// The document so far. The builder may be used on; a later Build() gives a fresh tree.
  event::Value Build() const;

  std::size_t dropped() const { return dropped_; }
  base::Arena& arena() { return *arena_; }

 private:
  struct Node {
    std::string_view key;
    event::Value value;  ///< of a leaf
    Node* first = nullptr;
    Node* last = nullptr;
    Node* next = nullptr;
    std::size_t children = 0;
  };
  Node* Child(const Node& parent, std::string_view key) const;
  Node* ChildOrNew(Node& parent, std::string_view key);
  void OpenLeaf(Node& leaf);
  event::Value Freeze(const Node& node) const;

  base::Arena* arena_;
  Node root_;
  std::size_t nodes_ = 0;
  std::size_t dropped_ = 0;
};

}  // namespace vedette::sources
