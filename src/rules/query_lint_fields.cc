// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/glob.h"
#include "rules/query_lint.h"

namespace vedette::rules {
namespace {

using Kind = Formula::Kind;

bool EndsWithFold(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() &&
         base::EqualFold(text.substr(text.size() - suffix.size()), suffix);
}

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// ---------------------------------------------------------------- W0304

struct CategoryTypes {
  std::string_view category;
  std::string_view types;  ///< blank-separated, a blank at both ends
};
/// ECS: the values of event.type that go with each value of event.category.
constexpr std::array kTypes = {
    CategoryTypes{"authentication", " start end info "},
    CategoryTypes{"driver", " change end info start "},
    CategoryTypes{"file", " access change creation deletion info "},
    CategoryTypes{"iam", " admin change creation deletion group info user "},
    CategoryTypes{"library", " start info "},
    CategoryTypes{"network", " access allowed connection denied end info protocol start "},
    CategoryTypes{"process", " access change end info start "},
    CategoryTypes{"registry", " access change creation deletion info "},
    CategoryTypes{"session", " start end info "},
};

// ---------------------------------------------------------------- W0305

/// A drive letter or a device, or a backslash path.
bool LooksLikeWindowsPath(std::string_view text) {
  const auto letter = [](char c) {
    const char lower = base::AsciiLower(c);
    return (lower >= 'a' && lower <= 'z') || c == '?' || c == '*';
  };
  if (text.size() >= 3 && letter(text[0]) && text[1] == ':' && text[2] == '\\') return true;
  return StartsWith(text, "\\\\") || StartsWith(text, "\\Device\\") || StartsWith(text, "*\\") ||
         StartsWith(text, "HKEY_") || StartsWith(text, "HKLM\\");
}

bool LooksLikeWindowsProgram(std::string_view text) {
  constexpr std::array<std::string_view, 9> kSuffixes = {".exe", ".dll", ".bat", ".cmd", ".ps1",
                                                         ".scr", ".vbs", ".hta", ".sys"};
  return std::any_of(kSuffixes.begin(), kSuffixes.end(),
                     [&](std::string_view suffix) { return EndsWithFold(text, suffix); });
}

/// Fields that hold a name or path of the file system or registry, as the attacker spelled it.
bool HoldsPath(std::string_view field) {
  // Modules of a call stack: the sensor writes them in lower case.
  if (field.find("call_stack") != std::string_view::npos) return false;
  const std::string_view leaf = field.substr(field.rfind('.') + 1);
  return leaf == "name" || leaf == "executable" || leaf == "path" || leaf == "working_directory" ||
         leaf == "target_path" || leaf == "directory" || leaf == "key";
}

// ---------------------------------------------------------------- R027

/// Long texts that the attacker writes: an index cannot look inside them.
bool ArgumentLike(std::string_view field) {
  const std::string_view leaf = field.substr(field.rfind('.') + 1);
  return leaf == "args" || leaf == "command_line" || leaf == "script_block_text" ||
         leaf == "env_vars" || leaf == "content";
}

/// True of most events of a category: knowing them narrows the search little.
bool Broad(std::string_view field) {
  return StartsWith(field, "event.") || StartsWith(field, "host.") || StartsWith(field, "agent.") ||
         StartsWith(field, "data_stream.") || StartsWith(field, "ecs.") ||
         field == "process.entry_leader.entry_meta.type";
}

bool LeadingStar(const ValueSet::Item& item) {
  const auto* text = std::get_if<std::string>(&item.value);
  return item.pattern && text != nullptr && text->size() > 1 && text->front() == '*';
}

/// Does the formula hold only for few events, whichever alternative is taken?
bool Selective(const Formula& formula) {
  if (formula.kind == Kind::kAnd) {
    return std::any_of(formula.children.begin(), formula.children.end(), Selective);
  }
  if (formula.kind == Kind::kOr) {
    return std::all_of(formula.children.begin(), formula.children.end(), Selective);
  }
  const Term& term = formula.term;
  if (!term.positive || Broad(term.field)) return false;
  if (term.values.kind == ValueSet::Kind::kOpaque) return !ArgumentLike(term.field);
  if (term.values.kind != ValueSet::Kind::kItems) return false;
  return std::none_of(term.values.items.begin(), term.values.items.end(), LeadingStar);
}

/// The terms that a leading star makes dear, with nothing beside them that is checked first.
void Dear(const Formula& formula, std::vector<const Term*>& out) {
  if (formula.kind == Kind::kTerm) {
    const Term& term = formula.term;
    if (!term.positive || !ArgumentLike(term.field)) return;
    const auto& items = term.values.items;
    if (std::any_of(items.begin(), items.end(), LeadingStar)) out.push_back(&term);
    return;
  }
  if (formula.kind == Kind::kAnd && Selective(formula)) return;
  for (const Formula& child : formula.children) Dear(child, out);
}

// ---------------------------------------------------------------- W0307

/// Renamed or withdrawn names and what took their place (ECS 1.x and Beats 6 to ECS 8).
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kDeprecated = {{
    {"agent.hostname", "host.name"},
    {"beat.hostname", "host.name"},
    {"beat.name", "agent.name"},
    {"beat.version", "agent.version"},
    {"docker.container.id", "container.id"},
    {"docker.container.image", "container.image.name"},
    {"docker.container.name", "container.name"},
    {"host.user.id", "user.id"},
    {"host.user.name", "user.name"},
    {"log.original", "event.original"},
    {"process.cwd", "process.working_directory"},
    {"process.exe", "process.executable"},
    {"process.parent.ppid", "process.parent.parent.pid"},
    {"process.pgid", "process.group_leader.pid"},
    {"process.ppid", "process.parent.pid"},
    {"system.process.name", "process.name"},
}};

template <class Visit>
void ForEachTerm(const Formula& formula, const Visit& visit) {
  if (formula.kind == Kind::kTerm) visit(formula.term);
  for (const Formula& child : formula.children) ForEachTerm(child, visit);
}

}  // namespace

void LintEventType(const ConditionContext& context) {
  if (context.query.any) return;
  const auto known = std::find_if(kTypes.begin(), kTypes.end(), [&](const CategoryTypes& row) {
    return row.category == context.query.category;
  });
  if (known == kTypes.end()) return;
  const auto check = [&](const Term& term) {
    if (term.field != "event.type" || !term.positive ||
        term.values.kind != ValueSet::Kind::kItems) {
      return;
    }
    for (const ValueSet::Item& item : term.values.items) {
      const auto* text = std::get_if<std::string>(&item.value);
      if (text == nullptr || item.pattern) return;
      if (known->types.find(" " + *text + " ") != std::string_view::npos) return;
    }
    context
        .Warn("W0304", term.expr->span,
              "no `" + context.query.category + "` event is of this `event.type`")
        .help.push_back("ECS has:" + std::string(known->types.substr(0, known->types.size() - 1)));
  };
  ForEachTerm(context.formula, check);
}

void LintCase(const ConditionContext& context) {
  ForEachTerm(context.formula, [&](const Term& term) {
    if (!term.positive || term.values.insensitive || !HoldsPath(term.field) ||
        term.values.kind != ValueSet::Kind::kItems) {
      return;
    }
    for (const ValueSet::Item& item : term.values.items) {
      const auto* text = std::get_if<std::string>(&item.value);
      if (text == nullptr || (!LooksLikeWindowsPath(*text) && !LooksLikeWindowsProgram(*text))) {
        continue;
      }
      context
          .Warn("W0305", item.span,
                "Windows ignores case in names and paths, this comparison does not")
          .help.emplace_back("use `:`, `like~` or `in~`, which ignore it too");
      return;  // one per leaf: the operator is what needs the change
    }
  });
}

void LintCost(const ConditionContext& context) {
  std::vector<const Term*> dear;
  Dear(context.formula, dear);
  if (dear.empty()) return;
  auto& issue = context.Warn("R027", dear.front()->expr->span,
                             "a leading `*` on `" + dear.front()->field +
                                 "`, and nothing cheaper is checked first: every event's text is "
                                 "searched to its end");
  issue.help.emplace_back(
      "add what narrows it, such as `process.name`, or a pattern with a fixed beginning");
  if (dear.size() > 1) {
    issue.notes.push_back("the same holds for " + std::to_string(dear.size() - 1) +
                          " more of this condition");
  }
}

void LintDeprecated(const ConditionContext& context) {
  std::set<std::string> told;
  ForEachTerm(context.formula, [&](const Term& term) {
    const auto found = std::find_if(kDeprecated.begin(), kDeprecated.end(),
                                    [&](const auto& row) { return row.first == term.field; });
    if (found == kDeprecated.end() || !told.insert(term.field).second) return;
    context.Warn("W0307", term.expr->span, "`" + term.field + "` is a name of the past")
        .help.push_back("use `" + std::string(found->second) + "`");
  });
}

}  // namespace vedette::rules
