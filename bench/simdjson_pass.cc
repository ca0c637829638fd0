// SPDX-License-Identifier: Apache-2.0
// simdjson_pass FILE
// The yardstick: reads NDJSON once from front to back with simdjson's on-demand API, one iterate
// per line, and takes the values of 47 ECS paths, as a scanner must at the very least. Prints one
// JSON object with a checksum and the seconds of thread CPU.
#include <fcntl.h>
#include <fmt/format.h>
#include <simdjson.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::array kPaths = std::to_array<std::string_view>({
    "@timestamp",
    "agent.id",
    "agent.type",
    "data_stream.dataset",
    "data_stream.namespace",
    "destination.ip",
    "destination.port",
    "event.action",
    "event.category",
    "event.code",
    "event.dataset",
    "event.id",
    "event.ingested",
    "event.kind",
    "event.module",
    "event.outcome",
    "event.sequence",
    "event.type",
    "file.extension",
    "file.name",
    "file.path",
    "file.size",
    "host.hostname",
    "host.id",
    "host.name",
    "host.os.type",
    "message",
    "network.transport",
    "process.args",
    "process.args_count",
    "process.command_line",
    "process.entity_id",
    "process.executable",
    "process.hash.sha256",
    "process.name",
    "process.parent.args",
    "process.parent.command_line",
    "process.parent.entity_id",
    "process.parent.executable",
    "process.parent.name",
    "process.parent.pid",
    "process.pid",
    "process.working_directory",
    "source.ip",
    "source.port",
    "user.id",
    "user.name",
});
static_assert(kPaths.size() == 47);

/// The paths as a tree by member name. A node without children is wanted itself.
struct Node {
  std::string name;
  std::vector<Node> children;
};

Node PathTree() {
  Node root;
  for (std::string_view path : kPaths) {
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

/// Counts and sums, so that nothing can be left out as unused.
struct Taken {
  std::uint64_t values = 0;
  std::uint64_t sum = 0;

  void Add(std::string_view text) {
    ++values;
    sum = sum * 31 + text.size();
    if (!text.empty()) sum += static_cast<unsigned char>(text.back());
  }
};

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

double ThreadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Pass {
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
  std::uint64_t failed = 0;
  Taken taken;
};

/// False when the file cannot be read. A line longer than the buffer ends the pass with an error.
bool Run(int file, Pass& pass) {
  constexpr std::size_t kCapacity = std::size_t{8} << 20U;
  const Node root = PathTree();
  ondemand::parser parser;
  const auto buffer = std::make_unique<char[]>(kCapacity + simdjson::SIMDJSON_PADDING);
  std::size_t held = 0;
  for (;;) {
    const ssize_t got = read(file, buffer.get() + held, kCapacity - held);
    if (got < 0 || (got == 0 && held == kCapacity)) return false;
    pass.bytes += static_cast<std::uint64_t>(got);
    held += static_cast<std::size_t>(got);
    if (got == 0 && held != 0 && buffer[held - 1] != '\n') buffer[held++] = '\n';
    std::size_t begin = 0;
    while (const void* end = std::memchr(buffer.get() + begin, '\n', held - begin)) {
      const char* line = buffer.get() + begin;
      const auto size = static_cast<std::size_t>(static_cast<const char*>(end) - line);
      begin += size + 1;
      if (size == 0) continue;
      ondemand::document document;
      ondemand::object object;
      // What follows the line in the buffer serves as padding.
      auto error = parser.iterate(line, size, size + simdjson::SIMDJSON_PADDING).get(document);
      if (!error) error = document.get_object().get(object);
      if (!error) error = TakeObject(object, root, pass.taken);
      ++pass.events;
      if (error) ++pass.failed;
    }
    std::memmove(buffer.get(), buffer.get() + begin, held - begin);
    held -= begin;
    if (got == 0) return held == 0;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: simdjson_pass FILE\n");
    return 2;
  }
  const int file = open(argv[1], O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    fmt::print(stderr, "simdjson_pass: cannot open {}\n", argv[1]);
    return 3;
  }
  Pass pass;
  const double begun = ThreadSeconds();
  const bool read_all = Run(file, pass);
  const double seconds = ThreadSeconds() - begun;
  close(file);
  if (!read_all) {
    fmt::print(stderr, "simdjson_pass: cannot read {} to its end\n", argv[1]);
    return 3;
  }
  fmt::print(
      "{{\"events\":{},\"bytes\":{},\"failed\":{},\"values\":{},\"checksum\":\"{:016x}\","
      "\"cpu_seconds\":{:.6f}}}\n",
      pass.events, pass.bytes, pass.failed, pass.taken.values, pass.taken.sum, seconds);
  return pass.failed == 0 ? 0 : 1;
}
