// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/proof.h"
#include "rules/proof_solver.h"

/// Inside of MakeProof().
namespace vedette::rules {

/// One thing that the query asks for.
struct ProofCondition {
  std::string text;
  Goal goal;
  StreamKind kind = StreamKind::kBroken;
  std::uint32_t event = 0;
  bool worth_breaking = true;
};

/// A part of the statement for which an event is made.
struct ProofItem {
  const eql::EventQuery* query = nullptr;
  std::vector<const eql::Expr*> keys;  ///< global ones, then the item's own
  std::uint32_t event = 0;
  std::uint32_t runs = 1;
  std::size_t position = 0;  ///< among all items, missing ones included
};

class ProofMaker {
 public:
  ProofMaker(const eql::Query& query, const eql::CheckOptions& options, const ProofLimits& limits);
  Proof Make();

 private:
  // proof.cc
  void ReadStatement();
  void ReadSequence(const eql::Sequence& sequence);
  void AddItem(const eql::SequenceItem& item, const std::vector<eql::ExprPtr>& global,
               std::vector<ProofItem>& to, std::uint32_t runs);
  void PrepareSetting();
  void AddConditions(const ProofItem& item, std::vector<ProofCondition>& to);
  void AddKeys(const ProofItem& item, std::vector<ProofCondition>& to);
  bool FindWitness();
  void BreakEach();
  void BreakInside(std::size_t condition);
  void TryMiss(StreamKind kind, const std::string& text, std::vector<Goal> goals);
  std::string Describe(const eql::Expr& expr) const;
  std::string DescribeTaken(const eql::Expr& leaf, bool positive) const;
  std::string Impossible(const Solution& solution) const;
  std::vector<Goal> AllBut(std::size_t left_out) const;
  std::optional<bool> TrueOf(const Goal& goal) const;

  // proof_sequence.cc
  Goal MatchOf(const ProofItem& item, std::uint32_t event);
  std::vector<Goal> KeepApart();
  void TimeMisses();
  void WrongOrder();
  void UntilBetween();
  void MissingPresent();
  void AddIntruder(StreamKind kind, const ProofItem& intruder, std::size_t before,
                   const std::string& text);

  // proof_stream.cc
  struct Extra {
    std::uint32_t event;
    std::size_t before;  ///< comes before this item; items_.size(): at the end
  };
  struct Shape {
    bool reversed = false;
    bool too_slow = false;
    std::optional<std::size_t> fewer_runs;
    std::optional<Extra> extra;
  };
  std::vector<std::string> Stream(const Solution& solution, const Shape& shape) const;
  void AddStream(StreamKind kind, std::string name, std::string condition, const Solution& solution,
                 const Shape& shape, bool may_fire = false);

  const eql::Query& query_;
  const eql::CheckOptions& options_;
  const ProofLimits& limits_;
  Proof out_;
  Expressions made_;
  SolverSetting setting_;
  std::optional<Solver> solver_;
  SolveOptions solve_;

  std::vector<ProofItem> items_;
  std::vector<ProofItem> missing_;
  std::optional<ProofItem> until_;
  std::optional<base::Duration> maxspan_;
  bool sequence_ = false;
  std::vector<ProofCondition> conditions_;
  bool apart_wanted_ = true;
  std::vector<Goal> apart_;  ///< what keeps made-up events from matching what they should not
  Solution witness_;
  std::uint32_t next_event_ = 0;
  std::map<std::pair<const eql::Expr*, std::uint32_t>, std::uint32_t> ancestors_;
};

}  // namespace vedette::rules
