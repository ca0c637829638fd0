// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "event/value.h"
#include "sources/decoder.h"

namespace vedette::sources {

/// Which index a record lies in, or would lie in. Views live as long as the record's arena, or for
/// ever. Cheap to copy.
struct RecordOrigin {
  static constexpr std::size_t kMostNames = 4;
  SourceId source = SourceId::kUnknown;
  /// Any of them may select the record. A `*` in a name stands for what is not known of it. No
  /// name: nothing is known, and no rule leaves the record out.
  std::array<std::string_view, kMostNames> names{};
  std::size_t name_count = 0;

  std::span<const std::string_view> Names() const { return {names.data(), name_count}; }
};

/// First of these that is there: `index` (the hit's `_index`); the document's `data_stream`; the
/// indices that the source is known to write. `arena` keeps a joined data stream name.
RecordOrigin OriginOf(SourceId source, const event::Value& document, std::string_view index,
                      base::Arena& arena);

/// A rule's index patterns, compiled. Immutable; any thread may ask.
///
/// Elasticsearch's meaning: patterns apply in order, `*` is any text, `-` in front takes out again.
/// Date math (`<logs-{now/d}>`) matches any date. A backing index `.ds-NAME-2026.02.01-000001` is
/// also NAME. A cluster prefix (`eu:logs-*`) binds only against a record that names its cluster
/// itself. Cost of Selects: O(names x patterns x length).
class IndexSelector {
 public:
  explicit IndexSelector(std::span<const std::string> patterns);
  /// True also for a rule without patterns and for a record of unknown origin.
  bool Selects(const RecordOrigin& origin) const;

 private:
  struct Pattern {
    std::string cluster;
    std::string index;
    bool excludes = false;
  };
  bool SelectsName(std::string_view name) const;
  static bool Matches(const Pattern& pattern, std::string_view cluster, std::string_view name);

  std::vector<Pattern> patterns_;
  bool starts_selected_ = true;  ///< nothing but exclusions, or nothing at all
};

/// Both steps at once, for tests and one-off questions.
bool SelectsSource(std::span<const std::string> patterns, SourceId source,
                   const event::Value& document, std::string_view index);

}  // namespace vedette::sources
