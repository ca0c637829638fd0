// SPDX-License-Identifier: Apache-2.0
#include "engine/random_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/random_query_expression.h"

namespace vedette::engine {
namespace {

using eql::Dialect;

/// Writes one sequence, sample or join.
class RandomStatement {
 public:
  RandomStatement(RandomSource& random, Dialect dialect)
      : random_(random), dialect_(dialect), expression_(random, dialect) {}

  std::string Make() {
    std::string out = expression_.Definitions();
    const std::size_t kind = random_.Below(8);
    if (kind < 2) {
      out += expression_.EventQuery(static_cast<int>(1 + random_.Below(4)));
    } else if (kind == 2 && es()) {
      out += Sample();
    } else if (kind == 2 && eg()) {
      out += Join();
    } else {
      out += Sequence();
    }
    return out + Pipes();
  }

 private:
  bool es() const { return dialect_ == Dialect::kElasticsearch; }
  bool ep() const { return dialect_ == Dialect::kEndpoint; }
  bool eg() const { return dialect_ == Dialect::kEndgame; }

  /// The kinds of the item keys, the same for all items: true for text, false for numbers.
  void ChooseKeys(bool needed) {
    global_ = random_.Below(3) == 0 ? 0 : 1;
    if (random_.OneIn(6)) global_ = 2;
    kinds_.clear();
    if (random_.OneIn(3)) kinds_.push_back(!random_.OneIn(3));
    if (random_.OneIn(10)) kinds_.push_back(!random_.OneIn(3));
    if (needed && global_ == 0 && kinds_.empty()) global_ = 1;
  }
  std::string Key(bool text) {
    if (eg()) return expression_.KeyExpression();
    const std::string optional = es() && random_.OneIn(3) ? "?" : "";
    if (!optional.empty() && random_.OneIn(8)) return "?zz.key";
    return optional + (text ? random_.Word({"k", "k", "k", "t"}) : random_.Word({"j", "j", "n"}));
  }
  std::string GlobalKeys() {
    std::string out;
    for (std::size_t i = 0; i < global_; ++i) {
      out += (i == 0 ? " by " : ", ") + Key(random_.OneIn(2) || i == 0);
    }
    return out;
  }
  std::string ItemKeys() {
    std::string out;
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
      out += (i == 0 ? " by " : ", ") + Key(kinds_[i]);
    }
    return out;
  }
  std::string Bracket() {
    return "[" + expression_.EventQuery(random_.OneIn(3) ? 2 : random_.OneIn(2) ? 1 : 0) + "]";
  }

  std::string Sequence() {
    ChooseKeys(false);
    std::size_t count = 2 + random_.Below(random_.OneIn(3) ? 3 : 2);
    const bool missing = es() && random_.OneIn(3);
    std::string maxspan;
    if (missing || !random_.OneIn(3)) {
      maxspan = " with maxspan=" +
                random_.Word({"1s", "1s", "2s", "2s", "3s", "5s", "500ms", "1m", "2500ms"});
    }
    std::string out = "sequence";
    out += eg() && random_.OneIn(4) ? maxspan + GlobalKeys() : GlobalKeys() + maxspan;
    const bool aliases = ep() && random_.OneIn(2);
    std::vector<std::string> names;
    std::size_t positive = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const bool last_chance = missing && i + 1 == count && positive == 0;
      const bool absent = missing && !last_chance && random_.OneIn(2);
      expression_.SetAliases(names);
      out += absent ? "\n  !" + Bracket() : "\n  " + Bracket();
      if (eg() && i > 0 && random_.OneIn(5)) {
        out += random_.Word({" fork", " fork=true", " fork=false"});
      }
      out += ItemKeys();
      if (es() && random_.OneIn(6)) out += " with runs=" + random_.Word({"1", "2", "2", "3"});
      if (!absent) ++positive;
      if (aliases && (i == 0 || random_.OneIn(2))) {
        names.push_back(fmt::format("event{}", i));
        out += " as " + names.back();
      }
    }
    expression_.SetAliases({});
    if (random_.OneIn(3)) out += "\nuntil " + Bracket() + ItemKeys();
    return out;
  }

