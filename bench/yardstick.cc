// SPDX-License-Identifier: Apache-2.0
#include "yardstick.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace vedette::bench {
namespace {

namespace ondemand = simdjson::ondemand;

static_assert(kTextPadding >= simdjson::SIMDJSON_PADDING);
constexpr std::size_t kBatchBytes = std::size_t{1} << 20U;

/// The paths as a tree by member name. A node without children is wanted itself.
struct Node {
  std::string name;
  std::vector<Node> children;
};

Node PathTree(std::span<const std::string_view> paths) {
  Node root;
  for (std::string_view path : paths) {
    Node* node = &root;
    while (!path.empty()) {
      const std::string_view name = path.substr(0, path.find('.'));
      path.remove_prefix(std::min(path.size(), name.size() + 1));
      Node* next = nullptr;
      for (Node& child : node->children) {
        if (child.name == name) next = &child;
      }
      if (next == nullptr) {
        node->children.push_back({std::string(name), {}});
        next = &node->children.back();
      }
      node = next;
    }
  }
  return root;
}

simdjson::error_code TakeValue(ondemand::value value, Taken& taken) {
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  switch (type) {
    case ondemand::json_type::string: {
      std::string_view text;
      if (const auto error = value.get_string().get(text)) return error;
      taken.Add(text);
      return simdjson::SUCCESS;
    }
    case ondemand::json_type::number: {
      double number = 0;
      if (const auto error = value.get_double().get(number)) return error;
      ++taken.values;
      taken.sum = taken.sum * 31 + static_cast<std::uint64_t>(number);
      return simdjson::SUCCESS;
    }
    case ondemand::json_type::array: {
      ondemand::array array;
      if (const auto error = value.get_array().get(array)) return error;
      for (auto element : array) {
        ondemand::value item;
        if (const auto error = std::move(element).get(item)) return error;
        if (const auto error = TakeValue(item, taken)) return error;
      }
      return simdjson::SUCCESS;
    }
    case ondemand::json_type::object:
    case ondemand::json_type::boolean:
    case ondemand::json_type::null:
      return simdjson::SUCCESS;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code TakeObject(ondemand::object object, const Node& node, Taken& taken) {
  for (auto member : object) {
    ondemand::field field;
    if (const auto error = std::move(member).get(field)) return error;
    for (const Node& child : node.children) {
      if (!field.key().unsafe_is_equal(child.name)) continue;
      if (child.children.empty()) {
        if (const auto error = TakeValue(field.value(), taken)) return error;
      } else {
        ondemand::object inner;
        if (field.value().get_object().get(inner)) break;
        if (const auto error = TakeObject(inner, child, taken)) return error;
      }
      break;
    }
  }
  return simdjson::SUCCESS;
}

/// Calls `line` for every line that is not empty.
template <typename Line>
void ForEachLine(std::string_view text, Line&& line) {
  while (!text.empty()) {
    const void* end = std::memchr(text.data(), '\n', text.size());
    const std::size_t size =
        end == nullptr ? text.size()
                       : static_cast<std::size_t>(static_cast<const char*>(end) - text.data());
    if (size != 0) line(text.substr(0, size));
    text.remove_prefix(std::min(text.size(), size + 1));
  }
}

}  // namespace

struct Yardstick::Impl {
  explicit Impl(std::span<const std::string_view> paths) : root(PathTree(paths)) {}

  Node root;
  ondemand::parser on_demand;
  simdjson::dom::parser dom;
  std::unique_ptr<simdjson::internal::dom_parser_implementation> indexer;
};

Yardstick::Yardstick(std::span<const std::string_view> paths) : impl_(new Impl(paths)) {}
Yardstick::~Yardstick() = default;

void Yardstick::Pass47(std::string_view text, Taken& taken) {
  ForEachLine(text, [&](std::string_view line) {
    ondemand::document document;
    ondemand::object object;
    // What follows the line in the text serves as padding.
    auto error =
        impl_->on_demand.iterate(line.data(), line.size(), line.size() + simdjson::SIMDJSON_PADDING)
            .get(document);
    if (!error) error = document.get_object().get(object);
    if (!error) error = TakeObject(object, impl_->root, taken);
    ++taken.events;
    if (error) ++taken.failed;
  });
}

void Yardstick::Dom(std::string_view text, Taken& taken) {
  ForEachLine(text, [&](std::string_view line) {
    simdjson::dom::element element;
    const auto error = impl_->dom.parse(line.data(), line.size(), false).get(element);
    ++taken.events;
    if (error) ++taken.failed;
  });
}

void Yardstick::StructuralIndex(std::string_view text, Taken& taken) {
  auto& indexer = impl_->indexer;
  if (indexer == nullptr) {
    const auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
        2 * kBatchBytes, 64, indexer);
    if (error) {
      ++taken.failed;
      return;
    }
  }
  while (!text.empty()) {
    std::size_t size = std::min(text.size(), kBatchBytes);
    if (size < text.size()) {
      const std::size_t cut = text.rfind('\n', size - 1);
      if (cut != std::string_view::npos) size = cut + 1;
    }
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    if (indexer->stage1(bytes, size, simdjson::stage1_mode::regular)) ++taken.failed;
    taken.sum += indexer->n_structural_indexes;
    ++taken.events;
    text.remove_prefix(size);
  }
}

void Yardstick::Lines(std::string_view text, Taken& taken) {
  ForEachLine(text, [&](std::string_view line) {
    ++taken.events;
    taken.sum += line.size();
  });
}

std::string_view Yardstick::InstructionSet() {
  static const std::string name = simdjson::get_active_implementation()->name();
  return name;
}

}  // namespace vedette::bench
