// SPDX-License-Identifier: Apache-2.0
#include "cli/rule_sources.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "io/errno_error.h"
#include "rules/bundled_rules.h"
#include "rules/rule_lint.h"

namespace vedette::cli {
namespace {

constexpr std::size_t kMaxTestBytes = 16U << 20U;
constexpr std::string_view kToml = ".toml";

template <class T>
void MoveInto(std::vector<T>& from, std::vector<T>& into) {
  std::move(from.begin(), from.end(), std::back_inserter(into));
}

LoadedRules LoadBundled(rules::Profile profile) {
  LoadedRules all;
  all.bundled = true;
  for (const rules::BundledFile& file : rules::BundledFiles()) {
    if (file.is_test()) continue;
    rules::LoadOptions options;
    options.profile = profile;
    rules::RuleSetLoad one = rules::LoadRulesFromText(std::string(kBundledPrefix).append(file.path),
                                                      std::string(file.text), options);
    MoveInto(one.rules, all.rules);
    MoveInto(one.diagnostics, all.diagnostics);
    all.files += one.files;
    all.runnable += one.runnable;
    all.stored_only += one.stored_only;
    all.refused += one.refused;
    all.allowed += one.allowed;
  }
  std::vector<rules::RuleDiagnostic> between = rules::LintRuleSet(all.rules, profile);
  MoveInto(between, all.diagnostics);
  return all;
}

}  // namespace

base::Result<LoadedRules> LoadRuleArguments(const std::vector<std::string>& paths,
                                            rules::Profile profile) {
  if (paths.empty()) return LoadBundled(profile);
  for (const std::string& path : paths) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) {
      return io::ErrnoError("cannot read rules", path, error ? error.value() : ENOENT);
    }
  }
  rules::LoadOptions options;
  options.profile = profile;
  LoadedRules loaded;
  static_cast<rules::RuleSetLoad&>(loaded) = rules::LoadRules(paths, options);
  return loaded;
}

std::string_view RuleFileStem(std::string_view path) {
  if (path.starts_with(kBundledPrefix)) path.remove_prefix(kBundledPrefix.size());
  path = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? path : path.substr(0, dot);
}

base::Result<TestFile> TestFileBeside(const std::string& rule_path) {
  if (!rule_path.ends_with(kToml)) return TestFile{};
  const std::string path =
      rule_path.substr(0, rule_path.size() - kToml.size()).append(".test.toml");
  if (path.starts_with(kBundledPrefix)) {
    for (const rules::BundledFile& file : rules::BundledFiles()) {
      if (file.path == std::string_view(path).substr(kBundledPrefix.size())) {
        return TestFile{path, std::string(file.text)};
      }
    }
    return TestFile{};
  }
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return TestFile{};
  VED_TRY(std::string text, ReadTextFile(path, kMaxTestBytes));
  return TestFile{path, std::move(text)};
}

base::Result<std::string> ReadTextFile(const std::string& path, std::size_t max_bytes) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return io::ErrnoError("cannot open", path, errno);
  std::string text;
  std::string block(64UL * 1024, '\0');
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0) {
    text.append(block, 0, static_cast<std::size_t>(in.gcount()));
    if (text.size() > max_bytes) {
      return base::Error(base::ErrorCode::kLimitExceeded,
                         path + ": larger than " + std::to_string(max_bytes) + " bytes");
    }
  }
  if (in.bad()) return io::ErrnoError("cannot read", path, errno);
  return text;
}

}  // namespace vedette::cli
