// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "io/byte_buffer.h"
#include "io/input_files.h"
#include "io/stop_signal.h"
#include "service/ordered_workers.h"
#include "service/record_batch.h"
#include "service/record_decoder.h"
#include "service/record_reader.h"

namespace vedette::service {

struct PipelineOptions {
  std::size_t threads = 1;  ///< at least 1
  bool strict = false;      ///< stop at the first record that cannot be read
  std::size_t max_record_bytes = 64 * 1024 * 1024;
  /// How much is read and handed to a worker at once; never changes the output. 256 KiB is about 95
  /// events: enough to hide the hand-over, small enough for memory and for the latency of a live
  /// pipe.
  std::size_t batch_bytes = 256 * 1024;
  DecoderOptions decoder;
};

/// Where a run stands.
struct PipelineProgress {
  std::uint64_t bytes = 0;
  std::uint64_t total_bytes = 0;  ///< 0: unknown
  std::uint64_t events = 0;
};

struct PipelineStats {
  Counters counters;
  std::uint64_t bytes = 0;  ///< taken from the files, compressed where they are
  std::uint64_t rejected = 0;
  std::map<std::string, std::uint64_t, std::less<>> rejected_by;  ///< by code
  std::vector<io::InputProblem> problems;  ///< files that could not be read, or not to their end
};

/// Files to events on worker threads, results back in the order of the input: what `scan` and
/// `hunt` share. `Output` is what the workers make of a batch; it must be default-constructible.
template <class Output>
class EventPipeline {
 public:
  /// Does one event, on a worker; `decoder` for its arena.
  using Work = std::function<void(DecodedEvent&, RecordDecoder& decoder, Output&)>;
  struct Sinks {
    /// On the calling thread, in input order. An error ends the run with it.
    std::function<base::Result<void>(Output&)> output;
    std::function<base::Result<void>(std::string_view file, const Rejected&)> rejected;
    std::function<void(const PipelineProgress&)> progress;  ///< may be empty
  };

  EventPipeline(const std::vector<io::InputFile>& files, const PipelineOptions& options,
                const std::function<Work()>& make_work, Sinks sinks)
      : files_(files),
        options_(options),
        sinks_(std::move(sinks)),
        buffers_(RecordReader::BufferBytes(options.batch_bytes)),
        reader_(files, ReaderOptions(options), buffers_, stop_),
        workers_(std::max<std::size_t>(options.threads, 1),
                 [&] { return MakeWorker(make_work()); }) {
    for (const auto& file : files) total_bytes_ += file.bytes.value_or(0);
  }

  /// Once. With one thread and plain files everything happens in the caller; else a thread of its
  /// own reads, and the caller only consumes, or works and consumes.
  base::Result<PipelineStats> Run() {
    bool more = options_.threads > 1;
    if (!more) more = RunHere();
    if (more) RunApart();
    if (failure_) return std::move(*failure_);
    stats_.bytes = reader_.bytes_read();
    return std::move(stats_);
  }

 private:
  struct Batch {
    RecordBatch records;
    Counters counters;
    Output output;

    void Clear() {
      records.Clear();
      counters = Counters();
      // An output that knows how to empty itself keeps its memory.
      if constexpr (requires { output.Clear(); }) {
        output.Clear();
      } else {
        output = Output();
      }
    }
  };

  static RecordReaderOptions ReaderOptions(const PipelineOptions& options) {
    RecordReaderOptions out;
    out.max_record_bytes = options.max_record_bytes;
    out.batch_bytes = options.batch_bytes;
    out.strict = options.strict;
    return out;
  }

  typename OrderedWorkers<Batch>::Work MakeWorker(Work work) {
    auto decoder = std::make_shared<RecordDecoder>(options_.decoder);
    return [decoder, work = std::move(work)](Batch& batch) {
      using Kind = RecordBatch::Kind;
      RecordBatch& records = batch.records;
      const auto do_one = [&](DecodedEvent& event) { work(event, *decoder, batch.output); };
      const RecordDecoder::Sink sink = std::ref(do_one);  // by reference it needs no allocation
      for (const auto& item : records.items) {
        const std::string_view bytes = records.BytesOf(item);
        if (item.kind == Kind::kBlock || item.kind == Kind::kLargeBlock) {
          decoder->DecodeBlock({bytes, item.place}, batch.counters, records.rejected, sink);
        } else {
          const bool audit = item.kind == Kind::kAuditRecord;
          decoder->Decode({bytes, item.place, audit}, batch.counters, records.rejected, sink);
        }
      }
    };
  }

  /// False at the end; true when the rest had better be read apart.
  bool RunHere() {
    while (!failure_) {
      Batch* const batch = Fill();
      if (batch == nullptr) return false;
      workers_.Submit();
      Consume(*workers_.Done());
      workers_.Release();
      if (reader_.deserves_thread()) return !failure_;
    }
    return false;
  }

  void RunApart() {
    std::thread reading([this] {
      while (Fill() != nullptr) workers_.Submit();
      workers_.Close();
    });
    while (Batch* const batch = workers_.Done()) {
      Consume(*batch);
      workers_.Release();
      if (!failure_) continue;
      workers_.Stop();
      stop_.Raise();
    }
    reading.join();
  }

  /// Null at the end, or when nobody wants more.
  Batch* Fill() {
    Batch* const batch = workers_.Free();
    if (batch == nullptr) return nullptr;
    batch->Clear();
    return reader_.Next(batch->records) ? batch : nullptr;
  }

  void Consume(Batch& batch) {
    RecordBatch& records = batch.records;
    buffers_.Give(std::move(records.memory));
    stats_.counters.Add(batch.counters);
    // The reader's findings and the worker's were collected apart; the file's order is the
    // reader's.
    std::stable_sort(
        records.rejected.begin(), records.rejected.end(), [](const Rejected& a, const Rejected& b) {
          return std::pair(a.place.file, a.place.offset) < std::pair(b.place.file, b.place.offset);
        });
    for (const Rejected& rejected : records.rejected) {
      if (!TellRejected(rejected)) return;
    }
    if (auto taken = sinks_.output(batch.output); !taken) {
      failure_ = std::move(taken).error();
      return;
    }
    for (io::InputProblem& problem : records.problems) {
      if (options_.strict) {
        failure_ = std::move(problem.error);
        return;
      }
      stats_.problems.push_back(std::move(problem));
    }
    if (sinks_.progress) {
      sinks_.progress({records.bytes_read, total_bytes_, stats_.counters.events});
    }
  }

  bool TellRejected(const Rejected& rejected) {
    ++stats_.rejected;
    ++stats_.rejected_by[std::string(rejected.code)];
    const std::string& path = files_[rejected.place.file].path;
    if (auto told = sinks_.rejected(path, rejected); !told) {
      failure_ = std::move(told).error();
    } else if (options_.strict) {
      failure_ = base::Error(base::ErrorCode::kCorrupt,
                             path + ":" + std::to_string(rejected.place.line) + ": " +
                                 rejected.reason + " (--strict stops at the first such record)");
    }
    return !failure_;
  }

  const std::vector<io::InputFile>& files_;
  PipelineOptions options_;
  // The consumer's.
  Sinks sinks_;
  PipelineStats stats_;
  std::optional<base::Error> failure_;
  std::uint64_t total_bytes_ = 0;

  io::BufferPool buffers_;
  io::StopSignal stop_;
  RecordReader reader_;
  // Last: its threads must end before what they use.
  OrderedWorkers<Batch> workers_;
};

}  // namespace vedette::service
