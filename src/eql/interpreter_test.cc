// SPDX-License-Identifier: Apache-2.0
// Operators, functions and the traps of reference section 16, one condition over one event at a
// time.
#include "eql/interpreter.h"

#include <gtest/gtest.h>

#include <iostream>
#include <string>
#include <vector>

#include "eql/conformance_support.h"
#include "eql/parser.h"
#include "eql/value_ops.h"

namespace vedette::eql {
namespace {

constexpr Dialect kEs = Dialect::kElasticsearch;
constexpr Dialect kEp = Dialect::kEndpoint;
constexpr Dialect kEg = Dialect::kEndgame;

const event::Schema& TestSchema() {
  static const event::Schema* schema = [] {
    auto* out = new event::Schema(/*open=*/true);
    for (const auto& [name, type] :
         std::initializer_list<std::pair<const char*, const char*>>{{"@timestamp", "date"},
                                                                    {"event.category", "keyword"},
                                                                    {"args", "keyword"},
                                                                    {"name", "keyword"},
                                                                    {"other", "keyword"},
                                                                    {"user.id", "keyword"},
                                                                    {"signature", "object"},
                                                                    {"n", "long"},
                                                                    {"pid", "long"},
                                                                    {"ratio", "double"},
                                                                    {"flag", "boolean"},
                                                                    {"ip", "ip"},
                                                                    {"version", "version"},
                                                                    {"when", "date"}}) {
      out->Add(name, conformance::ParseField(type));
    }
    return out;
  }();
  return *schema;
}

struct Case {
  const char* event;
  const char* condition;
  bool matches;
};

/// Whether `any where condition` matches; both as written and folded, which must agree.
void ExpectMatches(Dialect dialect, const Case& test, bool case_sensitive = false) {
  SCOPED_TRACE(std::string(test.condition) + " over " + test.event);
  for (const bool fold : {false, true}) {
    const base::Source source("test", std::string("any where ") + test.condition);
    ParseResult parsed = Parse(source, dialect);
    ASSERT_TRUE(parsed.query) << conformance::Describe(parsed.diagnostics);
    event::FieldTable fields(TestSchema());
    CheckOptions options;
    options.strict_optional = true;
    options.case_sensitive = case_sensitive;
    std::vector<base::Diagnostic> diagnostics;
    ASSERT_TRUE(Check(*parsed.query, fields, options, diagnostics))
        << conformance::Describe(diagnostics);
    if (fold) FoldConstants(*parsed.query, options);
    const Interpreter interpreter(std::get<EventQuery>(parsed.query->statement), dialect, fields,
                                  options);
    const event::Projector projector(fields);
    const conformance::Json document(test.event);
    base::Arena arena;
    event::Event event;
    event.slots = projector.Project(*document, arena);
    EXPECT_EQ(interpreter.Matches(event, arena), test.matches) << (fold ? "folded" : "as written");
  }
}

void ExpectAll(std::initializer_list<Dialect> dialects, const std::vector<Case>& cases) {
  for (const Dialect dialect : dialects) {
    for (const Case& test : cases) ExpectMatches(dialect, test);
  }
}

TEST(Interpreter, MissingValuesInTwoValuedDialects) {
  ExpectAll({kEs, kEp}, {
                            {"{}", R"(name == "x")", false},
                            {"{}", R"(not name == "x")", true},
                            {"{}", R"(name != "x")", true},
                            {"{}", R"(not name != "x")", false},
                            {"{}", R"(name : "x*")", false},
                            {"{}", R"(not name : "x*")", true},
                            {"{}", R"(name in ("x"))", false},
                            {"{}", R"(name not in ("x"))", true},
                            {"{}", "n > 5", false},
                            {"{}", "not n > 5", true},
                            {"{}", "name == null", true},
                            {"{}", "null == name", true},
                            {"{}", "name != null", false},
                            {"{}", R"(startsWith(name, "x"))", false},
                            {"{}", R"(startsWith(name, "x") == false)", true},
                            {"{}", R"(startsWith(name, "x") != true)", true},
                            {"{}", R"(startsWith(name, "x") != false)", false},
                            {"{}", "length(name) == 0", false},
                            {"{}", "length(name) != 0", true},
                            {"{}", "length(name) == null", true},
                            {"{}", "flag", false},
                            {"{}", "not flag", true},
                            {"{}", "flag == true", false},
                            {"{}", "flag != true", true},
                            {"{}", "flag == false", false},
                            {"{}", "not (flag == false)", true},
                            {"{}", "(n > 5) == null", true},
                            {"{}", R"(concat(name, "x") == null)", true},
                            {R"({"name": ""})", "name == null", false},
                            {R"({"name": []})", "name == null", true},
                            {R"({"name": [null]})", "name == null", true},
                            {R"({"flag": false})", "flag == false", true},
                            {R"({"flag": false})", "not flag", true},
                            {R"({"flag": true})", "flag", true},
                        });
}

TEST(Interpreter, UnmappedOptionalFieldsAreConstantNull) {
  ExpectAll({kEs}, {
                       {"{}", "?u == null", true},
                       {"{}", R"(?u == "x")", false},
                       {"{}", R"(?u != "x")", true},
                       {"{}", R"(not ?u == "x")", true},
                       {"{}", "?u == ?v", true},
                       {"{}", R"(?u : "x")", false},
                       {"{}", R"(not ?u : "x")", false},
                       {"{}", "not ?u > 5", false},
                       {"{}", "?u", false},
                       {"{}", "not ?u", false},
                       {R"({"n": 1})", R"(n == 1 or ?u : "x")", true},
                       {R"({"n": 1})", R"(n == 1 and not ?u : "x")", false},
                       {"{}", "not length(?u) > 1", false},
                       {R"({"name": "a"})", R"(?name == "a")", true},
                   });
}

TEST(Interpreter, AnyElementOfMultiValuedFields) {
  const char* event = R"({"args": ["a", "b"], "n": [1, 300]})";
  ExpectAll({kEs, kEp}, {
                            {event, R"(args == "a")", true},
                            {event, R"(args != "a")", false},
                            {event, R"(not args == "a")", false},
                            {event, R"(args != "z")", true},
                            {event, R"(args == "a" and args == "b")", true},
                            {event, "n > 100 and n < 10", true},
                            {event, "not (n > 100 and n < 10)", false},
                            {event, R"(args in ("b", "z"))", true},
                            {event, R"(args not in ("b", "z"))", false},
                            {event, R"(args : "?")", true},
                            {event, "length(args) == 1", true},
                            {event, R"(concat(args, n) == "b1")", true},
                            {event, R"(concat(args, n) == "c1")", false},
                            {event, R"(concat(args, args) == "ab")", false},
                            {event, R"(startsWith(args, "a") == false)", false},
                            {event, "args == null", false},
                            {R"({"args": ["a", "bcd"]})", "length(args) == 3", true},
                            {R"({"n": [1, null, 2]})", "n == 2", true},
                        });
}

TEST(Interpreter, HugeCombinationsEnd) {
  std::string list = "[";
  for (int i = 0; i < 400; ++i) list += (i ? ",\"v" : "\"v") + std::to_string(i) + "\"";
  list += "]";
  const std::string event =
      R"({"args": )" + list + R"(, "name": )" + list + R"(, "other": )" + list + "}";
  ExpectMatches(kEs, {event.c_str(), R"(concat(args, name, other) == "never")", false});
}

TEST(Interpreter, CaseAndWildcards) {
  ExpectAll({kEs, kEp}, {
                            {R"({"name": "bash"})", R"(name == "BASH")", false},
                            {R"({"name": "bash"})", R"(name == "ba*")", false},
                            {R"({"name": "bash"})", R"(name in~ ("BASH"))", true},
                            {R"({"name": "bash"})", R"(name in~ ("ba*"))", false},
                            {R"({"name": "bash"})", R"(name not in~ ("BASH"))", false},
                            {R"({"name": "bash"})", R"(name : "BA*")", true},
                            {R"({"name": "bash"})", R"(name like "BA*")", false},
                            {R"({"name": "bash"})", R"(name like~ "BA*")", true},
                            {R"({"name": "bash"})", R"(name : "bash?")", false},
                            {R"({"name": "bash"})", R"(name : "bas?")", true},
                            {R"({"name": "bash"})", R"(name : "bash*")", true},
                            {R"({"name": "a\nb"})", R"(name : "a*b")", true},
                            {R"({"name": "ÉTÉ"})", R"(name : "été")", false},
                            {R"({"name": "ÉTÉ"})", R"(startsWith~(name, "é"))", true},
                            {R"({"name": "ÉTÉ"})", R"(startsWith(name, "é"))", false},
                            {R"({"name": "\u212A"})", R"(name : "k")", false},
                            {R"({"name": "axb"})", R"(name : ("q", "a*b"))", true},
                            {R"({"name": "C:\\x"})", R"(name : """C:\*""")", true},
                            {R"({"name": "b"})", R"(not name : ("a*", "b*"))", false},
                            {R"({"name": "x"})", R"(name : "")", false},
                        });
}

TEST(Interpreter, RegexCoversTheWholeValue) {
  ExpectAll({kEs, kEp}, {
                            {R"({"name": "python3"})", R"(name regex "python")", false},
                            {R"({"name": "python3"})", R"(name regex "^python.*$")", false},
                            {R"({"name": "python3"})", R"(name regex "python.*")", true},
                            {R"({"name": "python3"})", R"(name regex~ ("PYTHON\\d", "x"))", true},
                            {R"({"name": "python3"})", R"(name regex "[a-z]+[0-9]{1,2}")", true},
                            {R"({"name": "a\nb"})", R"(name regex "a.b")", true},
                            {"{}", R"(not name regex "a")", true},
                        });
}

TEST(Interpreter, Arithmetic) {
  ExpectAll({kEs, kEp}, {
                            {R"({"n": -7})", "n / 2 == -3", true},
                            {R"({"n": -7})", "n % 3 == -1", true},
                            {R"({"n": 7})", "n / 0 == null", true},
                            {R"({"n": 7})", "n % 0 == null", true},
                            {R"({"n": 9223372036854775807})", "n * 4 == null", true},
                            {R"({"n": 7})", "n / 2.0 == 3.5", true},
                            {R"({"n": 7})", "n - 1 * 5 == 2", true},
                            {R"({"n": 7})", "-n == -7", true},
                            {"{}", "n + 1 == null", true},
                            {R"({"n": 3})", "n == 3.0", true},
                            {R"({"n": 3})", "n < 3.5 and n > 2.5", true},
                            {R"({"n": 9007199254740993})", "n == 9007199254740992.0", false},
                            {R"({"n": 7})", "add(n, 0.25) == 7.25", true},
                            {R"({"n": -7})", "modulo(n, 3) == -1 and divide(n, 2) == -3", true},
                            {R"({"n": 4})", "subtract(n, 1) == 3 and multiply(n, 2) == 8", true},
                        });
  ExpectAll({kEg}, {
                       {R"({"n": -7})", "n / 2 == -4", true},
                       {R"({"n": -7})", "n % 3 == 2", true},
                       {R"({"n": 7})", "n / 0 == null", true},
                       {R"({"n": 4})", "n + 1 in (5)", true},
                   });
}

TEST(Interpreter, TypesDecideComparisons) {
  ExpectAll({kEs}, {
                       {R"({"when": "2024-03-01T10:00:00Z"})", R"(when >= "2024-03-01")", true},
                       {R"({"when": "2024-03-01T12:00:00+02:00"})",
                        R"(when == "2024-03-01T10:00:00Z")", true},
                       {R"({"when": 1709287200000})", R"(when == "2024-03-01T10:00:00Z")", true},
                       {R"({"ip": "::ffff:10.0.0.5"})", R"(ip == "10.0.0.5")", true},
                       {R"({"ip": "10.0.0.5"})", R"(ip == "10.0.0.0/8")", true},
                       {R"({"ip": "11.0.0.5"})", R"(ip in ("10.0.0.0/8", "11.0.0.5"))", true},
                       {R"({"version": "1.11.3"})", R"(version > "1.5.0")", true},
                       {R"({"version": "1.2.4-SNAPSHOT"})", R"(version < "1.2.4")", true},
                       {R"({"version": "1.0.0+build"})", R"(version == "1.0.0")", true},
                       {R"({"version": "nonsense"})", R"(version > "99.0.0")", true},
                       {R"({"user.id": "1000"})", "user.id == 1000", true},
                       {R"({"user.id": "9"})", R"(user.id >= "1000")", true},
                       {R"({"n": 4})", R"(n == "4")", true},
                       {R"({"n": 4})", R"(n == "x")", false},
                       {R"({"name": "A"})", R"(name < "a")", true},
                   });
  ExpectAll({kEp}, {
                       {R"({"user.id": "0"})", "user.id == 0", true},
                       {R"({"user.id": "9"})", "user.id >= 1000", false},
                       {R"({"user.id": "2000"})", "user.id >= 1000", true},
                       {R"({"user.id": "S-1-5-18"})", "user.id == 0", false},
                       {R"({"user.id": "S-1-5-18"})", R"(user.id == "S-1-5-18")", true},
                       {R"({"user.id": "99"})", "user.id in (99, 100)", true},
                       {R"({"n": 4})", R"(n == "4")", true},
                       {R"({"name": "a", "other": "a"})", "name == other", true},
                       {R"({"name": "a"})", "name == other", false},
                       {R"({"name": "a"})", "name != other", true},
                       {"{}", "name == other", false},
                   });
}

TEST(Interpreter, StringFunctions) {
  ExpectAll(
      {kEs, kEp},
      {
          {"{}", R"(between("user=alice;uid=7", "user=", ";") == "alice")", true},
          {"{}", R"(between("a-b-c-d", "-", "-", true) == "b-c")", true},
          {"{}", R"(between~("PowerShell -Enc AAA ", "-enc ", " ") == "AAA")", true},
          {"{}", R"(between("abc", "x", "c") == "")", true},
          {"{}", R"(between("abc", "", "c") == "abc")", true},
          {"{}", R"(concat("pid ", 7, " ", true, 1.0) == "pid 7 true1.0")", true},
          {"{}", R"(endsWith("a.exe", ".exe") and endsWith~("a.EXE", ".exe"))", true},
          {"{}", R"(startsWith("explorer.exe", "EXPLORER"))", false},
          {"{}", R"(startsWith("x", ""))", true},
          {"{}", R"(indexOf("alpha.beta.gamma", ".", 6) == 10)", true},
          {"{}", R"(indexOf("abc", "z") == null)", true},
          {"{}", R"(indexOf("abc", "a", -5) == 0)", true},
          {"{}", R"(indexOf("abc", "", 2) == 2 and indexOf("abc", "", 9) == null)", true},
          {"{}", R"(length("") == 0 and length("añ😀") == 3)", true},
          {"{}", R"(number("0xff") == 255 and number("ff", 16) == 255)", true},
          {"{}", R"(number("42.5") == 42.5 and number("31", 13) == 40)", true},
          {"{}", R"(number("nope") == null)", true},
          {"{}", R"(string(42) == "42" and string(1.0) == "1.0" and string(true) == "true")", true},
          {"{}", R"(stringContains("abc", ""))", false},
          {"{}", R"(stringContains("abc", "B"))", false},
          {"{}", R"(stringContains~("abc", "B"))", true},
          {"{}", R"(substring("hello world", 0, 5) == "hello")", true},
          {"{}", R"(substring("hello", -2) == "lo" and substring("hello", -3, -1) == "ll")", true},
          {"{}", R"(substring("hello", 10) == "" and substring("hello", 3, 1) == "")", true},
          {"{}", R"(substring("hello", -100, 2) == "he")", true},
          {"{}", R"(wildcard("bash", "x", "ba??") and wildcard~("BASH", "ba*"))", true},
          {R"({"ip": "10.1.2.3"})", R"(cidrMatch(ip, "192.168.0.0/16", "10.0.0.0/8"))", true},
          {R"({"ip": "10.1.2.3"})", R"(cidrMatch(ip, "10.1.2.3"))", true},
          {R"({"ip": ["1.1.1.1", "fe80::1"]})", R"(cidrMatch(ip, "fe80::/10"))", true},
          {"{}", R"(not cidrMatch(ip, "10.0.0.0/8"))", true},
          {"{}", R"(CONCAT("a", "b") == "ab")", true},
      });
}

TEST(Interpreter, EndgameIsThreeValued) {
  ExpectAll({kEg}, {
                       {R"({"u": "bob"})", R"(u != "root")", true},
                       {"{}", R"(u != "root")", false},
                       {"{}", R"(not u == "root")", false},
                       {"{}", "u == null", true},
                       {R"({"u": "root"})", R"(u == "ROOT")", true},
                       {R"({"u": "root"})", R"(u == "r*")", true},
                       {R"({"u": "root"})", R"("r*" == u)", true},
                       {R"({"u": "root"})", R"(u == "roo?")", false},
                       {"{}", R"(u != "root" or u == null)", true},
                       {"{}", R"(not startsWith(u, "r"))", false},
                       {"{}", R"(not stringContains(u, "oo"))", true},
                       {"{}", R"(not cidrMatch(u, "10.0.0.0/8"))", true},
                       {"{}", R"(u not in ("a", "b"))", false},
                       {R"({"args": ["-o"]})", R"(args == "-o")", false},
                       {R"({"args": ["-o"]})", R"(args != "-o")", false},
                       {R"({"args": ["-o"]})", R"(arrayContains(args, "-O"))", true},
                       {R"({"args": ["a", "bcd"]})", "length(args) == 2", true},
                       {R"({"args": []})", "length(args) == 0", true},
                       {R"({"args": ["a"]})", R"(args[0] == "A" and args[1] == null)", true},
                       {R"({"n": 1})", R"(n == 1.0)", true},
                       {R"({"n": "1"})", "n == 1", false},
                       {R"({"subtype": "create"})", "subtype.create", true},
                       {R"({"subtype": "create"})", "not subtype.terminate", true},
                       {"{}", "not subtype.create", false},
                       {R"({"u": "python3"})", R"(match(u, "PYTHON"))", true},
                       {R"({"u": "xpython"})", R"(match(u, "python"))", false},
                       {R"({"u": "cat"})", R"(match(u, "a|b", "c"))", true},
                       {"{}", R"(stringContains("abc", ""))", true},
                       {"{}", R"(between("abc", "x", "c") == null)", true},
                       {"{}", R"(between("abc", "", "c") == "ab")", true},
                       {"{}", R"(number("ff", 16) == null)", true},
                       {"{}", R"("abc":length() == 3)", true},
                       {"{}", "safe(null) == null", true},
                   });
  const char* fds = R"({"fds": [{"kind": "socket", "flags": ["rw", "cloexec"]},
                                {"kind": "pipe", "flags": ["r"]}]})";
  ExpectAll({kEg},
            {
                {fds, R"(arraySearch(fds, f, f.kind == "sock*"))", true},
                {fds, R"(arraySearch(fds, f, f.kind == "pipe" and f.flags[0] == "w"))", false},
                {fds, R"(arrayCount(fds, f, f.flags[0] == "r*") == 2)", true},
                {fds, R"(arrayCount(fds, f, arraySearch(f.flags, g, g == "cloexec")) == 1)", true},
                {"{}", "arraySearch(fds, f, true) == false", true},
                {"{}", "arrayCount(fds, f, true) == 0", true},
                {R"({"f": "event", "fds": ["element"]})",
                 R"(arraySearch(fds, f, f == "element") and f == "event")", true},
            });
}

TEST(Interpreter, EndgameCaseSwitch) {
  ExpectMatches(kEg, {R"({"u": "root"})", R"(u == "ROOT")", false}, true);
  ExpectMatches(kEg, {R"({"u": "root"})", R"(u in ("ROOT"))", false}, true);
  ExpectMatches(kEg, {R"({"u": "root"})", R"(match(u, "ROOT"))", false}, true);
  ExpectMatches(kEg, {R"({"u": "root"})", R"(startsWith(u, "RO"))", false}, true);
  ExpectMatches(kEg, {R"({"u": "ÉTÉ"})", R"(u == "été")", true}, false);
}

TEST(Interpreter, EndpointArraySearchKeepsElementsTogether) {
  const char* stack = R"({"cs": [{"m": "libc", "p": 0}, {"m": "x", "p": 9}]})";
  ExpectAll({kEp}, {
                       {stack, R"(_arraysearch(cs, $e, $e.m == "libc" and $e.p == 9))", false},
                       {stack, R"(_arraysearch(cs, $e, $e.m == "x" and $e.p == 9))", true},
                       {stack, R"(cs.m == "libc" and cs.p == 9)", true},
                       {stack, R"(not _arraysearch(cs, $e, $e.m : "lib*"))", false},
                       {stack, R"(_arraysearch(cs, $e, not $e.q : "a"))", true},
                       {"{}", "_arraysearch(cs, $e, true)", false},
                       {"{}", "not _arraysearch(cs, $e, true)", true},
                       {R"({"cs": {"m": "one"}})", R"(_arraysearch(cs, $e, $e.m == "one"))", true},
                       {R"({"cs": ["s"]})", R"(_arraysearch(cs, $e, $e == "s"))", true},
                       {R"({"name": "libc", "cs": [{"m": "libc!x"}]})",
                        R"(_arraysearch(cs, $e, startswith~($e.m, name)))", true},
                   });
}

TEST(Interpreter, EndpointObjectsAreThereOrNot) {
  ExpectAll({kEp}, {
                       {R"({"signature": {"trusted": true}})", "signature != null", true},
                       {R"({"signature": [{"trusted": true}]})", "signature == null", false},
                       {R"({"signature": {}})", "signature != null", true},
                       {"{}", "signature != null", false},
                       {"{}", "signature == null", true},
                       {R"({"signature": null})", "signature == null", true},
                       {R"({"signature": {"trusted": true}})", R"(signature == "x")", false},
                   });
}

TEST(Interpreter, CategoriesAreExactAndMultiValued) {
  const auto matches = [](Dialect dialect, const char* query, const char* json) {
    const base::Source source("test", query);
    ParseResult parsed = Parse(source, dialect);
    EXPECT_TRUE(parsed.query);
    event::FieldTable fields(TestSchema());
    std::vector<base::Diagnostic> diagnostics;
    EXPECT_TRUE(Check(*parsed.query, fields, {}, diagnostics));
    const Interpreter interpreter(std::get<EventQuery>(parsed.query->statement), dialect, fields,
                                  {});
    const event::Projector projector(fields);
    const conformance::Json document(json);
    base::Arena arena;
    event::Event event;
    event.slots = projector.Project(*document, arena);
    return interpreter.Matches(event, arena);
  };
  const char* two = R"({"event": {"category": ["process", "file"]}})";
  EXPECT_TRUE(matches(kEs, "file where true", two));
  EXPECT_FALSE(matches(kEs, "File where true", two));
  EXPECT_TRUE(matches(kEs, "any where true", "{}"));
  EXPECT_FALSE(matches(kEs, R"("any" where true)", two));
  EXPECT_TRUE(matches(kEg, "process where true", R"({"event_type": "process"})"));
  EXPECT_TRUE(matches(kEg, "process where true", R"({"event_type_full": "process_event"})"));
  EXPECT_TRUE(matches(kEg, "generic where true", "{}"));
}

TEST(Versions, Order) {
  EXPECT_TRUE(CompareVersions("1.0.0-alpha.2", "1.0.0-alpha.10") < 0);
  EXPECT_TRUE(CompareVersions("1.0", "1.0.0") == 0);
  EXPECT_TRUE(CompareVersions("x", "1.0.0") > 0);
}

}  // namespace
}  // namespace vedette::eql
