// SPDX-License-Identifier: Apache-2.0
// One raw Cloud Funnel 2.0 record as the ECS document that the integration's pipeline makes of it.
// The mapping, and where we part from it: docs/reference/sources/sentinelone-cloud-funnel.md.
#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/glob.h"
#include "sources/command_line_split.h"
#include "sources/decoder.h"
#include "sources/ecs_builder.h"
#include "sources/raw_value.h"
#include "sources/sentinelone_funnel_keys.h"

namespace vedette::sources {
namespace {

using event::Member;
using event::Value;

// Records have some 120 members; the builder finds siblings one by one, so this bounds its work.
constexpr std::size_t kMaxVendorMembers = 2048;

std::string_view Lower(std::string_view text, base::Arena& arena) {
  const std::span<char> lower = arena.NewArray<char>(text.size());
  std::transform(text.begin(), text.end(), lower.begin(), base::AsciiLower);
  return {lower.data(), lower.size()};
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), text) != names.end();
}

// The pipeline halves backslashes in the line before it parses: a run of n becomes one of n/2,
// rounded up.
Value HalveBackslashes(const Value& value, base::Arena& arena) {
  const std::string_view text = TextOf(value);
  if (!Contains(text, "\\\\")) return value;
  const std::span<char> out = arena.NewArray<char>(text.size());
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out[size++] = text[i];
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '\\') ++i;
  }
  return Value::String({out.data(), size});
}

// Both quotes go, even when they belong to different arguments.
Value WithoutOuterQuotes(const Value& value) {
  const std::string_view text = TextOf(value);
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return value;
  return Value::String(text.substr(1, text.size() - 2));
}

enum class Kind : char {
  kProcess,
  kCrossProcess,
  kFile,
  kNetwork,
  kDns,
  kUrl,
  kLogin,
  kModule,
  kRegistry,
  kTask,
  kThreat,
  kIndicator,
  kCommand,
  kOther,
};

Kind KindOf(std::string_view category) {
  if (Contains(category, "cross")) return Kind::kCrossProcess;
  if (Contains(category, "process")) return Kind::kProcess;
  if (Contains(category, "file")) return Kind::kFile;
  if (Contains(category, "command")) return Kind::kCommand;  // before ip: "command_script"
  if (Contains(category, "ip")) return Kind::kNetwork;
  if (Contains(category, "dns")) return Kind::kDns;
  if (Contains(category, "url")) return Kind::kUrl;
  if (Contains(category, "login") || Contains(category, "logout")) return Kind::kLogin;
  if (Contains(category, "module")) return Kind::kModule;
  if (Contains(category, "registry")) return Kind::kRegistry;
  if (Contains(category, "schedule")) return Kind::kTask;
  if (Contains(category, "threat"))
    return Kind::kThreat;  // before indicator: "threat_…_indicators"
  if (Contains(category, "indicator")) return Kind::kIndicator;
  return Kind::kOther;
}

enum class As : char { kText, kInteger, kTime };

struct ProcessField {
  std::string_view raw;     ///< after "tgt.process." and the like
  std::string_view own;     ///< where it goes for the process itself
  std::string_view parent;  ///< where for the parent
  As as = As::kText;
};

constexpr ProcessField kProcessFields[] = {
    {"name", "process.name", "process.parent.name"},
    {"image.path", "process.executable", "process.parent.executable"},
    {"pid", "process.pid", "process.parent.pid", As::kInteger},
    {"uid", "process.entity_id", "process.parent.entity_id"},
    {"displayName", "process.title", "process.parent.title"},
    {"startTime", "process.start", "process.parent.start", As::kTime},
    {"image.md5", "process.hash.md5", "process.parent.hash.md5"},
    {"image.sha1", "process.hash.sha1", "process.parent.hash.sha1"},
    {"image.sha256", "process.hash.sha256", "process.parent.hash.sha256"},
    {"user", "process.user.name", "process.parent.user.name"},
    {"eUserUid", "process.user.id", "process.parent.user.id"},
    {"rUserUid", "process.real_user.id", "process.parent.real_user.id"},
    {"rUserName", "process.real_user.name", "process.parent.real_user.name"},
};

