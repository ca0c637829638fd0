// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace vedette::cli {

/// A table whose rows come one after the other, without an end in sight: the first ones decide the
/// widths of the columns, then every row goes out at once. Cells are made harmless and cut with
/// `…`. Where the last column would have too little room it stands below its row.
class GrowingTable {
 public:
  struct Column {
    std::string title;
    std::size_t most = 40;  ///< columns of text at most; the last one takes what is left
  };
  using Sink = std::function<base::Result<void>(std::string_view)>;
  GrowingTable(std::vector<Column> columns, std::size_t width, bool colour, Sink sink);

  /// `cells` as many as the columns. `mark` stands before the row, in a margin of its own.
  base::Result<void> Row(std::vector<std::string> cells, std::string mark = {});
  /// A line across all columns, such as a heading.
  base::Result<void> Line(std::string text, std::string_view tint = {});
  /// Writes what still waits. Further rows may follow.
  base::Result<void> Flush();

 private:
  struct Entry {
    std::vector<std::string> cells;  ///< none: a line
    std::string text;                ///< of a line; else the mark
    std::string_view tint;
  };
  base::Result<void> Take(Entry entry);
  void Settle();
  void Append(const Entry& entry, std::string& out) const;
  void AppendCells(const std::vector<std::string>& cells, std::string_view mark,
                   std::string_view tint, std::string& out) const;

  std::vector<Column> columns_;
  std::size_t width_;
  bool colour_;
  Sink sink_;
  std::vector<Entry> waiting_;
  std::size_t rows_ = 0;  ///< among the waiting ones
  bool settled_ = false;
  std::size_t margin_ = 0;
  std::vector<std::size_t> widths_;
  bool below_ = false;  ///< the last column stands below
};

}  // namespace vedette::cli
