// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace vedette {

inline constexpr std::string_view kPairOfProcesses =
    "sequence by host.id with maxspan=5m [process where true] [process where true]";

inline std::string RuleIdOf(int number) {
  return fmt::format("0b1f0a52-6a0e-4f7e-8f49-{:012}", number);
}

/// A detection rule as TOML; its query stands on line 15.
inline std::string RuleText(std::string_view name, int number, std::string_view query) {
  return fmt::format(R"([metadata]
creation_date = "2026/01/01"
maturity = "production"
updated_date = "2026/01/01"
[rule]
author = ["Vedette"]
description = "test"
language = "eql"
license = "Apache-2.0"
name = "{}"
risk_score = 21
rule_id = "{}"
severity = "low"
type = "eql"
query = '''{}'''
)",
                     name, RuleIdOf(number), query);
}

}  // namespace vedette
