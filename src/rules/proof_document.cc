// SPDX-License-Identifier: Apache-2.0
#include "rules/proof_document.h"

#include <map>
#include <string_view>

#include "base/json_writer.h"

namespace vedette::rules {
namespace {

struct Node {
  std::map<std::string, Node, std::less<>> members;
  std::map<std::string, Node, std::less<>> elements;
  const std::vector<Scalar>* values = nullptr;
};

Node& Place(Node& root, std::string_view path) {
  Node* at = &root;
  while (true) {
    const std::size_t dot = path.find('.');
    std::string_view part = path.substr(0, dot);
    const std::size_t mark = part.find('#');
    at = &at->members[std::string(part.substr(0, mark))];
    if (mark != std::string_view::npos) at = &at->elements[std::string(part.substr(mark))];
    if (dot == std::string_view::npos) return *at;
    path.remove_prefix(dot + 1);
  }
}

void WriteScalar(base::JsonWriter& json, const Scalar& scalar) {
  struct Visitor {
    base::JsonWriter& json;
    void operator()(std::monostate) const { json.Null(); }
    void operator()(bool v) const { json.Bool(v); }
    void operator()(std::int64_t v) const { json.Int(v); }
    void operator()(std::uint64_t v) const { json.Uint(v); }
    void operator()(double v) const { json.Double(v); }
    void operator()(const std::string& v) const { json.String(v); }
  };
  std::visit(Visitor{json}, scalar.value);
}

void WriteMembers(base::JsonWriter& json, const Node& node, const std::string& prefix);

void WriteValue(base::JsonWriter& json, const Node& node) {
  if (node.values != nullptr) {
    if (node.values->size() == 1) {
      WriteScalar(json, node.values->front());
      return;
    }
    json.BeginArray();
    for (const Scalar& value : *node.values) WriteScalar(json, value);
    json.EndArray();
    return;
  }
  if (!node.elements.empty()) {
    json.BeginArray();
    for (const auto& [mark, element] : node.elements) WriteValue(json, element);
    json.EndArray();
    return;
  }
  json.BeginObject();
  WriteMembers(json, node, {});
  json.EndObject();
}

void WriteMembers(base::JsonWriter& json, const Node& node, const std::string& prefix) {
  for (const auto& [name, member] : node.members) {
    const std::string key = prefix.empty() ? name : prefix + "." + name;
    const bool plain = member.values != nullptr || !member.elements.empty();
    json.Key(key);
    WriteValue(json, member);
    // A field that has a value and fields below it: those get dotted keys.
    if (plain && !member.members.empty()) WriteMembers(json, member, key);
  }
}

}  // namespace

std::string DocumentOf(const Valuation& values, std::uint32_t event) {
  Node root;
  for (const auto& [variable, list] : values) {
    if (variable.event == event && !list.empty()) Place(root, variable.path).values = &list;
  }
  std::string out;
  base::JsonWriter json(out);
  WriteValue(json, root);
  return out;
}

}  // namespace vedette::rules
