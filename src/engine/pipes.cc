// SPDX-License-Identifier: Apache-2.0
#include "engine/pipes.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/arena.h"
#include "base/json_writer.h"
#include "engine/join_key.h"
#include "eql/interpreter.h"
#include "eql/text.h"
#include "event/json_reader.h"

namespace vedette::engine {
namespace {

using event::Member;
using event::Value;

constexpr std::size_t kDefaultCount = 50;
constexpr std::string_view kHostFields[] = {"hostname", "host.name"};

class Pipeline {
 public:
  Pipeline(const eql::Query& query, const event::FieldTable& fields,
           const eql::CheckOptions& options)
      : query_(query),
        options_(options),
        projector_(fields),
        insensitive_(query.dialect == eql::Dialect::kEndgame && !options.case_sensitive) {}

  void Run(std::vector<QueryResult>& results) {
    for (const eql::Pipe& pipe : query_.pipes) Apply(pipe, results);
  }

 private:
  void Apply(const eql::Pipe& pipe, std::vector<QueryResult>& results) {
    if (pipe.name == "head" || pipe.name == "tail") {
      LimitResults(CountOf(pipe),
                   pipe.name == "head" ? ResultPosition::kHead : ResultPosition::kTail, results);
    } else if (pipe.name == "unique") {
      Unique(pipe, results);
    } else if (pipe.name == "unique_count") {
      UniqueCount(pipe, results);
    } else if (pipe.name == "count") {
      Count(pipe, results);
    } else if (pipe.name == "filter") {
      Filter(pipe, results);
    } else if (pipe.name == "sort") {
      Sort(pipe, results);
    }
    arena_.Reset();
  }

  static std::size_t CountOf(const eql::Pipe& pipe) {
    if (pipe.arguments.empty()) return kDefaultCount;
    const auto* literal = std::get_if<eql::Literal>(&pipe.arguments[0]->node);
    if (literal == nullptr) return kDefaultCount;
    if (const auto* number = std::get_if<std::int64_t>(&literal->value)) {
      return *number < 0 ? 0 : static_cast<std::size_t>(*number);
    }
    return kDefaultCount;
  }

  std::vector<eql::Expression> Arguments(const eql::Pipe& pipe) const {
    std::vector<eql::Expression> out;
    out.reserve(pipe.arguments.size());
    for (const auto& argument : pipe.arguments) {
      out.emplace_back(*argument, query_.dialect, options_);
    }
    return out;
  }

  Value Tree(const std::string& json) {
    const auto read = reader_.Read(json, arena_);
    return read ? *read : Value();
  }

  /// Values of the arguments over the first event of a result; `events[i]` reaches the others.
  std::vector<Value> Evaluate(const std::vector<eql::Expression>& arguments,
                              const QueryResult& result) {
    std::vector<Value> trees;
    for (const ResultEvent& one : result.events) {
      trees.push_back(one.missing ? Value() : Tree(one.json));
    }
    const auto kept = arena_.NewArray<Value>(trees.size());
    std::copy(trees.begin(), trees.end(), kept.begin());
    event::Event first;
    if (!kept.empty() && !kept[0].is_null()) {
      first.document = kept[0];
      first.slots = projector_.Project(kept[0], arena_);
    }
    std::vector<Value> out;
    for (const auto& argument : arguments) {
      out.push_back(argument.ValueOf(first, arena_, Value::List(kept)));
    }
    return out;
  }

  std::string KeyText(std::span<const Value> values, bool fold) {
    std::string text;
    event::WriteJson(Value::List(values), text);
    return fold ? std::string(eql::FoldText(text, arena_)) : text;
  }

  void Unique(const eql::Pipe& pipe, std::vector<QueryResult>& results) {
    const auto arguments = Arguments(pipe);
    std::set<std::string> seen;
    std::erase_if(results, [&](const QueryResult& result) {
      return !seen.insert(KeyText(Evaluate(arguments, result), insensitive_)).second;
    });
  }

  void Filter(const eql::Pipe& pipe, std::vector<QueryResult>& results) {
    const auto arguments = Arguments(pipe);
    std::erase_if(results, [&](const QueryResult& result) {
      const auto values = Evaluate(arguments, result);
      return values.empty() || values[0].kind() != event::ValueKind::kBoolean ||
             !values[0].boolean();
    });
  }

