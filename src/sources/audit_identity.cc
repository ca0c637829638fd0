// SPDX-License-Identifier: Apache-2.0
#include "sources/audit_identity.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace vedette::sources {
namespace {

/// Record field -> where its id and its name go.
struct IdField {
  std::string_view key;
  std::string_view id;
  std::string_view name;
};
constexpr std::array<IdField, 9> kIds{{
    {"gid", "user.group.id", "user.group.name"},
    {"euid", "user.effective.id", "user.effective.name"},
    {"egid", "user.effective.group.id", "user.effective.group.name"},
    {"suid", "auditd.user.saved.id", "auditd.user.saved.name"},
    {"sgid", "auditd.user.saved.group.id", "auditd.user.saved.group.name"},
    {"fsuid", "auditd.user.filesystem.id", "auditd.user.filesystem.name"},
    {"fsgid", "auditd.user.filesystem.group.id", "auditd.user.filesystem.group.name"},
    {"auid", "auditd.user.audit.id", "auditd.user.audit.name"},
    {"old-auid", "auditd.user.old_auid.id", "auditd.user.old_auid.name"},
}};

void SetId(const AuditEventView& view, std::string_view key, std::string_view id_path,
           std::string_view name_path, AuditDocument& document) {
  const std::string_view id = view.Raw(key);
  if (id.empty() || IsUnsetId(id)) return;
  document.SetText(id_path, id);
  document.SetText(name_path, view.NameOf(key));
}

/// The first field of `words` that has a value fills the pair; an unset id ends the search without
/// one.
void SetAccount(const AuditEventView& view, AuditWords words, std::string_view id_path,
                std::string_view name_path, AuditDocument& document) {
  while (!words.empty()) {
    const std::size_t blank = words.find(' ');
    const std::string_view key = words.substr(0, blank);
    words = blank == std::string_view::npos ? AuditWords() : words.substr(blank + 1);
    const AuditField* field = view.Find(key);
    if (field == nullptr) continue;
    if (key == "acct") {
      document.SetText(name_path, AuditText(*field, false));
    } else {
      SetId(view, key, id_path, name_path, document);
    }
    return;
  }
}

/// `user:role:type:level[:category]`, fewer parts allowed.
std::vector<std::string_view> SplitLabel(std::string_view label) {
  std::vector<std::string_view> parts;
  while (parts.size() < 4 && label.find(':') != std::string_view::npos) {
    const std::size_t colon = label.find(':');
    parts.push_back(label.substr(0, colon));
    label.remove_prefix(colon + 1);
  }
  parts.push_back(label);
  return parts;
}

constexpr std::array<std::string_view, 5> kLabelParts{"user", "role", "domain", "level",
                                                      "category"};

void SetLabel(std::string_view path, std::string_view label, AuditDocument& document) {
  if (label.empty()) return;
  const auto parts = SplitLabel(label);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].empty()) document.SetMember(path, kLabelParts[i], parts[i]);
  }
}

struct PathRecord {
  const AuditRecord* record;
  std::vector<AuditField> fields;
  std::string_view nametype;
};

/// More PATH records than any system call has names; the rest are left out.
constexpr std::size_t kMaxPaths = 64;

std::vector<PathRecord> CollectPaths(const AuditEventView& view) {
  std::vector<PathRecord> paths;
  for (const AuditRecord& record : view.records) {
    if (record.type != "PATH" || paths.size() >= kMaxPaths) continue;
    PathRecord& path = paths.emplace_back(PathRecord{&record, {}, {}});
    ForEachAuditField(record.body, [&](const AuditField& field) {
      if (!field.HasValue() || path.fields.size() >= 32) return;
      path.fields.push_back(field);
      if (field.key == "nametype") path.nametype = field.value;
    });
  }
  return paths;
}

std::string FieldText(const PathRecord& path, std::string_view key) {
  for (const AuditField& field : path.fields) {
    if (field.key == key) return key == "name" ? AuditText(field) : std::string(field.value);
  }
  return {};
}

