// SPDX-License-Identifier: Apache-2.0
#include "service/hunt_results.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vedette::service {
namespace {

using engine::QueryResult;
using engine::ResultPosition;

constexpr std::size_t kDefaultPipeCount = 50;

std::size_t BytesOf(const QueryResult& result) {
  std::size_t bytes = sizeof(QueryResult) + result.join_keys.size();
  for (const auto& event : result.events) {
    bytes += sizeof(engine::ResultEvent) + event.json.size() + event.index.size() + event.id.size();
  }
  return bytes;
}

std::size_t CountOf(const eql::Pipe& pipe) {
  if (pipe.arguments.empty()) return kDefaultPipeCount;
  const auto* literal = std::get_if<eql::Literal>(&pipe.arguments[0]->node);
  const auto* number = literal == nullptr ? nullptr : std::get_if<std::int64_t>(&literal->value);
  return number == nullptr || *number < 0 ? 0 : static_cast<std::size_t>(*number);
}

bool IsLimit(const eql::Pipe& pipe) { return pipe.name == "head" || pipe.name == "tail"; }

}  // namespace

std::optional<HuntResults::Limit> HuntResults::FirstLimit(const eql::Query& query,
                                                          const ResultLimits& limits) {
  if (query.pipes.empty()) {
    if (!limits.size) return std::nullopt;
    return Limit{*limits.size, limits.position, true};
  }
  const eql::Pipe& pipe = query.pipes.front();
  if (!IsLimit(pipe)) return std::nullopt;
  Limit limit{CountOf(pipe), pipe.name == "head" ? ResultPosition::kHead : ResultPosition::kTail,
              false};
  // The search API's size acts below the first pipe, on the pipe's own side.
  if (query.dialect != eql::Dialect::kEndgame && limits.size && *limits.size < limit.count) {
    limit.count = *limits.size;
    limit.by_size = true;
  }
  return limit;
}

HuntResults::HuntResults(const eql::Query& query, const event::FieldTable& fields,
                         const eql::CheckOptions& check, const ResultLimits& limits, bool sort,
                         Sink sink)
    : query_(&query),
      fields_(&fields),
      check_(&check),
      limits_(limits),
      sort_(sort),
      sink_(std::move(sink)),
      first_(FirstLimit(query, limits)) {
  if (!query.pipes.empty() && (query.dialect == eql::Dialect::kEndgame || !first_)) {
    last_ = limits.size;
  }
  const std::size_t spent_pipes = first_ && !query.pipes.empty() ? 1 : 0;
  streams_ = !sort && !last_ && query.pipes.size() == spent_pipes &&
             (!first_ || first_->position == ResultPosition::kHead);
}

base::Result<void> HuntResults::HandOut(const QueryResult& result) {
  ++handed_out_;
  return sink_(result);
}

base::Result<void> HuntResults::Add(QueryResult result) {
  const bool bounded = !sort_ && first_;
  const bool head = bounded && first_->position == ResultPosition::kHead;
  const std::uint64_t so_far = streams_ ? handed_out_ : held_.size();
  if (head && so_far >= first_->count) {
    full_ = true;
    cut_ = cut_ || first_->by_size;
    return {};
  }
  if (streams_) return HandOut(result);
  VED_TRY_VOID(Hold(std::move(result)));
  if (bounded && !head && held_.size() > first_->count) {
    held_bytes_ -= BytesOf(held_.front());
    held_.pop_front();
    cut_ = cut_ || first_->by_size;
  }
  return {};
}

base::Result<void> HuntResults::Hold(QueryResult result) {
  held_bytes_ += BytesOf(result);
  held_.push_back(std::move(result));
  if (held_bytes_ <= limits_.max_held_bytes) return {};
  return base::Error(base::ErrorCode::kLimitExceeded,
                     "the results that must wait for the last one take more than " +
                         std::to_string(limits_.max_held_bytes >> 20U) +
                         " MiB; narrow the query, or its time with --from and --to");
}

base::Result<void> HuntResults::Finish() {
  if (streams_) return {};
  std::vector<QueryResult> results(std::make_move_iterator(held_.begin()),
                                   std::make_move_iterator(held_.end()));
  held_.clear();
  if (sort_) engine::SortResults(results);
  if (first_) {
    cut_ = cut_ || (first_->by_size && results.size() > first_->count);
    engine::LimitResults(first_->count, first_->position, results);
  }
  engine::ApplyPipes(*query_, *fields_, *check_, results);
  if (last_) {
    cut_ = cut_ || results.size() > *last_;
    engine::LimitResults(*last_, limits_.position, results);
  }
  for (const QueryResult& result : results) VED_TRY_VOID(HandOut(result));
  return {};
}

}  // namespace vedette::service
