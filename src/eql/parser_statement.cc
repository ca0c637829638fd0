// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "eql/parser_impl.h"

namespace vedette::eql {
namespace {

using enum TokenKind;

constexpr std::string_view kEndgamePipes[] = {"count",  "filter",       "head", "sort",
                                              "unique", "unique_count", "tail"};
// A word longer than this is no misspelt pipe name.
constexpr std::size_t kMaxPipeName = 32;

}  // namespace

std::optional<Query> Parser::ParseQuery() {
  Query query;
  query.dialect = dialect_;
  if (rules_.definitions && !Definitions(query)) return std::nullopt;
  bool parsed = false;
  if (At(kSequence)) {
    parsed = SequenceHere(query.statement.emplace<Sequence>());
  } else if (At(kSample)) {
    parsed = SampleHere(query.statement.emplace<Sample>());
  } else if (At(kJoin)) {
    parsed = JoinHere(query.statement.emplace<Join>());
  } else {
    std::size_t height = 0;
    parsed = EventQueryHere(query.statement.emplace<EventQuery>(), height);
  }
  if (!parsed || !Pipes(query)) return std::nullopt;
  if (!At(kEnd)) FailTrailing();
  if (failed_ || !diagnostics_.empty()) return std::nullopt;
  return query;
}

void Parser::FailTrailing() {
  const Token& token = Peek();
  failed_ = true;
  if (token.kind == kRightParen || token.kind == kRightBracket) {
    Report("E0130", token.span(), "unexpected " + Describe(token), "no bracket is open here");
    return;
  }
  base::Diagnostic& diagnostic = Report("E0138", token.span(), "unexpected " + Describe(token),
                                        "the query is complete before this");
  AddUnexpectedHelp(diagnostic, token);
}

bool Parser::EventQueryHere(EventQuery& query, std::size_t& height) {
  const std::uint32_t begin = Peek().begin;
  if (!CountNode() || !Category(query)) return false;
  if (!Expect(kWhere, "`where`")) return false;
  Parsed condition = Expression();
  if (!condition) return false;
  height = condition.height;
  query.condition = std::move(condition.expr);
  query.span = SpanFrom(begin);
  return true;
}

bool Parser::Category(EventQuery& query) {
  const Token token = Peek();
  query.category_span = token.span();
  if (token.kind == kAny || token.kind == kName) {
    query.category = TextOf(token);
    query.any = query.category == "any";
  } else if (token.kind == kString) {
    query.category = texts_[token.text];
    query.quoted = true;
    if (!rules_.string_category) {
      ReportFeature("E0192", token.span(), "a category in quotes is",
                    "write the category without quotes");
    }
  } else if (token.kind == kQuotedName) {
    Fail("E0137", token.span(), "an event category cannot stand in backticks", "",
         rules_.string_category ? "write it as a string: \"" + texts_[token.text] + "\"" : "");
    return false;
  } else if (IsKeyword(token.kind) && Kind(1) == kWhere) {
    const std::string word(TextOf(token));
    Fail("E0131", token.span(), "keyword `" + word + "` cannot be an event category", "",
         rules_.string_category ? "write it as a string: \"" + word + "\"" : "");
    return false;
  } else {
    FailUnexpected("an event category");
    return false;
  }
  Advance();
  return true;
}

bool Parser::SequenceHere(Sequence& sequence) {
  const base::Span word = Advance().span();
  if (!SequenceOptions(sequence) || !Items(ItemPlace::kSequence, sequence.items)) return false;
  if (At(kUntil) && !Until(sequence.until)) return false;
  CheckSequence(sequence, word);
  CheckKeyCounts(sequence.items, sequence.until);
  return true;
}

bool Parser::SequenceOptions(Sequence& sequence) {
  if (At(kBy) && !Keys(sequence.keys)) return false;
  if (!At(kWith)) return true;
  if (!Maxspan(sequence)) return false;
  if (!At(kBy)) return true;
  if (!rules_.with_before_by || !sequence.keys.empty()) {
    Report("E0144", Peek().span(), "`by` comes before `with` in a sequence", "",
           "write `sequence by … with maxspan=…`");
    sequence.keys.clear();
  }
  return Keys(sequence.keys);
}

bool Parser::SampleHere(Sample& sample) {
  const base::Span word = Advance().span();
  if (!rules_.sample) ReportFeature("E0188", word, "`sample` is");
  if (At(kBy) && !Keys(sample.keys)) return false;
  if (At(kWith)) {
    Fail("E0158", Peek().span(), "a sample has no options", "",
         "samples are unordered and have no time limit; use `sequence` for `maxspan`");
    return false;
  }
  if (!Items(ItemPlace::kSample, sample.items)) return false;
  if (At(kUntil)) {
    Fail("E0158", Peek().span(), "a sample has no `until`");
    return false;
  }
  if (sample.items.size() < 2) {
    Report("E0151", word, "a sample needs at least two items");
  }
  if (sample.keys.empty() && sample.items.front().keys.empty()) {
    Report("E0156", word, "a sample needs join keys", "", "write `sample by …`");
  }
  CheckKeyCounts(sample.items, std::nullopt);
  return true;
}

bool Parser::JoinHere(Join& join) {
  const base::Span word = Advance().span();
  if (!rules_.join) ReportFeature("E0189", word, "`join` is", "use `sequence` or `sample`");
  if (At(kBy) && !Keys(join.keys)) return false;
  if (!Items(ItemPlace::kJoin, join.items)) return false;
  if (At(kUntil) && !Until(join.until)) return false;
  if (join.items.size() < 2) Report("E0151", word, "a join needs at least two items");
  CheckKeyCounts(join.items, join.until);
  return true;
}

bool Parser::Pipes(Query& query) {
  while (At(kPipe)) {
    if (!PipeHere(query)) return false;
  }
  return true;
}

bool Parser::PipeHere(Query& query) {
  const base::Span bar = Advance().span();
  if (rules_.pipes.empty()) {
    // Once is enough, and what follows is not worth reading.
    ReportFeature("E0160", bar, "pipes are");
    failed_ = true;
    return false;
  }
  if (!At(kName)) {
    FailUnexpected("the name of a pipe");
    return false;
  }
  Pipe pipe;
  pipe.name_span = Advance().span();
  pipe.name = TextOf(pipe.name_span);
  const auto rule = std::find_if(rules_.pipes.begin(), rules_.pipes.end(),
                                 [&](const PipeRule& known) { return known.name == pipe.name; });
  if (rule == rules_.pipes.end()) {
    if (std::find(std::begin(kEndgamePipes), std::end(kEndgamePipes), pipe.name) !=
        std::end(kEndgamePipes)) {
      ReportFeature("E0160", pipe.name_span, "pipe `" + pipe.name + "` is");
    } else {
      std::vector<std::string_view> names;
      for (const PipeRule& known : rules_.pipes) names.push_back(known.name);
      const std::string_view near =
          pipe.name.size() > kMaxPipeName ? std::string_view() : base::Nearest(pipe.name, names);
      Report("E0161", pipe.name_span, "there is no pipe " + Shown(pipe.name), "",
             near.empty() ? "" : "did you mean `" + std::string(near) + "`?");
    }
    SkipPipe();
    return true;
  }
  if (!PipeArguments(pipe)) return false;
  pipe.span = SpanFrom(bar.begin);
  CheckPipe(pipe, *rule);
  query.pipes.push_back(std::move(pipe));
  return CountNode();
}

/// Past the arguments of a pipe that the dialect does not know.
void Parser::SkipPipe() {
  while (!At(kPipe) && !At(kEnd)) Advance();
}

bool Parser::PipeArguments(Pipe& pipe) {
  if (At(kPipe) || At(kEnd)) return true;
  while (true) {
    Parsed argument = Expression();
    if (!argument) return false;
    const bool simple = std::holds_alternative<Field>(argument.expr->node) ||
                        std::holds_alternative<Literal>(argument.expr->node);
    pipe.arguments.push_back(std::move(argument.expr));
    if (Accept(kComma)) continue;
    const bool another = At(kName) || At(kQuotedName) || AtLiteral();
    if (!(rules_.comma_free_pipes && simple && another)) return true;
  }
}

void Parser::CheckPipe(const Pipe& pipe, const PipeRule& rule) {
  const std::size_t found = pipe.arguments.size();
  if (found < rule.min_arguments || found > rule.max_arguments) {
    std::string expected = "at least one argument";
    if (rule.max_arguments == 1) {
      expected = rule.min_arguments == 1 ? "exactly one argument" : "at most one argument";
    }
    Report("E0162", pipe.name_span,
           "pipe `" + pipe.name + "` takes " + expected + ", found " + std::to_string(found), "",
           rule.count_argument ? "for example `| " + pipe.name + " 10`" : "");
    return;
  }
  if (!rule.count_argument || found == 0) return;
  const Expr& argument = *pipe.arguments.front();
  const auto* literal = std::get_if<Literal>(&argument.node);
  const auto* count = literal == nullptr ? nullptr : std::get_if<std::int64_t>(&literal->value);
  // Endgame EQL wants at least one result (reference 13.2), Elasticsearch takes none as well
  // (13.1).
  const std::int64_t least = rules_.comma_free_pipes ? 1 : 0;
  if (count != nullptr && *count >= least) return;
  Report(
      "E0163", argument.span,
      "pipe `" + pipe.name + "` takes a positive integer, found " + Shown(TextOf(argument.span)));
}

}  // namespace vedette::eql
