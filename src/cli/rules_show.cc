// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/rule_finder.h"
#include "cli/rules_subcommands.h"
#include "rules/api_json_codec.h"
#include "rules/attack.h"
#include "rules/guide_renderer.h"
#include "rules/rule_test_file.h"

namespace vedette::cli {
namespace {

using rules::Rule;

struct ShowFlags : RuleFlags {
  std::string wanted;
};

/// Builds the page of one rule.
class Page {
 public:
  Page(const Rule& rule, std::size_t width, bool colour)
      : rule_(rule), style_{std::min<std::size_t>(width, 110), colour} {}

  std::string Take() {
    Head();
    if (!rule_.description.empty()) Guide("Description", rule_.description);
    Query();
    if (!rule_.note.empty()) Guide("Guide", rule_.note);
    if (!rule_.false_positives.empty()) Guide("False positives", AsList(rule_.false_positives));
    if (!rule_.setup.empty()) Guide("Setup", rule_.setup);
    if (!rule_.references.empty()) Lines("References", rule_.references);
    Tests();
    return std::move(out_);
  }

 private:
  static std::string AsList(const std::vector<std::string>& items) {
    std::string out;
    for (const std::string& item : items) out += "- " + item + "\n";
    return out;
  }

  void Heading(std::string_view title) {
    out_ += "\n" + Tinted(style_.colour, "1;4", title) + "\n\n";
  }

  void Field(std::string_view key, std::string_view value, std::string_view tint = {}) {
    if (value.empty()) return;
    constexpr std::size_t kKeyColumns = 12;
    out_ += Tinted(style_.colour, "2", key);
    out_.append(key.size() < kKeyColumns ? kKeyColumns - key.size() : 1, ' ');
    // Long lists go on below their beginning.
    const std::string clean = WithoutControls(value);
    std::string_view rest = clean;
    const std::size_t room = style_.width - std::min(style_.width - 20, kKeyColumns);
    while (DisplayWidth(rest) > room) {
      const std::size_t comma = rest.substr(0, room).rfind(", ");
      if (comma == std::string_view::npos) break;
      out_ += Tinted(style_.colour, tint, rest.substr(0, comma + 1)) + "\n";
      out_.append(kKeyColumns, ' ');
      rest.remove_prefix(comma + 2);
    }
    out_ += Tinted(style_.colour, tint, rest) + "\n";
  }

  void Head() {
    out_ += Tinted(style_.colour, "1", WithoutControls(rule_.name)) + "\n\n";
    Field("Severity", rule_.severity + ", risk " + std::to_string(rule_.risk_score),
          SeverityTint(rule_.severity));
    Field("Id", rule_.rule_id);
    Field("Type", rule_.type_text + (rule_.language.empty() || rule_.language == rule_.type_text
                                         ? ""
                                         : " (" + rule_.language + ")"));
    Field("Runs here", rule_.runnable() ? "yes" : "no: " + rule_.stored_only,
          rule_.runnable() ? "32" : "33");
    if (rule_.form == rules::RuleForm::kDetection) {
      Field("Schedule", "every " + rule_.interval + " over events from " + rule_.from +
                            (rule_.to == "now" ? "" : " to " + rule_.to));
    }
    Field("Indices", Joined(rule_.index));
    Field("Systems", Joined(rule_.os_list));
    Field("Tags", Joined(rule_.tags));
    Field("Author", Joined(rule_.author));
    Field("Licence", rule_.license);
    Field("File", rule_.origin.path);
    Attack();
  }

  static std::string Joined(const std::vector<std::string>& items) {
    std::string out;
    for (const std::string& item : items) out.append(out.empty() ? "" : ", ").append(item);
    return out;
  }

  void Reference(std::string_view key, const rules::AttackRef& ref, std::string url) {
    if (!ref.reference.empty()) url = ref.reference;
    Field(key, ref.id + " " + ref.name + "  " + url);
  }

  void Attack() {
    for (const rules::Threat& threat : rule_.threat) {
      Reference("ATT&CK", threat.tactic, rules::TacticUrl(threat.tactic.id));
      for (const rules::ThreatTechnique& technique : threat.techniques) {
        Reference("", technique.ref, rules::TechniqueUrl(technique.ref.id));
        for (const rules::AttackRef& sub : technique.subtechniques) {
          Reference("", sub, rules::TechniqueUrl(sub.id));
        }
      }
    }
  }

