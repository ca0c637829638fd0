// SPDX-License-Identifier: Apache-2.0
#include "service/scan_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "io/decompressor.h"
#include "io/record_framer.h"
#include "service/ordered_workers.h"
#include "sources/audit_log.h"
#include "sources/audit_record.h"

namespace vedette::service {
namespace {

// About 370 events: enough to hide the hand-over, small enough for memory and for the latency of a
// live pipe.
constexpr std::size_t kBatchBytes = 1024 * 1024;

/// Records on their way through a worker, then what came of them.
struct Batch {
  std::string bytes;
  struct Place {
    std::size_t begin, size;
    std::uint32_t file;
    std::uint64_t line, offset;
    bool from_audit_log;
  };
  std::vector<Place> places;
  BatchResult result;
  std::uint64_t bytes_read = 0;  ///< of all files, up to here
};

class Scan {
 public:
  Scan(const DetectionSet& set, const std::vector<io::InputFile>& files, const ScanOptions& options,
       const ScanSinks& sinks)
      : set_(set),
        files_(files),
        options_(options),
        sinks_(sinks),
        funnel_(set, options.processor, options.max_signals, files.size() > 1, sinks.alert),
        workers_(
            options.threads, [this] { return MakeWorker(); },
            [this](Batch& batch) { Consume(batch); }) {
    for (const auto& file : files) total_bytes_ += file.bytes.value_or(0);
  }

  base::Result<ScanStats> Run() {
    for (std::uint32_t i = 0; i < files_.size() && !failure_; ++i) ReadFile(i);
    SubmitBatch();
    workers_.Finish();
    if (!failure_) {
      if (auto finished = funnel_.Finish(); !finished) failure_ = std::move(finished).error();
    }
    if (failure_) return std::move(*failure_);
    stats_.alerts = funnel_.alerts();
    stats_.duplicates = funnel_.duplicates();
    stats_.rules = funnel_.rules();
    for (const auto& rule : stats_.rules) stats_.truncated += rule.truncated;
    stats_.bytes = bytes_read_;
    return std::move(stats_);
  }

 private:
  OrderedWorkers<Batch>::Work MakeWorker() {
    auto processor = std::make_shared<RecordProcessor>(set_, options_.processor);
    return [processor](Batch& batch) {
      for (const Batch::Place& place : batch.places) {
        processor->Process({std::string_view(batch.bytes).substr(place.begin, place.size),
                            place.file, place.line, place.offset, place.from_audit_log},
                           batch.result);
      }
    };
  }

  void ReadFile(std::uint32_t index) {
    const std::string& path = files_[index].path;
    auto source = io::OpenInput(path);
    if (!source) {
      Problem(path, std::move(source).error());
      return;
    }
    const std::uint64_t before = bytes_read_;
    io::FramerOptions framer_options;
    framer_options.max_record_bytes = options_.max_record_bytes;
    io::RecordFramer framer(**source, framer_options);
    sources::AuditLogDecoder audit;
    io::Frame frame;
    while (!failure_) {
      auto more = framer.Next(frame);
      bytes_read_ = before + (*source)->bytes_read();
      if (!more) {
        Problem(path, std::move(more).error());
        break;
      }
      if (!*more) break;
      TakeFrame(index, frame, audit);
    }
    if (audit.counters().lines != 0) {
      audit.Flush(arena_, [&](event::Value document) { AddAudit(index, frame, document); });
      arena_.Reset();
    }
  }

  void TakeFrame(std::uint32_t file, const io::Frame& frame, sources::AuditLogDecoder& audit) {
    if (frame.fault != io::FrameFault::kNone) {
      Reject(file, frame, io::FrameFaultCode(frame.fault), io::FrameFaultReason(frame.fault));
      return;
    }
    const char first = frame.bytes.empty() ? '\0' : frame.bytes.front();
    if (first != '{' && first != '[') {
      if (sources::LooksLikeAuditLine(frame.bytes)) {
        const bool taken = audit.Line(
            frame.bytes, arena_, [&](event::Value document) { AddAudit(file, frame, document); });
        arena_.Reset();
        if (!taken)
          Reject(file, frame, "bad_audit_record", "an audit record with a damaged header");
        return;
      }
      const std::size_t start = frame.bytes.find_first_not_of(" \t");
      if (start == std::string_view::npos ||
          (frame.bytes[start] != '{' && frame.bytes[start] != '[')) {
        Reject(file, frame, "unknown_format", "neither a JSON object nor an audit record");
        return;
      }
    }
    Add({0, 0, file, frame.line, frame.offset, false}, frame.bytes);
  }

