// SPDX-License-Identifier: Apache-2.0
#include "sources/audit_document.h"

#include <algorithm>

namespace vedette::sources {

void AuditDocument::Set(std::string_view path, event::Value value) {
  nodes_[Descend(path)].value = value;
}

void AuditDocument::SetText(std::string_view path, std::string_view text) {
  if (!text.empty()) Set(path, Text(text));
}

void AuditDocument::SetList(std::string_view path, std::span<const event::Value> values) {
  if (values.empty()) return;
  const std::span<event::Value> copy = arena_.NewArray<event::Value>(values.size());
  std::copy(values.begin(), values.end(), copy.begin());
  Set(path, event::Value::List(copy));
}

void AuditDocument::SetMember(std::string_view path, std::string_view key, std::string_view text) {
  const std::uint32_t parent = Descend(path);
  nodes_[Child(parent, arena_.Copy(key))].value = Text(text);
}

std::uint32_t AuditDocument::Descend(std::string_view path) {
  std::uint32_t node = 0;
  while (true) {
    const std::size_t dot = path.find('.');
    node = Child(node, path.substr(0, dot));
    if (dot == std::string_view::npos) return node;
    path.remove_prefix(dot + 1);
  }
}

std::uint32_t AuditDocument::Child(std::uint32_t parent, std::string_view key) {
  for (std::uint32_t child = nodes_[parent].first; child != 0; child = nodes_[child].next) {
    if (nodes_[child].key == key) return child;
  }
  const auto added = static_cast<std::uint32_t>(nodes_.size());
  nodes_.push_back({});
  nodes_[added].key = key;
  Node& above = nodes_[parent];
  if (above.first == 0) {
    above.first = added;
  } else {
    nodes_[above.last].next = added;
  }
  above.last = added;
  ++above.children;
  return added;
}

// Recursion is as deep as the longest path literal.
event::Value AuditDocument::Build(std::uint32_t node) const {
  const Node& top = nodes_[node];
  if (top.children == 0) return top.value;
  const std::span<event::Member> members = arena_.NewArray<event::Member>(top.children);
  std::size_t at = 0;
  for (std::uint32_t child = top.first; child != 0; child = nodes_[child].next) {
    members[at++] = event::Member{nodes_[child].key, Build(child)};
  }
  return event::Value::Object(members);
}

}  // namespace vedette::sources