  /// Null counts as the empty value of what else is in the column.
  static Value Emptied(const Value& value, const Value& sample) {
    if (!value.is_null()) return value;
    if (sample.is_string()) return Value::String("");
    if (sample.is_number()) return Value::Integer(0);
    if (sample.kind() == event::ValueKind::kBoolean) return Value::Boolean(false);
    return value;
  }

  void Sort(const eql::Pipe& pipe, std::vector<QueryResult>& results) {
    const auto arguments = Arguments(pipe);
    struct Sorted {
      std::vector<Value> keys;
      std::size_t at;
    };
    std::vector<Sorted> order;
    std::vector<Value> samples(arguments.size());
    for (std::size_t i = 0; i < results.size(); ++i) {
      order.push_back({Evaluate(arguments, results[i]), i});
      for (std::size_t k = 0; k < samples.size(); ++k) {
        Value& key = order.back().keys[k];
        if (insensitive_ && key.is_string()) {
          key = Value::String(eql::FoldText(key.text(), arena_));
        }
        if (samples[k].is_null()) samples[k] = key;
      }
    }
    for (Sorted& row : order) {
      for (std::size_t k = 0; k < samples.size(); ++k) {
        row.keys[k] = Emptied(row.keys[k], samples[k]);
      }
    }
    std::stable_sort(order.begin(), order.end(), [](const Sorted& a, const Sorted& b) {
      for (std::size_t k = 0; k < a.keys.size(); ++k) {
        const auto compared = CompareKeyValues(a.keys[k], b.keys[k]);
        if (compared != 0) return compared < 0;
      }
      return false;
    });
    std::vector<QueryResult> sorted;
    sorted.reserve(results.size());
    for (const Sorted& row : order) sorted.push_back(std::move(results[row.at]));
    results = std::move(sorted);
  }

  struct Tally {
    std::size_t first = 0;  ///< number of the result that was first under the key
    std::int64_t count = 0;
    std::vector<Value> key;
    std::set<std::string> hosts;
  };

  /// Counts add up when the input was counted before.
  static std::int64_t CountIn(const Value& document) {
    const Value count = document.Get("count");
    return count.kind() == event::ValueKind::kInteger ? count.integer() : 1;
  }
  static void AddHosts(const Value& document, std::set<std::string>& hosts) {
    for (const std::string_view field : kHostFields) {
      const Value host = document.GetPath(field);
      if (host.is_string()) {
        hosts.emplace(host.text());
        return;
      }
    }
    const Value known = document.Get("hosts");
    if (!known.is_list()) return;
    for (const Value& host : known.list()) {
      if (host.is_string()) hosts.emplace(host.text());
    }
  }

  std::vector<Tally> TallyOf(const eql::Pipe& pipe, const std::vector<QueryResult>& results,
                             std::int64_t& total) {
    const auto arguments = Arguments(pipe);
    std::vector<Tally> tallies;
    std::unordered_map<std::string, std::size_t> index;
    for (std::size_t i = 0; i < results.size(); ++i) {
      auto key = Evaluate(arguments, results[i]);
      const auto [at, fresh] = index.emplace(KeyText(key, insensitive_), tallies.size());
      if (fresh) tallies.push_back({i, 0, std::move(key), {}});
      Tally& tally = tallies[at->second];
      const Value document =
          results[i].events.empty() ? Value() : Tree(results[i].events.front().json);
      const std::int64_t count = CountIn(document);
      tally.count += count;
      total += count;
      AddHosts(document, tally.hosts);
    }
    return tallies;
  }

  static void WriteCounts(base::JsonWriter& writer, const Tally& tally, std::int64_t total) {
    writer.Key("count");
    writer.Int(tally.count);
    writer.Key("percent");
    writer.Double(static_cast<double>(tally.count) / static_cast<double>(total));
    WriteHosts(writer, tally.hosts);
  }
  static void WriteHosts(base::JsonWriter& writer, const std::set<std::string>& hosts) {
    if (hosts.empty()) return;
    writer.Key("total_hosts");
    writer.Int(static_cast<std::int64_t>(hosts.size()));
    writer.Key("hosts");
    writer.BeginArray();
    for (const std::string& host : hosts) writer.String(host);
    writer.EndArray();
  }

