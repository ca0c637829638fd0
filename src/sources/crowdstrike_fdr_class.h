// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace vedette::sources {

/// What an `event_simpleName` says about the event: a fixed function of the name. Several
/// categories or types are separated by blanks; empty means that the field stays absent.
struct FdrClass {
  std::string_view category;
  std::string_view type;
  std::string_view kind = "event";
  std::string_view outcome;
};
FdrClass ClassifyFdr(std::string_view event_name);

/// What becomes of a raw key under `crowdstrike.*`.
enum class FdrKeep : char {
  kVerbatim,
  kMoved,  ///< the ECS document holds it
  kInteger,
  kSeconds,  ///< a time: epoch seconds to ISO
  kBlanks,   ///< split at blanks
  kCommas,   ///< split at commas and blanks
  kHash,     ///< verbatim unless all zero
};
FdrKeep FdrKeepOf(std::string_view key);

}  // namespace vedette::sources
