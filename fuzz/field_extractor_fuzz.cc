// SPDX-License-Identifier: Apache-2.0
// Any bytes as NDJSON: every code of the index gives the same entries, every extractor the same
// events, and what it gives agrees with JsonReader and Projector.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "event/field_extractor.h"
#include "event/field_extractor_oracle.h"

namespace {

using vedette::event::FieldExtractor;
using vedette::event::StructuralIndex;

/// A copy whose allocation ends right behind the padding, so that a read past it is found.
class Padded {
 public:
  explicit Padded(std::string_view text)
      : size_(text.size()), bytes_(new char[text.size() + FieldExtractor::kPadding]) {
    std::memcpy(bytes_.get(), text.data(), text.size());
    std::memset(bytes_.get() + text.size(), '"', FieldExtractor::kPadding);
  }
  std::string_view text() const { return {bytes_.get(), size_}; }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> bytes_;
};

void Require(bool holds, std::string_view what) {
  if (holds) return;
  std::fprintf(stderr, "%.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

void CompareIndex(std::string_view text, StructuralIndex::Code code) {
  StructuralIndex definition(StructuralIndex::Code::kPortable);
  StructuralIndex index(code);
  definition.Build(text);
  index.Build(text);
  Require(index.size() == definition.size(), "another number of entries");
  for (std::size_t i = 0; i < index.size(); ++i) {
    Require(index.positions()[i] == definition.positions()[i], "another position");
    Require(index.kinds()[i] == definition.kinds()[i], "another kind");
  }
  Require(index.has_non_ascii() == definition.has_non_ascii(), "another alphabet");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static vedette::event::Fixture fixture;
  static const vedette::event::Projector projector(fixture.table);
  // These live on: what they remember of earlier inputs must not matter.
  static FieldExtractor plain(fixture.table, vedette::event::kWatched,
                              StructuralIndex::Code::kPortable);
  static FieldExtractor best(fixture.table, vedette::event::kWatched);

  const Padded input({reinterpret_cast<const char*>(data), size});
  for (const auto code : {StructuralIndex::Code::kAvx2, StructuralIndex::Code::kAvx512}) {
    if (StructuralIndex::Supported(code)) CompareIndex(input.text(), code);
  }
  plain.Load(input.text());
  best.Load(input.text());
  while (true) {
    vedette::event::RawEvent event;
    vedette::event::RawEvent other;
    const FieldExtractor::Outcome outcome = best.Next(event);
    Require(outcome == plain.Next(other), "another outcome");
    if (outcome == FieldExtractor::Outcome::kEnd) return 0;
    Require(event.json == other.json, "another line");
    if (outcome == FieldExtractor::Outcome::kIrregular) continue;
    for (std::size_t i = 0; i < event.tokens.size(); ++i) {
      Require(event.tokens[i].begin == other.tokens[i].begin &&
                  event.tokens[i].size == other.tokens[i].size,
              "another token");
    }
    const std::string wrong = vedette::event::Disagreement(event, fixture.table, projector);
    Require(wrong.empty(), wrong);
  }
}