class Decoder {
 public:
  Decoder(const Value& record, base::Arena& arena) : record_(record), arena_(arena), out_(arena) {}

  Value Decode() {
    kind_ = KindOf(Lower(Text("event.category"), arena_));
    Common();
    if (kind_ == Kind::kProcess) {
      Process("tgt.process.", false);
      Process("src.process.", true);
      // Upstream sets the started process's signature and then moves the object it set it on.
      Signature("tgt.process.", true);
    } else {
      Process("src.process.", false);
      Process("src.process.parent.", true);
      Signature("src.process.", false);
    }
    ByKind();
    Vendor();
    return out_.Build();
  }

 private:
  Value Raw(std::string_view key) const { return HalveBackslashes(record_.Get(key), arena_); }
  std::string_view Text(std::string_view key) const { return TextOf(Raw(key)); }
  void MoveText(std::string_view path, std::string_view key) {
    out_.Set(path, AsText(Raw(key), arena_));
  }
  void MoveTime(std::string_view path, std::string_view key) {
    out_.Set(path, IsoText(TimeFromMilliseconds(Raw(key)), arena_));
  }
  void SetList(std::string_view path, std::string_view blank_separated) {
    out_.Set(path, SplitText(blank_separated, " ", arena_));
  }

  void Common() {
    MoveTime("@timestamp", "event.time");
    MoveText("event.id", "event.id");
    out_.SetText("event.kind", "event");
    MoveText("host.hostname", "endpoint.name");
    MoveText("host.id", "agent.uuid");
    MoveText("host.os.platform", "endpoint.os");
    const std::string_view os = Text("endpoint.os");
    if (IsOneOf(os, {"linux", "windows", "macos", "ios", "android"})) {
      out_.SetText("host.os.type", os);
    }
    MoveText("host.os.name", "os.name");
    MoveText("host.type", "endpoint.type");
    MoveText("group.id", "group.id");
    const std::string_view user = Text("src.process.user");
    const std::size_t slash = user.find('\\');
    if (slash == std::string_view::npos) {
      out_.SetText("user.name", user);
    } else {
      out_.SetText("user.domain", user.substr(0, slash));
      out_.SetText("user.name", user.substr(slash + 1));
    }
  }

  static std::string Join(std::string_view prefix, std::string_view name) {
    return std::string(prefix).append(name);
  }

  Value CommandLine(std::string_view key) const {
    const Value line = Raw(key);
    return key == "src.process.parent.cmdline" || key == "tgt.process.cmdline"
               ? WithoutOuterQuotes(line)
               : line;
  }

  void Process(std::string_view prefix, bool parent) {
    for (const ProcessField& field : kProcessFields) {
      // The pipeline has no step for this one hash.
      if (prefix == "src.process.parent." && field.raw == "image.md5") continue;
      const std::string_view path = parent ? field.parent : field.own;
      const Value raw = Raw(Join(prefix, field.raw));
      switch (field.as) {
        case As::kText:
          out_.Set(path, AsText(raw, arena_));
          break;
        case As::kInteger:
          out_.Set(path, AsInteger(raw));
          break;
        case As::kTime:
          out_.Set(path, IsoText(TimeFromMilliseconds(raw), arena_));
          break;
      }
    }
    const std::string_view line = TextOf(CommandLine(Join(prefix, "cmdline")));
    if (line.empty()) return;
    out_.SetText(parent ? "process.parent.command_line" : "process.command_line", line);
    const Value args = SplitCommandLine(line, arena_);
    if (args.list().empty()) return;
    out_.Set(parent ? "process.parent.args" : "process.args", args);
    out_.Set(parent ? "process.parent.args_count" : "process.args_count",
             Value::Integer(static_cast<std::int64_t>(args.list().size())));
  }

