// SPDX-License-Identifier: Apache-2.0
#include "base/json_writer.h"

#include <charconv>
#include <cmath>

#include "base/utf8.h"

namespace vedette::base {

void JsonWriter::Separate() {
  if (need_comma_) out_ += ',';
  need_comma_ = true;
}
void JsonWriter::BeginObject() {
  Separate();
  out_ += '{';
  need_comma_ = false;
}
void JsonWriter::EndObject() {
  out_ += '}';
  need_comma_ = true;
}
void JsonWriter::BeginArray() {
  Separate();
  out_ += '[';
  need_comma_ = false;
}
void JsonWriter::EndArray() {
  out_ += ']';
  need_comma_ = true;
}
void JsonWriter::Key(std::string_view key) {
  Separate();
  out_ += '"';
  AppendJsonEscaped(out_, key);
  out_ += "\":";
  need_comma_ = false;
}
void JsonWriter::String(std::string_view text) {
  Separate();
  out_ += '"';
  AppendJsonEscaped(out_, text);
  out_ += '"';
}
void JsonWriter::Int(std::int64_t value) {
  Separate();
  out_ += std::to_string(value);
}
void JsonWriter::Uint(std::uint64_t value) {
  Separate();
  out_ += std::to_string(value);
}
void JsonWriter::Double(double value) {
  Separate();
  if (!std::isfinite(value)) {
    out_ += "null";
    return;
  }
  char buffer[32];
  const auto [end, ec] = std::to_chars(buffer, buffer + sizeof buffer, value);
  const std::string_view digits(buffer, static_cast<std::size_t>(end - buffer));
  out_ += digits;
  // "1" would come back as an integer; keep the number's kind through a round trip.
  if (digits.find_first_of(".e") == std::string_view::npos) out_ += ".0";
}
void JsonWriter::Bool(bool value) {
  Separate();
  out_ += value ? "true" : "false";
}
void JsonWriter::Null() {
  Separate();
  out_ += "null";
}
void JsonWriter::Raw(std::string_view json) {
  Separate();
  out_ += json;
}

void AppendJsonEscaped(std::string& out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::size_t i = 0;
  while (i < text.size()) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x80) {
      const std::size_t length = Utf8SequenceLength(text.substr(i));
      if (length == 0) {
        out += kReplacementCharacter;
        i += Utf8BadPrefixLength(text.substr(i));
      } else {
        out += text.substr(i, length);
        i += length;
      }
      continue;
    }
    ++i;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (c < 0x20 || c == 0x7F) {
          out += "\\u00";
          out += kHex[c >> 4];
          out += kHex[c & 15];
        } else {
          out += static_cast<char>(c);
        }
    }
  }
}

}  // namespace vedette::base
