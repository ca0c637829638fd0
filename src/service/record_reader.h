// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/result.h"
#include "event/value.h"
#include "io/input_files.h"
#include "io/record_framer.h"
#include "sources/audit_log.h"

namespace vedette::service {

/// Where a record begins.
struct RecordPlace {
  std::uint32_t file = 0;
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
};

/// Cuts files into records: JSON documents as they stand, audit log lines put together into one
/// ECS document per event. One thread.
class RecordReader {
 public:
  /// Views hold until the callback returns. Returning false ends the file.
  struct Sinks {
    std::function<bool(const RecordPlace&, std::string_view bytes, bool from_audit_log)> record;
    std::function<bool(const RecordPlace&, std::uint64_t length, std::string_view code,
                       std::string_view reason, std::string_view bytes)>
        rejected;
    std::function<void(std::uint64_t bytes_of_file)> progress;
  };
  RecordReader(std::size_t max_record_bytes, Sinks sinks)
      : max_record_bytes_(max_record_bytes), sinks_(std::move(sinks)) {}

  /// An error is about the file: it cannot be opened, or not be read to its end; what came before
  /// was handed out. `bytes_read`: taken from it, as stored.
  base::Result<void> Read(std::uint32_t file, const std::string& path, std::uint64_t& bytes_read);

 private:
  bool Take(std::uint32_t file, const io::Frame& frame, sources::AuditLogDecoder& audit);
  bool Audit(std::uint32_t file, const io::Frame& frame, const event::Value& document);
  bool Reject(std::uint32_t file, const io::Frame& frame, std::string_view code,
              std::string_view reason);

  std::size_t max_record_bytes_;
  Sinks sinks_;
  base::Arena arena_;
  std::string audit_json_;
};

}  // namespace vedette::service