  void Signature(std::string_view prefix, bool parent) {
    const std::string_view is_signed = Text(Join(prefix, "signedStatus"));
    const std::string_view verified = Text(Join(prefix, "verifiedStatus"));
    if (IsOneOf(is_signed, {"signed", "unsigned"})) {
      out_.SetBoolean(
          parent ? "process.parent.code_signature.exists" : "process.code_signature.exists",
          is_signed == "signed");
    }
    if (!verified.empty()) {
      out_.SetBoolean(
          parent ? "process.parent.code_signature.trusted" : "process.code_signature.trusted",
          verified == "verified");
    }
    MoveText(parent ? "process.parent.code_signature.subject_name"
                    : "process.code_signature.subject_name",
             Join(prefix, "publisher"));
  }

  void Class(std::string_view category, std::string_view type, std::string_view action) {
    SetList("event.category", category);
    SetList("event.type", type);
    SetList("event.action", action);
  }

  void ByKind() {
    switch (kind_) {
      case Kind::kProcess:
        return ProcessClass();
      case Kind::kCrossProcess:
        return Class("process", "info", "");
      case Kind::kFile:
        return File();
      case Kind::kNetwork:
        return Network();
      case Kind::kDns:
        return Dns();
      case Kind::kLogin:
        return Login();
      case Kind::kUrl:
        Class("network", "info", "");
        return MoveText("url.original", "event.url.original");
      case Kind::kModule:
        return Class("library", "info", "");
      case Kind::kRegistry:
        return Class("registry", "info", "");
      case Kind::kTask:
        return Class("configuration", "info", "");
      case Kind::kThreat:
      case Kind::kIndicator:
        return Class("threat", "indicator", "");
      case Kind::kCommand:
        return Class("process", "info", "");
      case Kind::kOther:
        return;
    }
  }

  void ProcessClass() {
    const std::string_view type = Text("event.type");
    std::string_view what;
    if (Text("meta.event.name") == "PROCESSCREATION") {
      what = "start";
    } else if (IsOneOf(type, {"ProcessExit", "ProcessTermination", "Process Exit",
                              "Process Termination"})) {
      what = "end";
    }
    Class("process", what, what);
  }

  void File() {
    const std::string_view type = Lower(Text("event.type"), arena_);
    if (Contains(type, "creat")) {
      Class("file", "creation", "creation");
    } else if (Contains(type, "delet")) {
      Class("file", "deletion", "deletion");
    } else if (Contains(type, "change") || Contains(type, "modif")) {
      Class("file", "change", "change");
    } else if (Contains(type, "rename")) {
      Class("file", "change", "rename");
    } else {
      Class("file", "info", "");
    }
    MoveText("file.path", "tgt.file.path");
    MoveText("file.type", "tgt.file.type");
    out_.Set("file.size", AsInteger(Raw("tgt.file.size")));
    MoveText("file.hash.md5", "tgt.file.md5");
    MoveText("file.hash.sha1", "tgt.file.sha1");
    MoveText("file.hash.sha256", "tgt.file.sha256");
    MoveTime("file.created", "tgt.file.creationTime");
    MoveTime("file.mtime", "tgt.file.modificationTime");
    const std::string_view path = Text("tgt.file.path");
    const PathParts parts = SplitPath(path);
    out_.SetText("file.name", parts.name);
    out_.SetText("file.directory", parts.directory);
    if (path.size() > 2 && path[1] == ':' && path[2] == '\\') {
      out_.SetText("file.drive_letter", path.substr(0, 1));
    }
    if (Text("tgt.file.type") == "file") out_.SetText("file.extension", parts.extension);
    MoveText("file.extension", "tgt.file.extension");
  }

