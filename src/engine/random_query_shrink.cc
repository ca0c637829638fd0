// SPDX-License-Identifier: Apache-2.0
#include "engine/random_query_shrink.h"

#include <optional>
#include <utility>
#include <variant>

#include "base/arena.h"
#include "eql/parser.h"
#include "event/json_reader.h"

namespace vedette::engine {
namespace {

using eql::ExprPtr;

/// Applies one change to a query: the one that comes as number `target` in a fixed walk.
class Mutation {
 public:
  explicit Mutation(std::size_t target) : left_(target) {}

  bool Apply(eql::Query& query) {
    if (!query.pipes.empty() && Now()) return query.pipes.clear(), true;
    if (!query.definitions.empty() && Now()) return query.definitions.clear(), true;
    return std::visit([this](auto& statement) { return Change(statement); }, query.statement);
  }

 private:
  bool Now() { return left_-- == 0; }

  bool Change(eql::EventQuery& query) {
    if (!query.any && Now()) return query.any = true, query.category = "any", true;
    return query.condition != nullptr && Change(query.condition);
  }
  bool Change(eql::SequenceItem& item) {
    if (item.has_runs && Now()) return item.has_runs = false, item.runs = 1, true;
    if (item.fork && Now()) return item.fork.reset(), true;
    if (!item.alias.empty() && Now()) return item.alias.clear(), true;
    return Change(item.query);
  }
  template <class Statement>
  bool ChangeItems(Statement& statement) {
    for (std::size_t i = 0; i < statement.items.size(); ++i) {
      if (Now()) return statement.items.erase(statement.items.begin() + Offset(i)), true;
    }
    for (std::size_t i = 0; i < statement.keys.size(); ++i) {
      if (Now()) return statement.keys.erase(statement.keys.begin() + Offset(i)), true;
    }
    if (!statement.items.empty() && !statement.items.front().keys.empty() && Now()) {
      for (auto& item : statement.items) item.keys.pop_back();
      if constexpr (requires { statement.until; }) {
        if (statement.until) statement.until->keys.pop_back();
      }
      return true;
    }
    for (auto& item : statement.items) {
      if (Change(item)) return true;
    }
    return false;
  }
  template <class Statement>
  bool ChangeUntil(Statement& statement) {
    if (!statement.until) return false;
    if (Now()) return statement.until.reset(), true;
    return Change(*statement.until);
  }
  bool Change(eql::Sequence& sequence) {
    if (sequence.maxspan && Now()) {
      return sequence.maxspan.reset(), sequence.maxspan_text.clear(), true;
    }
    return ChangeUntil(sequence) || ChangeItems(sequence);
  }
  bool Change(eql::Join& join) { return ChangeUntil(join) || ChangeItems(join); }
  bool Change(eql::Sample& sample) { return ChangeItems(sample); }

  static std::ptrdiff_t Offset(std::size_t i) { return static_cast<std::ptrdiff_t>(i); }

  static std::vector<std::vector<ExprPtr>*> Lists(eql::Expr& expr) {
    if (auto* n = std::get_if<eql::Logical>(&expr.node)) return {&n->operands};
    if (auto* n = std::get_if<eql::InList>(&expr.node)) return {&n->items};
    if (auto* n = std::get_if<eql::Pattern>(&expr.node)) return {&n->patterns};
    if (auto* n = std::get_if<eql::Call>(&expr.node)) return {&n->arguments};
    return {};
  }
  static std::vector<ExprPtr*> Children(eql::Expr& expr) {
    std::vector<ExprPtr*> out;
    if (auto* n = std::get_if<eql::Unary>(&expr.node)) out = {&n->operand};
    if (auto* n = std::get_if<eql::Comparison>(&expr.node)) out = {&n->left, &n->right};
    if (auto* n = std::get_if<eql::Arithmetic>(&expr.node)) out = {&n->left, &n->right};
    if (auto* n = std::get_if<eql::InList>(&expr.node)) out = {&n->subject};
    if (auto* n = std::get_if<eql::Pattern>(&expr.node)) out = {&n->subject};
    if (auto* n = std::get_if<eql::Relation>(&expr.node)) out = {&n->query->condition};
    for (auto* list : Lists(expr)) {
      for (ExprPtr& item : *list) out.push_back(&item);
    }
    return out;
  }

