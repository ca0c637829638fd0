// SPDX-License-Identifier: Apache-2.0
// One raw Falcon Data Replicator record as the ECS document that the integration's pipeline makes
// of it. The mapping, and where we part from it: docs/reference/sources/crowdstrike-fdr.md.
#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sources/command_line_split.h"
#include "sources/crowdstrike_fdr_class.h"
#include "sources/decoder.h"
#include "sources/ecs_builder.h"
#include "sources/raw_value.h"

namespace vedette::sources {
namespace {

using event::Member;
using event::Value;

// Records have some fifty members; the rest of a hostile one is left out of `crowdstrike`.
constexpr std::size_t kMaxVendorMembers = 4096;

constexpr std::string_view kBlank = " \t\r\n";

bool IsAllZero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string_view OsType(std::string_view platform) {
  if (platform == "Lin") return "linux";
  if (platform == "Mac") return "macos";
  if (platform == "Win") return "windows";
  if (platform == "iOS") return "ios";
  return {};
}

class Decoder {
 public:
  Decoder(const Value& record, base::Arena& arena)
      : record_(record), arena_(arena), out_(arena), action_(Text("event_simpleName")) {
    if (action_.empty()) action_ = Text("ExternalApiType");
    os_type_ = OsType(Text("event_platform"));
  }

  Value Decode() {
    Event();
    Times();
    Host();
    User();
    Process();
    File();
    if (action_.starts_with("FileIntegrityMonitorRuleMatched")) FileVantage();
    FileParts();
    Network();
    Vendor();
    return out_.Build();
  }

 private:
  Value Raw(std::string_view key) const { return record_.Get(key); }
  std::string_view Text(std::string_view key) const { return TextOf(Raw(key)); }
  void MoveText(std::string_view path, std::string_view key) {
    out_.Set(path, AsText(Raw(key), arena_));
  }
  void MoveInteger(std::string_view path, std::string_view key) {
    out_.Set(path, AsInteger(Raw(key)));
  }
  bool IsLinux() const { return os_type_ == "linux"; }

  void Event() {
    const FdrClass known = ClassifyFdr(action_);
    out_.SetText("event.action", action_);
    out_.SetText("event.kind", known.kind);
    out_.Set("event.category", SplitText(known.category, kBlank, arena_));
    out_.Set("event.type", SplitText(known.type, kBlank, arena_));
    out_.SetText("event.outcome", known.outcome);
    std::string id;
    for (const std::string_view key : {"id", "aid", "cid"}) {
      const Value part = AsText(Raw(key), arena_);
      if (part.is_null()) continue;
      if (!id.empty()) id += '|';
      id += part.text();
    }
    out_.SetText("event.id", arena_.Copy(id));
  }

  void Times() {
    std::optional<base::Timestamp> time;
    for (const std::string_view key : {"UTCTimestamp", "timestamp"}) {
      if (!time) time = TimeFromMilliseconds(Raw(key));
    }
    for (const std::string_view key : {"CreationTimeStamp", "Time", "_time"}) {
      if (!time) time = TimeFromSeconds(Raw(key));
    }
    out_.Set("@timestamp", IsoText(time, arena_));
    out_.Set("event.created", IsoText(time, arena_));
  }

  void Host() {
    MoveText("host.id", "aid");
    MoveText("device.id", "aid");
    MoveText("observer.serial_number", "aid");
    MoveText("observer.version", "ConfigBuild");
    const Value addresses = SplitText(Text("aip"), kBlank, arena_);
    out_.Set("observer.ip", addresses);
    out_.Set("observer.address", addresses);
    out_.SetText("host.os.type", os_type_);
    const Value joined = Raw("metadata").Get("host");
    for (const Value& name : {Raw("ComputerName"), Raw("hostname"), joined.Get("ComputerName")}) {
      if (TextOf(name).empty()) continue;
      out_.Set("host.hostname", name);
      out_.Set("host.name", name);
      break;
    }
  }

