// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/numbers.h"
#include "cli/rules_subcommands.h"
#include "cli/toml_comments.h"
#include "io/errno_error.h"
#include "io/output_file.h"
#include "rules/api_json_codec.h"
#include "rules/toml_rule_codec.h"

namespace vedette::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFileBytes = 4U << 20U;

struct FmtFlags {
  std::vector<std::string> paths;
  bool check = false;
  bool drop_comments = false;
};

/// Rule files under a path, in name order; no tests, nothing hidden.
base::Result<std::vector<std::string>> TomlFiles(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return io::ErrnoError("cannot read", path, ENOENT);
  if (!fs::is_directory(path, error)) return std::vector<std::string>{path};
  std::vector<std::string> found;
  fs::recursive_directory_iterator it(path, fs::directory_options::skip_permission_denied, error);
  while (!error && it != fs::recursive_directory_iterator()) {
    const std::string name = it->path().filename().string();
    std::error_code kind;
    if (name.starts_with('.')) {
      if (it->is_directory(kind)) it.disable_recursion_pending();
    } else if (it->is_regular_file(kind) && name.ends_with(".toml") &&
               !name.ends_with(".test.toml")) {
      found.push_back(it->path().string());
    }
    it.increment(error);
  }
  if (error) return io::ErrnoError("cannot read", path, error.value());
  std::sort(found.begin(), found.end());
  return found;
}

enum class Outcome { kSame, kChanged, kRefused };

/// Rewrites one file. Nothing may be lost: what would not read back equal, or would lose comments,
/// is left alone.
base::Result<Outcome> Format(const std::string& path, const FmtFlags& flags,
                             const Session& session) {
  VED_TRY(std::string text, ReadTextFile(path, kMaxFileBytes));
  const rules::TomlRead read = rules::ReadTomlRule(path, text);
  const auto error = std::find_if(read.diagnostics.begin(), read.diagnostics.end(),
                                  [](const rules::RuleDiagnostic& d) { return d.is_error(); });
  if (!read.rule.has_value() || error != read.diagnostics.end()) {
    for (const rules::RuleDiagnostic& found : read.diagnostics) {
      if (found.is_error()) {
        std::fputs(rules::Render(found, session.terminal.stderr_colour).c_str(), stderr);
      }
    }
    return Outcome::kRefused;
  }
  const std::string written = rules::WriteTomlRule(*read.rule);
  if (written == text) return Outcome::kSame;
  if (const std::uint32_t line = FirstCommentLine(text); line != 0 && !flags.drop_comments) {
    PrintWarning(session.terminal, path + ":" + std::to_string(line) +
                                       ": left alone, because its comments would be lost "
                                       "(--drop-comments)");
    return Outcome::kRefused;
  }
  const rules::TomlRead again = rules::ReadTomlRule(path, written);
  if (!again.rule.has_value() ||
      rules::WriteApiRule(*again.rule) != rules::WriteApiRule(*read.rule)) {
    PrintError(session.terminal,
               path + ": left alone, because it would read back different; please report this");
    return Outcome::kRefused;
  }
  if (flags.check) return Outcome::kChanged;
  VED_TRY(auto file, io::OutputFile::Open(path));
  VED_TRY_VOID(file->Write(written));
  VED_TRY_VOID(file->Close());
  return Outcome::kChanged;
}

int Run(const FmtFlags& flags, const Session& session) {
  std::string out;
  std::size_t files = 0;
  std::size_t changed = 0;
  std::size_t refused = 0;
  for (const std::string& path : flags.paths) {
    const auto found = TomlFiles(path);
    if (!found.has_value()) {
      PrintError(session.terminal, found.error().message());
      return ExitCodeFor(found.error());
    }
    for (const std::string& file : *found) {
      const base::Result<Outcome> outcome = Format(file, flags, session);
      if (!outcome.has_value()) {
        PrintError(session.terminal, outcome.error().message());
        return ExitCodeFor(outcome.error());
      }
      ++files;
      if (*outcome == Outcome::kRefused) ++refused;
      if (*outcome != Outcome::kChanged) continue;
      ++changed;
      out += (flags.check ? "would rewrite " : "rewrote ") + WithoutControls(file) + "\n";
    }
  }
  out += Counted(files, "file") + ": " + WithThousands(changed) +
         (flags.check ? " to rewrite, " : " rewritten, ") + WithThousands(refused) +
         " left alone, " + WithThousands(files - changed - refused) + " canonical already\n";
  const bool no = refused > 0 || (flags.check && changed > 0);
  return GiveAnswer(session.terminal, {}, out, no ? kAnswerIsNo : kDone);
}

}  // namespace

void AddRulesFmt(CLI::App& rules, Session& session) {
  CLI::App* command = rules.add_subcommand("fmt", "rewrite TOML rules in their canonical form");
  auto flags = std::make_shared<FmtFlags>();
  command->add_option("PATH", flags->paths, "rule files or folders")->type_name("")->required();
  command->add_flag("--check", flags->check, "write nothing; exit 1 when something would change");
  command->add_flag("--drop-comments", flags->drop_comments,
                    "rewrite files with comments too, without them");
  command->footer(
      "A file with comments, or one that would read back different, is left alone.\n"
      "Examples:\n"
      "  vedette rules fmt my-rules/\n"
      "  vedette rules fmt --check my-rules/       for continuous integration\n"
      "Exit: 1 when a file was left alone or, with --check, would change.");
  command->callback(
      [flags, &session] { session.run = [flags, &session] { return Run(*flags, session); }; });
}

}  // namespace vedette::cli