  bool Change(ExprPtr& slot) {
    if (std::holds_alternative<eql::Literal>(slot->node)) return false;
    if (Now()) {
      slot->node = eql::Literal{true};
      return true;
    }
    for (ExprPtr* child : Children(*slot)) {
      if (Now()) {
        ExprPtr only = std::move(*child);
        slot = std::move(only);
        return true;
      }
    }
    for (auto* list : Lists(*slot)) {
      // A chain of one operand is none; its operand alone was tried above.
      const std::size_t least = std::holds_alternative<eql::Logical>(slot->node) ? 3 : 2;
      for (std::size_t i = 0; list->size() >= least && i < list->size(); ++i) {
        if (Now()) return list->erase(list->begin() + Offset(i)), true;
      }
    }
    for (ExprPtr* child : Children(*slot)) {
      if (Change(*child)) return true;
    }
    return false;
  }

  std::size_t left_;
};

std::optional<std::string> WithoutMember(const std::string& event, std::size_t member) {
  base::Arena arena(4096);
  event::JsonReader reader;
  const auto tree = reader.Read(event, arena);
  if (!tree || member >= tree->object().size()) return std::nullopt;
  std::vector<event::Member> members(tree->object().begin(), tree->object().end());
  members.erase(members.begin() + static_cast<std::ptrdiff_t>(member));
  std::string out;
  event::WriteJson(event::Value::Object(members), out);
  return out;
}

class Shrinker {
 public:
  Shrinker(RandomCase one, const std::function<bool(const RandomCase&)>& differs,
           std::size_t attempts)
      : best_(std::move(one)), differs_(differs), attempts_(attempts) {}

  RandomCase Run() {
    bool smaller = true;
    while (smaller && attempts_ > 0) {
      smaller = DropEvents();
      smaller = ChangeQuery() || smaller;
    }
    DropMembers();
    return std::move(best_);
  }

 private:
  bool Try(RandomCase candidate) {
    if (attempts_ == 0) return false;
    --attempts_;
    if (!differs_(candidate)) return false;
    best_ = std::move(candidate);
    return true;
  }
  bool DropEvents() {
    bool any = false;
    for (std::size_t chunk = best_.events.size(); chunk > 0; chunk /= 2) {
      for (std::size_t at = 0; at + chunk <= best_.events.size();) {
        RandomCase candidate = best_;
        const auto first = candidate.events.begin() + static_cast<std::ptrdiff_t>(at);
        candidate.events.erase(first, first + static_cast<std::ptrdiff_t>(chunk));
        if (Try(std::move(candidate))) {
          any = true;
        } else {
          at += chunk;
        }
      }
    }
    return any;
  }
  bool ChangeQuery() {
    bool any = false;
    for (std::size_t target = 0; attempts_ > 0;) {
      const base::Source source("shrinking", best_.query);
      auto parsed = eql::Parse(source, best_.dialect);
      if (!parsed.query || !Mutation(target).Apply(*parsed.query)) break;
      RandomCase candidate = best_;
      candidate.query = eql::Print(*parsed.query);
      if (Try(std::move(candidate))) {
        any = true;
      } else {
        ++target;
      }
    }
    return any;
  }
  void DropMembers() {
    for (std::size_t e = 0; e < best_.events.size(); ++e) {
      for (std::size_t member = 0; attempts_ > 0;) {
        const auto event = WithoutMember(best_.events[e], member);
        if (!event) break;
        RandomCase candidate = best_;
        candidate.events[e] = *event;
        if (!Try(std::move(candidate))) ++member;
      }
    }
  }

  RandomCase best_;
  const std::function<bool(const RandomCase&)>& differs_;
  std::size_t attempts_;
};

}  // namespace

RandomCase Shrink(RandomCase one, const std::function<bool(const RandomCase&)>& differs,
                  std::size_t max_attempts) {
  return Shrinker(std::move(one), differs, max_attempts).Run();
}

}  // namespace vedette::engine
