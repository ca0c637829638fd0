// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <set>
#include <tuple>

#include "base/json_writer.h"
#include "cli/diagnostic_catalogue.h"
#include "cli/numbers.h"
#include "cli/rules_subcommands.h"
#include "rules/lint_allow.h"
#include "rules/lint_exclusions.h"
#include "rules/rule_lint.h"
#include "rules/rule_test_file.h"
#include "rules/version_lock.h"

namespace vedette::cli {
namespace {

/// The public repository's lock is 400 KB.
constexpr std::size_t kMaxLockBytes = 64UL << 20U;

struct CheckFlags : RuleFlags {
  std::string profile = "custom";
  std::vector<std::string> allow;
  std::string lock;
  std::string deprecated;
  bool quiet = false;
};

struct Verdict {
  std::size_t rules = 0;
  std::size_t bad = 0;
  double seconds = 0;
};

/// A rule is bad when it has an error, or when nothing came of its file.
std::size_t CountBad(const LoadedRules& loaded) {
  std::set<std::tuple<std::string, std::string, std::uint32_t>> bad;
  for (const rules::RuleDiagnostic& found : loaded.diagnostics) {
    if (!found.is_error()) continue;
    bad.emplace(found.path, found.rule_name, found.rule_name.empty() ? found.line : 0);
  }
  return std::max(bad.size(), loaded.refused);
}

std::string_view SeverityName(base::Severity severity) {
  switch (severity) {
    case base::Severity::kError:
      return "error";
    case base::Severity::kWarning:
      return "warning";
    case base::Severity::kNote:
      break;
  }
  return "note";
}

void WriteDiagnostic(base::JsonWriter& json, const rules::RuleDiagnostic& found) {
  json.BeginObject();
  json.Member("file", found.path);
  json.MemberInt("line", found.line);
  json.MemberInt("column", found.column);
  json.Member("severity", SeverityName(found.diagnostic.severity));
  json.Member("code", found.diagnostic.code);
  json.Member("message", found.diagnostic.message);
  if (!found.rule_name.empty()) json.Member("rule", found.rule_name);
  if (!found.diagnostic.help.empty()) {
    json.Key("help");
    json.BeginArray();
    for (const std::string& help : found.diagnostic.help) json.String(help);
    json.EndArray();
  }
  json.EndObject();
}

/// `checked 1,204 rules in 0.31 s: 1,203 good, 1 error`.
std::string Summary(const LoadedRules& loaded, const Verdict& verdict) {
  std::string out = fmt::format("checked {} in {:.2f} s: {} good", Counted(verdict.rules, "rule"),
                                verdict.seconds, WithThousands(verdict.rules - verdict.bad));
  const auto add = [&](std::size_t number, const char* noun) {
    if (number > 0) out += ", " + Counted(number, noun);
  };
  add(loaded.errors(), "error");
  add(loaded.warnings(), "warning");
  if (loaded.allowed > 0) out += fmt::format(", {} allowed", WithThousands(loaded.allowed));
  if (loaded.stored_only > 0) {
    out += fmt::format("; {} stored only", WithThousands(loaded.stored_only));
  }
  std::string skipped;
  const auto skip = [&](std::size_t number, const char* noun) {
    if (number > 0) skipped += (skipped.empty() ? "" : ", ") + Counted(number, noun);
  };
  skip(loaded.exception_lists, "exception list");
  skip(loaded.exception_items, "exception item");
  skip(loaded.connectors, "connector");
  if (!skipped.empty()) out += "; skipped " + skipped;
  return out;
}

std::string AsJson(const LoadedRules& loaded, const Verdict& verdict) {
  std::string out;
  base::JsonWriter json(out);
  json.BeginObject();
  const auto count = [&](std::string_view key, std::size_t number) {
    json.Key(key);
    json.Uint(number);
  };
  count("files", loaded.files);
  count("rules", verdict.rules);
  count("good", verdict.rules - verdict.bad);
  count("runnable", loaded.runnable);
  count("stored_only", loaded.stored_only);
  count("refused", loaded.refused);
  count("errors", loaded.errors());
  count("warnings", loaded.warnings());
  count("allowed", loaded.allowed);
  json.Key("seconds");
  json.Double(verdict.seconds);
  json.Key("diagnostics");
  json.BeginArray();
  for (const auto& found : loaded.diagnostics) WriteDiagnostic(json, found);
  json.EndArray();
  json.EndObject();
  return out + "\n";
}

std::string Answer(const CheckFlags& flags, AnswerFormat format, bool colour,
                   const LoadedRules& loaded, const Verdict& verdict) {
  if (format == AnswerFormat::kJson) return AsJson(loaded, verdict);
  std::string out;
  for (const rules::RuleDiagnostic& found : loaded.diagnostics) {
    if (flags.quiet && !found.is_error()) continue;
    if (format == AnswerFormat::kTable) {
      out += rules::Render(found, colour) + "\n";
    } else {
      base::JsonWriter json(out);
      WriteDiagnostic(json, found);
      out += '\n';
    }
  }
  if (format == AnswerFormat::kTable) out += Summary(loaded, verdict) + "\n";
  return out;
}

/// What needs files beside the rules: their tests, and the repository's lock.
base::Result<void> CheckAgainstFiles(const CheckFlags& flags, LoadedRules& loaded) {
  std::vector<rules::RuleDiagnostic> found;
  rules::VersionLock lock;
  if (!flags.lock.empty()) {
    VED_TRY(const std::string text, ReadTextFile(flags.lock, kMaxLockBytes));
    VED_TRY_VOID(rules::ReadVersionLock(text, lock));
  }
  if (!flags.deprecated.empty()) {
    VED_TRY(const std::string text, ReadTextFile(flags.deprecated, kMaxLockBytes));
    VED_TRY_VOID(rules::ReadDeprecatedRules(text, lock));
  }
  if (!flags.lock.empty() || !flags.deprecated.empty()) {
    found = rules::LintAgainstLock(loaded.rules, lock);
  }
  if (flags.profile != "minimal") {
    for (const rules::Rule& rule : loaded.rules) {
      if (rule.origin.file == nullptr) continue;  // tests stand beside TOML files
      VED_TRY(TestFile file, TestFileBeside(rule.origin.path));
      const auto tests = rules::ReadRuleTests(file.path, std::move(file.text));
      auto more = rules::LintExclusions(rule, tests);
      std::move(more.begin(), more.end(), std::back_inserter(found));
    }
  }
  if (found.empty()) return {};
  std::move(found.begin(), found.end(), std::back_inserter(loaded.diagnostics));
  std::stable_sort(loaded.diagnostics.begin(), loaded.diagnostics.end(),
                   [](const rules::RuleDiagnostic& a, const rules::RuleDiagnostic& b) {
                     return std::tie(a.path, a.line) < std::tie(b.path, b.line);
                   });
  return {};
}

int Run(const CheckFlags& flags, const Session& session) {
  const auto start = std::chrono::steady_clock::now();
  const auto profile = rules::ProfileFromName(flags.profile);
  auto loaded = LoadRuleArguments(flags.paths, profile.value_or(rules::Profile::kCustom));
  if (!loaded.has_value()) {
    PrintError(session.terminal, loaded.error().message());
    return ExitCodeFor(loaded.error());
  }
  if (const auto done = CheckAgainstFiles(flags, *loaded); !done.has_value()) {
    PrintError(session.terminal, done.error().message());
    return ExitCodeFor(done.error());
  }
  loaded->allowed +=
      rules::DropAllowed({flags.allow.begin(), flags.allow.end()}, loaded->diagnostics);
  Verdict verdict;
  verdict.rules = loaded->rules.size() + loaded->refused;
  verdict.bad = std::min(verdict.rules, CountBad(*loaded));
  verdict.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const AnswerFormat format = flags.answer.Choose(session.terminal);
  const int code = loaded->errors() > 0 ? kAnswerIsNo : kDone;
  const std::string answer =
      Answer(flags, format, flags.answer.Colour(session.terminal), *loaded, verdict);
  const int given = GiveAnswer(session.terminal, flags.answer, answer, code);
  if (format == AnswerFormat::kNdjson && session.terminal.stderr_is_terminal) {
    fmt::print(stderr, "{}\n", Summary(*loaded, verdict));
  }
  return given;
}

/// A misspelled code would allow nothing, in silence.
CLI::Validator KnownCode() {
  return CLI::Validator(
      [](std::string& code) {
        const CodeText* known = FindCode(code);
        if (known == nullptr) return "there is no code '" + code + "'";
        code = std::string(known->code);
        return std::string();
      },
      "");
}

}  // namespace

void AddRulesCheck(CLI::App& rules, Session& session) {
  CLI::App* command =
      rules.add_subcommand("check", "say what is wrong with rules, with the place and the way out");
  auto flags = std::make_shared<CheckFlags>();
  AddRuleFlags(*command, *flags, Paths::kPositionalToo);
  command
      ->add_option("--profile", flags->profile,
                   "minimal (what keeps a rule from working), custom (the default) or elastic "
                   "(what the public repository asks)")
      ->type_name("NAME")
      ->check(CLI::IsMember({"minimal", "custom", "elastic"}).description(""));
  command
      ->add_option("--allow", flags->allow,
                   "leave out warnings of this code; repeatable; a rule allows its own in a "
                   "comment: `vedette: allow W0303`")
      ->type_name("CODE")
      ->allow_extra_args(false)
      ->check(KnownCode());
  command
      ->add_option("--lock", flags->lock,
                   "version lock of a detection-rules repository: types and versions must fit it")
      ->type_name("FILE");
  command
      ->add_option("--deprecated", flags->deprecated,
                   "deprecated rules of that repository: their ids must not come back")
      ->type_name("FILE");
  command->add_flag("-q,--quiet", flags->quiet, "errors only");
  command->footer(
      "Examples:\n"
      "  vedette rules check my-rules/\n"
      "  vedette rules check --profile elastic detection-rules/rules/linux -f ndjson\n"
      "  vedette rules check my-rules/ --allow R031 --allow R009\n"
      "  vedette rules explain E0203        what a code means\n"
      "Exit: 0 no error (warnings do not count); 1 errors.");
  command->callback(
      [flags, &session] { session.run = [flags, &session] { return Run(*flags, session); }; });
}

}  // namespace vedette::cli