  std::string Sample() {
    ChooseKeys(true);
    std::string out = "sample" + GlobalKeys();
    for (std::size_t i = 0, count = 2 + random_.Below(3); i < count; ++i) {
      out += "\n  " + Bracket() + ItemKeys();
    }
    return out;
  }

  std::string Join() {
    ChooseKeys(false);
    std::string out = "join" + GlobalKeys();
    for (std::size_t i = 0, count = 2 + random_.Below(2); i < count; ++i) {
      out += "\n  " + Bracket() + ItemKeys();
    }
    if (random_.OneIn(3)) out += "\nuntil " + Bracket() + ItemKeys();
    return out;
  }

  /// For the printer; results are compared before any pipe.
  std::string Pipes() {
    if (ep() || !random_.OneIn(10)) return "";
    if (es() || random_.OneIn(2)) return "\n| " + random_.Word({"head 3", "tail 2", "head 1"});
    return "\n| " + random_.Word({"unique s", "count", "sort n, s", "filter s == \"a\"",
                                  "unique_count k", "unique s, n | count"});
  }

  RandomSource& random_;
  Dialect dialect_;
  RandomExpression expression_;
  std::size_t global_ = 0;
  std::vector<bool> kinds_;
};

event::Schema MakeSchema() {
  event::Schema schema(/*open=*/false);
  const auto add = [&](const char* name, event::FieldType type, const char* type_name) {
    schema.Add(name, {type, type_name, "", "", std::nullopt, false});
  };
  using event::FieldType;
  for (const char* name : {"event.category", "event_type", "k", "s", "t", "u.v", "tags", "objs.x",
                           "subtype", "process.entity_id", "process.parent.entity_id"}) {
    add(name, FieldType::kKeyword, "keyword");
  }
  for (const char* name : {"j", "n", "m", "pid", "ppid", "id", "objs.y"}) {
    add(name, FieldType::kLong, "long");
  }
  add("d", FieldType::kDouble, "double");
  add("b", FieldType::kBoolean, "boolean");
  add("ip", FieldType::kIp, "ip");
  add("v", FieldType::kVersion, "version");
  add("when", FieldType::kDate, "date");
  add("@timestamp", FieldType::kDateNanos, "date_nanos");
  return schema;
}

}  // namespace

const event::Schema& RandomSchema() {
  static const event::Schema kSchema = MakeSchema();
  return kSchema;
}

eql::CheckOptions RandomCase::Options() const {
  eql::CheckOptions options;
  options.strict_optional = strict_optional;
  options.case_sensitive = case_sensitive;
  return options;
}

std::string RandomCase::Text() const {
  static constexpr const char* kNames[] = {"elasticsearch", "endpoint", "endgame"};
  std::string out = fmt::format(
      "dialect {}{}{}, alias ring {}, samples per key {}\n{}\n",
      kNames[static_cast<std::size_t>(dialect)], strict_optional ? ", strict optional fields" : "",
      case_sensitive ? ", case sensitive" : "", alias_ring, samples_per_key, query);
  for (const std::string& event : events) out += event + "\n";
  return out;
}

std::string RandomQuery(RandomSource& random, Dialect dialect) {
  return RandomStatement(random, dialect).Make();
}

RandomCase MakeRandomCase(RandomSource& random) {
  RandomCase out;
  out.dialect = static_cast<Dialect>(random.Below(3));
  out.strict_optional = random.OneIn(2);
  out.case_sensitive = out.dialect == Dialect::kEndgame && random.OneIn(3);
  static constexpr std::uint32_t kRings[] = {32, 1, 2, 3};
  out.alias_ring = kRings[random.Below(4)];
  out.samples_per_key = random.OneIn(3) ? 1 + random.Below(3) : 1;
  out.query = RandomQuery(random, out.dialect);
  out.events = RandomEvents(random, out.dialect);
  return out;
}

}  // namespace vedette::engine