  void User() {
    MoveText("user.id", "UserSid");
    MoveText("user.id", "UID");
    const Value joined = Raw("metadata").Get("user");
    out_.Set("user.name", AsText(joined.is_object() ? joined.Get("UserName") : joined, arena_));
    MoveText("user.name", "UserName");
    MoveText("user.group.id", "GID");
    MoveText("process.real_user.id", "RUID");
    MoveText("user.Ext.real.id", "RUID");
    if (!IsLinux()) return;
    MoveText("process.group.id", "GID");
    MoveText("group.id", "GID");
    MoveText("process.real_group.id", "RGID");
    MoveText("group.Ext.real.id", "RGID");
  }

  void Process() {
    const Value line = AsText(Raw("CommandLine"), arena_);
    out_.Set("process.command_line", line);
    std::string_view first_argument;
    if (!line.is_null() && !os_type_.empty()) {
      const Value args = SplitCommandLine(line.text(), arena_);
      if (!args.list().empty()) {
        first_argument = args.list().front().text();
        out_.Set("process.args", args);
        out_.Set("process.args_count",
                 Value::Integer(static_cast<std::int64_t>(args.list().size())));
      }
    }
    ProcessName(first_argument);
    MoveText("process.parent.name", "ParentBaseFileName");
    MoveText("process.parent.entity_id", "ParentProcessId");
    MoveText("process.entity_id", "ContextProcessId");
    MoveText("process.entity_id", "TargetProcessId");
    MoveInteger("process.pid", "RawProcessId");
    MoveInteger("process.pgid", "ProcessGroupId");
    if (IsLinux()) MoveText("process.group_leader.entity_id", "ProcessGroupId");
    MoveInteger("process.thread.id", "ContextThreadId");
    MoveInteger("process.exit_code", "ExitCode");
    if (Contains(action_, "Process") || Contains(action_, "Service")) {
      Hashes({"process.hash.md5", "process.hash.sha1", "process.hash.sha256"});
    }
    Lifetime();
  }

  void ProcessName(std::string_view first_argument) {
    const std::string_view executable = Text("ImageFileName");
    if (executable.empty()) return;
    out_.SetText("process.executable", executable);
    const char separator = executable.front();
    std::string_view name = executable;
    if (executable == "/") {
      // What runc shows of a container's first process.
      name = first_argument.substr(first_argument.rfind('/') + 1);
    } else if (separator == '/' || separator == '\\') {
      name = executable.substr(executable.rfind(separator) + 1);
    }
    out_.SetText("process.name", name);
  }

  void Hashes(const std::array<std::string_view, 3>& paths) {
    constexpr std::array<std::string_view, 3> kKeys = {"MD5HashData", "SHA1HashData",
                                                       "SHA256HashData"};
    for (std::size_t i = 0; i < kKeys.size(); ++i) {
      if (!IsAllZero(Text(kKeys[i]))) MoveText(paths[i], kKeys[i]);
    }
  }

  void Lifetime() {
    const auto start = TimeFromSeconds(Raw("ProcessStartTime"));
    const auto end = TimeFromSeconds(Raw("ProcessEndTime"));
    out_.Set("process.start", IsoText(start, arena_));
    out_.Set("process.end", IsoText(end, arena_));
    if (!start || !end) return;
    // As upstream has it: single precision, and divided by 1000 although these are seconds.
    const auto seconds = [](base::Timestamp t) { return static_cast<float>(t.nanoseconds) / 1e9F; };
    const float thousands = (seconds(*end) - seconds(*start)) / 1000.0F;
    out_.Set("process.uptime", Value::Integer(static_cast<std::int64_t>(thousands)));
  }

  void File() {
    const bool renamed = action_ == "FileRenameInfo" || action_ == "NewExecutableRenamed";
    const std::string_view source = Text("SourceFileName");
    out_.SetText("file.path", Text("TargetFileName"));
    out_.SetText(renamed ? "file.Ext.original.path" : "file.path", source);
    MoveInteger("file.size", "Size");
    MoveText("file.inode", "FileIdentifier");
    if (Contains(action_, "File") || Contains(action_, "Directory") ||
        Contains(action_, "Executable")) {
      Hashes({"file.hash.md5", "file.hash.sha1", "file.hash.sha256"});
    }
    if (action_.ends_with("Written")) MoveText("process.name", "ContextBaseFileName");
  }

