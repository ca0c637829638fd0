// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule.h"

namespace vedette::rules {

/// Writes TOML as rule files have it: several-line texts in `'''`, short lists on one line, long
/// ones a line per item. Empty texts and lists write nothing.
class TomlWriter {
 public:
  void Table(std::string_view name);       ///< [name]
  void ArrayTable(std::string_view name);  ///< [[name]]
  void Text(std::string_view key, const std::string& text);
  void List(std::string_view key, const std::vector<std::string>& items);
  void Int(std::string_view key, std::int64_t value);
  void Bool(std::string_view key, bool value);
  /// A member kept as JSON text: objects become inline tables, long lists a line per item; nulls
  /// vanish.
  void Json(std::string_view key, std::string_view json);
  /// [[name]] tables with tactic, techniques and subtechniques below.
  void Threat(const std::string& name, const std::vector<rules::Threat>& threats);
  /// `key = value` where `value` is TOML already.
  void Raw(std::string_view key, std::string_view value);

  std::string Take() && { return std::move(out_); }

 private:
  void Ref(const AttackRef& ref);
  std::string out_;
};

}  // namespace vedette::rules
