// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/input_files.h"
#include "service/event_pipeline.h"

namespace vedette::service {

/// A field as it occurs in data.
struct SeenField {
  std::uint64_t events = 0;  ///< that have it
  std::string example;       ///< the first value, at most 60 bytes
};

struct FieldSurvey {
  std::map<std::string, SeenField, std::less<>> fields;  ///< by dotted path
  std::uint64_t events = 0;                              ///< that were looked at
  bool whole = true;                                     ///< to the end of the files
};

struct SurveyLimits {
  std::uint64_t events = 20'000;
  std::size_t fields = 10'000;
  std::size_t path_bytes = 256;
};

/// The fields of the first events in the files. Same answer for any number of threads, to the batch
/// in which the limit of events is reached. Records that cannot be read are passed over.
base::Result<FieldSurvey> SurveyFields(const std::vector<io::InputFile>& files,
                                       const PipelineOptions& options,
                                       const SurveyLimits& limits = {});

}  // namespace vedette::service
