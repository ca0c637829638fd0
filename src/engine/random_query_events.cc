// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/time.h"
#include "engine/random_query.h"

namespace vedette::engine {
namespace {

std::string Quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

/// Writes one event.
class RandomEvent {
 public:
  RandomEvent(RandomSource& random, base::Timestamp time, std::size_t number)
      : random_(random), time_(time), number_(number) {}

  std::string Make(eql::Dialect dialect) {
    out_ = fmt::format(R"({{"@timestamp":"{}","id":{})", base::FormatIsoTime(time_), number_);
    const std::string category = random_.Word({"process", "process", "process", "file", "network"});
    if (random_.OneIn(12)) {
      Add("event", R"({"category":["process","file"]})");
    } else if (!random_.OneIn(25)) {
      Add("event", R"({"category":")" + category + "\"}");
    }
    Add("event_type", Quoted(category));
    Values("k", {"\"x\"", "\"x\"", "\"x\"", "\"y\"", "\"X\""}, 8);
    Values("j", {"1", "1", "2"}, 8);
    Values("s",
           {"\"a\"", "\"a\"", "\"a\"", "\"b\"", "\"b\"", "\"A\"", "\"ab\"", "\"\"", "\"10\"",
            "\"a*\"", "\"a.b\"", "\"x y\"", "\"a\\\\b\"", "\"\xC3\xA9\""},
           7);
    Values("t", {"\"b\"", "\"a\"", "\"x\"", "\"abc\"", "\"7\"", "\"aB\""}, 5);
    Values("n", {"0", "1", "1", "2", "3", "-1", "10"}, 6);
    Values("m", {"1", "2", "5"}, 4);
    Values("d", {"0.5", "1.0", "2.5", "1"}, 4);
    Values("b", {"true", "false"}, 4);
    if (random_.OneIn(3)) Values("ip", {"\"10.0.0.1\"", "\"192.168.1.1\"", "\"fe80::1\""}, 9);
    if (random_.OneIn(3)) Values("when", {"\"2026-01-01T00:00:02Z\"", "\"2026-01-01\""}, 9);
    if (random_.OneIn(3)) Values("v", {"\"1.2.0\"", "\"1.10.0\"", "\"1.2.0-rc1\""}, 9);
    if (random_.OneIn(2)) Add("u", random_.Word({R"({"v":"a"})", R"({"v":"v"})", "{}"}));
    if (random_.OneIn(3)) {
      Add("tags", random_.Word({R"(["a"])", R"(["b","ab"])", "[]", R"(["A","a","a"])", "\"a\""}));
    }
    if (random_.OneIn(3)) {
      Add("objs", random_.Word({R"([{"x":"a","y":1},{"x":"b","y":2}])", R"([{"x":"ab"}])", "[]",
                                R"([{"y":0},{"x":"a","y":3}])", R"({"x":"a","y":2})"}));
    }
    if (!random_.OneIn(4)) Process(dialect);
    return out_ + "}";
  }

 private:
  void Add(const char* name, const std::string& json) {
    out_ += fmt::format(",\"{}\":{}", name, json);
  }
  /// One of `values`; one time in `rare` none, null or several.
  void Values(const char* name, std::initializer_list<const char*> values, std::size_t rare) {
    if (!random_.OneIn(rare)) return Add(name, random_.Word(values));
    switch (random_.Below(6)) {
      case 0:
      case 1:
        return;
      case 2:
        return Add(name, random_.Word({"null", "[]", "[null]"}));
      default:
        return Add(name, "[" + random_.Word(values) + "," + random_.Word(values) + "]");
    }
  }
  /// A handful of processes that start each other and end. Process ids are used again, for other
  /// children; entity ids name one process for good, and its parent never changes.
  void Process(eql::Dialect dialect) {
    Add("subtype", Quoted(random_.Word({"create", "create", "create", "fork", "terminate", "x"})));
    if (dialect == eql::Dialect::kEndgame) {
      const std::size_t process = random_.Below(5);
      Add("pid", std::to_string(process));
      Add("ppid", std::to_string(random_.Below(5)));
      if (process == 4 && random_.OneIn(3)) Add("process_name", "\"System\"");
      return;
    }
    const std::size_t entity = random_.Below(6);
    if (entity == 0 || random_.OneIn(5)) {
      Add("process", fmt::format(R"({{"entity_id":"p{}"}})", entity));
    } else {
      Add("process", fmt::format(R"({{"entity_id":"p{}","parent":{{"entity_id":"p{}"}}}})", entity,
                                 (entity - 1) / 2));
    }
  }

  RandomSource& random_;
  base::Timestamp time_;
  std::size_t number_;
  std::string out_;
};

}  // namespace

std::vector<std::string> RandomEvents(RandomSource& random, eql::Dialect dialect) {
  std::vector<std::string> events;
  base::Timestamp time = *base::ParseIsoTime("2026-01-01T00:00:00Z");
  const bool fine = random.OneIn(8);
  const std::size_t count = random.OneIn(20) ? random.Below(50) : 2 + random.Below(16);
  for (std::size_t i = 0; i < count; ++i) {
    static constexpr std::int64_t kSteps[] = {0, 0, 0, 500, 500, 1000, 1000, 1000, 250, 1500, 2000};
    time.nanoseconds += kSteps[random.Below(11)] * 1'000'000;
    if (random.OneIn(40)) time.nanoseconds += 10'000'000'000;
    if (fine && random.OneIn(3)) time.nanoseconds += random.OneIn(2) ? 1 : 400'000;
    events.push_back(RandomEvent(random, time, i).Make(dialect));
  }
  return events;
}

}  // namespace vedette::engine
