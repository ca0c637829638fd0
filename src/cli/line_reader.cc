// SPDX-License-Identifier: Apache-2.0
#include "cli/line_reader.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace vedette::cli {
namespace {

class Plain : public LineReader {
 public:
  std::optional<std::string> Read(const char*) override {
    constexpr std::size_t kMaxLine = std::size_t{1} << 20U;
    std::string line;
    for (int c = std::getc(stdin); c != EOF; c = std::getc(stdin)) {
      if (c == '\n') return line;
      if (line.size() == kMaxLine) return std::nullopt;
      line += static_cast<char>(c);
    }
    if (line.empty()) return std::nullopt;
    return line;
  }
};

}  // namespace

std::unique_ptr<LineReader> PlainLines() { return std::make_unique<Plain>(); }

std::string StateFile(std::string_view name) {
  namespace fs = std::filesystem;
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  fs::path folder;
  if (state != nullptr && *state == '/') {
    folder = state;
  } else if (home != nullptr && *home == '/') {
    folder = fs::path(home) / ".local" / "state";
  } else {
    return {};
  }
  folder /= "vedette";
  std::error_code error;
  if (fs::create_directories(folder, error) && !error) {
    fs::permissions(folder, fs::perms::owner_all, error);
  }
  return error ? std::string() : (folder / name).string();
}

}  // namespace vedette::cli
