// SPDX-License-Identifier: Apache-2.0
#include "io/reject_file.h"

#include <algorithm>

#include "base/json_writer.h"

namespace vedette::io {

namespace {

// A sample may end inside a code point, which does not make the record binary.
std::string_view WithoutBrokenEnd(std::string_view text) {
  std::size_t tail = 0;
  while (tail < 3 && tail < text.size() &&
         (static_cast<unsigned char>(text[text.size() - 1 - tail]) & 0xC0U) == 0x80U) {
    ++tail;
  }
  if (tail >= text.size()) return text;
  const auto lead = static_cast<unsigned char>(text[text.size() - 1 - tail]);
  const std::size_t wants = lead >= 0xF0U ? 3 : lead >= 0xE0U ? 2 : lead >= 0xC0U ? 1 : 0;
  return tail < wants ? text.substr(0, text.size() - 1 - tail) : text;
}

}  // namespace

std::string Base64(std::string_view bytes) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8U | (j < left ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out.push_back(j <= left ? kDigits[group >> (18U - 6U * j) & 63U] : '=');
    }
  }
  return out;
}

base::Result<std::unique_ptr<RejectFile>> RejectFile::Open(const std::string& path) {
  // In place: rejects are wanted most when a run does not reach its end.
  auto out = OutputFile::Open(path, OutputMode::kTruncate);
  if (!out.has_value()) return std::move(out).error();
  return std::make_unique<RejectFile>(*std::move(out));
}

base::Result<void> RejectFile::Write(const RejectedRecord& rejected) {
  std::string_view record = rejected.record.substr(0, kMaxRecordBytes);
  bool truncated = record.size() < rejected.length;
  if (truncated) record = WithoutBrokenEnd(record);
  line_.clear();
  base::JsonWriter json(line_);
  json.BeginObject();
  json.Member("file", rejected.file);
  json.Key("line");
  json.Uint(rejected.line);
  json.Key("offset");
  json.Uint(rejected.offset);
  json.Key("length");
  json.Uint(rejected.length);
  json.Member("code", rejected.code);
  json.Member("reason", rejected.reason);
  if (base::IsValidUtf8(record)) {
    json.Member("record", record);
  } else {
    json.Member("record_base64", Base64(record));
  }
  json.MemberBool("truncated", truncated);
  json.EndObject();
  line_.push_back('\n');
  ++count_;
  return out_->Write(line_);
}

}  // namespace vedette::io
