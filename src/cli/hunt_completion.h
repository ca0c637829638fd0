// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "eql/ast.h"
#include "service/field_survey.h"

namespace vedette::cli {

/// What could stand where the cursor is.
struct Completion {
  std::size_t typed = 0;                ///< bytes of the word that are there already
  std::vector<std::string> candidates;  ///< whole words, ascending, without duplicates
};

/// The colon commands of the interactive mode.
std::vector<std::string_view> HuntCommands();

/// Keywords, categories, pipes and functions of the dialect, and the fields of the data, by the
/// text before the cursor.
Completion CompleteHunt(std::string_view before_cursor, eql::Dialect dialect,
                        const service::FieldSurvey& survey);

/// The longest beginning that all candidates have in common.
std::string CommonPrefix(const std::vector<std::string>& candidates);

}  // namespace vedette::cli
