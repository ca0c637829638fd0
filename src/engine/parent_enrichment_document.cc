// SPDX-License-Identifier: Apache-2.0
#include "engine/parent_enrichment_document.h"

#include <algorithm>
#include <array>
#include <span>

namespace vedette::engine {
namespace {

using event::Member;
using event::Value;

bool IsEmpty(const Value& value) {
  if (value.is_null()) return true;
  return value.is_list() && std::all_of(value.list().begin(), value.list().end(), IsEmpty);
}

/// `object` with `added` members, each in the place of the first of its key if there is one:
/// further ones of that key add to a field's values and stay.
Value With(const Value& object, std::span<const Member> added, base::Arena& arena) {
  const std::span<const Member> old =
      object.is_object() ? object.object() : std::span<const Member>();
  const auto members = arena.NewArray<Member>(old.size() + added.size());
  std::copy(old.begin(), old.end(), members.begin());
  std::size_t count = old.size();
  for (const Member& member : added) {
    const auto end = members.begin() + static_cast<std::ptrdiff_t>(old.size());
    const auto place =
        std::find_if(members.begin(), end, [&](const Member& m) { return m.key == member.key; });
    (place != end ? *place : members[count++]) = member;
  }
  return Value::Object(members.first(count));
}

/// `object` with the members laid into its member `key`, which is an object or is made one.
Value WithInner(const Value& object, std::string_view key, std::span<const Member> added,
                base::Arena& arena) {
  if (added.empty()) return object;
  const Member inner{key, With(object.Get(key), added, arena)};
  return With(object, std::span(&inner, 1), arena);
}

/// No member that the path may mean, however its keys are dotted, doubled or inside lists, has a
/// value.
bool Lacks(const Value& value, std::string_view path) {
  if (value.is_list()) {
    return std::all_of(value.list().begin(), value.list().end(),
                       [&](const Value& element) { return Lacks(element, path); });
  }
  if (!value.is_object()) return true;
  return std::all_of(value.object().begin(), value.object().end(), [&](const Member& member) {
    if (!path.starts_with(member.key)) return true;
    if (path.size() == member.key.size()) return IsEmpty(member.value);
    return path[member.key.size()] != '.' ||
           Lacks(member.value, path.substr(member.key.size() + 1));
  });
}

}  // namespace

Value WithParentValues(const Value& document, const ParentValues& values, base::Arena& arena,
                       std::vector<std::string_view>& filled) {
  struct Field {
    std::string_view path;
    std::string_view key;
    const Value* value;
  };
  const std::array<Field, 8> fields = {{
      {"process.parent.entity_id", "entity_id", &values.entity_id},
      {"process.parent.pid", "pid", &values.pid},
      {"process.parent.start", "start", &values.start},
      {"process.parent.executable", "executable", &values.executable},
      {"process.parent.name", "name", &values.name},
      {"process.parent.args", "args", &values.args},
      {"process.parent.args_count", "args_count", &values.args_count},
      {"process.parent.command_line", "command_line", &values.command_line},
  }};
  const Value process = document.Get("process");
  const auto usable = [](const Value& value) { return value.is_null() || value.is_object(); };
  if (!document.is_object() || !usable(process)) return document;

  std::array<Member, 8> parent_members;
  std::array<std::string_view, 9> names;
  std::size_t parents = 0;
  std::size_t named = 0;
  if (usable(process.Get("parent"))) {
    for (const Field& field : fields) {
      if (field.value->is_null() || !Lacks(document, field.path)) continue;
      parent_members[parents++] = {field.key, *field.value};
      names[named++] = field.path;
    }
  }
  const Member ancestry{"ancestry", values.ancestry};
  constexpr std::string_view kAncestry = "process.Ext.ancestry";
  const bool add_ancestry =
      !values.ancestry.is_null() && usable(process.Get("Ext")) && Lacks(document, kAncestry);
  if (add_ancestry) names[named++] = kAncestry;
  if (named == 0) return document;

  Value changed = WithInner(process, "parent", std::span(parent_members).first(parents), arena);
  if (add_ancestry) changed = WithInner(changed, "Ext", std::span(&ancestry, 1), arena);
  const Member new_process{"process", changed};
  const Value result = With(document, std::span(&new_process, 1), arena);
  // A dotted key without a value may still stand before the new member and hide it.
  for (const std::string_view name : std::span(names).first(named)) {
    if (!IsEmpty(result.GetPath(name))) filled.push_back(name);
  }
  return result;
}

}  // namespace vedette::engine
