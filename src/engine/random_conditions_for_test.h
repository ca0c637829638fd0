// SPDX-License-Identifier: Apache-2.0
// For tests and fuzzing: conditions of random queries, and the matcher against the interpreter over
// records as they come, as text.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/arena.h"
#include "engine/condition_set.h"
#include "engine/matcher.h"
#include "engine/random_query.h"
#include "eql/interpreter.h"
#include "eql/parser.h"
#include "eql/walk.h"
#include "event/event.h"
#include "event/field_extractor.h"
#include "event/json_reader.h"

namespace vedette::engine {

/// Writes a document again, in one of the many forms that mean nearly the same: members in another
/// order, dotted keys for nested objects, escapes and blanks where none are needed, scalars as
/// lists of one or more, numbers as strings. What it means is what JsonReader and Projector say.
class RandomDocumentWriter {
 public:
  RandomDocumentWriter(RandomSource& random, std::string& out) : random_(random), out_(out) {}
  void Write(const event::Value& value) {
    Blank();
    if (value.is_object()) {
      out_ += '{';
      first_ = true;
      WriteMembers(value, "");
      first_ = false;
      out_ += '}';
    } else if (value.is_list()) {
      WriteList(value.list());
    } else if (value.is_null() || !random_.OneIn(14)) {
      WriteScalar(value);
    } else {
      const event::Value several[] = {value, event::Value(), value};
      WriteList(std::span(several).first(random_.OneIn(2) ? 1 : 3));
    }
    Blank();
  }

 private:
  void Blank() {
    if (random_.OneIn(40)) out_ += random_.Word({" ", "\t", "  "});
  }
  void WriteMembers(const event::Value& object, const std::string& prefix) {
    std::vector<event::Member> members(object.object().begin(), object.object().end());
    for (std::size_t i = members.size(); i > 1; --i) {
      std::swap(members[i - 1], members[random_.Below(i)]);
    }
    for (const event::Member& member : members) {
      const std::string key = prefix + std::string(member.key);
      if (member.value.is_object() && !member.value.object().empty() && random_.OneIn(3)) {
        WriteMembers(member.value, key + ".");
        continue;
      }
      if (!first_) out_ += ',';
      first_ = false;
      Blank();
      WriteString(key, 200);
      Blank();
      out_ += ':';
      Write(member.value);
    }
  }
  void WriteList(std::span<const event::Value> elements) {
    out_ += '[';
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if (i != 0) out_ += ',';
      Write(elements[i]);
    }
    out_ += ']';
  }
  void WriteScalar(const event::Value& value) {
    if (value.is_string()) return WriteString(value.text(), 12);
    const bool quoted = value.is_number() && random_.OneIn(8);
    if (quoted) out_ += '"';
    event::WriteJson(value, out_);
    if (quoted) out_ += '"';
  }
  /// One character in `rare` is written as an escape that it does not need.
  void WriteString(std::string_view text, std::size_t rare) {
    static constexpr char kDigits[] = "0123456789abcdef";
    out_ += '"';
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x20 || (byte < 0x80 && random_.OneIn(rare))) {
        out_ += "\\u00";
        out_ += kDigits[byte >> 4U];
        out_ += kDigits[byte & 15U];
        continue;
      }
      if (c == '"' || c == '\\') out_ += '\\';
      out_ += c;
    }
    out_ += '"';
  }

  RandomSource& random_;
  std::string& out_;
  bool first_ = true;
};

inline std::string Rewritten(const std::string& json, RandomSource& random) {
  base::Arena arena(4096);
  event::JsonReader reader;
  const auto tree = reader.Read(json, arena);
  std::string out;
  if (tree) RandomDocumentWriter(random, out).Write(*tree);
  return out;
}

/// What a comparison went over; sums.
struct RawComparison {
  std::uint64_t decisions = 0;
  std::uint64_t holding = 0;
  std::uint64_t lines = 0;
  std::uint64_t irregular = 0;  ///< lines that the extractor left to the reader
  std::uint64_t flushes = 0;
  std::uint64_t most_bytes = 0;
};

/// Conditions of one or more queries, each with the interpreter that defines it.
class RandomConditions {
 public:
  RandomConditions() : fields_(RandomSchema()) {}

  /// Whether the query could be used.
  bool Add(const RandomCase& one) {
    const base::Source source("case", one.query);
    auto parsed = eql::Parse(source, one.dialect);
    if (!parsed.query) return false;
    std::vector<base::Diagnostic> diagnostics;
    check_.push_back(one.Options());
    if (!eql::Check(*parsed.query, fields_, check_.back(), diagnostics)) return false;
    eql::FoldConstants(*parsed.query, check_.back());
    queries_.push_back(std::move(*parsed.query));
    Collect(queries_.back(), check_.back(), one.query);
    return true;
  }
  std::size_t size() const { return asked_.size(); }
  const eql::EventQuery& query(std::size_t i) const { return *asked_[i].query; }

