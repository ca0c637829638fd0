// SPDX-License-Identifier: Apache-2.0
// Audit log lines, as hostile as they come: no crash, bounds kept, every document writable as JSON
// and readable again, and the same input gives the same documents.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "event/json_reader.h"
#include "sources/audit_log.h"
#include "sources/audit_record.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

std::string Decode(std::string_view input, vedette::sources::AuditAssembler::Limits limits) {
  vedette::base::Arena arena;
  vedette::event::JsonReader reader;
  vedette::sources::AuditLogDecoder decoder({}, limits);
  std::string all;
  const auto sink = [&](vedette::event::Value document) {
    std::string json;
    vedette::event::WriteJson(document, json);
    Require(reader.Read(json, arena).has_value());
    Require(!reader.utf8_repaired());
    all += json;
    all += '\n';
  };
  while (!input.empty()) {
    const std::size_t end = input.find('\n');
    const std::string_view line = input.substr(0, end);
    const bool accepted = decoder.Line(line, arena, sink);
    Require(!accepted || vedette::sources::LooksLikeAuditLine(line));
    Require(decoder.open_events() <= limits.max_events);
    input = end == std::string_view::npos ? std::string_view() : input.substr(end + 1);
  }
  decoder.Flush(arena, sink);
  Require(decoder.open_events() == 0);
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  vedette::sources::AuditAssembler::Limits limits;
  if ((data[0] & 1) != 0) {
    limits.later_events = 2;
    limits.max_events = 3;
    limits.max_records = 4;
    limits.max_event_bytes = 2000;
    limits.max_total_bytes = 3000;
  }
  const std::string input(reinterpret_cast<const char*>(data) + 1, size - 1);
  Require(Decode(input, limits) == Decode(input, limits));
  return 0;
}
