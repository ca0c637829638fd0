// SPDX-License-Identifier: Apache-2.0
#include "rules/rule.h"

#include <array>
#include <bit>
#include <cstddef>

#include "base/glob.h"

namespace vedette::rules {
namespace {

constexpr std::array<std::pair<RuleType, std::string_view>, 8> kTypes = {{
    {RuleType::kEql, "eql"},
    {RuleType::kQuery, "query"},
    {RuleType::kSavedQuery, "saved_query"},
    {RuleType::kThreshold, "threshold"},
    {RuleType::kNewTerms, "new_terms"},
    {RuleType::kThreatMatch, "threat_match"},
    {RuleType::kEsql, "esql"},
    {RuleType::kMachineLearning, "machine_learning"},
}};

/// SHA-1, only because RFC 9562 defines version 5 by it; nothing here is a secret.
std::array<std::uint8_t, 20> Sha1(std::string text) {
  std::array<std::uint32_t, 5> h = {0x67452301U, 0xEFCDAB89U, 0x98BADCFEU, 0x10325476U,
                                    0xC3D2E1F0U};
  const std::uint64_t bits = static_cast<std::uint64_t>(text.size()) * 8;
  text.push_back('\x80');
  while (text.size() % 64 != 56) text.push_back('\0');
  for (int shift = 56; shift >= 0; shift -= 8) {
    text.push_back(static_cast<char>(static_cast<unsigned char>((bits >> shift) & 0xFFU)));
  }
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  for (std::size_t block = 0; block < text.size(); block += 64) {
    std::array<std::uint32_t, 80> w{};
    for (std::size_t i = 0; i < 16; ++i) {
      const std::size_t at = block + i * 4;
      w[i] = byte(at) << 24 | byte(at + 1) << 16 | byte(at + 2) << 8 | byte(at + 3);
    }
    for (std::size_t i = 16; i < 80; ++i) {
      w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    }
    auto [a, b, c, d, e] = h;
    for (std::size_t i = 0; i < 80; ++i) {
      std::uint32_t f = 0;
      std::uint32_t k = 0;
      if (i < 20) {
        f = (b & c) | (~b & d);
        k = 0x5A827999U;
      } else if (i < 40) {
        f = b ^ c ^ d;
        k = 0x6ED9EBA1U;
      } else if (i < 60) {
        f = (b & c) | (b & d) | (c & d);
        k = 0x8F1BBCDCU;
      } else {
        f = b ^ c ^ d;
        k = 0xCA62C1D6U;
      }
      const std::uint32_t next = std::rotl(a, 5) + f + e + k + w[i];
      e = d;
      d = c;
      c = std::rotl(b, 30);
      b = a;
      a = next;
    }
    h[0] += a;
    h[1] += b;
    h[2] += c;
    h[3] += d;
    h[4] += e;
  }
  std::array<std::uint8_t, 20> digest{};
  for (std::size_t i = 0; i < 20; ++i) {
    digest[i] = static_cast<std::uint8_t>((h[i / 4] >> (24 - 8 * (i % 4))) & 0xFFU);
  }
  return digest;
}

/// 0a7f6c1e-52d3-4b86-9d41-7c0e5f3a9b24: drawn once for Vedette; changing it changes alert ids.
constexpr std::string_view kNamespace(
    "\x0a\x7f\x6c\x1e\x52\xd3\x4b\x86\x9d\x41\x7c\x0e\x5f\x3a\x9b\x24", 16);

}  // namespace

std::string_view RuleTypeName(RuleType type) {
  for (const auto& [value, name] : kTypes) {
    if (value == type) return name;
  }
  return "unknown";
}

RuleType RuleTypeFromName(std::string_view name) {
  for (const auto& [value, text] : kTypes) {
    if (text == name) return value;
  }
  return RuleType::kUnknown;
}

std::string_view Rule::Json(std::string_view key) const {
  const auto found = json.find(key);
  return found == json.end() ? std::string_view() : std::string_view(found->second);
}

int SeverityRank(std::string_view severity) {
  constexpr std::array<std::string_view, 4> kNames = {"low", "medium", "high", "critical"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == severity) return static_cast<int>(i);
  }
  return -1;
}

std::string_view SeverityForRisk(std::int64_t risk_score) {
  if (risk_score <= 21) return "low";
  if (risk_score <= 47) return "medium";
  return risk_score <= 73 ? "high" : "critical";
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = base::AsciiLower(text[i]);
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != '-') return false;
    } else if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
      return false;
    }
  }
  return true;
}

std::string UuidFromName(std::string_view name) {
  std::string input(kNamespace);
  input += name;
  auto digest = Sha1(std::move(input));
  digest[6] = static_cast<std::uint8_t>((digest[6] & 0x0FU) | 0x50U);
  digest[8] = static_cast<std::uint8_t>((digest[8] & 0x3FU) | 0x80U);
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out.push_back('-');
    out.push_back(kHex[digest[i] >> 4]);
    out.push_back(kHex[digest[i] & 0x0FU]);
  }
  return out;
}

void AssignIdentity(Rule& rule) {
  if (rule.rule_id.empty()) rule.rule_id = rule.id;
  // A rule without any identity is known by what a person would call it.
  if (rule.rule_id.empty() && !rule.name.empty()) rule.rule_id = UuidFromName(rule.name);
  if (!rule.id.empty() || rule.rule_id.empty()) return;
  if (!IsUuid(rule.rule_id)) {
    rule.id = UuidFromName(rule.rule_id);
    return;
  }
  for (const char c : rule.rule_id) rule.id.push_back(base::AsciiLower(c));
}

}  // namespace vedette::rules
