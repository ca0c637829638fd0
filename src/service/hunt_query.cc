// SPDX-License-Identifier: Apache-2.0
#include "service/hunt_query.h"

#include <algorithm>
#include <utility>

#include "eql/interpreter.h"
#include "eql/parser.h"

namespace vedette::service {

bool HuntQuery::yields_events() const {
  return std::holds_alternative<eql::EventQuery>(query.statement) ||
         std::any_of(query.pipes.begin(), query.pipes.end(),
                     [](const eql::Pipe& pipe) { return pipe.name == "count"; });
}

std::vector<std::string> HuntQuery::KeyNames() const {
  std::vector<std::string> names;
  const auto add = [&](const std::vector<eql::ExprPtr>& keys) {
    for (const auto& key : keys) names.push_back(eql::Print(*key, query.dialect));
  };
  const auto of = [&](const auto& statement) {
    add(statement.keys);
    if (!statement.items.empty()) add(statement.items.front().keys);
  };
  if (const auto* sequence = std::get_if<eql::Sequence>(&query.statement)) of(*sequence);
  if (const auto* sample = std::get_if<eql::Sample>(&query.statement)) of(*sample);
  if (const auto* join = std::get_if<eql::Join>(&query.statement)) of(*join);
  return names;
}

std::optional<HuntQuery> CompileHunt(const base::Source& source, const HuntLanguage& language,
                                     const event::Schema& schema,
                                     std::vector<base::Diagnostic>& diagnostics, Folding folding) {
  eql::ParseResult parsed = eql::Parse(source, language.dialect);
  std::move(parsed.diagnostics.begin(), parsed.diagnostics.end(), std::back_inserter(diagnostics));
  if (!parsed.query) return std::nullopt;
  HuntQuery hunt{std::move(*parsed.query), std::make_unique<event::FieldTable>(schema),
                 language.check};
  if (!eql::Check(hunt.query, *hunt.fields, hunt.check, diagnostics)) return std::nullopt;
  if (folding == Folding::kOn) eql::FoldConstants(hunt.query, hunt.check);
  return hunt;
}

}  // namespace vedette::service
