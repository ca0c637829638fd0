// SPDX-License-Identifier: Apache-2.0
#include "sources/ecs_builder.h"

#include <algorithm>
#include <span>

namespace vedette::sources {

using event::Member;
using event::Value;

EcsBuilder::Node* EcsBuilder::Child(const Node& parent, std::string_view key) const {
  for (Node* node = parent.first; node != nullptr; node = node->next) {
    if (node->key == key) return node;
  }
  return nullptr;
}

EcsBuilder::Node* EcsBuilder::ChildOrNew(Node& parent, std::string_view key) {
  if (Node* found = Child(parent, key)) return found;
  if (nodes_ >= kMaxNodes) return nullptr;
  ++nodes_;
  Node* node = arena_->NewArray<Node>(1).data();
  node->key = key;
  (parent.last == nullptr ? parent.first : parent.last->next) = node;
  parent.last = node;
  ++parent.children;
  return node;
}

// A leaf that a longer path now passes through: its members, if it has any, become nodes.
void EcsBuilder::OpenLeaf(Node& leaf) {
  const Value value = leaf.value;
  leaf.value = Value();
  if (!value.is_object()) return;
  for (const Member& member : value.object()) {
    if (Node* child = ChildOrNew(leaf, member.key)) {
      child->value = member.value;
    } else {
      ++dropped_;
    }
  }
}

void EcsBuilder::Set(std::string_view dotted, Value value) {
  if (value.is_null()) return;
  const auto dots = std::count(dotted.begin(), dotted.end(), '.');
  if (static_cast<std::size_t>(dots) >= kMaxDepth) {
    ++dropped_;
    return;
  }
  Node* node = &root_;
  for (;;) {
    if (!node->value.is_null()) OpenLeaf(*node);
    const std::size_t dot = dotted.find('.');
    node = ChildOrNew(*node, dotted.substr(0, dot));
    if (node == nullptr) {
      ++dropped_;
      return;
    }
    if (dot == std::string_view::npos) break;
    dotted.remove_prefix(dot + 1);
  }
  node->value = value;
  node->first = node->last = nullptr;
  node->children = 0;
}

void EcsBuilder::SetText(std::string_view dotted, std::string_view text) {
  if (!text.empty()) Set(dotted, Value::String(text));
}

Value EcsBuilder::Get(std::string_view dotted) const {
  const Node* node = &root_;
  for (;;) {
    const std::size_t dot = dotted.find('.');
    node = Child(*node, dotted.substr(0, dot));
    if (node == nullptr) return Value();
    if (dot == std::string_view::npos) return node->value;
    dotted.remove_prefix(dot + 1);
    if (!node->value.is_null()) return node->value.GetPath(dotted);
  }
}

// Recursion is bounded: Set() makes no path longer than kMaxDepth.
Value EcsBuilder::Freeze(const Node& node) const {
  if (node.first == nullptr) return node.value;
  const std::span<Member> members = arena_->NewArray<Member>(node.children);
  std::size_t count = 0;
  for (const Node* child = node.first; child != nullptr; child = child->next) {
    const Value value = Freeze(*child);
    if (!value.is_null()) members[count++] = Member{child->key, value};
  }
  return count == 0 ? Value() : Value::Object(members.first(count));
}

Value EcsBuilder::Build() const {
  const Value built = Freeze(root_);
  return built.is_null() ? Value::Object({}) : built;
}

}  // namespace vedette::sources
