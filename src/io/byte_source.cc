// SPDX-License-Identifier: Apache-2.0
#include "io/byte_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "io/errno_error.h"

namespace vedette::io {

namespace {

std::optional<std::uint64_t> SizeLeft(int descriptor, const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  // Standard input may be a file whose first part someone else has read already.
  const off_t at = lseek(descriptor, 0, SEEK_CUR);
  if (at < 0 || at > status.st_size) return std::nullopt;
  return static_cast<std::uint64_t>(status.st_size - at);
}

}  // namespace

base::Result<std::unique_ptr<FileSource>> FileSource::Open(const std::string& path) {
  const bool is_stdin = path == "-";
  const std::string name = is_stdin ? "standard input" : path;
  const int descriptor = is_stdin ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return ErrnoError("open", name, errno);
  struct stat status {};
  if (fstat(descriptor, &status) != 0) {
    const int why = errno;
    if (!is_stdin) close(descriptor);
    return ErrnoError("open", name, why);
  }
  if (S_ISDIR(status.st_mode)) {
    if (!is_stdin) close(descriptor);
    return base::Error(base::ErrorCode::kInvalidArgument,
                       fmt::format("read {}: it is a directory", name));
  }
  const auto total = SizeLeft(descriptor, status);
  if (total.has_value()) posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  return std::make_unique<FileSource>(descriptor, !is_stdin, name, total);
}

FileSource::FileSource(int descriptor, bool owned, std::string name,
                       std::optional<std::uint64_t> total)
    : descriptor_(descriptor), owned_(owned), name_(std::move(name)), total_(total) {}

FileSource::~FileSource() {
  if (owned_) close(descriptor_);
}

base::Result<std::size_t> FileSource::Read(std::span<char> out) {
  for (;;) {
    const ssize_t got = read(descriptor_, out.data(), out.size());
    if (got >= 0) {
      const auto count = static_cast<std::size_t>(got);
      read_.fetch_add(count, std::memory_order_relaxed);
      return count;
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      // Someone set our standard input non-blocking; wait instead of spinning.
      struct pollfd ready {};
      ready.fd = descriptor_;
      ready.events = POLLIN;
      poll(&ready, 1, -1);
      continue;
    }
    return ErrnoError("read", name_, errno);
  }
}

base::Result<std::size_t> MemorySource::Read(std::span<char> out) {
  const std::size_t count = std::min({out.size(), chunk_bytes_, bytes_.size() - at_});
  if (count > 0) std::memcpy(out.data(), bytes_.data() + at_, count);
  at_ += count;
  return count;
}

}  // namespace vedette::io
