// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "event/event.h"
#include "rules/rule.h"
#include "service/event_alerts.h"
#include "sources/decoder.h"
#include "vedette/detection.h"

namespace vedette {

/// What a Detection shows: an alert, or (alert == nullptr) a rule and the event it matched.
struct Detection::Impl {
  std::size_t number;
  const rules::Rule* rule;
  const service::PendingAlert* alert = nullptr;
  const event::Event* matched = nullptr;
  std::string_view record;
  sources::SourceId source = sources::SourceId::kUnknown;
};

/// Makes the Detections that callbacks see.
class DetectionMaker {
 public:
  static Detection Make(const Detection::Impl& impl) noexcept { return Detection(impl); }
  using Impl = Detection::Impl;
};

}  // namespace vedette
