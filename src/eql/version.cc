// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>
#include <vector>

#include "eql/value_ops.h"

namespace vedette::eql {
namespace {

bool AllDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool IsIdentifier(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

std::vector<std::string_view> SplitDots(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t dot = text.find('.');
    parts.push_back(text.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    text.remove_prefix(dot + 1);
  }
}

struct Version {
  bool valid = false;
  std::vector<std::string_view> numbers;
  std::vector<std::string_view> prerelease;
};

Version Parse(std::string_view text) {
  Version out;
  std::string_view body = text.substr(0, text.find('+'));
  const std::size_t dash = body.find('-');
  out.numbers = SplitDots(body.substr(0, dash));
  out.valid = std::all_of(out.numbers.begin(), out.numbers.end(), AllDigits);
  if (dash != std::string_view::npos) {
    out.prerelease = SplitDots(body.substr(dash + 1));
    out.valid =
        out.valid && std::all_of(out.prerelease.begin(), out.prerelease.end(), IsIdentifier);
  }
  return out;
}

/// Digit texts of any length by value.
std::strong_ordering CompareDigits(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a.compare(b) <=> 0;
}

std::strong_ordering ComparePrerelease(const Version& a, const Version& b) {
  if (a.prerelease.empty() || b.prerelease.empty()) {
    return a.prerelease.empty() <=> b.prerelease.empty();  // the release is the greater one
  }
  const std::size_t shared = std::min(a.prerelease.size(), b.prerelease.size());
  for (std::size_t i = 0; i < shared; ++i) {
    const std::string_view x = a.prerelease[i];
    const std::string_view y = b.prerelease[i];
    const bool x_number = AllDigits(x);
    const bool y_number = AllDigits(y);
    if (x_number != y_number) {
      return x_number ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    const auto order = x_number ? CompareDigits(x, y) : x.compare(y) <=> 0;
    if (order != 0) return order;
  }
  return a.prerelease.size() <=> b.prerelease.size();
}

}  // namespace

std::strong_ordering CompareVersions(std::string_view a, std::string_view b) {
  const Version x = Parse(a);
  const Version y = Parse(b);
  if (x.valid != y.valid) {
    return x.valid ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  if (!x.valid) return a.compare(b) <=> 0;
  const std::size_t parts = std::max(x.numbers.size(), y.numbers.size());
  for (std::size_t i = 0; i < parts; ++i) {
    const std::string_view left = i < x.numbers.size() ? x.numbers[i] : "0";
    const std::string_view right = i < y.numbers.size() ? y.numbers[i] : "0";
    if (const auto order = CompareDigits(left, right); order != 0) return order;
  }
  return ComparePrerelease(x, y);
}

}  // namespace vedette::eql
