// SPDX-License-Identifier: Apache-2.0
#include "base/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"

namespace vedette::base {
namespace {

constexpr std::size_t kMaxShownColumns = 160;  // a 45 KB query line must not flood the terminal

std::size_t CodePoints(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

struct Style {
  std::string_view bold, severity, blue, reset;
};

Style StyleFor(Severity severity, bool colour) {
  if (!colour) return {};
  const std::string_view tint = severity == Severity::kError     ? "\x1b[1;31m"
                                : severity == Severity::kWarning ? "\x1b[1;33m"
                                                                 : "\x1b[1;36m";
  return {"\x1b[1m", tint, "\x1b[1;34m", "\x1b[0m"};
}

std::string_view SeverityName(Severity severity) {
  return severity == Severity::kError     ? "error"
         : severity == Severity::kWarning ? "warning"
                                          : "note";
}

/// Control characters of a hostile rule must not reach the terminal.
std::string Printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = Utf8SequenceLength(text);
    const auto c = static_cast<unsigned char>(text[0]);
    if (length == 0) {
      out += kReplacementCharacter;
      text.remove_prefix(Utf8BadPrefixLength(text));
      continue;
    }
    const bool c1 = length == 2 && c == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0;
    if (c < 0x20 || c == 0x7F || c1) {
      out += c == '\t' ? ' ' : '.';
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return out;
}

/// One line of source with one underline below it.
void AppendSnippet(std::string& out, const Source& source, Span span, std::string_view text,
                   char mark, std::string_view tint, const Style& style, std::size_t gutter) {
  const auto place = source.PlaceOf(span.begin);
  std::string_view line = source.LineAt(span.begin);
  const std::uint32_t start = source.LineStart(span.begin);
  std::size_t from = std::min<std::size_t>(span.begin - start, line.size());
  const std::size_t to =
      std::clamp<std::size_t>(span.end > start ? span.end - start : 0, from, line.size());
  std::string lead;
  std::size_t cut = 0;
  if (line.size() > kMaxShownColumns && from > kMaxShownColumns / 2) {
    cut = from - kMaxShownColumns / 2;
    while (cut < from && (static_cast<unsigned char>(line[cut]) & 0xC0) == 0x80) ++cut;
    lead = "…";
  }
  std::string_view shown = line.substr(cut);
  std::string_view tail;
  if (shown.size() > kMaxShownColumns) {
    std::size_t keep = kMaxShownColumns;
    while (keep > 0 && (static_cast<unsigned char>(shown[keep]) & 0xC0) == 0x80) --keep;
    shown = shown.substr(0, keep);
    tail = "…";
  }
  const std::size_t pad = CodePoints(line.substr(cut, from - cut)) + (lead.empty() ? 0 : 1);
  const std::size_t width =
      std::clamp<std::size_t>(CodePoints(line.substr(from, to - from)), 1, kMaxShownColumns);
  out += fmt::format("{}{:>{}} |{} {}{}{}\n", style.blue, place.line, gutter, style.reset, lead,
                     Printable(shown), tail);
  out += fmt::format("{}{:>{}} |{} {:>{}}{}{}{}{}{}\n", style.blue, "", gutter, style.reset, "",
                     pad, tint, std::string(width, mark), text.empty() ? "" : " ", Printable(text),
                     style.reset);
}

}  // namespace

Source::Source(std::string path, std::string text, std::uint32_t first_line,
               std::uint32_t first_column)
    : path_(std::move(path)),
      text_(std::move(text)),
      first_line_(first_line),
      first_column_(first_column),
      line_starts_{0} {
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
  }
}

std::uint32_t Source::LineStart(std::uint32_t offset) const {
  return *std::prev(std::upper_bound(line_starts_.begin(), line_starts_.end(), offset));
}

Source::Place Source::PlaceOf(std::uint32_t offset) const {
  offset = std::min(offset, static_cast<std::uint32_t>(text_.size()));
  const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto line = static_cast<std::uint32_t>(next - line_starts_.begin() - 1);
  const std::uint32_t start = *std::prev(next);
  const auto column =
      static_cast<std::uint32_t>(CodePoints(std::string_view(text_).substr(start, offset - start)));
  return {first_line_ + line, line == 0 ? first_column_ + column : column + 1};
}

std::string_view Source::LineAt(std::uint32_t offset) const {
  const std::uint32_t start = LineStart(std::min(offset, static_cast<std::uint32_t>(text_.size())));
  std::string_view line = std::string_view(text_).substr(start);
  line = line.substr(0, line.find('\n'));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

std::string RenderDiagnostic(const Diagnostic& diagnostic, const Source* source, bool colour) {
  const Style style = StyleFor(diagnostic.severity, colour);
  std::string out =
      fmt::format("{}{}{}{}{}: {}{}\n", style.severity, SeverityName(diagnostic.severity),
                  diagnostic.code.empty() ? "" : fmt::format("[{}]", diagnostic.code), style.reset,
                  style.bold, Printable(diagnostic.message), style.reset);
  std::size_t gutter = 2;
  if (source != nullptr) {
    const auto place = source->PlaceOf(diagnostic.span.begin);
    gutter = std::max<std::size_t>(2, std::to_string(place.line).size());
    out += fmt::format("{:>{}}{}-->{} {}:{}:{}\n", "", gutter, style.blue, style.reset,
                       Printable(source->path()), place.line, place.column);
    out += fmt::format("{}{:>{}} |{}\n", style.blue, "", gutter, style.reset);
    AppendSnippet(out, *source, diagnostic.span, diagnostic.label, '^', style.severity, style,
                  gutter);
    for (const Label& label : diagnostic.labels) {
      AppendSnippet(out, *source, label.span, label.text, '-', style.blue, style, gutter);
    }
  }
  for (const auto& help : diagnostic.help) {
    out += fmt::format("{}{:>{}} ={} help: {}\n", style.blue, "", gutter, style.reset,
                       Printable(help));
  }
  for (const auto& note : diagnostic.notes) {
    out += fmt::format("{}{:>{}} ={} note: {}\n", style.blue, "", gutter, style.reset,
                       Printable(note));
  }
  return out;
}

namespace {

/// Optimal string alignment distance, cut off at `limit` + 1.
std::size_t EditDistance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (gap > limit) return limit + 1;
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::string_view Nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  if (word.size() > 128) return {};
  const std::size_t limit = std::max<std::size_t>(1, word.size() / 3);
  std::string_view best;
  std::size_t best_distance = limit + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = EditDistance(word, candidate, std::min(limit, best_distance));
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace vedette::base