  void Query() {
    if (rule_.query.empty()) return;
    Heading("Query");
    std::string_view rest = rule_.query;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string line = WithoutControls(rest.substr(0, end));
      if (!line.empty()) out_ += "    " + line;
      out_ += '\n';
      rest.remove_prefix(std::min(rest.size(), end + 1));
    }
  }

  void Guide(std::string_view title, const std::string& markdown) {
    Heading(title);
    out_ += rules::RenderGuide(markdown, style_);
  }

  void Lines(std::string_view title, const std::vector<std::string>& lines) {
    Heading(title);
    for (const std::string& line : lines) out_ += "  " + WithoutControls(line) + "\n";
  }

  void Tests() {
    const base::Result<TestFile> file = TestFileBeside(rule_.origin.path);
    if (!file.has_value() || file->path.empty()) return;
    const rules::RuleTestFile tests = rules::ReadRuleTests(file->path, file->text);
    std::vector<std::string> lines;
    for (const rules::RuleTestCase& test : tests.cases) {
      lines.push_back(std::string(test.fires ? "fires:  " : "silent: ") + test.name);
    }
    if (!lines.empty()) Lines("Tests", lines);
  }

  const Rule& rule_;
  rules::GuideStyle style_;
  std::string out_;
};

int NotOne(const ShowFlags& flags, const Session& session, const FoundRules& found) {
  constexpr std::size_t kMostTold = 20;
  if (found.rules.empty()) {
    std::string message = "no rule is named '" + flags.wanted + "'";
    if (!found.suggestion.empty()) message += "; did you mean '" + found.suggestion + "'?";
    PrintError(session.terminal, message);
    std::fputs("       `vedette rules list` lists them; -r names others than the bundled ones\n",
               stderr);
    return kWrongInput;
  }
  PrintError(session.terminal, std::to_string(found.rules.size()) + " rules fit '" + flags.wanted +
                                   "'; say which one:");
  for (std::size_t i = 0; i < std::min(found.rules.size(), kMostTold); ++i) {
    const Rule& rule = *found.rules[i];
    std::fputs(("       " + WithoutControls(rule.name) + "  (" +
                WithoutControls(RuleFileStem(rule.origin.path)) + ")\n")
                   .c_str(),
               stderr);
  }
  if (found.rules.size() > kMostTold) std::fputs("       …\n", stderr);
  return kWrongInput;
}

int Run(const ShowFlags& flags, const Session& session) {
  const RulesOrExit loaded = LoadOrExplain(session, flags.paths);
  if (!loaded.good()) return loaded.exit_code;
  const FoundRules found = FindRule(loaded.rules.rules, flags.wanted);
  if (found.rules.size() != 1) return NotOne(flags, session, found);
  const Rule& rule = *found.rules.front();
  // Reading is what this is for: a page also in a pipe, JSON when asked for.
  const std::string out =
      flags.answer.format.empty() || flags.answer.format == "table"
          ? Page(rule, flags.answer.Width(session.terminal), flags.answer.Colour(session.terminal))
                .Take()
          : rules::WriteApiRule(rule) + "\n";
  return GiveAnswer(session.terminal, flags.answer, out, kDone);
}

}  // namespace

void AddRulesShow(CLI::App& rules, Session& session) {
  CLI::App* command = rules.add_subcommand("show", "a rule with its query, triage guide and tests");
  auto flags = std::make_shared<ShowFlags>();
  command
      ->add_option("RULE", flags->wanted,
                   "id, name or file name, or some words of them in any order")
      ->type_name("")
      ->required();
  AddRuleFlags(*command, *flags, Paths::kFlagOnly);
  command->footer(
      "A page for people unless -f json asks for the rule as the API has it.\n"
      "Examples:\n"
      "  vedette rules show boot-copy\n"
      "  vedette rules show 'initramfs' -f json\n"
      "  vedette rules show 'cron job' -r detection-rules/rules/linux");
  command->callback(
      [flags, &session] { session.run = [flags, &session] { return Run(*flags, session); }; });
}

}  // namespace vedette::cli
