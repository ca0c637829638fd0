// SPDX-License-Identifier: Apache-2.0
#include "io/byte_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
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

base::Result<std::unique_ptr<FileSource>> FileSource::Open(const std::string& path,
                                                           const StopSignal* stop) {
  const bool is_stdin = path == "-";
  const std::string name = is_stdin ? "standard input" : path;
  // O_NONBLOCK: a named pipe is opened at once, and it is Read() that waits for its writer.
  const int descriptor =
      is_stdin ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
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
  return std::make_unique<FileSource>(descriptor, !is_stdin, name, total, stop);
}

FileSource::FileSource(int descriptor, bool owned, std::string name,
                       std::optional<std::uint64_t> total, const StopSignal* stop)
    : descriptor_(descriptor), owned_(owned), name_(std::move(name)), total_(total), stop_(stop) {}

FileSource::~FileSource() {
  if (owned_) close(descriptor_);
}

// Until there is something to read, or its end, or nobody wants it any more.
base::Result<void> FileSource::Wait() const {
  std::array<struct pollfd, 2> ready{};
  ready[0].fd = descriptor_;
  ready[0].events = POLLIN;
  ready[1].fd = stop_ != nullptr ? stop_->descriptor() : -1;  // -1 is passed over
  ready[1].events = POLLIN;
  while (poll(ready.data(), ready.size(), -1) < 0) {
    if (errno != EINTR) return ErrnoError("read", name_, errno);
  }
  if (ready[1].revents == 0) return {};
  return base::Error(base::ErrorCode::kIo, fmt::format("read {}: stopped", name_));
}

base::Result<std::size_t> FileSource::Read(std::span<char> out) {
  bool wait = !direct();
  for (;;) {
    if (wait) VED_TRY_VOID(Wait());
    const ssize_t got = read(descriptor_, out.data(), out.size());
    if (got >= 0) {
      const auto count = static_cast<std::size_t>(got);
      read_.fetch_add(count, std::memory_order_relaxed);
      return count;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return ErrnoError("read", name_, errno);
    wait = true;
  }
}

base::Result<std::size_t> MemorySource::Read(std::span<char> out) {
  const std::size_t count = std::min({out.size(), chunk_bytes_, bytes_.size() - at_});
  if (count > 0) std::memcpy(out.data(), bytes_.data() + at_, count);
  at_ += count;
  return count;
}

}  // namespace vedette::io
