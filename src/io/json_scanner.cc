// SPDX-License-Identifier: Apache-2.0
#include "io/json_scanner.h"

#include <cstring>

namespace vedette::io {

namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101U;
constexpr std::uint64_t kHighs = 0x8080808080808080U;

// Whether one of eight bytes is zero; exact, see "Bit Twiddling Hacks" (S. E. Anderson).
constexpr std::uint64_t ZeroByte(std::uint64_t word) { return (word - kOnes) & ~word & kHighs; }

// The first place in [at, end) that may be a quote, a backslash or a line break. Strings are most
// of an event, and by the byte they would hold documents to a fifth of this speed.
const char* SkipOrdinary(const char* at, const char* end) {
  for (; end - at >= 8; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    if ((ZeroByte(word ^ (kOnes * '"')) | ZeroByte(word ^ (kOnes * '\\')) |
         ZeroByte(word ^ (kOnes * '\n'))) != 0) {
      break;
    }
  }
  return at;
}

}  // namespace

void JsonScanner::Start(bool watch_hits) {
  *this = JsonScanner();
  watch_hits_ = watch_hits;
}

void JsonScanner::StartTail() {
  *this = JsonScanner();
  depth_ = 2;
  value_allowed_ = false;
}

void JsonScanner::Push(bool array) {
  if (depth_ < kMaxDepth) is_array_[depth_] = array;
  ++depth_;
  if (array) ++arrays_;
  value_allowed_ = array;
  key_expected_ = !array;
}

// False when `]` closes nothing that is open here.
bool JsonScanner::Close(bool array) {
  value_allowed_ = false;
  key_expected_ = false;
  if (depth_ > kMaxDepth) {
    // Kinds are unknown down there, so only the depth is kept.
    --depth_;
    if (array && arrays_ > 0) --arrays_;
    return true;
  }
  if (TopIsArray() != array) {
    damaged_ = true;
    if (array && arrays_ == 0) return false;
    // `{"a":[1}`: the brackets in between were forgotten, close them too.
    while (depth_ > 1 && TopIsArray() != array) {
      if (TopIsArray()) --arrays_;
      --depth_;
    }
  }
  if (TopIsArray()) --arrays_;
  --depth_;
  if (depth_ == 1) inside_hits_ = false;
  return true;
}

void JsonScanner::EndKey() {
  capturing_ = false;
  key_expected_ = false;
}

// Consumes string content up to and with the closing quote, or up to a line break (not consumed).
const char* JsonScanner::SkipString(const char* at, const char* end) {
  for (; at < end; ++at) {
    if (!escaped_ && !capturing_) {
      at = SkipOrdinary(at, end);
      if (at == end) break;
    }
    const char c = *at;
    if (c == '\n') {
      damaged_ = true;
      in_string_ = false;
      escaped_ = false;
      EndKey();
      return at;
    }
    if (escaped_) {
      escaped_ = false;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      in_string_ = false;
      EndKey();
      return at + 1;
    }
    if (capturing_) {
      if (key_bytes_ < sizeof key_) key_[key_bytes_] = c;
      if (key_bytes_ < 255) ++key_bytes_;
    }
  }
  return at;
}

JsonScanner::Event JsonScanner::Scan(const char*& at, const char* end) {
  while (at < end) {
    const char* const from = at;
    if (in_string_) {
      at = SkipString(at, end);
      column_ += static_cast<std::uint64_t>(at - from);
      continue;
    }
    const char c = *at;
    Event event = Event::kMore;
    switch (c) {
      case '\n':
        ++line_breaks_;
        column_ = 0;
        line_blank_ = true;
        ++at;
        continue;
      case ' ':
      case '\t':
      case '\r':
        ++column_;
        ++at;
        continue;
      case '{':
        if (line_blank_ && !accepted_) return Event::kLineBrace;
        accepted_ = false;
        if (watch_hits_ && depth_ == 1 &&
            std::string_view(key_, key_bytes_ > 8 ? 0 : key_bytes_) == "hits") {
          inside_hits_ = value_allowed_;
        }
        Push(false);
        break;
      case '[': {
        const std::string_view key(key_, key_bytes_ > 8 ? 0 : key_bytes_);
        const bool hits = watch_hits_ && inside_hits_ && depth_ == 2 && value_allowed_ &&
                          (key == "hits" || key == "events");
        Push(true);
        if (hits) event = Event::kHits;
        break;
      }
      case '}':
      case ']':
        if (!Close(c == ']')) return Event::kOverrun;
        if (depth_ == 0) event = Event::kEnd;
        break;
      case ',':
        value_allowed_ = TopIsArray();
        key_expected_ = !value_allowed_;
        key_bytes_ = 0;
        break;
      case ':':
        value_allowed_ = true;
        key_expected_ = false;
        break;
      case '"':
        in_string_ = true;
        value_allowed_ = false;
        capturing_ = watch_hits_ && key_expected_ && depth_ <= 2;
        if (capturing_) key_bytes_ = 0;
        break;
      default:
        value_allowed_ = false;
        break;
    }
    line_blank_ = false;
    ++column_;
    ++at;
    if (event != Event::kMore) return event;
  }
  return Event::kMore;
}

}  // namespace vedette::io