  // A match of a FileVantage policy: its own names for the same things.
  void FileVantage() {
    static constexpr std::string_view kTypes[] = {
        "", "creation", "change", "deletion", "change", "change", "change", "change", "access"};
    constexpr std::int64_t kRename = 5;
    const Value operation = AsInteger(Raw("ObjectAccessOperationType"));
    const std::int64_t number =
        operation.kind() == event::ValueKind::kInteger ? operation.integer() : 0;
    const bool known = number > 0 && number < std::ssize(kTypes);
    const std::string_view object = Text("ObjectType");
    const bool registry = object == "3" || object == "4";
    out_.Set("event.category", SplitText(registry ? "registry" : "file", kBlank, arena_));
    out_.Set("event.type", SplitText(known ? kTypes[number] : "change", kBlank, arena_));
    const Value severity = AsInteger(Raw("PolicyRuleSeverity"));
    if (severity.kind() == event::ValueKind::kInteger && severity.integer() >= 1 &&
        severity.integer() <= 4) {
      out_.Set("event.severity", Value::Integer(21 + 26 * (severity.integer() - 1)));
    }
    MoveText("rule.id", "PolicyRuleID");
    MoveText("rule.ruleset", "PolicyRuleGroupID");
    if (registry) {
      MoveText("registry.path", number == kRename ? "ObjectNameNew" : "ObjectName");
      return;
    }
    MoveText("file.path", number == kRename ? "ObjectNameNew" : "ObjectName");
    if (number == kRename) MoveText("file.Ext.original.path", "ObjectName");
    if (object == "2") out_.SetText("file.type", "dir");
    out_.Set("file.attributes", SplitText(Text("NewFileAttributesLinux"), kBlank, arena_));
  }

  void FileParts() {
    const std::string_view original = TextOf(out_.Get("file.Ext.original.path"));
    if (!original.empty()) out_.SetText("file.Ext.original.name", SplitPath(original).name);
    const std::string_view path = TextOf(out_.Get("file.path"));
    if (path.empty()) return;
    const PathParts parts = SplitPath(path);
    out_.SetText("file.name", parts.name);
    out_.SetText("file.directory", parts.directory);
    if (out_.Get("file.type").is_null()) {
      const bool directory = parts.ends_in_separator || Contains(action_, "Directory");
      out_.SetText("file.type", directory ? "dir" : "file");
    }
    if (TextOf(out_.Get("file.type")) == "file") out_.SetText("file.extension", parts.extension);
  }

  // An IPv6 event may carry one IPv4 end, so either spelling serves.
  std::string_view Address(std::string_view ip4, std::string_view ip6) const {
    const bool six_first = action_.ends_with("IP6");
    const std::string_view first = Text(six_first ? ip6 : ip4);
    const std::string_view list = first.empty() ? Text(six_first ? ip4 : ip6) : first;
    const std::size_t begin = std::min(list.find_first_not_of(kBlank), list.size());
    return list.substr(begin, list.find_first_of(kBlank, begin) - begin);
  }

  void Network() {
    const std::string_view direction = Text("ConnectionDirection");
    const bool inbound = direction == "1";
    if (!direction.empty()) {
      out_.SetText("network.direction", inbound            ? "inbound"
                                        : direction == "0" ? "outbound"
                                                           : "unknown");
    }
    const std::string_view local = Address("LocalAddressIP4", "LocalAddressIP6");
    const std::string_view remote = Address("RemoteAddressIP4", "RemoteAddressIP6");
    const std::string_view source = inbound ? remote : local;
    const std::string_view destination = inbound ? local : remote;
    out_.SetText("source.ip", source);
    out_.SetText("source.address", source);
    out_.SetText("destination.ip", destination);
    out_.SetText("destination.address", destination);
    MoveInteger("source.port", inbound ? "RemotePort" : "LocalPort");
    MoveInteger("destination.port", inbound ? "LocalPort" : "RemotePort");
    const Value protocol = AsText(Raw("Protocol"), arena_);
    out_.Set("network.iana_number", protocol);
    out_.SetText("network.transport", TransportName(TextOf(protocol)));
    MoveText("dns.question.name", "DomainName");
    out_.SetText("dns.question.type", DnsTypeName(TextOf(AsText(Raw("RequestType"), arena_))));
  }

