// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vedette::base {

/// Half-open byte range into a Source.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// A text that a person wrote, and where it came from. `text` may be the query inside a rule file:
/// then `first_line`/`first_column` (1-based) say where its first byte stands in `path`, so that
/// places point into the file. Immutable after construction; any thread may read it.
class Source {
 public:
  Source(std::string path, std::string text, std::uint32_t first_line = 1,
         std::uint32_t first_column = 1);
  const std::string& path() const { return path_; }
  std::string_view text() const { return text_; }

  struct Place {
    std::uint32_t line;    ///< 1-based, in the file
    std::uint32_t column;  ///< 1-based, in code points
  };
  /// O(log lines).
  Place PlaceOf(std::uint32_t offset) const;
  /// The line that holds `offset`, without its line break.
  std::string_view LineAt(std::uint32_t offset) const;
  std::uint32_t LineStart(std::uint32_t offset) const;

 private:
  std::string path_;
  std::string text_;
  std::uint32_t first_line_;
  std::uint32_t first_column_;
  std::vector<std::uint32_t> line_starts_;
};

enum class Severity { kError, kWarning, kNote };

struct Label {
  Span span;
  std::string text;  ///< may be empty: underline only
};

/// Something a person wrote wrong: what, where, and what to do. Codes are permanent (E0203, R004,
/// …).
struct Diagnostic {
  Severity severity = Severity::kError;
  std::string code;
  std::string message;
  Span span;                  ///< the smallest wrong thing
  std::string label;          ///< beside the caret
  std::vector<Label> labels;  ///< further places in the same source
  std::vector<std::string> help;
  std::vector<std::string> notes;
};

/// rustc-like rendering with source line and caret. ANSI colours when `colour`. `source` may be
/// null (then only code, message, help). Ends with a newline.
std::string RenderDiagnostic(const Diagnostic& diagnostic, const Source* source, bool colour);

/// The candidate nearest to `word` by edit distance (transpositions count one), when near enough to
/// be a likely slip (at most a third of the length, at least 1); empty otherwise. O(candidates x
/// length^2).
std::string_view Nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace vedette::base
