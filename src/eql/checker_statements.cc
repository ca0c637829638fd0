// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "eql/checker_internal.h"
#include "eql/interpreter.h"
#include "eql/value_ops.h"
#include "eql/walk.h"

namespace vedette::eql {
namespace {

// Categories that events of the six sources and of the endpoint carry (reference 4.1), ECS' own
// included.
constexpr std::array<std::string_view, 26> kCategories = {"api",
                                                          "authentication",
                                                          "configuration",
                                                          "credential_access",
                                                          "database",
                                                          "dns",
                                                          "driver",
                                                          "email",
                                                          "file",
                                                          "host",
                                                          "iam",
                                                          "info",
                                                          "intrusion_detection",
                                                          "library",
                                                          "malware",
                                                          "network",
                                                          "package",
                                                          "persistence",
                                                          "process",
                                                          "registry",
                                                          "session",
                                                          "threat",
                                                          "vulnerability",
                                                          "web",
                                                          "generic",
                                                          "any"};

constexpr std::uint32_t kMaxRuns = 100;

}  // namespace

void Checker::CheckRequiredFields() {
  const auto require = [&](const std::string& name) {
    if (name.empty()) return;
    const event::Schema& schema = fields_.schema();
    if (es() && !schema.open() && schema.Find(name) == nullptr) {
      Report(code::kUnknownField, Span{}, fmt::format("unknown field `{}`", name),
             "every query needs it");
      return;
    }
    fields_.Intern(name);
  };
  require(options_.category_field);
  // Samples do not look at time.
  if (es() && !std::holds_alternative<Sample>(query_.statement)) require(options_.timestamp_field);
  require(options_.tiebreaker_field);
  if (eg()) {
    fields_.Intern(kEndgameTypeField, event::Shape::kTree);
    fields_.Intern(kEndgameFullTypeField, event::Shape::kTree);
  }
}

void Checker::CheckEventQuery(EventQuery& query) {
  CheckCategory(query);
  if (query.condition != nullptr) Condition(*query.condition, "a condition");
}

void Checker::CheckCategory(const EventQuery& query) {
  if (query.any || !ep()) return;
  if (std::find(kCategories.begin(), kCategories.end(), query.category) != kCategories.end())
    return;
  auto& warning = Warn(code::kWarnCategory, query.category_span,
                       fmt::format("no event has the category `{}`", query.category));
  const std::vector<std::string_view> names(kCategories.begin(), kCategories.end());
  if (const auto nearest = base::Nearest(query.category, names); !nearest.empty()) {
    warning.help.push_back(fmt::format("is `{}` meant?", nearest));
  }
}

void Checker::CheckKeys(std::vector<ExprPtr>& keys) {
  for (auto& key : keys) {
    Visit(*key);
    if (!eg() && !std::holds_alternative<Field>(key->node)) {
      Report(code::kStructure, key->span, "a join key must be a field");
    }
  }
}

void Checker::CheckItem(SequenceItem& item, bool is_until) {
  CheckEventQuery(item.query);
  CheckKeys(item.keys);
  if (item.missing && !es()) {
    Report(code::kNotInDialect, item.span, "missing events `![ … ]` are an Elasticsearch feature");
  } else if (item.missing && is_until) {
    Report(code::kStructure, item.span, "`until` cannot wait for a missing event");
  }
  if (item.has_runs && (!es() || is_until)) {
    Report(code::kNotInDialect, item.span, "`with runs` is not possible here");
  } else if (item.has_runs && (item.runs < 1 || item.runs > kMaxRuns)) {
    Report(code::kStructure, item.span, fmt::format("runs must lie between 1 and {}", kMaxRuns));
  }
  if (item.fork && !eg()) Report(code::kNotInDialect, item.span, "`fork` is an Endgame feature");
  if (!item.alias.empty() && (!ep() || is_until)) {
    Report(code::kNotInDialect, item.alias_span, "an alias is not possible here");
  }
}

void Checker::CheckKeyCounts(const std::vector<SequenceItem>& items, const SequenceItem* until) {
  if (items.empty()) return;
  const auto check = [&](const SequenceItem& item) {
    if (item.keys.size() == items.front().keys.size()) return;
    Report(code::kKeyCount, item.span,
           fmt::format("every item needs as many join keys as the first: {}, not {}",
                       items.front().keys.size(), item.keys.size()));
  };
  std::for_each(items.begin() + 1, items.end(), check);
  if (until != nullptr) check(*until);
}

void Checker::CheckKeyTypes(const SequenceItem& first, const SequenceItem& other) {
  if (!es()) return;
  const std::size_t shared = std::min(first.keys.size(), other.keys.size());
  for (std::size_t i = 0; i < shared; ++i) {
    const Type a = first.keys[i]->type;
    const Type b = other.keys[i]->type;
    const bool loose =
        a == Type::kUnknown || b == Type::kUnknown || a == Type::kNull || b == Type::kNull;
    if (loose || a == b) continue;
    Report(code::kKeyType, other.keys[i]->span,
           fmt::format("a key that is {} never equals one that is {}", TypeName(b), TypeName(a)))
        .labels.push_back({first.keys[i]->span, "compared with this key"});
  }
}

void Checker::CheckItems(std::vector<SequenceItem>& items, SequenceItem* until,
                         std::vector<ExprPtr>& keys) {
  CheckKeys(keys);
  for (const SequenceItem& item : items) {
    if (!item.alias.empty()) all_aliases_.push_back(item.alias);
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    CheckItem(items[i], false);
    if (!items[i].alias.empty()) {
      visible_aliases_.push_back({items[i].alias, static_cast<std::uint32_t>(i)});
    }
  }
  visible_aliases_.clear();
  if (until != nullptr) CheckItem(*until, true);
  CheckKeyCounts(items, until);
  for (std::size_t i = 1; i < items.size(); ++i) CheckKeyTypes(items.front(), items[i]);
  if (until != nullptr && !items.empty()) CheckKeyTypes(items.front(), *until);
}

void Checker::CheckSequence(Sequence& sequence) {
  CheckItems(sequence.items, sequence.until ? &*sequence.until : nullptr, sequence.keys);
  auto visit = [&](const Expr& expr) {
    const auto* field = std::get_if<Field>(&expr.node);
    if (field != nullptr && field->alias_item) sequence.refers_to_alias = true;
  };
  for (const SequenceItem& item : sequence.items) {
    if (item.query.condition != nullptr) ForEachExpr(*item.query.condition, visit);
  }
  std::uint64_t stages = 0;
  std::size_t missing = 0;
  for (const SequenceItem& item : sequence.items) {
    stages += item.runs;
    if (item.missing) ++missing;
  }
  const Span span = sequence.items.empty() ? Span{} : sequence.items.front().span;
  if (stages < 2) Report(code::kStructure, span, "a sequence needs at least two items");
  if (missing > 0 && !sequence.maxspan) {
    Report(code::kStructure, span, "a missing event needs `with maxspan`",
           "without it there is no time within which to miss it");
  }
  if (missing > 0 && missing == sequence.items.size()) {
    Report(code::kStructure, span, "a sequence needs at least one event that is not missing");
  }
  if (sequence.maxspan && sequence.maxspan->count() <= 0) {
    Report(code::kStructure, span, "maxspan must be positive");
  }
}

void Checker::CheckSample(Sample& sample) {
  CheckItems(sample.items, nullptr, sample.keys);
  const Span span = sample.items.empty() ? Span{} : sample.items.front().span;
  if (!es()) Report(code::kNotInDialect, span, "`sample` is an Elasticsearch feature");
  if (sample.items.size() < 2) Report(code::kStructure, span, "a sample needs at least two items");
  if (sample.keys.empty() && (sample.items.empty() || sample.items.front().keys.empty())) {
    Report(code::kStructure, span, "a sample needs a join key");
  }
  for (const SequenceItem& item : sample.items) {
    if (item.missing) Report(code::kStructure, item.span, "a sample cannot miss an event");
    if (item.has_runs) Report(code::kStructure, item.span, "a sample item has no runs");
  }
}

void Checker::CheckJoin(Join& join) {
  const Span span = join.items.empty() ? Span{} : join.items.front().span;
  if (!eg()) {
    Report(code::kNotInDialect, span, "`join` is an Endgame feature")
        .help.push_back("use a sequence, or a sample when order does not matter");
  }
  CheckItems(join.items, join.until ? &*join.until : nullptr, join.keys);
  if (join.items.size() < 2) Report(code::kStructure, span, "a join needs at least two items");
}

void Checker::CheckPipes() {
  if (query_.pipes.empty()) return;
  if (options_.parse_only_pipes) {
    Report(code::kPipe, query_.pipes.front().span, "a live rule cannot have pipes",
           "a stream has no first or last result");
    return;
  }
  for (Pipe& pipe : query_.pipes) CheckPipe(pipe);
}

void Checker::CheckPipe(Pipe& pipe) {
  const bool head_or_tail = pipe.name == "head" || pipe.name == "tail";
  const bool endgame_pipe = pipe.name == "count" || pipe.name == "unique" ||
                            pipe.name == "unique_count" || pipe.name == "filter" ||
                            pipe.name == "sort";
  for (auto& argument : pipe.arguments) Visit(*argument);
  if (ep()) {
    Report(code::kPipe, pipe.name_span, "the endpoint dialect has no pipes");
  } else if (!head_or_tail && !(eg() && endgame_pipe)) {
    Report(code::kPipe, pipe.name_span,
           endgame_pipe ? fmt::format("the pipe `{}` is an Endgame feature", pipe.name)
                        : fmt::format("unknown pipe `{}`", pipe.name));
  } else if (head_or_tail) {
    if (pipe.arguments.size() != 1 && !(eg() && pipe.arguments.empty())) {
      Report(code::kPipe, pipe.span, fmt::format("`{}` takes one number", pipe.name));
      return;
    }
    if (pipe.arguments.empty()) return;
    const auto* literal = std::get_if<Literal>(&pipe.arguments.front()->node);
    const auto* count = literal ? std::get_if<std::int64_t>(&literal->value) : nullptr;
    if (count == nullptr || *count < 0 || (eg() && *count == 0)) {
      Report(code::kPipe, pipe.arguments.front()->span,
             fmt::format("`{}` takes a positive integer", pipe.name));
    }
  } else if (pipe.name == "filter") {
    if (pipe.arguments.size() != 1) {
      Report(code::kPipe, pipe.span, "`filter` takes one condition");
    } else {
      Condition(*pipe.arguments.front(), "the argument of `filter`");
    }
  } else if (pipe.name != "count" && pipe.arguments.empty()) {
    Report(code::kPipe, pipe.span, fmt::format("`{}` needs at least one argument", pipe.name));
  }
}

}  // namespace vedette::eql