  Value Kept(const Member& member) {
    switch (FdrKeepOf(member.key)) {
      case FdrKeep::kMoved:
        return Value();
      case FdrKeep::kInteger: {
        const Value number = AsInteger(member.value);
        return number.is_null() ? member.value : number;
      }
      case FdrKeep::kSeconds: {
        const Value time = IsoText(TimeFromSeconds(member.value), arena_);
        return time.is_null() ? member.value : time;
      }
      case FdrKeep::kBlanks:
        return SplitText(TextOf(member.value), kBlank, arena_);
      case FdrKeep::kCommas:
        return SplitText(TextOf(member.value), ", \t", arena_);
      case FdrKeep::kHash:
        return IsAllZero(TextOf(member.value)) ? Value() : member.value;
      case FdrKeep::kVerbatim:
        return member.value;
    }
    return Value();
  }

  // `crowdstrike.*`: everything that has no place in ECS, under its own name. Its members stay a
  // plain array: thousands of them would make the builder's sibling search quadratic.
  void Vendor() {
    std::vector<Member> kept;
    for (const Member& member : record_.object()) {
      if (kept.size() >= kMaxVendorMembers) break;
      const Value value = Kept(member);
      if (value.is_null() || (value.is_string() && value.text().empty())) continue;
      kept.push_back({member.key, value});
    }
    if (const Value policy = Raw("PolicyIdentifier"); !TextOf(policy).empty()) {
      const std::span<Member> id = arena_.NewArray<Member>(1);
      id[0] = {"ID", policy};
      kept.push_back({"Policy", Value::Object(id)});
    }
    if (const Value info = Raw("metadata"); !info.is_null()) kept.push_back({"info", info});
    VendorNames(kept);
    const std::span<Member> members = arena_.NewArray<Member>(kept.size());
    std::copy(kept.begin(), kept.end(), members.begin());
    if (!members.empty()) out_.Set("crowdstrike", Value::Object(members));
  }

  // FileVantage spells its codes out, and alone keeps the event's name.
  void VendorNames(std::vector<Member>& kept) {
    if (!action_.starts_with("FileIntegrityMonitorRuleMatched")) return;
    static constexpr std::string_view kOperations[] = {"",
                                                       "CREATE",
                                                       "WRITE",
                                                       "DELETE",
                                                       "SET",
                                                       "RENAME",
                                                       "ATTRIBUTES_CHANGED",
                                                       "PERMISSIONS_CHANGED",
                                                       "OPEN_WRITE"};
    static constexpr std::string_view kObjects[] = {"", "FILE", "FOLDER", "VALUE", "KEY"};
    kept.push_back({"event_simpleName", Value::String(action_)});
    for (Member& member : kept) {
      const Value code = AsInteger(member.value);
      if (code.kind() != event::ValueKind::kInteger || code.integer() < 1) continue;
      const std::int64_t number = code.integer();
      if (member.key == "ObjectAccessOperationType" && number < std::ssize(kOperations)) {
        member.value = Value::String(kOperations[number]);
      } else if (member.key == "ObjectType" && number < std::ssize(kObjects)) {
        member.value = Value::String(kObjects[number]);
      }
    }
  }

  const Value& record_;
  base::Arena& arena_;
  EcsBuilder out_;
  std::string_view action_;
  std::string_view os_type_;
};

}  // namespace

Value DecodeCrowdstrikeFdr(const Value& record, base::Arena& arena) {
  if (!record.is_object()) return Value::Object({});
  return Decoder(record, arena).Decode();
}

}  // namespace vedette::sources
