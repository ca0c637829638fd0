// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/arena.h"
#include "eql/ast.h"
#include "eql/checker.h"
#include "event/event.h"

namespace vedette::eql {

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