  void AddAudit(std::uint32_t file, const io::Frame& frame, const event::Value& document) {
    audit_json_.clear();
    event::WriteJson(document, audit_json_);
    Add({0, 0, file, frame.line, frame.offset, true}, audit_json_);
  }

  void Add(Batch::Place place, std::string_view bytes) {
    place.begin = batch_->bytes.size();
    place.size = bytes.size();
    batch_->bytes += bytes;
    batch_->places.push_back(place);
    if (batch_->bytes.size() >= kBatchBytes) SubmitBatch();
  }

  void Reject(std::uint32_t file, const io::Frame& frame, std::string_view code,
              std::string_view reason) {
    batch_->result.rejected.push_back({file, frame.line, frame.offset, frame.length, code,
                                       std::string(reason), std::string(frame.bytes)});
    rejected_bytes_ += frame.bytes.size();
    if (rejected_bytes_ >= kBatchBytes) SubmitBatch();
  }

  void Problem(const std::string& path, base::Error error) {
    if (options_.strict && !failure_) {
      failure_ = base::Error(error.code(), error.message());
    }
    stats_.problems.push_back({path, std::move(error)});
  }

  void SubmitBatch() {
    rejected_bytes_ = 0;
    auto batch = std::move(batch_);
    batch_ = std::make_unique<Batch>();
    batch->bytes_read = bytes_read_;
    if (!failure_) workers_.Submit(std::move(batch));
  }

  void Consume(Batch& batch) {
    if (failure_) return;
    stats_.counters.Add(batch.result.counters);
    // The reader's findings and the worker's were collected apart; the file's order is the
    // reader's.
    std::stable_sort(batch.result.rejected.begin(), batch.result.rejected.end(),
                     [](const Rejected& a, const Rejected& b) {
                       return std::pair(a.file, a.offset) < std::pair(b.file, b.offset);
                     });
    for (const Rejected& rejected : batch.result.rejected) {
      if (!TellRejected(rejected)) return;
    }
    if (auto added = funnel_.Add(batch.result.alerts); !added) {
      failure_ = std::move(added).error();
      return;
    }
    if (sinks_.progress) {
      sinks_.progress({batch.bytes_read, total_bytes_, stats_.counters.events, funnel_.alerts()});
    }
  }

  bool TellRejected(const Rejected& rejected) {
    ++stats_.rejected;
    ++stats_.rejected_by[std::string(rejected.code)];
    const std::string& path = files_[rejected.file].path;
    if (auto told = sinks_.rejected(path, rejected); !told) {
      failure_ = std::move(told).error();
    } else if (options_.strict) {
      failure_ = base::Error(base::ErrorCode::kCorrupt,
                             fmt::format("{}:{}: {} (--strict stops at the first such record)",
                                         path, rejected.line, rejected.reason));
    }
    return !failure_;
  }

  const DetectionSet& set_;
  const std::vector<io::InputFile>& files_;
  const ScanOptions& options_;
  const ScanSinks& sinks_;
  ScanStats stats_;
  AlertFunnel funnel_;
  std::optional<base::Error> failure_;
  std::unique_ptr<Batch> batch_ = std::make_unique<Batch>();
  std::size_t rejected_bytes_ = 0;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t total_bytes_ = 0;
  base::Arena arena_;
  std::string audit_json_;
  // Last: its threads must end before what they use.
  OrderedWorkers<Batch> workers_;
};

}  // namespace

base::Result<ScanStats> RunScan(const DetectionSet& set, const std::vector<io::InputFile>& files,
                                const ScanOptions& options, const ScanSinks& sinks) {
  return Scan(set, files, options, sinks).Run();
}

}  // namespace vedette::service
