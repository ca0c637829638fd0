// SPDX-License-Identifier: Apache-2.0
#include "embed/detection_run.h"

#include <utility>

#include "event/json_reader.h"
#include "sources/audit_record.h"

namespace vedette::embed {
namespace {

// Findings wait together, so that the ordered end is not entered for each record.
constexpr std::size_t kMostWaiting = 256;

}  // namespace

DetectionRun::DetectionRun(const service::DetectionSet& set, const service::ScanOptions& options,
                           bool sort_inputs, Sinks sinks)
    : set_(set),
      sinks_(std::move(sinks)),
      end_sinks_{[this](const service::PendingAlert& alert) {
                   sinks_.alert(alert);
                   return base::Result<void>();
                 },
                 {},
                 {}},
      end_(set, sort_inputs, options, end_sinks_),
      decoder_(options.pipeline.decoder),
      processor_(set, end_.state(), options.stamp, options.enrichment),
      eligibility_(set),
      matches_(set.size()) {}

void DetectionRun::set_stamp(const service::AlertStamp& stamp) {
  processor_.set_stamp(stamp);
  end_.set_stamp(stamp);
}

base::Result<void> DetectionRun::Take(const io::Frame& frame) {
  if (frame.fault != io::FrameFault::kNone) {
    Reject(frame, io::FrameFaultCode(frame.fault), io::FrameFaultReason(frame.fault));
    return {};
  }
  const std::size_t start = frame.bytes.find_first_not_of(" \t");
  const char first = start == std::string_view::npos ? '\0' : frame.bytes[start];
  if (first != '{' && first != '[') return TakeOther(frame);
  return Decode({frame.bytes, {0, frame.line, frame.offset}, false}, nullptr);
}

base::Result<void> DetectionRun::TakeOther(const io::Frame& frame) {
  if (!sources::LooksLikeAuditLine(frame.bytes)) {
    Reject(frame, "unknown_format", "neither a JSON object nor an audit record");
    return {};
  }
  if (!audit_) audit_.emplace();
  base::Result<void> outcome;
  const bool taken = audit_->Line(frame.bytes, audit_arena_, [&](const event::Value& document) {
    if (outcome) outcome = TakeAudit(document, frame);
  });
  audit_arena_.Reset();
  if (!taken) Reject(frame, "bad_audit_record", "an audit record with a damaged header");
  return outcome;
}

base::Result<void> DetectionRun::TakeAudit(const event::Value& document, const io::Frame& frame) {
  audit_json_.clear();
  event::WriteJson(document, audit_json_);
  return Decode({audit_json_, {0, frame.line, frame.offset}, true}, nullptr);
}

base::Result<void> DetectionRun::Take(const Event& event) {
  return Decode({event.json, {}, false}, &event);
}

base::Result<void> DetectionRun::EndInput() {
  if (!audit_) return {};
  base::Result<void> outcome;
  audit_->Flush(audit_arena_, [&](const event::Value& document) {
    if (outcome) outcome = TakeAudit(document, {});
  });
  audit_arena_.Reset();
  audit_.reset();
  return outcome;
}

base::Result<void> DetectionRun::Decode(const service::BatchRecord& record, const Event* named) {
  decoder_.Decode(record, counters_, rejected_, [&](service::DecodedEvent& decoded) {
    if (named != nullptr && !named->index.empty()) decoded.event.index = named->index;
    if (named != nullptr && !named->id.empty()) decoded.event.id = named->id;
    Process(decoded, record.bytes);
  });
  for (const service::Rejected& rejected : rejected_) Tell(rejected);
  rejected_.clear();
  const std::size_t waiting = findings_.alerts.size() + findings_.ordered.size();
  return waiting >= kMostWaiting ? Settle() : base::Result<void>();
}

void DetectionRun::Process(service::DecodedEvent& decoded, std::string_view record) {
  if (sinks_.match) {
    Match(decoded, record);
  } else {
    processor_.Process(decoded, decoder_, findings_);
  }
}

/// RecordProcessor::Process without identities, documents and enrichment.
void DetectionRun::Match(service::DecodedEvent& decoded, std::string_view record) {
  base::Arena& arena = decoder_.arena();
  event::Event& event = decoded.event;
  event.slots = set_.projector().Project(event.document, arena);
  const std::vector<bool>& eligible = eligibility_.Of(decoded.source, event, arena);
  hits_.clear();
  set_.matcher().Match(event, eligible, arena, hits_);
  for (const std::uint32_t rule : hits_) {
    ++matches_[rule];
    sinks_.match({rule, &event, record, decoded.source});
  }
  ++findings_.records;
  const engine::StatefulRules* state = end_.state();
  if (state == nullptr || !event.has_timestamp) return;
  std::vector<std::uint32_t> rules;
  state->CouldMatter(event, eligible, set_.first_stateful(), arena, rules);
  if (rules.empty() && !state->follows_processes()) return;
  findings_.ordered.push_back(service::MakeOrdered(decoded, findings_.records - 1));
  findings_.ordered.back().rules = std::move(rules);
}

base::Result<void> DetectionRun::Settle() {
  auto taken = end_.Take(findings_);
  findings_.alerts.clear();
  findings_.ordered.clear();
  findings_.records = 0;
  return taken;
}

base::Result<void> DetectionRun::Finish() {
  VED_TRY_VOID(Settle());
  return end_.Finish();
}

void DetectionRun::Reject(const io::Frame& frame, std::string_view code, std::string_view reason) {
  Tell({{0, frame.line, frame.offset},
        frame.length,
        code,
        std::string(reason),
        std::string(frame.bytes)});
}

void DetectionRun::Tell(const service::Rejected& rejected) {
  ++rejected_count_;
  ++rejected_by_[std::string(rejected.code)];
  if (sinks_.rejected) sinks_.rejected(rejected);
}

service::ScanStats DetectionRun::stats() const {
  service::ScanStats all;
  all.counters = counters_;
  all.rejected = rejected_count_;
  all.rejected_by = rejected_by_;
  end_.Count(all);
  for (std::size_t i = 0; i < matches_.size(); ++i) {
    all.rules[i].hits += matches_[i];
    all.rules[i].alerts += matches_[i];
    all.alerts += matches_[i];
  }
  return all;
}

}  // namespace vedette::embed
