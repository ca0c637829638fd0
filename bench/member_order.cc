// SPDX-License-Identifier: Apache-2.0
#include "member_order.h"

#include <utility>
#include <vector>

namespace vedette::bench {
namespace {

struct Member {
  std::string key;  ///< without quotes
  std::string_view value;
};

/// The end of the JSON value or key that begins at `at`.
std::size_t EndOfValue(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
      }
      if (depth == 0) return at + 1;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return at;
      if (--depth == 0) return at + 1;
    } else if (c == ',' && depth == 0) {
      return at;
    }
  }
  return at;
}

std::vector<Member> MembersOf(std::string_view object) {
  std::vector<Member> members;
  std::size_t at = 1;
  while (at < object.size() && object[at] == '"') {
    const std::size_t key_end = EndOfValue(object, at);
    const std::size_t value_end = EndOfValue(object, key_end + 1);
    members.push_back({std::string(object.substr(at + 1, key_end - at - 2)),
                       object.substr(key_end + 1, value_end - key_end - 1)});
    at = value_end + 1;
  }
  return members;
}

}  // namespace

void AppendReordered(std::string_view document, const MemberOrder& order, Random& random,
                     std::string& out) {
  std::vector<Member> members;
  for (Member& member : MembersOf(document)) {
    if (!member.value.starts_with('{') || random.Below(100) >= order.dotted) {
      members.push_back(std::move(member));
      continue;
    }
    for (Member& inner : MembersOf(member.value)) {
      members.push_back({member.key + "." + inner.key, inner.value});
    }
  }
  if (random.Below(100) < order.shuffled) {
    for (std::size_t i = members.size(); i > 1; --i) {
      std::swap(members[i - 1], members[random.Below(i)]);
    }
  }
  out += '{';
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i != 0) out += ',';
    out += '"';
    out += members[i].key;
    out += "\":";
    out += members[i].value;
  }
  out += '}';
}

}  // namespace vedette::bench
