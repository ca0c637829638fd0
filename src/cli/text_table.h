// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vedette::cli {

/// A table for people: columns two spaces apart, cut with `…` where the terminal ends. Cells are
/// made harmless. Not for machines: they get NDJSON.
class TextTable {
 public:
  struct Column {
    std::string title;
    bool numeric = false;     ///< right-aligned
    bool shrinks = false;     ///< may be cut when space is short
    std::size_t minimum = 8;  ///< of a shrinking column
  };
  struct Cell {
    std::string text;
    std::string_view tint = {};  ///< SGR parameter, used when colours are on
  };

  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}
  /// `cells` must be as many as the columns.
  void Row(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  /// Ends with a line break; without rows only the titles.
  std::string Render(std::size_t width, bool colour) const;

 private:
  std::vector<std::size_t> Widths(std::size_t width) const;
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace vedette::cli
