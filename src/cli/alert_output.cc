// SPDX-License-Identifier: Apache-2.0
#include "cli/alert_output.h"

#include "sources/decoder.h"

namespace vedette::cli {
namespace {

constexpr std::size_t kTime = 19;
constexpr std::size_t kSeverity = 8;
constexpr std::size_t kRule = 36;
constexpr std::size_t kHost = 14;
constexpr std::size_t kUser = 8;
constexpr std::size_t kSource = 24;
constexpr std::size_t kGap = 2;
constexpr std::size_t kFixed = kTime + kSeverity + kRule + kHost + kUser + kSource + 6 * kGap;
constexpr std::size_t kLeastProcess = 30;

std::string TimeText(const engine::AlertSummary& summary) {
  if (!summary.has_time) return "no time";
  std::string text = base::FormatIsoTime(summary.time).substr(0, kTime);
  text[10] = ' ';
  return text;
}

}  // namespace

AlertOutput::AlertOutput(io::OutputFile& out, AnswerFormat format, const Terminal& terminal)
    : out_(out), format_(format), colour_(terminal.stdout_colour), width_(terminal.width) {}

void AlertOutput::Cell(std::string_view text, std::size_t columns, std::string_view tint) {
  const std::string fitted = FitToWidth(text, columns);
  buffer_ += Tinted(colour_, tint, fitted);
  buffer_.append(columns - DisplayWidth(fitted) + kGap, ' ');
}

void AlertOutput::AppendHeading() {
  const std::string_view bold = "1";
  Cell("TIME (UTC)", kTime, bold);
  Cell("SEVERITY", kSeverity, bold);
  Cell("RULE", kRule, bold);
  Cell("HOST", kHost, bold);
  Cell("USER", kUser, bold);
  Cell("SOURCE", kSource, bold);
  if (width_ >= kFixed + kLeastProcess) Cell("PROCESS", width_ - kFixed - kGap, bold);
}

void AlertOutput::AppendRow(const service::PendingAlert& alert) {
  const engine::AlertSummary& summary = alert.summary;
  Cell(TimeText(summary), kTime);
  Cell(summary.severity, kSeverity, SeverityTint(summary.severity));
  Cell(summary.rule_name, kRule);
  Cell(summary.host.empty() ? "-" : summary.host, kHost);
  Cell(summary.user.empty() ? "-" : summary.user, kUser);
  Cell(sources::SourceName(alert.source), kSource);
  std::string process = summary.process;
  if (!summary.parent.empty()) process += "  (from " + summary.parent + ")";
  if (width_ >= kFixed + kLeastProcess) {
    Cell(process, width_ - kFixed - kGap);
  } else {
    while (!buffer_.empty() && buffer_.back() == ' ') buffer_.pop_back();
    buffer_ += "\n    ";
    Cell(process, width_ - 4 - kGap);
  }
}

base::Result<void> AlertOutput::Write(const service::PendingAlert& alert) {
  buffer_.clear();
  if (format_ == AnswerFormat::kTable) {
    const auto end_line = [&] {
      while (!buffer_.empty() && buffer_.back() == ' ') buffer_.pop_back();
      buffer_ += '\n';
    };
    if (count_ == 0) {
      AppendHeading();
      end_line();
    }
    AppendRow(alert);
    end_line();
  } else if (format_ == AnswerFormat::kJson) {
    buffer_ = count_ == 0 ? "[\n" : ",\n";
    for (const std::string& block : alert.building_blocks) buffer_ += block + ",\n";
    buffer_ += alert.document;
  } else {
    // Building blocks first: whoever sees the alert of a sequence can have its events.
    for (const std::string& block : alert.building_blocks) buffer_ += block + '\n';
    buffer_ += alert.document;
    buffer_ += '\n';
  }
  ++count_;
  return out_.Write(buffer_);
}

base::Result<void> AlertOutput::Finish() {
  if (format_ != AnswerFormat::kJson) return {};
  return out_.Write(count_ == 0 ? "[]\n" : "\n]\n");
}

}  // namespace vedette::cli
