// SPDX-License-Identifier: Apache-2.0
#include "rules/proof_test_file.h"

#include <fmt/format.h>

#include "rules/toml_writer.h"

namespace vedette::rules {
namespace {

/// A TOML string on one line: literal where the text allows it, since JSON is full of quotes.
std::string Quoted(const std::string& text) {
  bool literal = text.find("'''") == std::string::npos && !text.ends_with('\'');
  for (const char c : text) literal = literal && static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
  if (literal) return "'''" + text + "'''";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04X}", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace

std::string TestFileText(const Proof& proof) {
  TomlWriter toml;
  for (const ProofStream& stream : proof.streams) {
    if (stream.may_fire) continue;
    toml.ArrayTable("case");
    toml.Raw("name", Quoted(stream.name));
    toml.Bool("fires", stream.must_fire());
    if (stream.events.size() == 1) {
      toml.Raw("event", Quoted(stream.events[0]));
      continue;
    }
    std::string list = "[\n";
    for (const std::string& event : stream.events) list += "  " + Quoted(event) + ",\n";
    toml.Raw("events", list + "]");
  }
  return "# Made by `vedette rules prove --write` from the rule's query.\n" +
         std::move(toml).Take();
}

}  // namespace vedette::rules
