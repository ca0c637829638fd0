// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vedette::rules {

struct GuideStyle {
  std::size_t width = 80;  ///< columns; at least 20. Code and plugin filters are never broken.
  bool colour = false;     ///< ANSI
};

/// An investigation guide's markdown as text for a terminal: headings, lists, quotes, code, links,
/// and the plugins as filters and SQL that can be copied. What is not understood is printed as it
/// stands; control characters of a hostile guide become `.`. Ends with a newline unless empty.
std::string RenderGuide(std::string_view markdown, const GuideStyle& style);

/// A plugin's payload as copyable EQL condition (investigate) or SQL (osquery), headed by its
/// label.
std::string RenderPlugin(std::string_view name, std::string_view json, const GuideStyle& style);

}  // namespace vedette::rules
