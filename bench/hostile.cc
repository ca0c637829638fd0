// SPDX-License-Identifier: Apache-2.0
#include "hostile.h"

#include <fmt/format.h>

#include <functional>

#include "base/json_writer.h"
#include "corpus_words.h"
#include "random.h"

namespace vedette::bench {
namespace {

std::string RuleLine(std::size_t number, const std::string& query) {
  std::string out;
  base::JsonWriter json(out);
  json.BeginObject();
  json.Member("rule_id", fmt::format("hostile-{}", number));
  json.Member("name", fmt::format("Hostile {}", number));
  json.Member("description", "Made to hurt.");
  json.Member("type", "eql");
  json.Member("language", "eql");
  json.Member("severity", "low");
  json.MemberInt("risk_score", 21);
  json.Member("query", query);
  json.EndObject();
  out += '\n';
  return out;
}

std::string Rules(std::size_t count, const std::function<std::string(std::size_t)>& query) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += RuleLine(i, query(i));
  return out;
}

/// An exec with these arguments; `name` is its program.
std::string ExecLine(std::string_view name, const std::vector<std::string>& arguments,
                     std::string_view line, Random& random) {
  std::string out;
  base::JsonWriter json(out);
  const auto object = [&](std::string_view key) {
    json.Key(key);
    json.BeginObject();
  };
  json.BeginObject();
  json.Member("@timestamp", "2026-02-25T06:13:20Z");
  object("agent");
  json.Member("type", "endpoint");
  json.EndObject();
  object("event");
  json.Member("action", "exec");
  json.Member("category", "process");
  json.Member("id", random.Hex(16));
  json.Member("type", "start");
  json.EndObject();
  object("host");
  object("os");
  json.Member("type", "linux");
  json.EndObject();
  json.EndObject();
  object("process");
  json.Key("args");
  json.BeginArray();
  for (const std::string& argument : arguments) json.String(argument);
  json.EndArray();
  json.MemberInt("args_count", static_cast<std::int64_t>(arguments.size()));
  json.Member("command_line", line);
  json.Member("executable", fmt::format("/usr/bin/{}", name));
  json.Member("name", name);
  object("parent");
  json.Member("command_line", line.substr(0, std::min<std::size_t>(line.size(), 64)));
  json.Member("executable", "/usr/bin/bash");
  json.Member("name", "bash");
  json.EndObject();
  json.EndObject();
  json.EndObject();
  out += '\n';
  return out;
}

std::string AnyText(Random& random, std::size_t size) {
  std::string text;
  random.AppendFrom(text, "abcdefghijklmnopqrstuvwxyz0123456789-/. ", size);
  return text;
}

/// `count` events; every value of every field is new.
std::string DistinctEvents(Random& random, std::uint64_t count) {
  std::string out;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::vector<std::string> arguments = {AnyText(random, 12), AnyText(random, 30),
                                                AnyText(random, 24)};
    out += ExecLine(random.Hex(12), arguments, AnyText(random, 90), random);
  }
  return out;
}

std::string LongLines(Random& random, std::uint64_t count) {
  std::string out;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string line = "curl http" + AnyText(random, 100'000);
    out += ExecLine("curl", {"curl", line.substr(5)}, line, random);
  }
  return out;
}

std::string ManyArguments(Random& random, std::uint64_t count) {
  std::string out;
  std::vector<std::string> arguments(10'000);
  for (std::uint64_t i = 0; i < count; ++i) {
    for (std::string& argument : arguments) argument = AnyText(random, 8);
    out += ExecLine("tar", arguments, "tar of many", random);
  }
  return out;
}

/// Text that makes a backtracking matcher try everything: nearly matches of (a+)+b and its like.
std::string RegexBait(Random& random, std::uint64_t count) {
  std::string out;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string line(2'000 + random.Below(50), 'a');
    out += ExecLine("sh", {"sh", "-c", line}, line + "!", random);
  }
  return out;
}

/// Values that a weak or a fixed hash maps together: equal length, equal first and last eight
/// bytes, equal sums of their bytes and of their words.
std::string CollidingValues(Random& random, std::uint64_t count) {
  std::string out;
  std::string middle(48, 'a');
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::size_t a = random.Below(6) * 8 + random.Below(8);
    const std::size_t b = (a + 8 * (1 + random.Below(5))) % 48;
    if (middle[a] < 'z' && middle[b] > 'A') {  // moves between equal places of two words
      ++middle[a];
      --middle[b];
    }
    const std::string line = fmt::format("python3 {} /end/of/it", middle);
    out += ExecLine("python3", {"python3", middle}, line, random);
  }
  return out;
}

}  // namespace

std::vector<HostileCase> HostileCases(std::uint64_t seed, std::uint64_t scale) {
  Random random(seed);
  const auto word = [&] { return std::string(RandomWord(random)); };
  std::vector<HostileCase> cases;
  cases.push_back({"1,000 rules with leading wildcards only",
                   Rules(1'000,
                         [&](std::size_t i) {
                           return fmt::format(
                               R"(process where process.command_line like "*{}{}*" or )"
                               R"(process.args like~ "*{}?{}")",
                               word(), i, word(), i % 10);
                         }),
                   {}});
  cases.push_back({"500 rules with wildcards of two letters",
                   Rules(500,
                         [&](std::size_t i) {
                           const char a = static_cast<char>('a' + i % 26);
                           const char b = static_cast<char>('a' + i / 26 % 26);
                           return fmt::format(
                               R"(process where process.command_line like "*{}*{}*{}*{}*")", a, b,
                               b, a);
                         }),
                   {}});
  cases.push_back(
      {"1,000 rules that differ in one literal",
       Rules(1'000,
             [](std::size_t i) {
               return fmt::format(
                   R"(process where event.type == "start" and process.name in ("bash", )"
                   R"("curl", "python3") and process.args like "/srv/*" and )"
                   R"(process.command_line like "*--token-{:04}*")",
                   i);
             }),
       {}});
  cases.push_back(
      {"200 regular expressions made to backtrack",
       Rules(200,
             [](std::size_t i) {
               return fmt::format(
                   R"x(process where process.command_line regex """(a+)+b{}|(a|aa)+c{}""")x", i, i);
             }),
       RegexBait(random, 200 * scale)});
  cases.push_back({"every value new", {}, DistinctEvents(random, 40'000 * scale)});
  cases.push_back({"command lines of 100 KB", {}, LongLines(random, 150 * scale)});
  cases.push_back({"10,000 arguments", {}, ManyArguments(random, 200 * scale)});
  cases.push_back({"values made to collide", {}, CollidingValues(random, 40'000 * scale)});
  return cases;
}

}  // namespace vedette::bench
