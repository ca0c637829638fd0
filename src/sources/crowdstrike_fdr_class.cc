// SPDX-License-Identifier: Apache-2.0
#include "sources/crowdstrike_fdr_class.h"

#include <algorithm>
#include <iterator>

namespace vedette::sources {
namespace {

struct NamedClass {
  std::string_view name;
  FdrClass value;
};

// Ascending by name. The events that Linux sensors send, and those the samples hold.
constexpr NamedClass kClasses[] = {
    {"CommandHistory", {"process", "end info", "event", "unknown"}},
    {"CreateProcessArgs", {"process", "start", "event", "success"}},
    {"CriticalEnvironmentVariableChanged", {"configuration host", "change", "event", "success"}},
    {"CriticalFileAccessed", {"file", "access", "alert", "success"}},
    {"CriticalFileModified", {"file", "change", "alert", "success"}},
    {"DirectoryCreate", {"file", "creation", "event", "success"}},
    {"DnsRequest", {"network", "protocol", "event", "success"}},
    {"EndOfProcess", {"process", "end", "event", "success"}},
    {"ExecutableDeleted", {"file", "deletion", "event", "success"}},
    {"FileContentsChanged", {"file", "change", "event", "success"}},
    {"FileCreateInfo", {"file", "creation", "event", "success"}},
    {"FileDeleteInfo", {"file", "deletion", "event", "success"}},
    {"FileDeleted", {"file", "deletion", "event", "success"}},
    {"FileOpenInfo", {"file", "access", "event", "success"}},
    {"FileRenameInfo", {"file", "change", "event", "success"}},
    {"FileSetMode", {"file", "change", "event", "success"}},
    {"FileTimestampsModified", {"file", "change", "event", "success"}},
    {"MachOFileWritten", {"file", "change", "event", "success"}},
    {"NetworkCloseIP4", {"network", "end connection", "event", "unknown"}},
    {"NetworkCloseIP6", {"network", "end connection", "event", "unknown"}},
    {"NetworkConnectIP4", {"network", "start connection", "event", "unknown"}},
    {"NetworkConnectIP6", {"network", "start connection", "event", "unknown"}},
    {"NetworkListenIP4", {"network", "start", "event", "unknown"}},
    {"NetworkListenIP6", {"network", "start", "event", "unknown"}},
    {"NetworkReceiveAcceptIP4", {"network", "allowed access connection", "event", "unknown"}},
    {"NetworkReceiveAcceptIP6", {"network", "allowed access connection", "event", "unknown"}},
    {"NewExecutableRenamed", {"file", "change", "event", "success"}},
    {"NewExecutableWritten", {"file", "creation", "event", "success"}},
    {"NewScriptWritten", {"file", "creation", "event", "success"}},
    {"ProcessRollup2", {"process", "start", "event", "success"}},
    {"ProcessRollup2Stats", {"process", "info", "state", "unknown"}},
    {"ProcessSelfDeleted", {"process", "end", "event", "success"}},
    {"PtyCreated", {"file", "creation", "event", "success"}},
    {"RawBindIP4", {"network", "start connection", "event", "success"}},
    {"RawBindIP6", {"network", "start connection", "event", "success"}},
    {"SyntheticProcessRollup2", {"process", "start", "event", "success"}},
    {"TerminateProcess", {"process", "end", "event", "success"}},
};

struct NamedKeep {
  std::string_view key;
  FdrKeep keep;
};

// Ascending by key.
constexpr NamedKeep kKeeps[] = {
    {"ChangeTime", FdrKeep::kSeconds},
    {"CommandLine", FdrKeep::kMoved},
    {"ComputerName", FdrKeep::kMoved},
    {"ConfigBuild", FdrKeep::kMoved},
    {"ConnectionDirection", FdrKeep::kMoved},
    {"ContextThreadId", FdrKeep::kMoved},
    {"ContextTimeStamp", FdrKeep::kSeconds},
    {"CreationTimeStamp", FdrKeep::kSeconds},
    {"DomainName", FdrKeep::kMoved},
    {"ExitCode", FdrKeep::kMoved},
    {"FileIdentifier", FdrKeep::kMoved},
    {"GID", FdrKeep::kMoved},
    {"ImageFileName", FdrKeep::kMoved},
    {"LocalAddressIP4", FdrKeep::kBlanks},
    {"LocalAddressIP6", FdrKeep::kBlanks},
    {"LocalPort", FdrKeep::kMoved},
    {"MD5HashData", FdrKeep::kHash},
    {"ObjectName", FdrKeep::kMoved},
    {"ObjectNameNew", FdrKeep::kMoved},
    {"ParentBaseFileName", FdrKeep::kMoved},
    {"ParentProcessId", FdrKeep::kMoved},
    {"PolicyIdentifier", FdrKeep::kMoved},
    {"PolicyRuleGroupID", FdrKeep::kMoved},
    {"PolicyRuleID", FdrKeep::kMoved},
    {"PolicyRuleSeverity", FdrKeep::kInteger},
    {"ProcessEndTime", FdrKeep::kMoved},
    {"ProcessGroupId", FdrKeep::kMoved},
    {"ProcessStartTime", FdrKeep::kMoved},
    {"Protocol", FdrKeep::kMoved},
    {"RawProcessId", FdrKeep::kMoved},
    {"RemoteAddressIP4", FdrKeep::kMoved},
    {"RemoteAddressIP6", FdrKeep::kMoved},
    {"RemotePort", FdrKeep::kMoved},
    {"RequestType", FdrKeep::kMoved},
    {"RuleModifiedTimeStamp", FdrKeep::kSeconds},
    {"SHA1HashData", FdrKeep::kHash},
    {"SHA256HashData", FdrKeep::kHash},
    {"Size", FdrKeep::kMoved},
    {"SourceFileName", FdrKeep::kMoved},
    {"Tags", FdrKeep::kCommas},
    {"TargetFileName", FdrKeep::kMoved},
    {"TargetProcessId", FdrKeep::kMoved},
    {"Timeout", FdrKeep::kInteger},
    {"UID", FdrKeep::kMoved},
    {"UTCTimestamp", FdrKeep::kMoved},
    {"UserName", FdrKeep::kMoved},
    {"UserSid", FdrKeep::kMoved},
    {"aid", FdrKeep::kMoved},
    {"aip", FdrKeep::kMoved},
    {"event_platform", FdrKeep::kMoved},
    {"event_simpleName", FdrKeep::kMoved},
    {"hostname", FdrKeep::kMoved},
    {"metadata", FdrKeep::kMoved},
    {"timestamp", FdrKeep::kMoved},
};

static_assert(std::ranges::is_sorted(kClasses, {}, &NamedClass::name));
static_assert(std::ranges::is_sorted(kKeeps, {}, &NamedKeep::key));

}  // namespace

FdrClass ClassifyFdr(std::string_view name) {
  const auto found = std::ranges::lower_bound(kClasses, name, {}, &NamedClass::name);
  if (found != std::end(kClasses) && found->name == name) return found->value;
  // PdfFileWritten, ELFFileWritten, …: some sixty names of one pattern.
  if (name.ends_with("FileWritten")) return {"file", "creation", "event", "success"};
  if (name.ends_with("Written")) return {"file", "", "event", ""};
  return {};
}

FdrKeep FdrKeepOf(std::string_view key) {
  const auto found = std::ranges::lower_bound(kKeeps, key, {}, &NamedKeep::key);
  if (found != std::end(kKeeps) && found->key == key) return found->keep;
  const auto contains = [key](std::string_view part) {
    return key.find(part) != std::string_view::npos;
  };
  return contains("Count") || contains("Port") ? FdrKeep::kInteger : FdrKeep::kVerbatim;
}

}  // namespace vedette::sources
