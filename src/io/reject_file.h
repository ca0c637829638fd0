// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/output_file.h"

namespace vedette::io {

/// A record that could not be read, and why.
struct RejectedRecord {
  std::string_view file;
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  ///< of the whole record
  std::string_view code;     ///< stable: too_long, damaged_json, not_an_object, …
  std::string_view reason;   ///< a sentence
  std::string_view record;   ///< its bytes, or their beginning
};

/// Writes rejected records as NDJSON, one object a line, to be repaired and read again:
/// {"file","line","offset","length","code","reason","record" | "record_base64","truncated"}.
///
/// `record` is text; bytes that are not UTF-8 go base64 into `record_base64`. One thread.
/// docs/reference/input-formats.md defines the members.
class RejectFile {
 public:
  static constexpr std::size_t kMaxRecordBytes = 1024 * 1024;

  static base::Result<std::unique_ptr<RejectFile>> Open(const std::string& path);
  explicit RejectFile(std::unique_ptr<OutputFile> out) : out_(std::move(out)) {}

  base::Result<void> Write(const RejectedRecord& rejected);
  base::Result<void> Close() { return out_->Close(); }
  std::uint64_t count() const { return count_; }

 private:
  std::unique_ptr<OutputFile> out_;
  std::string line_;
  std::uint64_t count_ = 0;
};

/// RFC 4648 section 4, with padding.
std::string Base64(std::string_view bytes);

}  // namespace vedette::io
