// SPDX-License-Identifier: Apache-2.0
#include "embed/framer_thread.h"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <span>
#include <system_error>
#include <utility>

#include "io/byte_source.h"

namespace vedette::embed {
namespace {

constexpr std::size_t kAsideBytes = 256 * 1024;

/// Keeps signals away from threads started while it lives: they are the host program's affair.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace

/// What the framer reads: the bytes fed, and a wait for more behind them.
class FramerThread::Source final : public io::ByteSource {
 public:
  explicit Source(FramerThread& owner) : owner_(owner) {}

  base::Result<std::size_t> Read(std::span<char> out) override {
    while (owner_.input_.empty() && !owner_.input_ended_) {
      owner_.hungry_ = true;
      owner_.Switch(Turn::kCaller);
      owner_.hungry_ = false;
    }
    const std::size_t count = std::min(out.size(), owner_.input_.size());
    if (count != 0) std::memcpy(out.data(), owner_.input_.data(), count);
    owner_.input_.remove_prefix(count);
    read_ += count;
    return count;
  }
  std::uint64_t bytes_read() const override { return read_; }
  std::optional<std::uint64_t> total_bytes() const override { return {}; }

 private:
  FramerThread& owner_;
  std::uint64_t read_ = 0;
};

base::Result<std::unique_ptr<FramerThread>> FramerThread::Start(const io::FramerOptions& options) {
  std::unique_ptr<FramerThread> made(new FramerThread(options));
  const SignalsBlocked blocked;
  try {
    made->thread_ = std::thread(&FramerThread::Run, made.get());
  } catch (const std::system_error& error) {
    return base::Error(base::ErrorCode::kIo, std::string("start a thread: ") + error.what());
  }
  return made;
}

FramerThread::~FramerThread() {
  if (!thread_.joinable()) return;
  input_ = {};
  input_ended_ = true;
  while (!done_) {
    pieces_.clear();
    bytes_.clear();
    Switch(Turn::kFramer);
  }
  thread_.join();
}

void FramerThread::WaitFor(Turn turn) {
  std::unique_lock lock(mutex_);
  turned_.wait(lock, [&] { return turn_ == turn; });
}

void FramerThread::Switch(Turn to) {
  const Turn own = to == Turn::kCaller ? Turn::kFramer : Turn::kCaller;
  std::unique_lock lock(mutex_);
  turn_ = to;
  turned_.notify_all();
  turned_.wait(lock, [&] { return turn_ == own; });
}

void FramerThread::Run() {
  WaitFor(Turn::kFramer);
  {
    Source source(*this);
    io::RecordFramer framer(source, options_);
    io::Frame frame;
    for (;;) {
      auto more = framer.Next(frame);
      if (!more) {
        error_ = std::move(more).error();
        break;
      }
      if (!*more) break;
      PutAside(frame);
    }
  }
  const std::scoped_lock lock(mutex_);
  done_ = true;
  turn_ = Turn::kCaller;
  turned_.notify_all();
}

void FramerThread::PutAside(const io::Frame& frame) {
  pieces_.push_back({frame, bytes_.size(), frame.bytes.size()});
  bytes_ += frame.bytes;
  if (bytes_.size() >= kAsideBytes) Switch(Turn::kCaller);
}

base::Result<void> FramerThread::Pump(const Take& take) {
  while (!done_) {
    Switch(Turn::kFramer);
    for (Piece& piece : pieces_) {
      piece.frame.bytes = std::string_view(bytes_).substr(piece.begin, piece.size);
      VED_TRY_VOID(take(piece.frame));
    }
    pieces_.clear();
    bytes_.clear();
    if (hungry_) break;
  }
  if (auto error = std::exchange(error_, std::nullopt)) return std::move(*error);
  return {};
}

base::Result<void> FramerThread::Feed(std::string_view bytes, const Take& take) {
  input_ = bytes;
  return Pump(take);
}

base::Result<void> FramerThread::End(const Take& take) {
  input_ended_ = true;
  return Pump(take);
}

}  // namespace vedette::embed
