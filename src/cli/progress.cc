// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "cli/numbers.h"

namespace vedette::cli {

Progress::Progress(const Terminal& terminal, const char* noun)
    : enabled_(terminal.stderr_is_terminal), noun_(noun), started_(Clock::now()), last_(started_) {}

void Progress::Clear() {
  if (!drawn_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  drawn_ = false;
}

void Progress::Show(const service::ScanProgress& at) {
  const auto now = Clock::now();
  if (!enabled_ || now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  const double seconds = std::max(0.001, std::chrono::duration<double>(now - started_).count());
  std::string line;
  if (at.total_bytes != 0) {
    constexpr std::size_t kBar = 24;
    const double share =
        std::min(1.0, static_cast<double>(at.bytes) / static_cast<double>(at.total_bytes));
    const auto filled = static_cast<std::size_t>(share * kBar);
    const double left = share > 0 ? seconds * (1 - share) / share : 0;
    line = fmt::format("[{}{}] {:3.0f} %  ", std::string(filled, '='),
                       std::string(kBar - filled, ' '), 100 * share);
    line += fmt::format(
        "{} of {}  {} events/s  {} {}  {:.0f} s left", BytesText(at.bytes),
        BytesText(at.total_bytes),
        WithThousands(static_cast<std::uint64_t>(static_cast<double>(at.events) / seconds)),
        WithThousands(at.alerts), noun_, left);
  } else {
    line = fmt::format(
        "{} read  {} events  {} events/s  {} {}", BytesText(at.bytes), WithThousands(at.events),
        WithThousands(static_cast<std::uint64_t>(static_cast<double>(at.events) / seconds)),
        WithThousands(at.alerts), noun_);
  }
  fmt::print(stderr, "\r{}\x1b[K", line);
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace vedette::cli
