// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/arena.h"

namespace vedette::sources {

/// Where the integration keeps a raw Cloud Funnel key below `sentinel_one_cloud_funnel.event`:
/// "src.process.tgtFileCreationCount" -> "src.process.tgt_file.creation_count". Any text is
/// accepted; the answer lies in the arena. O(length).
std::string_view FunnelVendorPath(std::string_view raw_key, base::Arena& arena);

/// How the value changes on the way there.
enum class FunnelKeep : char {
  kVerbatim,
  kMilliseconds,  ///< a time: epoch milliseconds to ISO
  kText,          ///< a number spelt out
};
FunnelKeep FunnelKeepOf(std::string_view raw_key);

}  // namespace vedette::sources
