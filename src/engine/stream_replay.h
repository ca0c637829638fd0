// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>

#include "eql/ast.h"
#include "eql/checker.h"
#include "event/field_table.h"
#include "event/json_reader.h"
#include "rules/rule.h"
#include "rules/rule_test_file.h"

namespace vedette::engine {

/// Asks of short made-up streams whether a query fires over them, each on an engine of its own.
/// For proofs and rule tests. One thread.
class StreamReplay {
 public:
  /// `query` passed Check() with `fields` and `options`; all three outlive this.
  StreamReplay(const eql::Query& query, event::FieldTable& fields, const eql::CheckOptions& options)
      : query_(query), fields_(fields), options_(options) {}

  /// Whether anything fires over the documents, in the order in which they stand, to the end of the
  /// stream. Nothing when it cannot be run; then `why` says so.
  std::optional<bool> Fires(std::span<const std::string> events, std::string& why);

 private:
  const eql::Query& query_;
  event::FieldTable& fields_;
  const eql::CheckOptions& options_;
  event::JsonReader reader_;
};

/// rules::RunRuleTests(), and for rules over several events each case as one stream: it fires when
/// its events together do. Times come from the documents.
rules::RuleTestReport ReplayRuleTests(const rules::Rule& rule, const rules::RuleTestFile& tests);

}  // namespace vedette::engine
