// SPDX-License-Identifier: Apache-2.0
#include "workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <utility>
#include <variant>

#include "eql/walk.h"
#include "event/schema.h"
#include "measure.h"
#include "rules/rule_loader.h"
#include "yardstick.h"

namespace vedette::bench {
namespace {

bool ReadsBeyond(const eql::EventQuery& query) {
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

}  // namespace

base::Result<Corpus> Corpus::Load(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const auto size = static_cast<std::streamoff>(file.tellg());
  if (!file || size < 0) {
    return base::Error(base::ErrorCode::kIo, fmt::format("open {}: cannot be read", path));
  }
  std::string text;
  // The padding must not make a second copy of gigabytes.
  text.reserve(static_cast<std::size_t>(size) + kTextPadding);
  text.resize(static_cast<std::size_t>(size));
  file.seekg(0);
  if (!file.read(text.data(), size)) {
    return base::Error(base::ErrorCode::kIo, fmt::format("read {}: it ends early", path));
  }
  return Corpus(std::move(text));
}

Corpus::Corpus(std::string text) : text_(std::move(text)), size_(text_.size()) {
  text_.resize(size_ + kTextPadding);
  Taken taken;
  Yardstick::Lines(this->text(), taken);
  events_ = taken.events;
}

std::vector<std::string_view> Corpus::Parts(std::size_t n) const {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= n; ++i) {
    std::size_t end = i == n ? size_ : std::max(begin, size_ / n * i);
    if (i != n) {
      const std::size_t cut = text().find('\n', end);
      end = cut == std::string_view::npos ? size_ : cut + 1;
    }
    parts.push_back(text().substr(begin, end - begin));
    begin = end;
  }
  return parts;
}

Corpus Corpus::Sample(std::uint64_t count) const {
  const std::uint64_t stride =
      std::max<std::uint64_t>(1, events_ / std::max<std::uint64_t>(1, count));
  std::string lines;
  std::uint64_t number = 0;
  std::string_view rest = text();
  while (!rest.empty()) {
    const std::size_t size = std::min(rest.find('\n'), rest.size() - 1) + 1;
    if (number++ % stride == 0) lines += rest.substr(0, size);
    rest.remove_prefix(size);
  }
  return Corpus(std::move(lines));
}

base::Result<std::unique_ptr<RuleConditions>> RuleConditions::Load(const std::string& path,
                                                                   const Options& options) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    return base::Error(base::ErrorCode::kIo, fmt::format("open {}: cannot be read", path));
  }
  // Rules that are not asked for must not count in the time or the memory of loading.
  std::size_t end = 0;
  for (std::size_t i = 0; i < options.most_rules && end < text.size(); ++i) {
    end = std::min(text.find('\n', end), text.size() - 1) + 1;
  }
  text.resize(end);
  text.shrink_to_fit();
  return Parse(path, std::move(text), options);
}

base::Result<std::unique_ptr<RuleConditions>> RuleConditions::Parse(const std::string& name,
                                                                    std::string text,
                                                                    const Options& options) {
  std::unique_ptr<RuleConditions> out(new RuleConditions);
  out->fields_ = std::make_unique<event::FieldTable>(event::EcsSchema());
  std::vector<engine::SkippedRule> skipped;
  out->load_seconds_ = TimeThread([&] {
    rules::RuleSetLoad load = rules::LoadRulesFromText(name, std::move(text));
    out->skipped_ = load.refused;
    for (const rules::Rule& rule : load.rules) {
      if (out->compiled_.size() == options.most_rules) break;
      auto compiled = engine::CompileRule(rule, *out->fields_, skipped);
      if (!compiled || (compiled->needs_state && !options.stages)) continue;
      out->compiled_.push_back(std::move(*compiled));
    }
  });
  out->skipped_ += skipped.size();
  out->event_id_ = out->fields_->Intern("event.id");
  out->AddConditions(options);
  out->lower_seconds_ = TimeThread([&] {
    out->set_ = std::make_unique<engine::ConditionSet>(*out->fields_);
    for (const RuleCondition& one : out->conditions_) {
      out->set_->Add(*one.query, one.dialect, *one.options);
    }
    out->set_->Lower();
  });
  out->projector_ = std::make_unique<event::Projector>(*out->fields_);
  return out;
}

void RuleConditions::AddConditions(const Options& options) {
  for (std::size_t i = 0; i < compiled_.size(); ++i) {
    const engine::CompiledRule& rule = compiled_[i];
    const auto add = [&](const eql::EventQuery& query) {
      conditions_.push_back({&query, rule.query.dialect, &rule.options, i, ReadsBeyond(query)});
    };
    const auto stages = [&](const auto& statement) {
      for (const auto& item : statement.items) add(item.query);
      if constexpr (requires { statement.until; }) {
        if (statement.until) add(statement.until->query);
      }
    };
    const auto& statement = rule.query.statement;
    if (const auto* event = std::get_if<eql::EventQuery>(&statement)) {
      add(*event);
    } else if (options.stages) {
      if (const auto* sequence = std::get_if<eql::Sequence>(&statement)) stages(*sequence);
      if (const auto* sample = std::get_if<eql::Sample>(&statement)) stages(*sample);
      if (const auto* join = std::get_if<eql::Join>(&statement)) stages(*join);
    }
  }
}

}  // namespace vedette::bench
