// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/input_files.h"

namespace vedette::service {

/// Files in a folder of their own, for tests; they go with it.
class InputFolder {
 public:
  InputFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "vedette_in_XXXXXX").string();
    root_ = mkdtemp(name.data());
  }
  ~InputFolder() { std::filesystem::remove_all(root_); }
  InputFolder(const InputFolder&) = delete;
  InputFolder& operator=(const InputFolder&) = delete;

  std::string Path(const std::string& name) const { return (root_ / name).string(); }
  io::InputFile Make(const std::string& name, std::string_view text) const {
    std::ofstream(root_ / name, std::ios::binary) << text;
    return {Path(name), text.size()};
  }

 private:
  std::filesystem::path root_;
};

/// `text` as zstd frames that hold it as it is: a compressed input without a compressor.
inline std::string StoredZstd(std::string_view text) {
  constexpr std::size_t kFrameBytes = 60000;
  const auto little_endian = [](std::size_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i, value >>= 8U) out += static_cast<char>(value & 0xFFU);
    return out;
  };
  std::string out;
  do {
    const std::string_view part = text.substr(0, kFrameBytes);
    text.remove_prefix(part.size());
    // RFC 8878: single segment, four bytes of content size, one raw block that is the last.
    out += "\x28\xB5\x2F\xFD\xA0" + little_endian(part.size(), 4);
    out += little_endian(1U | part.size() << 3U, 3);
    out += part;
  } while (!text.empty());
  return out;
}

}  // namespace vedette::service
