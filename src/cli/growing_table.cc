// SPDX-License-Identifier: Apache-2.0
#include "cli/growing_table.h"

#include <algorithm>
#include <utility>

#include "cli/answer.h"
#include "cli/terminal.h"

namespace vedette::cli {
namespace {

constexpr std::size_t kSample = 200;  // rows that decide the widths
constexpr std::size_t kGap = 2;
constexpr std::size_t kLeastLast = 60;  // of the last column, before it goes below
constexpr std::size_t kIndent = 4;
constexpr std::size_t kLeastCut = 6;

}  // namespace

GrowingTable::GrowingTable(std::vector<Column> columns, std::size_t width, bool colour, Sink sink)
    : columns_(std::move(columns)), width_(width), colour_(colour), sink_(std::move(sink)) {}

base::Result<void> GrowingTable::Row(std::vector<std::string> cells, std::string mark) {
  return Take({std::move(cells), std::move(mark), {}});
}

base::Result<void> GrowingTable::Line(std::string text, std::string_view tint) {
  return Take({{}, std::move(text), tint});
}

base::Result<void> GrowingTable::Take(Entry entry) {
  if (!settled_) {
    if (!entry.cells.empty()) ++rows_;
    waiting_.push_back(std::move(entry));
    return rows_ < kSample ? base::Result<void>() : Flush();
  }
  std::string out;
  Append(entry, out);
  return sink_(out);
}

base::Result<void> GrowingTable::Flush() {
  if (waiting_.empty()) return {};
  std::string out;
  if (!settled_) {
    Settle();
    std::vector<std::string> titles;
    for (const Column& column : columns_) titles.push_back(column.title);
    AppendCells(titles, "", "1", out);
  }
  for (const Entry& entry : waiting_) Append(entry, out);
  waiting_.clear();
  return sink_(out);
}

void GrowingTable::Settle() {
  settled_ = true;
  widths_.clear();
  for (const Column& column : columns_) widths_.push_back(DisplayWidth(column.title));
  for (const Entry& entry : waiting_) {
    if (!entry.cells.empty()) margin_ = std::max(margin_, DisplayWidth(entry.text));
    for (std::size_t i = 0; i < entry.cells.size(); ++i) {
      widths_[i] = std::max(widths_[i], std::min(columns_[i].most, DisplayWidth(entry.cells[i])));
    }
  }
  if (margin_ != 0) margin_ += kGap;
  const auto used_before_last = [&] {
    std::size_t used = margin_;
    for (std::size_t i = 0; i + 1 < widths_.size(); ++i) used += widths_[i] + kGap;
    return used;
  };
  const std::size_t last = widths_.size() - 1;
  const auto fits = [&](std::size_t least) { return used_before_last() + least <= width_; };
  if (fits(std::min(widths_[last], kLeastLast))) {
    widths_[last] = width_ - used_before_last();
    return;
  }
  below_ = last > 0;
  // The widest columns give way until the rest of the row has room too.
  while (!fits(0)) {
    const auto widest = std::max_element(widths_.begin(), widths_.end() - 1);
    if (widest == widths_.end() - 1 || *widest <= kLeastCut) break;
    --*widest;
  }
  widths_[last] = width_ - std::min(width_ / 2, margin_ + kIndent);
}

void GrowingTable::Append(const Entry& entry, std::string& out) const {
  if (!entry.cells.empty()) {
    AppendCells(entry.cells, entry.text, {}, out);
    return;
  }
  out += Tinted(colour_, entry.tint, FitToWidth(entry.text, width_));
  out += '\n';
}

void GrowingTable::AppendCells(const std::vector<std::string>& cells, std::string_view mark,
                               std::string_view tint, std::string& out) const {
  const auto trim = [&] {
    while (out.ends_with(' ')) out.pop_back();
  };
  out += mark;
  out.append(margin_ - std::min(margin_, DisplayWidth(mark)), ' ');
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool last = i + 1 == cells.size();
    if (last && below_) {
      if (cells[i].empty()) break;
      trim();
      out += '\n';
      out.append(margin_ + kIndent, ' ');
    }
    const std::string fitted = FitToWidth(cells[i], widths_[i]);
    out += Tinted(colour_, tint, fitted);
    if (!last) out.append(widths_[i] - std::min(widths_[i], DisplayWidth(fitted)) + kGap, ' ');
  }
  trim();
  out += '\n';
}

}  // namespace vedette::cli
