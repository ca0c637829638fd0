// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <unordered_set>

#include "base/arena.h"
#include "eql/ast.h"
#include "eql/checker.h"
#include "event/event.h"

namespace vedette::eql {

/// What a condition may refer to beyond its own event.
struct Surroundings {
  /// By item number: the event bound to that item of the sequence, null where none is (EP aliases).
  std::span<const event::Event* const> items;
  /// The process relations of the query that hold for the event; null: none does.
  const std::unordered_set<const Relation*>* related = nullptr;
};

/// The oracle: evaluates a checked event query by walking its tree, slow and obvious on purpose.
/// Semantics of reference sections 5 to 9 for the query's dialect. Regexes and constants are
/// prepared once in the constructor; Matches() may be called from any thread, each with its own
/// arena (scratch text of functions).
class Interpreter {
 public:
  /// `query` must have passed Check() with the same table and options and outlive this.
  Interpreter(const EventQuery& query, Dialect dialect, event::FieldTable& fields,
              const CheckOptions& options);
  ~Interpreter();
  Interpreter(Interpreter&&) noexcept;
  /// Category and condition hold.
  bool Matches(const event::Event& event, base::Arena& scratch) const;
  bool Matches(const event::Event& event, base::Arena& scratch, const Surroundings& around) const;
  /// The category alone.
  bool CategoryMatches(const event::Event& event) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A lone expression, prepared once: join keys and the arguments of pipes. Threads as Interpreter.
class Expression {
 public:
  /// `expr` belongs to a checked query and outlives this.
  Expression(const Expr& expr, Dialect dialect, const CheckOptions& options);
  ~Expression();
  Expression(Expression&&) noexcept;
  /// Multi-valued fields contribute their first value (ES, EP). `events`: what the name `events`
  /// means in a pipe, null elsewhere. Texts live in the event, the tree or `scratch`.
  event::Value ValueOf(const event::Event& event, base::Arena& scratch,
                       const event::Value& events = {}) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The value of a checked expression over an event (constants need no event: pass an empty one).
/// For fold tests and EG pipes.
event::Value Evaluate(const Expr& expr, Dialect dialect, const CheckOptions& options,
                      const event::Event& event, base::Arena& scratch);
/// Constant folding per reference 7.3: replaces constant subtrees by literals.
void FoldConstants(Query& query, const CheckOptions& options);
void FoldConstants(ExprPtr& expr, Dialect dialect, const CheckOptions& options);

}  // namespace vedette::eql
