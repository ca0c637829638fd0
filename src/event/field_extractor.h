// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "event/field_table.h"
#include "event/raw_event.h"
#include "event/structural_index.h"

namespace vedette::event {

/// Takes the JSON tokens of the wanted fields out of NDJSON in one forward pass, without decoding
/// anything. For records as telemetry has them; whatever is unusual is left to JsonReader and
/// Projector, which define the result.
///
/// For a kEvent, decoding each token and laying it with Projector::Lay gives the slots that
/// JsonReader and Projector::Project give for the whole record, or JsonReader refuses the record
/// for something that is not checked here (below).
///
/// Checked, a failure makes the record irregular:
/// - of the whole line: UTF-8, strings closed, no control characters in strings or elsewhere but
///   tabs, carriage returns and the line break; brackets closed by number, nothing after the
///   object;
/// - of each object that is the record or lies on the way to a wanted field: keys, colons, commas,
///   no key with an escape, no watched key, no array with objects in it, and no field twice;
/// - of each wanted value: all of JSON's grammar, escapes, numbers and words included;
/// - nesting up to kMaxDepth, lines up to kMaxLine.
/// Not checked, in values that nobody wants: escapes, the spelling of numbers and words, and inside
/// objects and arrays also colons, commas and whether `{` is closed by `}` or `]`.
///
/// Owns its index and memo, views the caller's block. One thread each. Cost: O(bytes); no
/// allocation in steady state (the index grows to the longest line, at most 5 bytes per byte).
/// Why it is fast, and when not: docs/explanation/field-extraction.md.
class FieldExtractor {
 public:
  /// Bytes that must be readable behind a block. Their content does not matter.
  static constexpr std::size_t kPadding = StructuralIndex::kPadding;
  /// Levels of brackets, the record's own included.
  static constexpr std::size_t kMaxDepth = 256;
  /// Longer lines are irregular unseen. Bounds the index to 20 MiB.
  static constexpr std::size_t kMaxLine = std::size_t{4} << 20U;

  /// `table`: every field whose token is wanted, of both shapes; an alias is taken from its
  /// source_path; several fields may share a path. It is frozen from here on and outlives this.
  /// `watched`: member names at the top level of a record, as written there, whose presence makes
  /// it irregular (containers such as `_source`, raw vendor keys); a name that ends with `*` stands
  /// for all that begin so.
  FieldExtractor(const FieldTable& table, std::span<const std::string_view> watched,
                 StructuralIndex::Code code = StructuralIndex::Best());
  ~FieldExtractor();
  FieldExtractor(FieldExtractor&&) noexcept;
  FieldExtractor& operator=(FieldExtractor&&) noexcept;

  /// Takes a block of whole lines (the last may lack its line break); at least kPadding readable
  /// bytes lie behind it. Views of earlier events end here.
  void Load(std::string_view block);

  enum class Outcome {
    kEvent,      ///< `out` is exact
    kIrregular,  ///< only `out.json` holds: JsonReader and Projector decide what the line is
    kEnd,        ///< the block has no more lines
  };
  /// The next line that is not blank, without its line break and a carriage return before that.
  /// The tokens hold until the next call.
  Outcome Next(RawEvent& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vedette::event
