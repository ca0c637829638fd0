// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

/// What the sources behind an index pattern never hold. Data: schema/index_fields.toml. What is not
/// listed there is not known, and answered as if it might be there.
namespace vedette::rules {

struct IndexSource {
  std::string_view stem;         ///< beginning of the index names
  std::string_view package;      ///< integration package; empty when it is none's or not known
  std::string_view integration;  ///< the package's part, where it has several
  std::string_view categories;   ///< ` a b `; a lone blank or nothing: not known
  std::string_view never;        ///< ` a.b c.* `
};

/// The sources that `pattern` (`logs-endpoint.events.process*`) reads, when all of them are known;
/// else none. Remote clusters (`cluster:logs-…`) count as the local ones. O(sources).
std::vector<const IndexSource*> SourcesOf(std::string_view pattern);

/// The version condition of an integration package: `^9.0.0`; "*" when it is not known.
std::string_view PackageVersion(std::string_view package);
/// Certain that no event of the source has this category?
bool NeverCategory(const IndexSource& source, std::string_view category);
/// Certain that no event of the source has this field?
bool NeverField(const IndexSource& source, std::string_view field);

}  // namespace vedette::rules
