// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/record_framer.h"
#include "service/record_decoder.h"
#include "service/record_processor.h"
#include "service/scan_end.h"
#include "service/scan_run.h"
#include "sources/audit_log.h"
#include "vedette/event.h"

namespace vedette::embed {

/// A match without its alert; views hold until the callback returns.
struct BareMatch {
  std::uint32_t rule;
  const event::Event* event;
  std::string_view record;
  sources::SourceId source;
};

/// Records to alerts on one thread: what scan's reader, worker and ordered end do, in one place.
/// The only user of those parts in this room.
class DetectionRun {
 public:
  struct Sinks {
    std::function<void(const service::PendingAlert&)> alert;
    std::function<void(const service::Rejected&)> rejected;
    /// When set, rules that one event decides give these instead of alerts, and nothing is enriched
    /// whatever the options say.
    std::function<void(const BareMatch&)> match;
  };

  /// `set` outlives this.
  /// `sort_inputs`: several inputs are one stream after sorting, so alerts come at Finish().
  DetectionRun(const service::DetectionSet& set, const service::ScanOptions& options,
               bool sort_inputs, Sinks sinks);

  /// How alerts are stamped from here on.
  void set_stamp(const service::AlertStamp& stamp);

  /// A record or damaged piece of the input. Errors are Vedette's own defects.
  base::Result<void> Take(const io::Frame& frame);
  /// A whole event beside the input.
  base::Result<void> Take(const Event& event);
  /// The input has ended: audit events that still waited for records are done.
  base::Result<void> EndInput();
  /// Moves what was found on to the ordered end; call it after each piece of input.
  base::Result<void> Settle();
  base::Result<void> Finish();

  service::ScanStats stats() const;

 private:
  base::Result<void> TakeOther(const io::Frame& frame);
  /// One record by itself.
  base::Result<void> Decode(const service::BatchRecord& record, const Event* named);
  /// Lets the record wait for others: the decoder is at its best with many lines at once.
  base::Result<void> Collect(std::string_view bytes, const service::RecordPlace& place);
  base::Result<void> DecodeCollected();
  base::Result<void> AfterDecoding();
  /// What was found so far goes to the ordered end.
  base::Result<void> HandOn();
  void Process(service::DecodedEvent& decoded, std::string_view record);
  void Match(service::DecodedEvent& decoded, std::string_view record);
  base::Result<void> TakeAudit(const event::Value& document, const io::Frame& frame);
  void Reject(const io::Frame& frame, std::string_view code, std::string_view reason);
  void Tell(const service::Rejected& rejected);

  Sinks sinks_;
  service::ScanSinks end_sinks_;
  service::ScanEnd end_;
  service::RecordDecoder decoder_;
  service::RecordProcessor processor_;
  std::string lines_;                         ///< collected records, a line each
  std::vector<service::RecordPlace> places_;  ///< of each
  std::optional<sources::AuditLogDecoder> audit_;
  base::Arena audit_arena_;
  std::string audit_json_;
  service::BatchFindings findings_;
  std::vector<service::Rejected> rejected_;
  std::vector<std::uint64_t> matches_;  ///< bare ones, by rule
  service::Counters counters_;
  std::uint64_t rejected_count_ = 0;
  std::map<std::string, std::uint64_t, std::less<>> rejected_by_;
};

}  // namespace vedette::embed