event::Value PathObject(const PathRecord& path, base::Arena& arena) {
  AuditDocument object(arena);
  for (const AuditField& field : path.fields) {
    if (field.key == "obj") {
      const auto parts = SplitLabel(field.value);
      for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::string key = "obj_" + std::string(kLabelParts[i]);
        if (!parts[i].empty()) object.Set(arena.Copy(key), object.Text(parts[i]));
      }
    } else if (field.key.find_first_of("[]") == std::string_view::npos) {
      object.Set(arena.Copy(field.key),
                 object.Text(field.key == "name" ? AuditText(field) : std::string(field.value)));
    }
  }
  return object.Build();
}

/// `0100755` -> `0755`: the permission bits only, as file.mode has it.
std::string Permissions(const std::string& mode) {
  std::uint32_t bits = 0;
  const auto [end, error] = std::from_chars(mode.data(), mode.data() + mode.size(), bits, 8);
  if (mode.empty() || error != std::errc() || end != mode.data() + mode.size()) return {};
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "%04o", bits & 07777U);
  return text.data();
}

/// The PATH record that the call was about: from the normalization's index on, the first that is
/// neither a parent directory nor unresolved.
const PathRecord* ChoosePath(const std::vector<PathRecord>& paths, std::size_t index) {
  if (paths.empty()) return nullptr;
  if (index >= paths.size()) index = 0;
  for (std::size_t i = index; i < paths.size(); ++i) {
    if (paths[i].nametype != "PARENT" && paths[i].nametype != "UNKNOWN") return &paths[i];
  }
  return nullptr;
}

}  // namespace

void SetAuditUsers(const AuditEventView& view, AuditDocument& document) {
  const AuditAccountFields* accounts = AccountFieldsOf(view.type);
  if (accounts != nullptr && !accounts->user.empty()) {
    SetAccount(view, accounts->user, "user.id", "user.name", document);
  } else {
    SetId(view, "uid", "user.id", "user.name", document);
  }
  for (const IdField& field : kIds) SetId(view, field.key, field.id, field.name, document);
  if (accounts != nullptr) {
    SetAccount(view, accounts->effective, "user.effective.id", "user.effective.name", document);
    SetAccount(view, accounts->target, "user.target.id", "user.target.name", document);
    SetAccount(view, accounts->group, "group.id", "group.name", document);
  }
  SetLabel("auditd.user.selinux", view.Raw("subj"), document);
}

void SetAuditPaths(const AuditEventView& view, const AuditNormalization* normalization,
                   std::string_view cwd, AuditDocument& document) {
  const std::vector<PathRecord> paths = CollectPaths(view);
  if (paths.empty()) return;
  std::vector<event::Value> objects;
  for (const PathRecord& path : paths) objects.push_back(PathObject(path, document.arena()));
  document.SetList("auditd.paths", objects);
  if (normalization == nullptr || normalization->object != AuditObject::kFile) return;
  const PathRecord* chosen = ChoosePath(paths, normalization->path_index);
  if (chosen == nullptr) return;
  std::string name = FieldText(*chosen, "name");
  if (!cwd.empty() && !name.empty() && name.front() != '/') {
    name.insert(0, cwd.back() == '/' ? "" : "/").insert(0, cwd);
  }
  document.SetText("file.path", name);
  document.SetText("file.device", FieldText(*chosen, "rdev"));
  document.SetText("file.inode", FieldText(*chosen, "inode"));
  document.SetText("file.mode", Permissions(FieldText(*chosen, "mode")));
  document.SetText("file.uid", FieldText(*chosen, "ouid"));
  document.SetText("file.gid", FieldText(*chosen, "ogid"));
  document.SetText("file.owner", EnrichedName(*chosen->record, "ouid"));
  document.SetText("file.group", EnrichedName(*chosen->record, "ogid"));
  SetLabel("auditd.file.selinux", FieldText(*chosen, "obj"), document);
}

}  // namespace vedette::sources