  void UniqueCount(const eql::Pipe& pipe, std::vector<QueryResult>& results) {
    std::int64_t total = 0;
    std::vector<Tally> tallies = TallyOf(pipe, results, total);
    std::vector<QueryResult> out;
    for (const Tally& tally : tallies) {
      QueryResult result = std::move(results[tally.first]);
      const Value document = Tree(result.events.front().json);
      std::string json;
      base::JsonWriter writer(json);
      writer.BeginObject();
      for (const Member& member : document.object()) {
        const bool replaced = member.key == "count" || member.key == "percent" ||
                              member.key == "hosts" || member.key == "total_hosts" ||
                              (!tally.hosts.empty() && member.key == kHostFields[0]);
        if (replaced) continue;
        writer.Key(member.key);
        event::WriteJson(member.value, writer);
      }
      WriteCounts(writer, tally, total);
      writer.EndObject();
      result.events.front().json = std::move(json);
      out.push_back(std::move(result));
    }
    results = std::move(out);
  }

  static QueryResult Generic(std::string json) {
    QueryResult result;
    result.events.emplace_back();
    result.events.front().json = std::move(json);
    return result;
  }

  void Count(const eql::Pipe& pipe, std::vector<QueryResult>& results) {
    std::int64_t total = 0;
    std::vector<Tally> tallies = TallyOf(pipe, results, total);
    std::vector<QueryResult> out;
    if (pipe.arguments.empty()) {
      Tally all;
      for (const Tally& tally : tallies) {
        all.count += tally.count;
        all.hosts.insert(tally.hosts.begin(), tally.hosts.end());
      }
      std::string json;
      base::JsonWriter writer(json);
      writer.BeginObject();
      writer.Key("key");
      writer.String("totals");
      writer.Key("count");
      writer.Int(all.count);
      WriteHosts(writer, all.hosts);
      writer.EndObject();
      out.push_back(Generic(std::move(json)));
    } else {
      std::stable_sort(tallies.begin(), tallies.end(), [](const Tally& a, const Tally& b) {
        if (a.count != b.count) return a.count < b.count;
        for (std::size_t i = 0; i < a.key.size(); ++i) {
          const auto compared = CompareKeyValues(a.key[i], b.key[i]);
          if (compared != 0) return compared < 0;
        }
        return false;
      });
      for (const Tally& tally : tallies) {
        std::string json;
        base::JsonWriter writer(json);
        writer.BeginObject();
        writer.Key("key");
        event::WriteJson(tally.key.size() == 1 ? tally.key[0] : Value::List(tally.key), writer);
        WriteCounts(writer, tally, total);
        writer.EndObject();
        out.push_back(Generic(std::move(json)));
      }
    }
    results = std::move(out);
  }

  const eql::Query& query_;
  const eql::CheckOptions& options_;
  event::Projector projector_;
  bool insensitive_;
  base::Arena arena_;
  event::JsonReader reader_;
};

}  // namespace

QueryResult ToResult(const Match& match) {
  QueryResult result;
  for (const EventHandle& handle : match.events) {
    ResultEvent& to = result.events.emplace_back();
    if (!handle) {
      to.missing = true;
      continue;
    }
    to.json = handle->json;
    to.index = handle->index;
    to.id = handle->id;
    to.timestamp = handle->timestamp;
    to.source = handle->source;
    to.position = handle->position;
  }
  result.join_keys = match.join_keys;
  result.last_position = match.last_position;
  result.serial = match.serial;
  return result;
}

void SortResults(std::vector<QueryResult>& results) {
  std::stable_sort(results.begin(), results.end(), [](const auto& a, const auto& b) {
    return std::pair(a.last_position, a.serial) < std::pair(b.last_position, b.serial);
  });
}

void ApplyPipes(const eql::Query& query, const event::FieldTable& fields,
                const eql::CheckOptions& options, std::vector<QueryResult>& results) {
  if (!query.pipes.empty()) Pipeline(query, fields, options).Run(results);
}

void LimitResults(std::size_t size, ResultPosition position, std::vector<QueryResult>& results) {
  if (results.size() <= size) return;
  if (position == ResultPosition::kHead) {
    results.erase(results.begin() + static_cast<std::ptrdiff_t>(size), results.end());
  } else {
    results.erase(results.begin(), results.end() - static_cast<std::ptrdiff_t>(size));
  }
}

}  // namespace vedette::engine
