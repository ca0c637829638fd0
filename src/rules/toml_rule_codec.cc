// SPDX-License-Identifier: Apache-2.0
#include "rules/toml_rule_codec.h"

#include <algorithm>
#include <array>
#include <utility>

#include "rules/behavior_rule_codec.h"
#include "rules/guide_plugins.h"
#include "rules/rule_members.h"

namespace vedette::rules {
namespace {

using event::Value;

constexpr std::array<std::string_view, 19> kMetadataKeys = {"creation_date",
                                                            "updated_date",
                                                            "deprecation_date",
                                                            "integration",
                                                            "maturity",
                                                            "min_stack_version",
                                                            "min_stack_comments",
                                                            "bypass_bbr_timing",
                                                            "os_type_list",
                                                            "promotion",
                                                            "query_schema_validation",
                                                            "related_endpoint_rules",
                                                            "relative",
                                                            "extended",
                                                            "comments",
                                                            "reason",
                                                            "min_endpoint_version",
                                                            "source",
                                                            "tests"};

class DetectionReader {
 public:
  explicit DetectionReader(TomlDocument& document) : document_(&document) {}

  TomlRead Read() {
    const Value root = *document_->root;
    rule_.origin.path = document_->file->path();
    rule_.origin.file = document_->file;
    rule_.origin.places = document_->places;
    std::vector<MemberIssue> issues;
    ReadMembers(root.Get("rule"), /*unknown_is_error=*/true, rule_, issues);
    Metadata(root.Get("metadata"));
    Guide(root.Get("transform"));
    UnknownTables(root);
    AssignIdentity(rule_);
    const auto place = rule_.origin.places.find("rule.query");
    rule_.query_source = place == rule_.origin.places.end()
                             ? std::make_shared<const base::Source>(rule_.origin.path, rule_.query)
                             : StringInFile(*document_->file, place->second, rule_.query);
    for (MemberIssue& issue : issues) Add("rule." + issue.key, std::move(issue.diagnostic));
    // The name is known only now; findings made before lack it.
    for (RuleDiagnostic& diagnostic : out_.diagnostics) diagnostic.rule_name = rule_.name;
    out_.rule = std::move(rule_);
    return std::move(out_);
  }

 private:
  void Add(const std::string& key, base::Diagnostic diagnostic) {
    out_.diagnostics.push_back(AtKey(rule_, key, std::move(diagnostic)));
  }

  void Metadata(const Value& metadata) {
    if (!metadata.is_object()) return;
    for (const event::Member& member : metadata.object()) {
      const std::string key(member.key);
      rule_.metadata[key] = JsonText(member.value);
      if (std::find(kMetadataKeys.begin(), kMetadataKeys.end(), key) != kMetadataKeys.end()) {
        continue;
      }
      auto issue = MakeError("R001", "unknown key `" + key + "` in [metadata]");
      const std::string_view near =
          base::Nearest(key, {kMetadataKeys.begin(), kMetadataKeys.end()});
      if (!near.empty()) issue.help.push_back("did you mean `" + std::string(near) + "`?");
      Add("metadata." + key, std::move(issue));
    }
  }

  void Guide(const Value& transform) {
    if (!FindPlugins(rule_.note).empty()) {
      auto issue = MakeError("R017", "a plugin stands literally in `note`");
      issue.help.emplace_back(
          "write `$investigate_0` or `$osquery_0` and put its members under [[transform.…]]");
      Add("rule.note", std::move(issue));
    }
    Transforms transforms;
    if (transform.is_object()) {
      for (const event::Member& member : transform.object()) {
        auto& entries = transforms[std::string(member.key)];
        if (!member.value.is_list()) continue;
        for (const Value& entry : member.value.list()) entries.push_back(JsonText(entry));
      }
    }
    ExpandedGuide guide = ExpandPlaceholders(rule_.note, transforms);
    for (std::string& problem : guide.problems) {
      Add("rule.note", MakeError("R017", std::move(problem)));
    }
    SplitNote split = CutSetup(guide.text);
    if (split.found && !rule_.setup.empty()) {
      Add("rule.setup",
          MakeError("R017", "`## Setup` stands in `note` and `setup` is set as well"));
    }
    rule_.note = std::move(split.found ? split.note : guide.text);
    if (split.found && rule_.setup.empty()) rule_.setup = std::move(split.setup);
  }

  void UnknownTables(const Value& root) {
    for (const event::Member& member : root.object()) {
      const std::string key(member.key);
      if (key == "metadata" || key == "rule" || key == "transform") continue;
      Add(key, MakeError("R001", "unknown table `" + key + "`"));
    }
  }

  TomlDocument* document_;
  Rule rule_;
  TomlRead out_;
};

}  // namespace

TomlRead ReadTomlRule(const std::string& path, std::string text) {
  TomlDocument document = ParseToml(path, std::move(text));
  TomlRead out;
  Rule nowhere;  // carries the place of a finding about the file
  nowhere.origin.path = path;
  nowhere.origin.file = document.file;
  if (!document.root.has_value()) {
    const base::Span span = document.error.span;
    nowhere.origin.places["file"] = span;
    out.diagnostics.push_back(AtKey(nowhere, "file", std::move(document.error)));
    return out;
  }
  if (!document.root->Get("rule").is_object()) {
    out.diagnostics.push_back(
        AtKey(nowhere, "file", MakeError("R001", "there is no [rule] table")));
    return out;
  }
  if (LooksLikeBehaviorToml(*document.root)) return ReadBehaviorToml(document);
  return DetectionReader(document).Read();
}

}  // namespace vedette::rules