  /// What the matcher says otherwise than the interpreter about one of `lines`, or nothing. Every
  /// line comes as text, `passes` times, of changing origin.
  std::string Compare(const std::vector<std::string>& lines, const MatcherOptions& options,
                      std::size_t passes, RandomSource& random, RawComparison& sums) {
    ConditionSet set(fields_);
    std::vector<eql::Interpreter> interpreters;
    for (const Asked& one : asked_) {
      set.Add(*one.query, one.dialect, *one.options);
      interpreters.emplace_back(*one.query, one.dialect, fields_, *one.options);
    }
    set.Lower();
    const event::Projector projector(fields_);
    event::FieldExtractor extractor(fields_, {});
    Matcher matcher(set, projector, options);
    std::vector<std::vector<bool>> origins = {std::vector<bool>(size(), true),
                                              std::vector<bool>(size()), std::vector<bool>(size())};
    for (std::size_t c = 0; c < size(); ++c) origins[1][c] = random.OneIn(2);
    std::vector<OriginId> ids;
    for (const auto& eligible : origins) ids.push_back(matcher.AddOrigin(eligible));
    base::Arena arena(64 * 1024);
    const auto laid = Lay(lines, projector, arena);
    const auto expected = Decide(laid, interpreters, sums);
    std::string block;
    for (const std::string& line : lines) block += line + '\n';
    const std::size_t block_size = block.size();
    block.append(event::FieldExtractor::kPadding, '"');
    std::vector<ConditionId> hits;
    for (std::size_t pass = 0; pass < passes; ++pass) {
      extractor.Load(std::string_view(block).substr(0, block_size));
      for (std::size_t i = 0; i < lines.size(); ++i) {
        event::RawEvent raw;
        const auto outcome = extractor.Next(raw);
        if (outcome == event::FieldExtractor::Outcome::kEnd) return "a line is missing";
        const std::size_t of = (i + pass) % (random.OneIn(8) ? 3 : 2);
        ++sums.lines;
        if (outcome == event::FieldExtractor::Outcome::kIrregular) {
          ++sums.irregular;
          matcher.Match(laid[i], ids[of], hits);
        } else {
          matcher.Match(raw, ids[of], hits);
        }
        const std::string wrong = Difference(hits, expected[i], origins[of]);
        if (!wrong.empty()) return wrong + lines[i] + "\npass " + std::to_string(pass);
        if (i % 64 == 0) sums.most_bytes = std::max(sums.most_bytes, matcher.counters().bytes);
      }
      sums.most_bytes = std::max(sums.most_bytes, matcher.counters().bytes);
    }
    sums.flushes += matcher.counters().flushes;
    return "";
  }

 private:
  struct Asked {
    const eql::EventQuery* query;
    eql::Dialect dialect;
    const eql::CheckOptions* options;
    std::string text;
    bool beyond = false;  ///< reads other events: the matcher may say yes too often
  };

  static bool ReadsBeyond(const eql::EventQuery& query) {
    bool found = false;
    if (query.condition == nullptr) return found;
    const auto visit = [&](const eql::Expr& expr) {
      const auto* field = std::get_if<eql::Field>(&expr.node);
      found = found || std::holds_alternative<eql::Relation>(expr.node) ||
              (field != nullptr && field->alias_item.has_value());
    };
    eql::ForEachExpr(*query.condition, visit);
    return found;
  }
  void Collect(const eql::Query& query, const eql::CheckOptions& options, const std::string& text) {
    const auto add = [&](const eql::EventQuery& one) {
      asked_.push_back({&one, query.dialect, &options, text, ReadsBeyond(one)});
    };
    const auto items = [&](const auto& statement) {
      for (const auto& item : statement.items) add(item.query);
      if constexpr (requires { statement.until; }) {
        if (statement.until) add(statement.until->query);
      }
    };
    if (const auto* event = std::get_if<eql::EventQuery>(&query.statement)) add(*event);
    if (const auto* sequence = std::get_if<eql::Sequence>(&query.statement)) items(*sequence);
    if (const auto* sample = std::get_if<eql::Sample>(&query.statement)) items(*sample);
    if (const auto* join = std::get_if<eql::Join>(&query.statement)) items(*join);
  }
  static std::vector<event::Event> Lay(const std::vector<std::string>& lines,
                                       const event::Projector& projector, base::Arena& arena) {
    event::JsonReader reader;
    std::vector<event::Event> laid(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto tree = reader.Read(lines[i], arena);
      laid[i].document = tree ? *tree : event::Value();
      laid[i].json = lines[i];
      laid[i].slots = projector.Project(laid[i].document, arena);
    }
    return laid;
  }
  static std::vector<std::vector<bool>> Decide(std::span<const event::Event> laid,
                                               std::span<const eql::Interpreter> interpreters,
                                               RawComparison& sums) {
    std::vector<std::vector<bool>> expected(laid.size());
    base::Arena scratch(8192);
    for (std::size_t i = 0; i < laid.size(); ++i) {
      for (const eql::Interpreter& interpreter : interpreters) {
        scratch.Reset();
        expected[i].push_back(interpreter.Matches(laid[i], scratch));
        ++sums.decisions;
        sums.holding += expected[i].back() ? 1U : 0U;
      }
    }
    return expected;
  }
  std::string Difference(const std::vector<ConditionId>& hits, const std::vector<bool>& expected,
                         const std::vector<bool>& eligible) const {
    if (std::adjacent_find(hits.begin(), hits.end(), std::greater_equal<>()) != hits.end()) {
      return "hits do not ascend: ";
    }
    for (ConditionId c = 0; c < size(); ++c) {
      const bool found = std::binary_search(hits.begin(), hits.end(), c);
      const bool right =
          !eligible[c] ? !found : found == expected[c] || (found && asked_[c].beyond);
      if (right) continue;
      return (!eligible[c] ? "a condition that is not eligible holds\n"
              : found      ? "the matcher alone finds\n"
                           : "the matcher misses\n") +
             asked_[c].text + "\ncondition " + std::to_string(c) + " on\n";
    }
    return "";
  }

  event::FieldTable fields_;
  std::deque<eql::CheckOptions> check_;
  std::deque<eql::Query> queries_;
  std::vector<Asked> asked_;
};

}  // namespace vedette::engine
