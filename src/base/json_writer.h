// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vedette::base {

/// Streaming writer of compact JSON onto a string that the caller owns and reuses.
///
/// Commas are placed by the writer. Strings are escaped; bytes that are not UTF-8 become U+FFFD, so
/// the output is always valid. Doubles print their shortest round-trip form; non-finite ones as
/// null. Misnesting is a programming error (asserted in debug).
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void BeginObject();
  void EndObject();
  void BeginArray();
  void EndArray();
  void Key(std::string_view key);
  void String(std::string_view text);
  void Int(std::int64_t value);
  void Uint(std::uint64_t value);
  void Double(double value);
  void Bool(bool value);
  void Null();
  /// `json` must be one valid JSON value.
  void Raw(std::string_view json);

  void Member(std::string_view key, std::string_view text) {
    Key(key);
    String(text);
  }
  void MemberInt(std::string_view key, std::int64_t value) {
    Key(key);
    Int(value);
  }
  void MemberBool(std::string_view key, bool value) {
    Key(key);
    Bool(value);
  }

 private:
  void Separate();
  std::string& out_;
  bool need_comma_ = false;
};

/// Appends `text` escaped for JSON, without the quotes.
void AppendJsonEscaped(std::string& out, std::string_view text);

/// `text` with every ill-formed UTF-8 sequence replaced by U+FFFD (one per maximal subpart).
std::string RepairUtf8(std::string_view text);
bool IsValidUtf8(std::string_view text);

}  // namespace vedette::base
