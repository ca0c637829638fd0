// SPDX-License-Identifier: Apache-2.0
#include "io/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "io/errno_error.h"

namespace vedette::io {

namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;
constexpr mode_t kAnyMode = 0666;  // the umask takes its part

// Where links lead, so that renaming replaces the file and not the link to it.
std::string Resolve(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(realpath(path.c_str(), nullptr), &std::free);
  return real != nullptr ? std::string(real.get()) : path;
}

}  // namespace

base::Result<std::unique_ptr<OutputFile>> OutputFile::Open(const std::string& path,
                                                           OutputMode mode) {
  static_assert(kClosedPipe == EPIPE);
  using Owner = std::unique_ptr<OutputFile>;
  if (path == "-") return Owner(new OutputFile(STDOUT_FILENO, false, "standard output", {}));

  struct stat status {};
  const bool exists = stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    return base::Error(base::ErrorCode::kInvalidArgument,
                       fmt::format("write {}: it is a directory", path));
  }
  if (mode == OutputMode::kReplace && (!exists || S_ISREG(status.st_mode))) {
    const std::string target = Resolve(path);
    const std::string partial = target + ".partial";
    const int descriptor =
        open(partial.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, kAnyMode);
    if (descriptor >= 0) {
      // Locked before it is emptied: of two runs with the same output the second one must not
      // destroy the first one's.
      if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        close(descriptor);
        return base::Error(base::ErrorCode::kIo,
                           fmt::format("write {}: another process is writing it", partial));
      }
      if (ftruncate(descriptor, 0) != 0 ||
          (exists && fchmod(descriptor, status.st_mode & 07777U) != 0)) {
        const int why = errno;
        close(descriptor);
        return ErrnoError("write", partial, why);
      }
      return Owner(new OutputFile(descriptor, true, target, partial));
    }
    if (!exists || errno != EACCES) return ErrnoError("write", path, errno);
  }
  const int how = mode == OutputMode::kAppend ? O_APPEND : O_TRUNC;
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, kAnyMode);
  if (descriptor < 0) return ErrnoError("write", path, errno);
  return Owner(new OutputFile(descriptor, true, path, {}));
}

OutputFile::OutputFile(int descriptor, bool owned, std::string path, std::string partial)
    : descriptor_(descriptor), owned_(owned), path_(std::move(path)), partial_(std::move(partial)) {
  buffer_.reserve(kBufferBytes);
}

OutputFile::~OutputFile() {
  if (closed_) return;
  if (!partial_.empty() && written_ == 0) unlink(partial_.c_str());
  if (owned_) close(descriptor_);
}

base::Error OutputFile::Fail(std::string_view doing, int error_number) {
  failed_with_ = error_number;
  if (error_number == EPIPE) {
    return {base::ErrorCode::kIo, fmt::format("{} {}: its reader has gone", doing, path_)};
  }
  base::Error error = ErrnoError(doing, path_, error_number);
  if (error_number != ENOSPC && error_number != EDQUOT) return error;
  return {base::ErrorCode::kIo,
          fmt::format("{} (after {} bytes); free some space or choose another place",
                      error.message(), written_)};
}

base::Result<void> OutputFile::WriteOut(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(descriptor_, bytes.data(), bytes.size());
    if (count >= 0) {
      written_ += static_cast<std::uint64_t>(count);
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      struct pollfd ready {};
      ready.fd = descriptor_;
      ready.events = POLLOUT;
      poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return Fail("write", errno);
    }
  }
  return {};
}

base::Result<void> OutputFile::Write(std::string_view bytes) {
  if (failed_with_ != 0) return Fail("write", failed_with_);
  if (buffer_.size() + bytes.size() > kBufferBytes) VED_TRY_VOID(Flush());
  if (bytes.size() >= kBufferBytes) return WriteOut(bytes);
  buffer_.append(bytes);
  return {};
}

base::Result<void> OutputFile::Flush() {
  if (failed_with_ != 0) return Fail("write", failed_with_);
  auto status = WriteOut(buffer_);
  buffer_.clear();
  return status;
}

base::Result<void> OutputFile::Close() {
  if (closed_) return {};
  VED_TRY_VOID(Flush());
  if (!owned_) {
    closed_ = true;
    return {};
  }
  if (!partial_.empty()) {
    // Synced before it takes the name, or a crash could leave an empty file in place of the old
    // one.
    if (fsync(descriptor_) != 0) return Fail("write", errno);
    if (std::rename(partial_.c_str(), path_.c_str()) != 0) return Fail("rename to", errno);
  }
  closed_ = true;
  // Network file systems report late write failures here.
  if (close(descriptor_) != 0 && errno != EINTR) return Fail("close", errno);
  return {};
}

void IgnoreClosedPipeSignal() { std::signal(SIGPIPE, SIG_IGN); }

}  // namespace vedette::io
