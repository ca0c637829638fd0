// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <set>

#include "cli/numbers.h"
#include "cli/rule_finder.h"
#include "cli/rules_subcommands.h"
#include "cli/text_table.h"
#include "io/errno_error.h"
#include "io/output_file.h"
#include "rules/attack.h"
#include "rules/toml_rule_codec.h"

namespace vedette::cli {
namespace {

using rules::Rule;

constexpr std::size_t kMaxStem = 120;  // file systems end names at 255 bytes

struct ImportFlags {
  std::vector<std::string> files;
  std::string folder;
  bool force = false;
};

std::string Joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    for (const char c : word) {
      if (static_cast<unsigned char>(c) >= 0x80) continue;
      if (out.size() >= kMaxStem) return out;
      out += c;
    }
    out += '_';
  }
  while (out.ends_with('_')) out.pop_back();
  return out;
}

/// `persistence_boot_directory_write`: the tactic, then the name's words. Only a-z, 0-9 and `_`, so
/// a hostile name cannot leave the folder.
std::string StemFor(const Rule& rule) {
  std::string stem = Joined(WordsOf(rule.name));
  if (stem.empty()) stem = Joined(WordsOf(rule.rule_id));
  if (stem.empty()) stem = "rule";
  if (rule.threat.empty()) return stem;
  const rules::AttackTactic* tactic = rules::FindTactic(rule.threat.front().tactic.id);
  if (tactic == nullptr) return stem;
  const std::string prefix = Joined(WordsOf(tactic->short_name));
  return stem.starts_with(prefix) ? stem : prefix + "_" + stem;
}

base::Result<void> WriteRule(const std::filesystem::path& path, const Rule& rule, bool force) {
  std::error_code error;
  if (!force && std::filesystem::exists(path, error)) {
    return base::Error(base::ErrorCode::kInvalidArgument,
                       path.string() + " exists; --force overwrites");
  }
  VED_TRY(auto file, io::OutputFile::Open(path.string()));
  VED_TRY_VOID(file->Write(rules::WriteTomlRule(rule)));
  return file->Close();
}

int Run(const ImportFlags& flags, const Session& session) {
  const RulesOrExit loaded = LoadOrExplain(session, flags.files);
  if (!loaded.good()) return loaded.exit_code;
  std::error_code error;
  std::filesystem::create_directories(flags.folder, error);
  if (error) {
    const base::Error failed = io::ErrnoError("cannot create", flags.folder, error.value());
    PrintError(session.terminal, failed.message());
    return ExitCodeFor(failed);
  }
  TextTable stored({{"Stored only", false, true, 20}, {"Why", false, true, 20}});
  std::set<std::string> taken;
  for (const Rule& rule : loaded.rules.rules) {
    const std::string stem = StemFor(rule);
    std::string name = stem;
    for (int again = 2; !taken.insert(name).second; ++again) {
      name = stem + "_" + std::to_string(again);
    }
    const base::Result<void> written =
        WriteRule(std::filesystem::path(flags.folder) / (name + ".toml"), rule, flags.force);
    if (!written.has_value()) {
      PrintError(session.terminal, written.error().message());
      return ExitCodeFor(written.error());
    }
    if (!rule.runnable()) stored.Row({{rule.name}, {rule.stored_only}});
  }
  std::string refused;
  for (const rules::RuleDiagnostic& found : loaded.rules.diagnostics) {
    if (found.is_error()) refused += rules::Render(found, session.terminal.stdout_colour) + "\n";
  }
  std::string out = refused;
  if (!stored.empty()) {
    out += stored.Render(session.terminal.width, session.terminal.stdout_colour) + "\n";
  }
  out += "wrote " + Counted(loaded.rules.rules.size(), "rule") + " to " + flags.folder + ": " +
         WithThousands(loaded.rules.runnable) + " runnable, " +
         WithThousands(loaded.rules.stored_only) + " stored only; " +
         WithThousands(loaded.rules.refused) + " refused\n";
  return GiveAnswer(session.terminal, {}, out, loaded.rules.refused > 0 ? kAnswerIsNo : kDone);
}

}  // namespace

void AddRulesImport(CLI::App& rules, Session& session) {
  CLI::App* command =
      rules.add_subcommand("import", "turn exported NDJSON into a folder of TOML rules");
  auto flags = std::make_shared<ImportFlags>();
  command->add_option("FILE", flags->files, "API NDJSON or JSON")->type_name("")->required();
  command->add_option("-o,--output", flags->folder, "folder to write to; made when it is not there")
      ->type_name("DIR")
      ->required();
  command->add_flag("--force", flags->force, "overwrite files that exist");
  command->footer(
      "Prints what runs here, what is only stored, and what was refused.\n"
      "Examples:\n"
      "  vedette rules import rules_export.ndjson -o my-rules/\n"
      "Exit: 1 when a rule was refused (the others are written).");
  command->callback(
      [flags, &session] { session.run = [flags, &session] { return Run(*flags, session); }; });
}

}  // namespace vedette::cli
