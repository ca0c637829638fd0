// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <utility>

#include "engine/random_query_expression.h"

namespace vedette::engine {

std::string RandomExpression::TextComparison(int depth) {
  std::string left = Text(depth);
  std::string right = Text(depth, es_ || random_.OneIn(2));
  if (random_.OneIn(5)) std::swap(left, right);
  const std::string op = random_.Word({"==", "==", "==", "!=", "!=", "<", "<=", ">", ">="});
  return fmt::format("{} {} {}", left, eg_ && op == "==" && random_.OneIn(4) ? "=" : op, right);
}

std::string RandomExpression::NumberComparison(int depth) {
  std::string left = Number(depth);
  std::string right = Number(depth, es_ || random_.OneIn(2));
  if (random_.OneIn(5)) std::swap(left, right);
  return fmt::format("{} {} {}", left, random_.Word({"==", "!=", "<", "<=", ">", ">="}), right);
}

std::string RandomExpression::NullTest(int depth) {
  std::string subject;
  switch (random_.Below(5)) {
    case 0:
      subject = Text(depth);
      break;
    case 1:
      subject = Number(depth);
      break;
    case 2:
      subject = "(" + Leaf(0) + ")";
      break;
    default:
      subject = Field({"s", "t", "n", "b", "ip", "when", "d"});
  }
  const std::string op = random_.Word({"==", "!="});
  return random_.OneIn(5) ? "null " + op + " " + subject : subject + " " + op + " null";
}

std::string RandomExpression::InList(int depth) {
  const bool numbers = random_.OneIn(3);
  std::string out = numbers ? Number(depth) : Text(depth);
  if (!eg_) out = "(" + out + ")";
  if (random_.OneIn(3)) out += " not";
  out += numbers || eg_ || random_.OneIn(2) ? " in (" : " in~ (";
  for (std::size_t i = 0, count = 1 + random_.Below(4); i < count; ++i) {
    if (i > 0) out += ", ";
    const bool constant = es_ || random_.OneIn(2);
    if (random_.OneIn(10)) {
      out += "null";
    } else {
      out += numbers ? Number(0, constant) : Text(0, constant);
    }
  }
  return out + ")";
}

std::string RandomExpression::PatternLeaf(int depth) {
  if (eg_) {
    const bool wildcard = random_.OneIn(2);
    std::string out = wildcard ? "wildcard(" : random_.Word({"match(", "matchLite("});
    out += Text(depth);
    for (std::size_t i = 0, count = 1 + random_.Below(3); i < count; ++i) {
      out += ", " + (wildcard ? QuotedPattern() : QuotedRegex());
    }
    return out + ")";
  }
  const std::string subject = "(" + Text(depth) + ")";
  if (random_.OneIn(8)) {
    return fmt::format("{}({}, {})", Function("wildcard", true), Text(depth), QuotedPattern());
  }
  const bool regex = random_.OneIn(3);
  const std::string op =
      regex ? random_.Word({"regex", "regex~"}) : random_.Word({":", ":", "like", "like~"});
  const auto make = regex ? &RandomExpression::QuotedRegex : &RandomExpression::QuotedPattern;
  return subject + " " + op + " " + (random_.OneIn(2) ? (this->*make)() : List(make, 3));
}

std::string RandomExpression::TextPredicate(int depth) {
  const char* const names[] = {"startsWith", "endsWith", "stringContains"};
  const std::string text = Text(depth);
  const char* const name = names[random_.Below(3)];
  const std::string part = random_.OneIn(2) ? AnyText() : Text(depth);
  if (eg_ && random_.OneIn(4)) return fmt::format("({}):{}({})", text, name, part);
  std::string call = fmt::format("{}({}, {})", Function(name, true), text, part);
  if (random_.OneIn(5)) call += random_.Word({" == true", " == false", " != true", " != false"});
  return call;
}

std::string RandomExpression::TypedComparison() {
  const std::string op = random_.Word({"==", "!=", "<", "<=", ">", ">="});
  switch (random_.Below(5)) {
    case 0: {
      const std::string field = Field({"ip"});
      return fmt::format("{}({}, {})", Function("cidrMatch", false), field,
                         random_.Word({"\"10.0.0.0/8\"", "\"10.0.0.0/31\", \"fe80::/10\"",
                                       "\"0.0.0.0/0\"", "\"10.1.2.3/8\", \"192.168.0.0/16\""}));
    }
    case 1:
      return fmt::format("{} {} {}", Field({"ip"}), random_.Word({"==", "!="}),
                         random_.Word({"\"10.0.0.1\"", "\"fe80::1\"", "\"10.0.0.0\""}));
    case 2:
      if (eg_) return fmt::format("v {} \"1.10.0\"", op);
      return fmt::format(
          "{} {} {}", Field({"when", "@timestamp"}), op,
          random_.Word({"\"2026-01-01T00:00:02Z\"", "\"2026-01-01\"", "\"2025-12-31T23:59:59Z\""}));
    case 3:
      return fmt::format("{} {} {}", Field({"v"}), op,
                         random_.Word({"\"1.2.0\"", "\"1.10.0\"", "\"1.2.0-rc1\""}));
    default:
      if (random_.OneIn(2)) return Field({"b"});
      return fmt::format("{} {} {}", Field({"b"}), random_.Word({"==", "!="}),
                         random_.Word({"true", "false"}));
  }
}

std::string RandomExpression::OptionalUnknown() {
  const std::string field = random_.Word({"?zz", "?zz.a", "?s.zz"});
  return field + random_.Word({" == null", " != null", " == \"a\"", " != \"a\"", " : \"a*\"",
                               " in (\"a\", \"b\")", " > 1", " not in (\"a\")", " == null",
                               " regex \"a.*\"", ""});
}

std::string RandomExpression::ConstantCondition() {
  switch (random_.Below(5)) {
    case 0:
      return random_.Word({"true", "true", "false"});
    case 1:
      return fmt::format("{} == {}", Text(1, true), Text(1, true));
    case 2:
      return fmt::format("{} {} {}", Number(2, true), random_.Word({"==", "!=", "<", ">="}),
                         Number(1, true));
    case 3:
      return fmt::format("{} {} null", Text(2, true), random_.Word({"==", "!="}));
    default:
      return fmt::format("startsWith({}, {})", Text(1, true), Text(0, true));
  }
}

std::string RandomExpression::ArraySearch(int depth) {
  const std::string name = random_.Word({"e", "x1"});
  const std::string variable = (ep_ ? "$" : "") + name;
  std::string inner;
  switch (random_.Below(4)) {
    case 0:
      inner = fmt::format("{}.x == {}", variable, AnyText());
      break;
    case 1:
      inner = fmt::format("{}.x == {} and {}.y > {}", variable, AnyText(), variable,
                          random_.Word({"0", "1", "2"}));
      break;
    case 2:
      inner = fmt::format("not {}.y == {} or {}", variable, random_.Word({"0", "1", "2"}), Leaf(0));
      break;
    default:
      inner = fmt::format("startsWith({}.x, {})", variable, Field({"s", "t"}));
  }
  if (eg_ && random_.OneIn(3)) {
    return fmt::format("arrayCount(objs, {}, {}) {} {}", variable, inner,
                       random_.Word({"==", ">", "<="}), random_.Word({"0", "1", "2"}));
  }
  const bool scalars = eg_ && depth > 0 && random_.OneIn(3);
  if (scalars) return fmt::format("arraySearch(tags, {}, {} == {})", name, name, QuotedPattern());
  return fmt::format("{}(objs, {}, {})", ep_ ? "_arraysearch" : "arraySearch", variable, inner);
}

std::string RandomExpression::EndgameLeaf(int depth) {
  switch (random_.Below(definitions_ ? 8 : 6)) {
    case 0:
      return fmt::format("arrayContains(tags, {}{})", AnyText(),
                         random_.OneIn(2) ? ", " + AnyText() : "");
    case 1:
      return fmt::format("tags[{}] == {}", random_.Word({"0", "1", "7"}), AnyText());
    case 2:
      return random_.Word({"subtype.create", "subtype.terminate", "u.v", "objs[0].x == \"a\""});
    case 3:
      return fmt::format("length({}) {} {}", random_.Word({"tags", "objs", "u", "s"}),
                         random_.Word({"==", ">"}), random_.Word({"0", "1", "2"}));
    case 4:
      return fmt::format("safe({})", Leaf(depth > 0 ? depth - 1 : 0));
    case 5:
      return ArraySearch(depth);
    case 6:
      return fmt::format("IS({}, {})", Field({"s", "t"}), AnyText());
    default:
      return fmt::format("{} == LIMIT", Field({"n", "m"}));
  }
}

std::string RandomExpression::LeafOfDialect(int depth) {
  if (eg_) {
    if (relations_ < 2 && random_.OneIn(5)) {
      ++relations_;
      return fmt::format("{} of [{}]", random_.Word({"child", "descendant", "event"}),
                         EventQuery(depth > 1 ? 1 : 0));
    }
    return EndgameLeaf(depth);
  }
  if (ep_) {
    if (relations_ < 2 && random_.OneIn(4)) {
      ++relations_;
      const auto visible = std::exchange(aliases_, {});
      std::string out = "descendant of [process where " + Leaf(0) + "]";
      aliases_ = visible;
      return out;
    }
    if (random_.OneIn(2)) return ArraySearch(depth);
    return fmt::format("{} {} {}", Field({"n", "m", "s"}), random_.Word({"==", "!=", ">"}),
                       Field({"n", "m", "t"}));
  }
  return OptionalUnknown();
}

std::string RandomExpression::Leaf(int depth) {
  switch (random_.Below(15)) {
    case 0:
    case 1:
    case 2:
      return TextComparison(depth);
    case 3:
    case 4:
      return NumberComparison(depth);
    case 5:
      return NullTest(depth);
    case 6:
      return InList(depth);
    case 7:
    case 8:
      return PatternLeaf(depth);
    case 9:
    case 10:
      return TextPredicate(depth);
    case 11:
      return TypedComparison();
    case 12:
      return ConstantCondition();
    default:
      return LeafOfDialect(depth);
  }
}

std::string RandomExpression::Condition(int depth) {
  if (depth == 0 || random_.OneIn(4)) return Leaf(depth > 2 ? 2 : depth);
  switch (random_.Below(6)) {
    case 0:
      return "not (" + Condition(depth - 1) + ")";
    case 1: {
      const std::string op = random_.Word({" == ", " != "});
      return "(" + Leaf(depth - 1) + ")" + op + random_.Word({"true", "false"});
    }
    default:
      break;
  }
  const std::string op = random_.Word({" and ", " or "});
  std::string out = "(" + Condition(depth - 1) + ")";
  for (std::size_t more = 1 + random_.Below(2); more > 0; --more) {
    const std::string next = Condition(depth - 1);
    out += op + (random_.OneIn(8) ? "not " : "") + "(" + next + ")";
  }
  return out;
}

std::string RandomExpression::EventQuery(int depth) {
  std::string out = random_.Word({"process", "process", "file", "network", "any", "any"});
  if (es_ && random_.OneIn(20)) out = random_.Word({"\"process\"", "\"any\"", "\"sequence\""});
  out += " where ";
  switch (random_.Below(8)) {
    case 0:
    case 1:
      return out + "true";
    case 2:
    case 3:
    case 4:
      return out + Field({"s", "s", "t"}) + random_.Word({" == \"a\"", " == \"b\"", " != \"a\""});
    default:
      return out + Condition(depth);
  }
}

std::string RandomExpression::Definitions() {
  if (!eg_ || !random_.OneIn(10)) return "";
  definitions_ = true;
  return "const LIMIT = " + NumberLiteral() +
         "\nmacro IS(what, other) what == other or (what == null and not n > 1)\n";
}

std::string RandomExpression::KeyExpression() {
  return random_.Word(
      {"k", "k", "j", "length(s)", "concat(k, \"x\")", "n + 1", "substring(k, 0, 1)", "n > 1"});
}

}  // namespace vedette::engine
