// SPDX-License-Identifier: Apache-2.0
#include "sources/sentinelone_funnel_keys.h"

#include <algorithm>
#include <string>
#include <utility>

namespace vedette::sources {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// Whole keys that keep their dots as underscores.
constexpr Pair kWhole[] = {
    {"account.id", "account_id"},
    {"meta.event.name", "meta_event_name"},
    {"os.name", "os_name"},
    {"packet.id", "packet_id"},
    {"process.unique.key", "process_unique_key"},
    {"trace.id", "trace_id"},
};

// Ends of keys that do.
constexpr Pair kEnds[] = {
    {"ip.address", "ip_address"},
    {"port.number", "port_number"},
    {"storyline.id", "storyline_id"},
};

// Families of camel-case keys that become an object each. Longer names before their prefixes.
constexpr Pair kFamilies[] = {
    {"crossProcessDup", "cross_process.dup."},
    {"crossProcess", "cross_process."},
    {"indicator", "indicator."},
    {"netConn", "net_conn."},
    {"tgtFile", "tgt_file."},
    {"activeContent", "active_content."},
};

// Parts that camel case alone does not explain.
constexpr Pair kParts[] = {
    {"cmdline", "cmd_line"},
    {"isNative64Bit", "is_native_64_bit"},
    {"user", "user.name"},
    {"Infostealer", "info_stealer"},
};

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsWord(char c) { return IsUpper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// "verifiedStatus" -> "verified_status"; what is no ASCII letter or digit (™) vanishes, `:` and `-`
// part words.
void AppendSnake(std::string& out, std::string_view part) {
  const std::size_t start = out.size();
  for (const char c : part) {
    if (IsUpper(c)) {
      if (out.size() > start && out.back() != '_') out += '_';
      out += static_cast<char>(c - 'A' + 'a');
    } else if (IsWord(c)) {
      out += c;
    } else if (c == '-' || c == '_') {
      out += '_';
    }
  }
}

void AppendPart(std::string& out, std::string_view part) {
  for (const auto& [family, object] : kFamilies) {
    if (part.size() > family.size() && part.starts_with(family) && IsUpper(part[family.size()])) {
      out += object;
      part.remove_prefix(family.size());
      break;
    }
  }
  for (const auto& [special, name] : kParts) {
    if (part == special) {
      out += name;
      return;
    }
    if (special == "Infostealer" && part.starts_with(special)) {
      out += name;
      part.remove_prefix(special.size());
      if (!part.empty()) out += '_';
    }
  }
  if (part == "activeContent") {
    out += "active_content";
    return;
  }
  AppendSnake(out, part);
}

}  // namespace

std::string_view FunnelVendorPath(std::string_view key, base::Arena& arena) {
  for (const auto& [raw, path] : kWhole) {
    if (raw == key) return path;
  }
  if (key.starts_with("event.")) key.remove_prefix(6);
  std::string_view tail;
  for (const auto& [raw, path] : kEnds) {
    if (key.ends_with(raw) &&
        (key.size() == raw.size() || key[key.size() - raw.size() - 1] == '.')) {
      key.remove_suffix(raw.size());
      tail = path;
    }
  }
  std::string out;
  while (!key.empty()) {
    // `sca:ingestTime` has a colon for a dot.
    const std::size_t end = std::min(key.find_first_of(".:"), key.size());
    AppendPart(out, key.substr(0, end));
    key.remove_prefix(end);
    if (key.empty()) break;
    out += '.';
    key.remove_prefix(1);
  }
  out += tail;
  return arena.Copy(out);
}

FunnelKeep FunnelKeepOf(std::string_view key) {
  for (const std::string_view end :
       {"event.time", "startTime", "creationTime", "modificationTime", "ngestTime"}) {
    if (key.ends_with(end)) return FunnelKeep::kMilliseconds;
  }
  if (key == "tgt.process.pid" || key.ends_with(".sessionId")) return FunnelKeep::kText;
  return FunnelKeep::kVerbatim;
}

}  // namespace vedette::sources
