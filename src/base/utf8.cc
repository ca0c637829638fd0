// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include "base/json_writer.h"

namespace vedette::base {
namespace {

struct LeadByte {
  std::size_t length;  ///< 0: no sequence begins so
  unsigned char low;   ///< range of the second byte: excludes overlong forms and surrogates
  unsigned char high;
};

LeadByte Classify(unsigned char lead) {
  if (lead < 0x80) return {1, 0, 0};
  if (lead < 0xC2) return {0, 0, 0};
  if (lead < 0xE0) return {2, 0x80, 0xBF};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead < 0xF0) return {3, 0x80, 0xBF};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead < 0xF4) return {4, 0x80, 0xBF};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

/// How many bytes from the start could still begin a well-formed sequence.
std::size_t GoodPrefix(std::string_view text, const LeadByte& lead) {
  std::size_t i = 1;
  for (; i < lead.length && i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool good = i == 1 ? byte >= lead.low && byte <= lead.high : (byte & 0xC0) == 0x80;
    if (!good) break;
  }
  return i;
}

}  // namespace

std::size_t Utf8SequenceLength(std::string_view text) {
  if (text.empty()) return 0;
  const LeadByte lead = Classify(static_cast<unsigned char>(text[0]));
  if (lead.length == 0) return 0;
  return GoodPrefix(text, lead) == lead.length ? lead.length : 0;
}

std::size_t Utf8BadPrefixLength(std::string_view text) {
  if (text.empty()) return 1;
  return GoodPrefix(text, Classify(static_cast<unsigned char>(text[0])));
}

Utf8Char DecodeUtf8(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  const std::size_t length = Utf8SequenceLength(rest);
  if (length == 0) return {0, 1, false};
  const auto lead = static_cast<unsigned char>(rest[0]);
  if (length == 1) return {lead, 1, true};
  // The lead byte of an n-byte sequence keeps 7 - n bits of payload.
  char32_t code = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    code = code << 6U | (static_cast<unsigned char>(rest[i]) & 0x3FU);
  }
  return {code, length, true};
}

void AppendUtf8(std::string& out, char32_t c) {
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
    out += kReplacementCharacter;
    return;
  }
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string RepairUtf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = Utf8SequenceLength(text);
    if (length == 0) {
      out += kReplacementCharacter;
      text.remove_prefix(Utf8BadPrefixLength(text));
    } else {
      out += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return out;
}

bool IsValidUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = Utf8SequenceLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace vedette::base
