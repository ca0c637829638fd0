// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.h"
#include "io/record_framer.h"

namespace vedette::embed {

/// Lets io::RecordFramer, which pulls its bytes, be fed by a caller who pushes them.
///
/// The framer stands on a thread of its own, for only a second stack can wait in the middle of a
/// JSON document. The two take turns and never run at once: the framer's turn lasts until it has
/// used up what was fed or has put 256 KiB of records aside, which the caller then takes on its own
/// thread. A turn costs two thread switches (about 10 us), so this is for documents; lines go
/// without it (PushFramer). One caller thread.
class FramerThread {
 public:
  /// The bytes hold until the callback returns.
  using Take = std::function<base::Result<void>(const io::Frame&)>;

  /// kIo when the system gives no thread.
  static base::Result<std::unique_ptr<FramerThread>> Start(const io::FramerOptions& options);
  FramerThread(const FramerThread&) = delete;
  FramerThread& operator=(const FramerThread&) = delete;
  /// Whatever is open is dropped.
  ~FramerThread();

  /// Returns when every record that the bytes complete was taken. Errors: the framer's, or `take`'s
  /// first, which ends the input.
  base::Result<void> Feed(std::string_view bytes, const Take& take);
  base::Result<void> End(const Take& take);

 private:
  class Source;
  enum class Turn : std::uint8_t { kCaller, kFramer };
  struct Piece {
    io::Frame frame;
    std::size_t begin;
    std::size_t size;
  };

  explicit FramerThread(const io::FramerOptions& options) : options_(options) {}
  void Run();
  void PutAside(const io::Frame& frame);
  /// Gives the turn away and waits for it to come back.
  void Switch(Turn to);
  void WaitFor(Turn turn);
  base::Result<void> Pump(const Take& take);

  io::FramerOptions options_;
  std::mutex mutex_;
  std::condition_variable turned_;
  Turn turn_ = Turn::kCaller;  // guarded by mutex_
  // The rest belongs to whoever has the turn.
  std::string_view input_;
  bool input_ended_ = false;
  bool hungry_ = false;  ///< the framer gave the turn back for want of bytes
  bool done_ = false;    ///< the framer has left its loop
  std::string bytes_;
  std::vector<Piece> pieces_;
  std::optional<base::Error> error_;
  std::thread thread_;
};

}  // namespace vedette::embed
