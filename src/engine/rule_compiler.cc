// SPDX-License-Identifier: Apache-2.0
#include "engine/rule_compiler.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/diagnostic.h"
#include "eql/interpreter.h"
#include "eql/parser.h"
#include "rules/query_check.h"

namespace vedette::engine {
namespace {

std::string FirstError(const std::vector<base::Diagnostic>& diagnostics) {
  for (const auto& diagnostic : diagnostics) {
    if (diagnostic.severity == base::Severity::kError) {
      return fmt::format("[{}] {}; see `vedette rules check`", diagnostic.code, diagnostic.message);
    }
  }
  return "its query does not compile; see `vedette rules check`";
}

}  // namespace

std::optional<CompiledRule> CompileRule(const rules::Rule& rule, event::FieldTable& fields,
                                        std::vector<SkippedRule>& skipped) {
  const auto skip = [&](std::string reason) {
    skipped.push_back({rule.name, rule.origin.path, std::move(reason)});
    return std::nullopt;
  };
  if (!rule.runnable()) return skip(rule.stored_only);
  const base::Source source(rule.origin.path, rule.query);
  auto parsed = eql::Parse(source, rule.dialect());
  if (!parsed.query) return skip(FirstError(parsed.diagnostics));
  CompiledRule compiled{rule, std::move(*parsed.query), rules::CheckOptionsFor(rule), false};
  const auto limits_only = [](const eql::Pipe& pipe) {
    return pipe.name == "head" || pipe.name == "tail";
  };
  if (!std::all_of(compiled.query.pipes.begin(), compiled.query.pipes.end(), limits_only)) {
    return skip("its pipes need all results at once; run it with `vedette hunt`");
  }
  compiled.query.pipes.clear();
  std::vector<base::Diagnostic> diagnostics;
  if (!eql::Check(compiled.query, fields, compiled.options, diagnostics)) {
    return skip(FirstError(diagnostics));
  }
  eql::FoldConstants(compiled.query, compiled.options);
  compiled.needs_state = eql::NeedsState(compiled.query) ||
                         !std::holds_alternative<eql::EventQuery>(compiled.query.statement);
  return compiled;
}

}  // namespace vedette::engine
