// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_loader.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>
#include <utility>

#include "rules/api_json_codec.h"
#include "rules/lint_allow.h"
#include "rules/query_check.h"
#include "rules/toml_rule_codec.h"

namespace vedette::rules {
namespace {

namespace fs = std::filesystem;

bool EndsWith(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

bool IsRuleFile(std::string_view name) {
  if (EndsWith(name, ".test.toml")) return false;
  return EndsWith(name, ".toml") || EndsWith(name, ".ndjson") || EndsWith(name, ".jsonl") ||
         EndsWith(name, ".json");
}

class Loader {
 public:
  explicit Loader(const LoadOptions& options) : options_(options) {}

  void Path(const std::string& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (fs::is_directory(status)) return Folder(path);
    if (!fs::exists(status)) return Problem(path, "no such file or folder");
    File(path);
  }

  void Text(const std::string& path, std::string text) {
    ++load_.files;
    const bool json = EndsWith(path, ".ndjson") || EndsWith(path, ".json") ||
                      EndsWith(path, ".jsonl") || (!EndsWith(path, ".toml") && LooksLikeJson(text));
    if (!json) {
      TomlRead read = ReadTomlRule(path, std::move(text));
      if (read.rule.has_value()) {
        Keep(std::move(*read.rule), std::move(read.diagnostics));
      } else {
        ++load_.refused;
        Append(std::move(read.diagnostics));
      }
      return;
    }
    ApiRead read = ReadApiRules(path, text);
    load_.refused += read.refused;
    load_.exception_lists += read.exception_lists;
    load_.exception_items += read.exception_items;
    load_.connectors += read.connectors;
    Append(std::move(read.diagnostics));
    for (Rule& rule : read.rules) Keep(std::move(rule), {});
  }

  RuleSetLoad Finish() {
    Append(LintRuleSet(load_.rules, options_.profile));
    DropDuplicates();
    for (const Rule& rule : load_.rules) ++(rule.runnable() ? load_.runnable : load_.stored_only);
    std::stable_sort(load_.diagnostics.begin(), load_.diagnostics.end(),
                     [](const RuleDiagnostic& a, const RuleDiagnostic& b) {
                       return std::tie(a.path, a.line) < std::tie(b.path, b.line);
                     });
    return std::move(load_);
  }

 private:
  static bool LooksLikeJson(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return false;
    // `[rule]` begins a TOML file, `[{` or `[ ]` a JSON array.
    if (text[first] == '{') return true;
    const std::size_t next = text.find_first_not_of(" \t\r\n", first + 1);
    return text[first] == '[' && next != std::string_view::npos &&
           (text[next] == '{' || text[next] == ']');
  }

  void Problem(const std::string& path, const std::string& message) {
    ++load_.refused;
    load_.diagnostics.push_back(AtLine(path, 1, MakeError("R001", path + ": " + message)));
  }

  void Append(std::vector<RuleDiagnostic> found) {
    std::move(found.begin(), found.end(), std::back_inserter(load_.diagnostics));
  }

  /// Checks and lints a rule, then keeps or refuses it. A wrong query or a wrongly typed member
  /// (R001) would make it another rule than was written: refused. A member of an unknown name is an
  /// error in TOML too, but changes nothing that runs: kept.
  void Keep(Rule rule, std::vector<RuleDiagnostic> found) {
    const bool trusted = CheckQuery(rule, options_.profile, found);
    std::vector<RuleDiagnostic> lint = LintRule(rule, options_.profile);
    std::move(lint.begin(), lint.end(), std::back_inserter(found));
    load_.allowed += DropAllowed(AllowedBy(rule), found);
    Append(std::move(found));
    if (trusted && !rule.misread) {
      load_.rules.push_back(std::move(rule));
    } else {
      ++load_.refused;
    }
  }

  /// Alert ids come from the rule's id: of two equal ones only the first can stay. Endpoint
  /// artefacts do reuse an id for another platform's query: such a rule gets a store id of its own.
  void DropDuplicates() {
    std::set<std::string> seen;
    std::vector<Rule> kept;
    for (Rule& rule : load_.rules) {
      bool fresh = seen.insert(rule.rule_id).second;
      if (!fresh && rule.form == RuleForm::kBehavior) {
        rule.id = UuidFromName(rule.rule_id + "\n" + rule.query);
        fresh = seen.insert(rule.id).second;
      }
      if (fresh) {
        kept.push_back(std::move(rule));
      } else {
        ++load_.refused;
      }
    }
    load_.rules = std::move(kept);
  }

  void Folder(const std::string& path) {
    std::vector<std::string> found;
    std::error_code error;
    // Links to folders are not followed: a loop would never end.
    fs::recursive_directory_iterator it(path, fs::directory_options::skip_permission_denied, error);
    if (error) return Problem(path, error.message());
    while (it != fs::recursive_directory_iterator()) {
      const std::string name = it->path().filename().string();
      std::error_code kind;
      const bool folder = it->is_directory(kind);
      const bool hidden = !name.empty() && name[0] == '.';
      if (folder && hidden) it.disable_recursion_pending();
      if (!folder && !hidden && it->is_regular_file(kind) && IsRuleFile(name)) {
        found.push_back(it->path().string());
      }
      if (found.size() > options_.max_files) {
        Problem(path, "more than " + std::to_string(options_.max_files) + " rule files");
        break;
      }
      it.increment(error);
      if (error) {
        Problem(path, error.message());
        break;
      }
    }
    std::sort(found.begin(), found.end());
    for (const std::string& file : found) File(file);
  }

  void File(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return Problem(path, std::strerror(errno));
    std::string text;
    std::string block(64 * 1024, '\0');
    // Read in blocks, not by size: a pipe or /proc file has none.
    while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0) {
      text.append(block, 0, static_cast<std::size_t>(in.gcount()));
      if (text.size() > options_.max_file_bytes) {
        return Problem(path, "larger than " + std::to_string(options_.max_file_bytes) + " bytes");
      }
    }
    if (in.bad()) return Problem(path, "read failed");
    Text(path, std::move(text));
  }

  LoadOptions options_;
  RuleSetLoad load_;
};

std::size_t Count(const RuleSetLoad& load, base::Severity severity) {
  return static_cast<std::size_t>(
      std::count_if(load.diagnostics.begin(), load.diagnostics.end(),
                    [&](const RuleDiagnostic& d) { return d.diagnostic.severity == severity; }));
}

}  // namespace

std::size_t RuleSetLoad::errors() const { return Count(*this, base::Severity::kError); }
std::size_t RuleSetLoad::warnings() const { return Count(*this, base::Severity::kWarning); }

RuleSetLoad LoadRules(const std::vector<std::string>& paths, const LoadOptions& options) {
  Loader loader(options);
  for (const std::string& path : paths) loader.Path(path);
  return loader.Finish();
}

RuleSetLoad LoadRulesFromText(const std::string& path, std::string text,
                              const LoadOptions& options) {
  Loader loader(options);
  loader.Text(path, std::move(text));
  return loader.Finish();
}

}  // namespace vedette::rules
