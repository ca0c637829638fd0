// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "rules/proof.h"

namespace vedette::rules {

/// A proof as the text of a rule's `*.test.toml` (rule_test_file.h): a case per stream. Streams
/// that may fire after all are left out: they expect nothing.
std::string TestFileText(const Proof& proof);

}  // namespace vedette::rules
