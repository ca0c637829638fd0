// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

#include "eql/parser_impl.h"

namespace vedette::eql {
namespace {

using enum TokenKind;

constexpr std::uint32_t kMaxRuns = 100;

struct TimeUnit {
  std::string_view name;
  std::int64_t nanoseconds;
};
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr TimeUnit kTimeUnits[] = {{"ms", kSecond / 1000},
                                   {"s", kSecond},
                                   {"m", 60 * kSecond},
                                   {"h", 3600 * kSecond},
                                   {"d", 86400 * kSecond}};

/// count * unit, or the longest duration there is: longer than any stream, so the meaning is kept.
base::Duration SpanOf(std::string_view digits, std::int64_t unit) {
  std::int64_t count = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  if (result.ec != std::errc() || count > kMax / unit) return base::Duration(kMax);
  return base::Duration(count * unit);
}

std::string_view WithoutLeadingZeros(std::string_view digits) {
  const std::size_t first = digits.find_first_not_of('0');
  return first == digits.npos ? digits.substr(0, 1) : digits.substr(first);
}

std::string Plural(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace

bool Parser::Items(ItemPlace place, std::vector<SequenceItem>& items) {
  if (!AtBracket()) {
    FailUnexpected("`[` and an event query");
    return false;
  }
  while (AtBracket()) {
    if (!Item(place, items.emplace_back())) return false;
  }
  return true;
}

bool Parser::Item(ItemPlace place, SequenceItem& item) {
  const Token open = Advance();
  if (open.kind == kMissingBracket) {
    item.missing = true;
    if (!rules_.missing_events) {
      ReportFeature("E0187", open.span(), "a missing event (`![ … ]`) is");
    } else if (place != ItemPlace::kSequence) {
      Report("E0155", open.span(),
             place == ItemPlace::kUntil ? "`until` cannot be a missing event"
                                        : "a missing event needs a sequence");
    }
  }
  std::size_t height = 0;
  if (!EventQueryHere(item.query, height)) return false;
  if (!Accept(kRightBracket)) {
    FailUnexpected("`]`");
    diagnostics_.back().labels.push_back({open.span(), "this bracket is open"});
    return false;
  }
  if (!ItemOptions(place, item)) return false;
  item.span = SpanFrom(open.begin);
  return true;
}

/// `fork`, `by`, `with runs`, `as`, each at most once and in this order.
bool Parser::ItemOptions(ItemPlace place, SequenceItem& item) {
  int last = 0;
  while (true) {
    int rank = 0;
    if (AtWord("fork")) {
      rank = 1;
    } else if (At(kBy)) {
      rank = 2;
    } else if (At(kWith)) {
      rank = 3;
    } else if (AtWord("as")) {
      rank = 4;
    } else {
      return true;
    }
    if (rank == last) {
      Fail("E0158", Peek().span(), "item option " + Shown(TextOf(Peek())) + " is given twice");
      return false;
    }
    if (rank < last) {
      Fail("E0158", Peek().span(), "item option " + Shown(TextOf(Peek())) + " comes too late", "",
           "the order is `[ … ]` `fork` `by` `with runs` `as`, as far as the dialect has them");
      return false;
    }
    if (place == ItemPlace::kUntil && rank != 2) {
      Fail("E0158", Peek().span(), "`until` takes only `by`");
      return false;
    }
    if (place == ItemPlace::kSample && rank != 2) {
      Fail("E0158", Peek().span(), "an item of a sample takes only `by`");
      return false;
    }
    last = rank;
    const bool parsed = rank == 1   ? Fork(item)
                        : rank == 2 ? Keys(item.keys)
                        : rank == 3 ? Runs(item)
                                    : Alias(item);
    if (!parsed) return false;
  }
}

bool Parser::Fork(SequenceItem& item) {
  const base::Span word = Advance().span();
  if (!rules_.fork) ReportFeature("E0185", word, "`fork` is");
  item.fork = true;
  if (!Accept(kAssign) && !Accept(kEqual)) return true;
  if (!At(kTrue) && !At(kFalse)) {
    FailUnexpected("`true` or `false`");
    return false;
  }
  item.fork = Advance().kind == kTrue;
  return true;
}

/// `with` is here; `word` may be a keyword of the dialect or a plain name.
bool Parser::WithWord(std::string_view word, TokenKind keyword) {
  Advance();
  if (!AtWord(word) && !(IsKeyword(keyword) && At(keyword))) {
    FailUnexpected("`" + std::string(word) + "`");
    return false;
  }
  Advance();
  if (Accept(kAssign) || (rules_.single_equals && Accept(kEqual))) return true;
  FailUnexpected("`=`");
  if (At(kEqual)) diagnostics_.back().help.push_back("a setting takes one `=`");
  return false;
}

bool Parser::Runs(SequenceItem& item) {
  const std::uint32_t begin = Peek().begin;
  if (!WithWord("runs", kName)) return false;
  const Token number = Peek();
  const std::uint32_t value_begin = number.begin;
  const bool negative = Accept(kMinus);
  if (!At(kInteger)) {
    FailUnexpected("an integer");
    return false;
  }
  const std::string_view digits = TextOf(Advance());
  if (!rules_.runs) ReportFeature("E0186", SpanFrom(begin), "`with runs` is");
  std::uint32_t runs = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), runs);
  if (negative || result.ec != std::errc() || runs < 1 || runs > kMaxRuns) {
    Report("E0152", SpanFrom(value_begin), "`runs` is between 1 and " + std::to_string(kMaxRuns),
           "found " + Shown(TextOf(SpanFrom(value_begin))));
    runs = 1;
  }
  item.runs = runs;
  item.has_runs = true;
  return true;
}

bool Parser::Alias(SequenceItem& item) {
  const base::Span word = Advance().span();
  if (!rules_.alias) ReportFeature("E0184", word, "an item alias (`as name`) is");
  if (!At(kName)) {
    FailUnexpected("a name for the item");
    return false;
  }
  item.alias_span = Advance().span();
  item.alias = TextOf(item.alias_span);
  return true;
}

bool Parser::Until(std::optional<SequenceItem>& until) {
  Advance();
  if (!AtBracket()) {
    FailUnexpected("`[` and an event query");
    return false;
  }
  return Item(ItemPlace::kUntil, until.emplace());
}

bool Parser::Keys(std::vector<ExprPtr>& keys) {
  Advance();
  do {
    if (!keys.empty() && rules_.trailing_comma && AtBracket()) return true;
    Parsed key;
    if (rules_.expression_keys) {
      key = Expression();
    } else if (At(kName) || At(kQuotedName) || At(kQuestion) || At(kDollar)) {
      const base::Span first = Peek().span();
      key = FieldHere();
      if (key && At(kLeftParen)) {
        Fail("E0157", first, "a join key must be a field", "this is a function call");
        return false;
      }
      const Level level = LevelHere();
      if (key && level >= kComparisonLevel && level != kNoLevel) {
        Fail("E0157", Peek().span(), "a join key must be a field",
             "the key is complete before this");
        return false;
      }
    } else if (At(kTildeName) || AtLiteral() || At(kLeftParen)) {
      Fail("E0157", Peek().span(), "a join key must be a field", "found " + Describe(Peek()));
      return false;
    } else {
      FailUnexpected("a join key");
      return false;
    }
    if (!key) return false;
    keys.push_back(std::move(key.expr));
  } while (Accept(kComma));
  return true;
}

bool Parser::Maxspan(Sequence& sequence) {
  if (!WithWord("maxspan", kMaxspan)) return false;
  const std::uint32_t begin = Peek().begin;
  const bool negative = Accept(kMinus);
  if (!At(kInteger) && !At(kDecimal)) {
    FailUnexpected("a number and a time unit, as in `5m`");
    return false;
  }
  const Token number = Advance();
  const std::string digits(WithoutLeadingZeros(TextOf(number)));
  Token unit;
  if (At(kName)) unit = Advance();
  if (number.kind == kDecimal) {
    Report("E0141", number.span(), "`maxspan` takes a whole number", "",
           "use a smaller unit: ms, s, m, h or d");
    return true;
  }
  if (unit.kind == kEnd) {
    Report("E0140", number.span(), "the time unit is missing", "",
           "did you mean `" + digits + "s`? Units are ms, s, m, h and d");
    return true;
  }
  const auto* const known = std::find_if(std::begin(kTimeUnits), std::end(kTimeUnits),
                                         [&](const TimeUnit& u) { return u.name == TextOf(unit); });
  if (known == std::end(kTimeUnits)) {
    Report("E0142", unit.span(), "unknown time unit " + Shown(TextOf(unit)), "",
           "units are ms, s, m, h and d");
    return true;
  }
  if (negative || (digits == "0" && !rules_.zero_maxspan)) {
    Report("E0143", SpanFrom(begin), "`maxspan` must be positive");
    return true;
  }
  sequence.maxspan = SpanOf(digits, known->nanoseconds);
  sequence.maxspan_text = digits + std::string(known->name);
  return true;
}

void Parser::CheckKeyCounts(const std::vector<SequenceItem>& items,
                            const std::optional<SequenceItem>& until) {
  const std::size_t expected = items.front().keys.size();
  const auto check = [&](const SequenceItem& item) {
    if (item.keys.size() == expected) return true;
    base::Diagnostic& diagnostic =
        Report("E0150", item.span, "items differ in the number of join keys",
               "this one has " + Plural(item.keys.size(), "key"));
    diagnostic.labels.push_back({items.front().span, "the first has " + Plural(expected, "key")});
    diagnostic.notes.push_back("keys are matched by position");
    return false;
  };
  if (std::all_of(items.begin(), items.end(), check) && until.has_value()) check(*until);
}

void Parser::CheckSequence(const Sequence& sequence, base::Span span) {
  std::size_t stages = 0;
  const SequenceItem* missing = nullptr;
  bool positive = false;
  for (const SequenceItem& item : sequence.items) {
    stages += item.runs;
    positive = positive || !item.missing;
    if (item.missing && missing == nullptr) missing = &item;
  }
  if (stages < 2) {
    Report("E0151", span, "a sequence needs at least two items", "",
           rules_.runs ? "add an item, or repeat this one: `with runs=2`" : "");
  }
  if (missing == nullptr || !rules_.missing_events) return;
  if (!positive) {
    Report("E0154", missing->span, "a sequence needs an event that is not missing");
  } else if (!sequence.maxspan.has_value() && sequence.maxspan_text.empty() &&
             diagnostics_.empty()) {
    Report("E0153", missing->span, "a missing event needs a time limit", "",
           "write `sequence … with maxspan=…`");
  }
}

}  // namespace vedette::eql
