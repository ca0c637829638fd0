// SPDX-License-Identifier: Apache-2.0
#include "vedette/engine.h"

#include <utility>

#include "embed/compiled_rules.h"
#include "embed/detection_maker.h"
#include "embed/detection_run.h"
#include "embed/push_framer.h"
#include "sources/decoder.h"

namespace vedette {
namespace {

base::Timestamp ToTimestamp(Time time) { return {time.time_since_epoch().count()}; }

/// Alerts carry milliseconds; more digits would only be noise.
service::AlertStamp StampOf(Time time) {
  base::Timestamp created = ToTimestamp(time);
  created.nanoseconds -= created.nanoseconds % 1'000'000;
  return {created};
}

Time ClockNow() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

service::Enrichment EnrichmentOf(const EngineOptions& options) {
  if (options.output == Output::kMatches) return service::Enrichment::kNone;
  switch (options.enrichment) {
    case ParentEnrichment::kRawRecords:
      return service::Enrichment::kRaw;
    case ParentEnrichment::kAllSources:
      return service::Enrichment::kAll;
    case ParentEnrichment::kNone:
      break;
  }
  return service::Enrichment::kNone;
}

Status Invalid(std::string message) {
  return Status(StatusCode::kInvalidArgument, std::move(message));
}

Result<service::ScanOptions> Understand(const EngineOptions& options) {
  service::ScanOptions scan;
  if (options.source != "auto") {
    scan.pipeline.decoder.forced_source = sources::SourceFromName(options.source);
    if (!scan.pipeline.decoder.forced_source) {
      return Invalid("source: unknown source '" + options.source + "'");
    }
  }
  if (options.lateness < std::chrono::nanoseconds::zero()) return Invalid("lateness: negative");
  if (options.max_alerts < -1) return Invalid("max_alerts: below -1");
  if (options.max_record_bytes == 0) return Invalid("max_record_bytes: zero");
  if (options.from) scan.pipeline.decoder.from = ToTimestamp(*options.from);
  if (options.to) scan.pipeline.decoder.to = ToTimestamp(*options.to);
  scan.pipeline.max_record_bytes = options.max_record_bytes;
  scan.lateness = options.lateness;
  scan.max_signals = options.max_alerts;
  scan.enrichment = EnrichmentOf(options);
  scan.stamp = StampOf(options.now ? *options.now : ClockNow());
  return scan;
}

Status PublicStatus(const base::Error& error) {
  const auto code = [&] {
    if (error.code() == base::ErrorCode::kUnsupported) return StatusCode::kUnsupported;
    if (error.code() == base::ErrorCode::kIo) return StatusCode::kResource;
    return StatusCode::kInternal;
  };
  return Status(code(), error.message());
}

}  // namespace

struct Engine::Impl {
  Impl(std::shared_ptr<const RuleSet::Impl> rules_of_run, const EngineOptions& options,
       const service::ScanOptions& scan, DetectionSink on_detection, RejectionSink on_rejection)
      : rules(std::move(rules_of_run)),
        detected(std::move(on_detection)),
        rejected(std::move(on_rejection)),
        fixed_clock(options.now.has_value()),
        run(rules->set, scan, options.sort_inputs, MakeSinks(options.output)) {
    framer_options.max_record_bytes = options.max_record_bytes;
  }

  embed::DetectionRun::Sinks MakeSinks(Output output) {
    embed::DetectionRun::Sinks sinks;
    sinks.alert = [this](const service::PendingAlert& alert) {
      Tell({alert.rule, &rules->set.rule(alert.rule), &alert, nullptr, {}, alert.source});
    };
    if (output == Output::kMatches) {
      sinks.match = [this](const embed::BareMatch& match) {
        Tell({match.rule, &rules->set.rule(match.rule), nullptr, match.event, match.record,
              match.source});
      };
    }
    sinks.rejected = [this](const service::Rejected& bad) {
      if (!rejected) return;
      rejected({bad.code, bad.reason, bad.record, bad.place.line, bad.place.offset, bad.length});
    };
    return sinks;
  }

  void Tell(const DetectionMaker::Impl& found) const {
    if (detected) detected(DetectionMaker::Make(found));
  }

  /// Runs one call of the public interface: nothing after a failure or Finish().
  template <class Step>
  Status Do(const Step& step) {
    if (!failure.ok()) return failure;
    if (finished) return Invalid("the engine is finished; make another one");
    if (!fixed_clock) run.set_stamp(StampOf(ClockNow()));
    base::Result<void> done = step();
    if (done) done = run.Settle();
    if (!done) failure = PublicStatus(done.error());
    return failure;
  }

  base::Result<void> FeedBytes(std::string_view more) {
    bytes += more.size();
    if (!framer) framer.emplace(framer_options);
    return framer->Feed(more, [this](const io::Frame& frame) { return run.Take(frame); });
  }

  base::Result<void> EndInput() {
    if (framer) {
      VED_TRY_VOID(framer->End([this](const io::Frame& frame) { return run.Take(frame); }));
      framer.reset();
    }
    return run.EndInput();
  }

  std::shared_ptr<const RuleSet::Impl> rules;
  DetectionSink detected;
  RejectionSink rejected;
  bool fixed_clock;
  bool finished = false;
  Status failure;
  std::uint64_t bytes = 0;
  io::FramerOptions framer_options;
  std::optional<embed::PushFramer> framer;
  embed::DetectionRun run;
};

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

Result<Engine> Engine::Create(const RuleSet& rules, const EngineOptions& options,
                              DetectionSink detected, RejectionSink rejected) {
  Result<service::ScanOptions> scan = Understand(options);
  if (!scan.ok()) return scan.status();
  return Engine(std::make_unique<Impl>(rules.impl_, options, *scan, std::move(detected),
                                       std::move(rejected)));
}

Status Engine::Feed(std::string_view bytes) {
  return impl_->Do([&] { return impl_->FeedBytes(bytes); });
}

Status Engine::Feed(const Event& event) {
  return impl_->Do([&] {
    impl_->bytes += event.json.size();
    return impl_->run.Take(event);
  });
}

Status Engine::EndInput() {
  return impl_->Do([&] { return impl_->EndInput(); });
}

Status Engine::Finish() {
  Status done = impl_->Do([&]() -> base::Result<void> {
    VED_TRY_VOID(impl_->EndInput());
    return impl_->run.Finish();
  });
  impl_->finished = true;
  return done;
}

Counters Engine::counters() const {
  const service::ScanStats stats = impl_->run.stats();
  Counters out;
  out.bytes = impl_->bytes;
  out.events = stats.counters.events;
  out.rejected = stats.rejected;
  out.rejected_by = stats.rejected_by;
  for (std::size_t i = 0; i <= static_cast<std::size_t>(sources::SourceId::kVedette); ++i) {
    if (stats.counters.by_source[i] == 0) continue;
    out.by_source.emplace(sources::SourceName(static_cast<sources::SourceId>(i)),
                          stats.counters.by_source[i]);
  }
  out.outside_window = stats.counters.outside_window;
  out.without_timestamp = stats.counters.without_timestamp;
  out.utf8_repaired = stats.counters.utf8_repaired;
  out.side_tables = stats.counters.side_tables;
  out.detections = stats.alerts;
  out.duplicates = stats.duplicates;
  out.truncated = stats.truncated;
  out.enriched = stats.enriched;
  out.late = stats.late;
  out.evicted = stats.evicted;
  for (const auto& rule : stats.rules) {
    out.rules.push_back({rule.hits, rule.alerts, rule.truncated});
  }
  return out;
}

}  // namespace vedette
