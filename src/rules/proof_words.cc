// SPDX-License-Identifier: Apache-2.0
// The search for a text that several automata accept and others do not.
#include <algorithm>
#include <queue>
#include <unordered_set>

#include "eql/text.h"
#include "rules/proof_language.h"

namespace vedette::rules {
namespace {

using States = Language::States;

constexpr std::size_t kMaxWord = 20'000;
/// What may stand where a pattern leaves a character open. Several, so that a forbidden pattern can
/// be sidestepped.
constexpr std::u32string_view kFillers = U"ax7_z";

struct Node {
  std::vector<States> in, out;
  std::uint32_t parent;
  char32_t character;
  std::uint32_t length;
};

void AppendKey(std::string& key, const std::vector<States>& sets) {
  for (const States& states : sets) {
    for (const std::uint32_t state : states) {
      key.append(reinterpret_cast<const char*>(&state), sizeof(state));
    }
    key.append("\xff\xff\xff\xff", 4);
  }
}

class Search {
 public:
  Search(std::span<const Language* const> in, std::span<const Language* const> out,
         std::size_t max_nodes)
      : in_(in), out_(out), max_nodes_(max_nodes) {}

  WordSearch Run(std::size_t count) {
    WordSearch found;
    Node root{{}, {}, 0, 0, 0};
    for (const Language* language : in_) root.in.push_back(language->Start());
    for (const Language* language : out_) root.out.push_back(language->Start());
    const bool empty_accepted = Accepted(root);
    Push(std::move(root));
    while (!queue_.empty() && found.words.size() < count) {
      const std::uint32_t at = queue_.top().node;
      queue_.pop();
      if (nodes_[at].length > 0 && Accepted(nodes_[at])) found.words.push_back(WordOf(at));
      if (nodes_.size() >= max_nodes_) {
        found.complete = false;
        break;
      }
      Expand(at);
    }
    if (found.words.empty() && empty_accepted) found.words.emplace_back();
    return found;
  }

 private:
  struct Entry {
    std::uint64_t cost;
    std::uint32_t node;
    // Cheapest first; among equals the longest way gone, which keeps the search narrow.
    bool operator<(const Entry& other) const {
      return cost != other.cost ? cost > other.cost : node < other.node;
    }
  };

  bool Accepted(const Node& node) const {
    for (std::size_t i = 0; i < in_.size(); ++i) {
      if (!in_[i]->Accepts(node.in[i])) return false;
    }
    for (std::size_t i = 0; i < out_.size(); ++i) {
      if (out_[i]->Accepts(node.out[i])) return false;
    }
    return true;
  }

  void Push(Node node) {
    std::uint64_t remaining = 0;
    for (std::size_t i = 0; i < in_.size(); ++i) {
      const std::uint32_t distance = in_[i]->Distance(node.in[i]);
      if (distance == Language::kUnreachable) return;
      remaining += distance;
    }
    for (std::size_t i = 0; i < out_.size(); ++i) {
      if (out_[i]->AcceptsAll(node.out[i])) return;
    }
    std::string key;
    AppendKey(key, node.in);
    AppendKey(key, node.out);
    // The empty word's state may return after characters; it is a node of its own.
    if (node.length > 0 && !seen_.insert(std::move(key)).second) return;
    const std::uint64_t cost = node.length + 2 * remaining;
    nodes_.push_back(std::move(node));
    queue_.push({cost, static_cast<std::uint32_t>(nodes_.size() - 1)});
  }

  void Expand(std::uint32_t at) {
    if (nodes_[at].length >= kMaxWord) return;
    std::vector<char32_t> characters;
    bool open = in_.empty();
    for (std::size_t i = 0; i < in_.size(); ++i) {
      bool here = false;
      in_[i]->Characters(nodes_[at].in[i], characters, here);
      open = open || here;
    }
    if (open) characters.insert(characters.end(), kFillers.begin(), kFillers.end());
    std::vector<char32_t> unique;
    for (const char32_t c : characters) {
      if (std::find(unique.begin(), unique.end(), c) == unique.end()) unique.push_back(c);
    }
    // Nodes pushed later win ties; the preferred character goes last.
    std::reverse(unique.begin(), unique.end());
    for (const char32_t c : unique) {
      Node next{{}, {}, at, c, nodes_[at].length + 1};
      next.in.reserve(in_.size());
      bool dead = false;
      for (std::size_t i = 0; i < in_.size() && !dead; ++i) {
        next.in.push_back(in_[i]->Step(nodes_[at].in[i], c));
        dead = next.in.back().empty();
      }
      if (dead) continue;
      for (std::size_t i = 0; i < out_.size(); ++i) {
        next.out.push_back(out_[i]->Step(nodes_[at].out[i], c));
      }
      Push(std::move(next));
    }
  }

  std::string WordOf(std::uint32_t at) const {
    std::u32string reversed;
    for (; nodes_[at].length > 0; at = nodes_[at].parent) reversed.push_back(nodes_[at].character);
    std::string word;
    for (auto c = reversed.rbegin(); c != reversed.rend(); ++c) eql::AppendUtf8(word, *c);
    return word;
  }

  std::span<const Language* const> in_, out_;
  std::size_t max_nodes_;
  std::vector<Node> nodes_;
  std::priority_queue<Entry> queue_;
  std::unordered_set<std::string> seen_;
};

}  // namespace

WordSearch FindWords(std::span<const Language* const> in, std::span<const Language* const> out,
                     std::size_t count, std::size_t max_nodes) {
  return Search(in, out, max_nodes).Run(count);
}

}  // namespace vedette::rules
