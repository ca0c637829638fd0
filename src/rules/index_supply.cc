// SPDX-License-Identifier: Apache-2.0
#include "rules/index_supply.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vedette::rules {
namespace {

struct Vendor {
  std::string_view name;
  std::string_view stems;
};

constexpr auto kSources = std::to_array<IndexSource>({
#define VEDETTE_SOURCE_ROW(stem, package, integration, categories, never) \
  {stem, package, integration, categories, never},
#include "rules/index_fields.inc"
#undef VEDETTE_SOURCE_ROW
});
constexpr auto kVendors = std::to_array<Vendor>({
#define VEDETTE_VENDOR_ROW(name, stems) {name, stems},
#include "rules/index_fields.inc"
#undef VEDETTE_VENDOR_ROW
});
constexpr auto kPackages = std::to_array<std::pair<std::string_view, std::string_view>>({
#define VEDETTE_PACKAGE_ROW(name, version) {name, version},
#include "rules/index_fields.inc"
#undef VEDETTE_PACKAGE_ROW
});
constexpr auto kComplete = std::to_array<std::string_view>({
#define VEDETTE_COMPLETE_ROW(prefix) prefix,
#include "rules/index_fields.inc"
#undef VEDETTE_COMPLETE_ROW
});

/// Calls `test` for each word of a blank-separated list until one is accepted.
template <class Test>
bool AnyWord(std::string_view words, const Test& test) {
  while (!words.empty()) {
    const std::size_t blank = std::min(words.find(' '), words.size());
    if (blank > 0 && test(words.substr(0, blank))) return true;
    words.remove_prefix(std::min(blank + 1, words.size()));
  }
  return false;
}

bool Below(std::string_view field, std::string_view entry) {
  if (!entry.ends_with(".*")) return field == entry;
  entry.remove_suffix(2);
  return field.starts_with(entry) && (field.size() == entry.size() || field[entry.size()] == '.');
}

}  // namespace

std::vector<const IndexSource*> SourcesOf(std::string_view pattern) {
  if (const std::size_t colon = pattern.find(':'); colon != std::string_view::npos) {
    pattern.remove_prefix(colon + 1);
  }
  const std::string_view fixed = pattern.substr(0, pattern.find('*'));
  std::vector<const IndexSource*> out;
  for (const IndexSource& source : kSources) {
    // `logs-endpoint.events.process-*` names the source as well as `…process*` does.
    if (fixed.starts_with(source.stem)) return {&source};
    if (source.stem.starts_with(fixed)) out.push_back(&source);
  }
  const bool complete =
      std::any_of(kComplete.begin(), kComplete.end(),
                  [&](std::string_view known) { return fixed.starts_with(known); });
  return complete ? out : std::vector<const IndexSource*>();
}

std::string_view PackageVersion(std::string_view package) {
  const auto found = std::find_if(kPackages.begin(), kPackages.end(),
                                  [&](const auto& row) { return row.first == package; });
  return found == kPackages.end() ? "*" : found->second;
}

bool NeverCategory(const IndexSource& source, std::string_view category) {
  bool known = false;
  const bool there = AnyWord(source.categories, [&](std::string_view word) {
    known = true;
    return word == category;
  });
  return known && !there;
}

bool NeverField(const IndexSource& source, std::string_view field) {
  const std::string_view first = field.substr(0, field.find('.'));
  for (const Vendor& vendor : kVendors) {
    if (vendor.name != first) continue;
    return !AnyWord(vendor.stems, [&](std::string_view stem) {
      return source.stem.starts_with(stem) || stem.starts_with(source.stem);
    });
  }
  return AnyWord(source.never, [&](std::string_view entry) { return Below(field, entry); });
}

}  // namespace vedette::rules