  void Network() {
    const std::string_view direction = Text("event.network.direction");
    const bool outgoing = direction == "OUTGOING";
    const bool incoming = direction == "INCOMING";
    if (IsOneOf(Text("event.type"), {"IPConnect", "IP Connect"})) {
      Class("network", "start connection",
            outgoing   ? "connection_attempted"
            : incoming ? "connection_accepted"
                       : "");
    } else {
      const bool both = !Text("src.ip.address").empty() && !Text("dst.ip.address").empty();
      Class("network", both ? "connection" : "info", "");
    }
    MoveText("source.ip", "src.ip.address");
    out_.Set("source.port", AsInteger(Raw("src.port.number")));
    MoveText("destination.ip", "dst.ip.address");
    MoveText("destination.address", "dst.ip.address");
    out_.Set("destination.port", AsInteger(Raw("dst.port.number")));
    if (outgoing || incoming) {
      out_.SetText("network.direction", outgoing ? "egress" : "ingress");
    }
    out_.SetText("network.protocol", Lower(Text("event.network.protocolName"), arena_));
    const std::string_view status = Lower(Text("event.network.connectionStatus"), arena_);
    out_.SetText("event.outcome", status == "blocked" ? "unknown" : status);
  }

  // "type: 28 example.org", or the bare name.
  void Dns() {
    Class("network", "info protocol", "lookup_requested");
    const std::string_view request = Text("event.dns.request");
    const Value parts = SplitText(request, " \t", arena_);
    if (parts.is_list() && parts.list().size() == 3) {
      out_.SetText("dns.question.type", DnsTypeName(parts.list()[1].text()));
      out_.Set("dns.question.name", parts.list()[2]);
    } else {
      out_.SetText("dns.question.name", request);
    }
    DnsAddresses();
  }

  // "type:  5 name;::ffff:192.0.2.1;…": of the answers only the addresses are of use to a rule.
  void DnsAddresses() {
    const Value answers = SplitText(Text("event.dns.response"), ";", arena_);
    if (answers.is_null()) return;
    const std::span<Value> addresses = arena_.NewArray<Value>(answers.list().size());
    std::size_t count = 0;
    for (const Value& answer : answers.list()) {
      std::string_view text = answer.text();
      if (text.starts_with("type:")) continue;
      if (text.starts_with("::ffff:") && Contains(text, ".")) text.remove_prefix(7);
      addresses[count++] = Value::String(text);
    }
    if (count > 0) out_.Set("dns.resolved_ip", Value::List(addresses.first(count)));
  }

  void Login() {
    const std::string_view type = Text("event.type");
    Class("authentication", type == "Login" ? "start" : type == "Logout" ? "end" : "info", "");
    MoveText("user.name", "event.login.userName");
    MoveText("host.ip", "src.endpoint.ip.address");
  }

  Value Kept(const Member& member) {
    const Value value = HalveBackslashes(member.value, arena_);
    switch (FunnelKeepOf(member.key)) {
      case FunnelKeep::kMilliseconds: {
        const Value time = IsoText(TimeFromMilliseconds(value), arena_);
        return time.is_null() ? value : time;
      }
      case FunnelKeep::kText:
        return AsText(value, arena_);
      case FunnelKeep::kVerbatim:
        return value;
    }
    return value;
  }

  void Vendor() {
    EcsBuilder vendor(arena_);
    std::size_t count = 0;
    for (const Member& member : record_.object()) {
      if (++count > kMaxVendorMembers) break;
      const bool line =
          member.key.ends_with("process.parent.cmdline") || member.key == "tgt.process.cmdline";
      const Value value = line ? CommandLine(member.key) : Kept(member);
      if (value.is_string() && value.text().empty()) continue;
      vendor.Set(FunnelVendorPath(member.key, arena_), value);
    }
    const Value built = vendor.Build();
    if (!built.object().empty()) out_.Set("sentinel_one_cloud_funnel.event", built);
  }

  const Value& record_;
  base::Arena& arena_;
  EcsBuilder out_;
  Kind kind_ = Kind::kOther;
};

}  // namespace

Value DecodeSentineloneCloudFunnel(const Value& record, base::Arena& arena) {
  if (!record.is_object()) return Value::Object({});
  return Decoder(record, arena).Decode();
}

}  // namespace vedette::sources
