// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "rules/rule.h"

namespace vedette::rules {

/// The integrations whose data a TOML rule reads: the packages of its `metadata.integration`,
/// ascending, each with the part that the index patterns name where the package has several
/// (rules.md section 2). Versions come from schema/index_fields.toml; a package that is not there
/// gets "*", for any version. Empty without that metadata.
std::vector<RelatedIntegration> RelatedIntegrationsOf(const Rule& rule);

}  // namespace vedette::rules
