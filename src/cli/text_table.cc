// SPDX-License-Identifier: Apache-2.0
#include "cli/text_table.h"

#include <algorithm>

#include "cli/answer.h"
#include "cli/terminal.h"

namespace vedette::cli {
namespace {

constexpr std::size_t kGap = 2;

}  // namespace

std::vector<std::size_t> TextTable::Widths(std::size_t width) const {
  std::vector<std::size_t> widths;
  std::size_t total = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t widest = DisplayWidth(columns_[i].title);
    for (const auto& row : rows_) widest = std::max(widest, DisplayWidth(row[i].text));
    widths.push_back(widest);
    total += widest + (i == 0 ? 0 : kGap);
  }
  // One column at a time off the widest that may still shrink: they end up alike.
  while (total > width) {
    std::size_t widest = columns_.size();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!columns_[i].shrinks || widths[i] <= columns_[i].minimum) continue;
      if (widest == columns_.size() || widths[i] > widths[widest]) widest = i;
    }
    if (widest == columns_.size()) break;
    const std::size_t excess = total - width;
    const std::size_t room = widths[widest] - columns_[widest].minimum;
    // A huge cell is brought near the terminal's size at once, the rest goes step by step.
    const std::size_t step = widths[widest] > width ? std::min(widths[widest] - width, room) : 1;
    widths[widest] -= std::min(step, excess);
    total -= std::min(step, excess);
  }
  return widths;
}

std::string TextTable::Render(std::size_t width, bool colour) const {
  const std::vector<std::size_t> widths = Widths(width);
  std::string out;
  const auto line = [&](std::size_t i, std::string_view text, std::string_view tint) {
    const std::string fitted = FitToWidth(text, widths[i]);
    const std::string padding(widths[i] - std::min(widths[i], DisplayWidth(fitted)), ' ');
    if (i > 0) out.append(kGap, ' ');
    if (columns_[i].numeric) out += padding;
    out += Tinted(colour, tint, fitted);
    if (!columns_[i].numeric && i + 1 < columns_.size()) out += padding;
  };
  for (std::size_t i = 0; i < columns_.size(); ++i) line(i, columns_[i].title, "1");
  out += '\n';
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < columns_.size(); ++i) line(i, row[i].text, row[i].tint);
    while (out.ends_with(' ')) out.pop_back();
    out += '\n';
  }
  return out;
}

}  // namespace vedette::cli
