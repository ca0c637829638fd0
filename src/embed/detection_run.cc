// SPDX-License-Identifier: Apache-2.0
#include "embed/detection_run.h"

#include <utility>

#include "event/json_reader.h"
#include "io/frame_buffer.h"
#include "service/hash_seed.h"
#include "sources/audit_record.h"

namespace vedette::embed {
namespace {

// Findings wait together, so that the ordered end is not entered for each record.
constexpr std::size_t kMostWaiting = 256;
// As much as stays in a second-level cache while it is read twice.
constexpr std::size_t kBlockBytes = 128UL * 1024;

service::DecoderOptions DecoderOptionsOf(const service::DetectionSet& set,
                                         const service::ScanOptions& options) {
  service::DecoderOptions decoder = options.pipeline.decoder;
  decoder.fields = &set.record_fields();
  return decoder;
}

/// Whether RecordDecoder::DecodeBlock would take this record as one line.
bool IsOneLine(std::string_view bytes) {
  return bytes.starts_with('{') && !bytes.ends_with('\r') &&
         bytes.find('\n') == std::string_view::npos;
}

}  // namespace

DetectionRun::DetectionRun(const service::DetectionSet& set, const service::ScanOptions& options,
                           bool sort_inputs, Sinks sinks)
    : sinks_(std::move(sinks)),
      end_sinks_{[this](const service::PendingAlert& alert) {
                   sinks_.alert(alert);
                   return base::Result<void>();
                 },
                 {},
                 {}},
      end_(set, sort_inputs, options, end_sinks_),
      decoder_(DecoderOptionsOf(set, options)),
      processor_(set, end_.state(), options.stamp, options.enrichment, service::SecretHashSeed()),
      matches_(set.size()) {}

void DetectionRun::set_stamp(const service::AlertStamp& stamp) {
  processor_.set_stamp(stamp);
  end_.set_stamp(stamp);
}

base::Result<void> DetectionRun::Take(const io::Frame& frame) {
  if (frame.fault != io::FrameFault::kNone) {
    VED_TRY_VOID(DecodeCollected());
    Reject(frame, io::FrameFaultCode(frame.fault), io::FrameFaultReason(frame.fault));
    return {};
  }
  const std::size_t start = frame.bytes.find_first_not_of(" \t");
  const char first = start == std::string_view::npos ? '\0' : frame.bytes[start];
  const service::RecordPlace place{0, frame.line, frame.offset};
  if (IsOneLine(frame.bytes)) return Collect(frame.bytes, place);
  VED_TRY_VOID(DecodeCollected());
  if (first != '{' && first != '[') return TakeOther(frame);
  return Decode({frame.bytes, place, false}, nullptr);
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
  if (event.index.empty() && event.id.empty() && IsOneLine(event.json)) {
    return Collect(event.json, {});
  }
  VED_TRY_VOID(DecodeCollected());
  return Decode({event.json, {}, false}, &event);
}

base::Result<void> DetectionRun::EndInput() {
  VED_TRY_VOID(DecodeCollected());
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
  return AfterDecoding();
}

base::Result<void> DetectionRun::AfterDecoding() {
  for (const service::Rejected& rejected : rejected_) Tell(rejected);
  rejected_.clear();
  const std::size_t waiting = findings_.alerts.size() + findings_.ordered.size();
  return waiting >= kMostWaiting ? HandOn() : base::Result<void>();
}

base::Result<void> DetectionRun::Collect(std::string_view bytes,
                                         const service::RecordPlace& place) {
  lines_ += bytes;
  lines_ += '\n';
  places_.push_back(place);
  // A lone match shows its record, so records go one by one there.
  return lines_.size() >= kBlockBytes || sinks_.match ? DecodeCollected() : base::Result<void>();
}

base::Result<void> DetectionRun::DecodeCollected() {
  if (lines_.empty()) return {};
  const std::size_t size = lines_.size();
  lines_.append(io::FrameBuffer::kPadding, '\0');
  const std::string_view lines = std::string_view(lines_).substr(0, size);
  decoder_.DecodeBlock({lines, {}}, counters_, rejected_, [&](service::DecodedEvent& decoded) {
    Process(decoded, lines.substr(0, size - 1));
  });
  // The block counts its own lines from 0; what they were in the input is kept beside it.
  for (service::Rejected& rejected : rejected_) rejected.place = places_[rejected.place.line];
  lines_.clear();
  // One huge record must not hold its memory for ever.
  if (lines_.capacity() > 8 * kBlockBytes) lines_.shrink_to_fit();
  places_.clear();
  return AfterDecoding();
}

void DetectionRun::Process(service::DecodedEvent& decoded, std::string_view record) {
  if (sinks_.match) {
    Match(decoded, record);
  } else {
    processor_.Process(decoded, decoder_, findings_);
  }
}

void DetectionRun::Match(service::DecodedEvent& decoded, std::string_view record) {
  ++findings_.records;
  const engine::RuleHits& hits = processor_.Match(decoded, decoder_);
  if (!hits.rules.empty()) {
    // A record that does not read as a whole is none, here as in a scan.
    if (!decoder_.ReadDocument(decoded)) return;
    for (const std::uint32_t rule : hits.rules) {
      ++matches_[rule];
      sinks_.match({rule, &decoded.event, record, decoded.source});
    }
  }
  processor_.Order(decoded, decoder_, findings_);
}

base::Result<void> DetectionRun::Settle() {
  VED_TRY_VOID(DecodeCollected());
  return HandOn();
}

base::Result<void> DetectionRun::HandOn() {
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
