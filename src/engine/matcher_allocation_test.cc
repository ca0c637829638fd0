// SPDX-License-Identifier: Apache-2.0
// Steady state allocates nothing: calls of operator new while events that are known are matched
// again.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <deque>
#include <new>
#include <ostream>
#include <string>
#include <vector>

#include "engine/matcher.h"
#include "engine/random_query.h"
#include "eql/parser.h"
#include "event/event.h"
#include "event/field_extractor.h"
#include "event/json_reader.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

TEST(MatcherAllocation, CountsNothingUnderASanitizer) {
  GTEST_SKIP() << "a sanitizer brings its own allocator, which must not be replaced";
}

#else

namespace {

thread_local bool counting = false;
thread_local std::size_t allocations = 0;

void* Allocate(std::size_t bytes, std::size_t align) {
  if (counting) ++allocations;
  const std::size_t rounded = (bytes + align - 1) / align * align;
  void* const room = std::aligned_alloc(align, rounded == 0 ? align : rounded);
  if (room == nullptr) throw std::bad_alloc();
  return room;
}

}  // namespace

// Every form that the code uses: a sanitizer's library does not lead the others back to these.
void* operator new(std::size_t bytes) { return Allocate(bytes, alignof(std::max_align_t)); }
void* operator new[](std::size_t bytes) { return Allocate(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  if (counting) ++allocations;
  return std::malloc(bytes == 0 ? 1 : bytes);
}
void* operator new(std::size_t bytes, std::align_val_t align) {
  return Allocate(bytes, static_cast<std::size_t>(align));
}
void operator delete(void* room) noexcept { std::free(room); }
void operator delete(void* room, std::size_t) noexcept { std::free(room); }
void operator delete[](void* room) noexcept { std::free(room); }
void operator delete[](void* room, std::size_t) noexcept { std::free(room); }
void operator delete(void* room, const std::nothrow_t&) noexcept { std::free(room); }
void operator delete(void* room, std::align_val_t) noexcept { std::free(room); }
void operator delete(void* room, std::size_t, std::align_val_t) noexcept { std::free(room); }

namespace vedette::engine {
namespace {

template <class Function>
std::size_t AllocationsOf(const Function& function) {
  allocations = 0;
  counting = true;
  function();
  counting = false;
  return allocations;
}

/// What remains is the evaluator's, by event: it makes a list of a call's arguments, or of
/// operands. As text a question about one value is asked once and then remembered; as a slot it is
/// not.
struct Case {
  const char* name;
  std::size_t most_as_text;
  std::size_t most_as_slots;
  std::vector<const char*> queries;
};

/// Passes until the memos have found their size: one that is too small doubles when it has lost as
/// many entries as it has sets.
constexpr int kWarming = 3;

std::vector<std::string> Lines() {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < 60; ++i) {
    const std::string number = std::to_string(i % 20);
    lines.push_back(R"({"event":{"category":)" +
                    std::string(i % 3 == 0 ? R"(["process","file"])" : "\"process\"") +
                    R"(},"s":"a)" + number + R"(","t":["b","x)" + number + R"("],"n":)" + number +
                    R"(,"ip":"10.0.0.)" + number + R"(","b":true,"d":0.5})");
  }
  return lines;
}

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class MatcherAllocation : public testing::TestWithParam<Case> {
 protected:
  MatcherAllocation() : fields_(RandomSchema()), set_(fields_) {
    for (const char* text : GetParam().queries) {
      const base::Source source("query", text);
      auto parsed = eql::Parse(source, eql::Dialect::kElasticsearch);
      std::vector<base::Diagnostic> diagnostics;
      queries_.push_back(std::move(*parsed.query));
      EXPECT_TRUE(eql::Check(queries_.back(), fields_, options_, diagnostics)) << text;
      eql::FoldConstants(queries_.back(), options_);
      set_.Add(std::get<eql::EventQuery>(queries_.back().statement), eql::Dialect::kElasticsearch,
               options_);
    }
    set_.Lower();
    for (const std::string& line : Lines()) block_ += line + '\n';
    size_ = block_.size();
    block_.append(event::FieldExtractor::kPadding, '"');
  }
  event::FieldTable fields_;
  eql::CheckOptions options_;
  std::deque<eql::Query> queries_;
  ConditionSet set_;
  std::string block_;
  std::size_t size_ = 0;
};

TEST_P(MatcherAllocation, NoneForTextThatIsKnown) {
  const event::Projector projector(fields_);
  event::FieldExtractor extractor(fields_, {});
  Matcher matcher(set_, projector);
  const OriginId all = matcher.AddOrigin(std::vector<bool>(set_.size(), true));
  std::vector<ConditionId> hits;
  std::size_t found = 0;
  const auto pass = [&] {
    extractor.Load(std::string_view(block_).substr(0, size_));
    event::RawEvent raw;
    while (extractor.Next(raw) == event::FieldExtractor::Outcome::kEvent) {
      matcher.Match(raw, all, hits);
      found += hits.size();
    }
  };
  EXPECT_GT(AllocationsOf(pass), 0U) << "nothing is counted";
  const std::size_t first = found;
  EXPECT_GT(first, 0U);
  for (int i = 0; i < kWarming; ++i) pass();
  EXPECT_LE(AllocationsOf(pass), GetParam().most_as_text * Lines().size());
  EXPECT_EQ(found, (2 + kWarming) * first);
}

TEST_P(MatcherAllocation, NoneForSlotsThatAreKnown) {
  const event::Projector projector(fields_);
  event::JsonReader reader;
  base::Arena arena(64 * 1024);
  std::vector<event::Event> events;
  for (const std::string& line : Lines()) {
    const auto tree = reader.Read(line, arena);
    ASSERT_TRUE(tree.has_value());
    events.emplace_back();
    events.back().document = *tree;
    events.back().slots = projector.Project(*tree, arena);
  }
  Matcher matcher(set_, projector);
  const OriginId all = matcher.AddOrigin(std::vector<bool>(set_.size(), true));
  std::vector<ConditionId> hits;
  const auto pass = [&] {
    for (const event::Event& one : events) matcher.Match(one, all, hits);
  };
  EXPECT_GT(AllocationsOf(pass), 0U) << "nothing is counted";
  for (int i = 0; i < kWarming; ++i) pass();
  EXPECT_LE(AllocationsOf(pass), GetParam().most_as_slots * events.size());
}

INSTANTIATE_TEST_SUITE_P(
    Matcher, MatcherAllocation,
    testing::Values(
        Case{"texts",
             0,
             0,
             {R"(process where s == "a1")", R"(file where s : ("a*", "*7") and t == "b")",
              R"(any where t like~ "X1?" or s in~ ("A3", "A4"))", R"(any where not s : "a?")"}},
        Case{"numbers",
             0,
             0,
             {R"(any where n > 5 and n != 7)", R"(process where n in (1, 2, 3))",
              R"(any where d >= 0.5 and b == true)"}},
        Case{"addresses", 0, 0, {R"(any where cidrMatch(ip, "10.0.0.0/28", "fe80::/10"))"}},
        Case{"nulls",
             0,
             0,
             {R"(any where s != null and v == null)", R"(any where ?nothing == null)"}},
        Case{"regex", 0, 0, {R"(any where s regex "a[0-4]+")", R"(any where t regex~ "X.*")"}},
        Case{"length", 0, 0, {R"(any where length(s) == 2)"}},
        Case{"starts", 0, 0, {R"(any where startsWith~(s, "A1"))"}},
        Case{"ends", 0, 0, {R"(any where endsWith(s, "7"))"}},
        Case{"arithmetic", 0, 5, {R"(any where n + 1 == 8)"}},
        Case{"several", 7, 7, {R"(any where concat(s, "-", n) == "a1-1")"}},
        Case{"calls",
             0,
             0,
             {R"(any where indexOf(s, "1") == 1)", R"(any where substring(s, 1) == "7")",
              R"(any where number(s) == 7)"}}),
    [](const testing::TestParamInfo<Case>& of) { return std::string(of.param.name); });

}  // namespace
}  // namespace vedette::engine

#endif
