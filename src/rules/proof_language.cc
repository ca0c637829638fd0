// SPDX-License-Identifier: Apache-2.0
#include "rules/proof_language.h"

#include <algorithm>
#include <deque>

#include "eql/text.h"

namespace vedette::rules {
namespace {

constexpr char32_t kLast = 0x10FFFF;

bool IsLetter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'); }
char32_t OtherCase(char32_t c) { return c ^ 0x20; }

}  // namespace

Language::StateId Language::NewState() {
  states_.emplace_back();
  return static_cast<StateId>(states_.size() - 1);
}

std::uint32_t Language::SetOf(char32_t c, base::Case fold) {
  CharSet set{{c, c}};
  if (fold == base::Case::kAsciiInsensitive && IsLetter(c)) {
    set.emplace_back(OtherCase(c), OtherCase(c));
  }
  // Neighbouring equal characters are common enough; a full table would cost more than it saves.
  if (sets_.empty() || sets_.back() != set) sets_.push_back(std::move(set));
  return static_cast<std::uint32_t>(sets_.size() - 1);
}

std::uint32_t Language::AnySet() {
  const CharSet any{{0, kLast}};
  const auto found = std::find(sets_.begin(), sets_.end(), any);
  if (found != sets_.end()) return static_cast<std::uint32_t>(found - sets_.begin());
  sets_.push_back(any);
  return static_cast<std::uint32_t>(sets_.size() - 1);
}

Language::StateId Language::AppendText(StateId from, std::string_view text, base::Case fold) {
  for (const char32_t c : eql::DecodeUtf8(text)) {
    const StateId next = NewState();
    states_[from].edges.push_back({SetOf(c, fold), next});
    from = next;
  }
  return from;
}

Language Language::Exactly(std::string_view text, base::Case fold) {
  Language out;
  out.starts_ = {out.NewState()};
  out.states_[out.AppendText(out.starts_[0], text, fold)].accepts = true;
  return out;
}

Language Language::Wildcard(std::string_view pattern, base::Case fold) {
  Language out;
  const std::uint32_t any = out.AnySet();
  StateId at = out.NewState();
  out.starts_ = {at};
  for (const char32_t c : eql::DecodeUtf8(pattern)) {
    if (c == U'*') {
      out.states_[at].loops = true;
      continue;
    }
    const StateId next = out.NewState();
    out.states_[at].edges.push_back({c == U'?' ? any : out.SetOf(c, fold), next});
    at = next;
  }
  out.states_[at].accepts = true;
  return out;
}

Language Language::StartingWith(std::string_view prefix, base::Case fold) {
  Language out = Exactly(prefix, fold);
  for (State& state : out.states_) state.loops = state.accepts;
  return out;
}

Language Language::EndingWith(std::string_view suffix, base::Case fold) {
  Language out = Exactly(suffix, fold);
  out.states_[out.starts_[0]].loops = true;
  return out;
}

Language Language::Containing(std::string_view part, base::Case fold) {
  Language out = EndingWith(part, fold);
  for (State& state : out.states_) state.loops = state.loops || state.accepts;
  return out;
}

Language Language::PrefixesOf(std::string_view whole, base::Case fold) {
  Language out = Exactly(whole, fold);
  for (State& state : out.states_) state.accepts = true;
  return out;
}

Language Language::SuffixesOf(std::string_view whole, base::Case fold) {
  Language out = Exactly(whole, fold);
  out.starts_.clear();
  for (StateId i = 0; i < out.states_.size(); ++i) out.starts_.push_back(i);
  return out;
}

Language Language::PartsOf(std::string_view whole, base::Case fold) {
  Language out = SuffixesOf(whole, fold);
  for (State& state : out.states_) state.accepts = true;
  return out;
}

Language Language::OfLength(std::size_t least, std::optional<std::size_t> most) {
  Language out;
  const std::uint32_t any = out.AnySet();
  StateId at = out.NewState();
  out.starts_ = {at};
  const std::size_t last = most.value_or(least);
  for (std::size_t i = 0; i < last; ++i) {
    out.states_[at].accepts = i >= least;
    const StateId next = out.NewState();
    out.states_[at].edges.push_back({any, next});
    at = next;
  }
  out.states_[at].accepts = last >= least;
  out.states_[at].loops = !most.has_value();
  return out;
}

void Language::Add(const Language& other) {
  const auto states = static_cast<StateId>(states_.size());
  const auto sets = static_cast<std::uint32_t>(sets_.size());
  sets_.insert(sets_.end(), other.sets_.begin(), other.sets_.end());
  for (State state : other.states_) {
    for (Edge& edge : state.edges) {
      edge.set += sets;
      edge.to += states;
    }
    for (StateId& to : state.free) to += states;
    states_.push_back(std::move(state));
  }
  for (const StateId start : other.starts_) starts_.push_back(start + states);
}

Language Language::Without(std::string_view before, std::string_view after) const {
  Language out = *this;
  States states = Start();
  for (const char32_t c : eql::DecodeUtf8(before)) states = Step(states, c);
  out.starts_ = states;
  const std::u32string tail = eql::DecodeUtf8(after);
  for (StateId i = 0; i < out.states_.size(); ++i) {
    States reached = Close({i});
    for (const char32_t c : tail) reached = Step(reached, c);
    out.states_[i].accepts = Accepts(reached);
  }
  return out;
}

Language Language::Padded(std::size_t before, std::size_t after) const {
  Language out = *this;
  const std::uint32_t any = out.AnySet();
  for (std::size_t i = 0; i < before; ++i) {
    const StateId first = out.NewState();
    for (const StateId start : out.starts_) {
      // One more state keeps the padding outside of loops at the old start.
      out.states_[first].edges.push_back({any, start});
    }
    out.starts_ = {first};
  }
  for (std::size_t i = 0; i < after; ++i) {
    const StateId last = out.NewState();
    for (StateId s = 0; s < last; ++s) {
      if (!out.states_[s].accepts) continue;
      out.states_[s].accepts = false;
      out.states_[s].edges.push_back({any, last});
    }
    out.states_[last].accepts = true;
  }
  return out;
}

void Language::Prepare() {
  struct Back {
    StateId from;
    std::uint32_t weight;
  };
  std::vector<std::vector<Back>> back(states_.size());
  std::deque<StateId> queue;
  for (StateId i = 0; i < states_.size(); ++i) {
    State& state = states_[i];
    state.distance = state.accepts ? 0 : kUnreachable;
    if (state.accepts) queue.push_back(i);
    for (const Edge& edge : state.edges) back[edge.to].push_back({i, 1});
    for (const StateId to : state.free) back[to].push_back({i, 0});
  }
  while (!queue.empty()) {
    const StateId at = queue.front();
    queue.pop_front();
    for (const Back& step : back[at]) {
      const std::uint32_t distance = states_[at].distance + step.weight;
      if (distance >= states_[step.from].distance) continue;
      states_[step.from].distance = distance;
      step.weight == 0 ? queue.push_front(step.from) : queue.push_back(step.from);
    }
  }
}

Language::States Language::Close(States states) const {
  for (std::size_t i = 0; i < states.size(); ++i) {
    for (const StateId to : states_[states[i]].free) {
      if (std::find(states.begin(), states.end(), to) == states.end()) states.push_back(to);
    }
  }
  std::sort(states.begin(), states.end());
  states.erase(std::unique(states.begin(), states.end()), states.end());
  return states;
}

bool Language::Holds(std::uint32_t set, char32_t c) const {
  return std::any_of(sets_[set].begin(), sets_[set].end(),
                     [&](const Range& range) { return c >= range.first && c <= range.second; });
}

Language::States Language::Start() const { return Close(starts_); }

Language::States Language::Step(const States& from, char32_t c) const {
  States out;
  bool free = false;
  for (const StateId at : from) {
    const State& state = states_[at];
    if (state.loops) {
      out.push_back(at);
      free = free || !state.free.empty();
    }
    for (const Edge& edge : state.edges) {
      if (!Holds(edge.set, c)) continue;
      out.push_back(edge.to);
      free = free || !states_[edge.to].free.empty();
    }
  }
  if (free) return Close(std::move(out));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

bool Language::Accepts(const States& states) const {
  return std::any_of(states.begin(), states.end(), [&](StateId s) { return states_[s].accepts; });
}

bool Language::AcceptsAll(const States& states) const {
  return std::any_of(states.begin(), states.end(),
                     [&](StateId s) { return states_[s].accepts && states_[s].loops; });
}

std::uint32_t Language::Distance(const States& states) const {
  std::uint32_t best = kUnreachable;
  for (const StateId s : states) best = std::min(best, states_[s].distance);
  return best;
}

void Language::Characters(const States& states, std::vector<char32_t>& out, bool& open) const {
  for (const StateId at : states) {
    open = open || states_[at].loops;
    for (const Edge& edge : states_[at].edges) {
      if (states_[edge.to].distance == kUnreachable) continue;
      const CharSet& set = sets_[edge.set];
      if (set.size() == 1 && set[0].first == 0 && set[0].second == kLast) {
        open = true;
        continue;
      }
      // A letter or digit reads better than the first of a class, when the class has one.
      if (set[0].first != set[0].second) {
        for (const char32_t nice : U"aex170_-") {
          if (nice != 0 && Holds(edge.set, nice)) out.push_back(nice);
        }
      }
      out.push_back(set[0].first);
      if (set[0].first != set[0].second) out.push_back(set[0].second);
    }
  }
}

bool Language::Contains(std::string_view text) const {
  States states = Start();
  for (const char32_t c : eql::DecodeUtf8(text)) states = Step(states, c);
  return Accepts(states);
}

}  // namespace vedette::rules
