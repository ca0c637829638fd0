// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "io/input_files.h"
#include "service/ordered_workers.h"
#include "service/record_decoder.h"
#include "service/record_reader.h"

namespace vedette::service {

struct PipelineOptions {
  std::size_t threads = 1;  ///< at least 1
  bool strict = false;      ///< stop at the first record that cannot be read
  std::size_t max_record_bytes = 64 * 1024 * 1024;
  /// How much is read and handed to a worker at once; never changes the output. 1 MiB is about 370
  /// events: enough to hide the hand-over, small enough for memory and for the latency of a live
  /// pipe.
  std::size_t batch_bytes = 1024 * 1024;
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
        workers_(
            options.threads, [&] { return MakeWorker(make_work()); },
            [this](Batch& batch) { Consume(batch); }) {
    for (const auto& file : files) total_bytes_ += file.bytes.value_or(0);
  }

  base::Result<PipelineStats> Run() {
    RecordReader reader(
        options_.max_record_bytes, options_.batch_bytes, buffers_,
        {[this](const RecordBlock& block, io::ByteBuffer memory) {
           return AddBlock(block, std::move(memory));
         },
         [this](const RecordPlace& place, std::string_view bytes, bool audit) {
           return Add(place, bytes, audit);
         },
         [this](const RecordPlace& place, std::uint64_t length, std::string_view code,
                std::string_view reason, std::string_view bytes) {
           return Reject({place, length, code, std::string(reason), std::string(bytes)});
         },
         [this](std::uint64_t bytes_of_file) { bytes_now_ = bytes_before_ + bytes_of_file; }});
    for (std::uint32_t i = 0; i < files_.size() && !failure_; ++i) {
      std::uint64_t bytes = 0;
      auto read = reader.Read(i, files_[i].path, bytes);
      bytes_before_ += bytes;
      bytes_now_ = bytes_before_;
      if (!read) Problem(files_[i].path, std::move(read).error());
    }
    SubmitBatch();
    workers_.Finish();
    if (failure_) return std::move(*failure_);
    stats_.bytes = bytes_before_;
    return std::move(stats_);
  }

 private:
  struct Batch {
    enum class Kind : std::uint8_t { kRecord, kAuditRecord, kBlock, kLastBlock };
    struct Item {
      Kind kind;
      std::size_t begin, size;  // within `copies`; of kLastBlock within `memory`
      RecordPlace place;
    };
    std::string copies;
    io::ByteBuffer memory;  // what the reader read into; holds kLastBlock
    std::vector<Item> items;
    std::uint64_t bytes_read = 0;  ///< of all files, up to here
    Counters counters;
    std::vector<Rejected> rejected;
    Output output;

    std::string_view BytesOf(const Item& item) const {
      return {(item.kind == Kind::kLastBlock ? memory.data() : copies.data()) + item.begin,
              item.size};
    }
  };

  typename OrderedWorkers<Batch>::Work MakeWorker(Work work) {
    auto decoder = std::make_shared<RecordDecoder>(options_.decoder);
    return [decoder, work = std::move(work)](Batch& batch) {
      const RecordDecoder::Sink sink = [&](DecodedEvent& event) {
        work(event, *decoder, batch.output);
      };
      for (const auto& item : batch.items) {
        const std::string_view bytes = batch.BytesOf(item);
        if (item.kind == Batch::Kind::kBlock || item.kind == Batch::Kind::kLastBlock) {
          decoder->DecodeBlock({bytes, item.place}, batch.counters, batch.rejected, sink);
        } else {
          const bool audit = item.kind == Batch::Kind::kAuditRecord;
          decoder->Decode({bytes, item.place, audit}, batch.counters, batch.rejected, sink);
        }
      }
    };
  }

  bool Add(const RecordPlace& place, std::string_view bytes, bool audit) {
    return Copy(audit ? Batch::Kind::kAuditRecord : Batch::Kind::kRecord, place, bytes);
  }

  bool AddBlock(const RecordBlock& block, io::ByteBuffer memory) {
    if (memory.size() == 0) return Copy(Batch::Kind::kBlock, block.first, block.bytes);
    batch_->items.push_back({Batch::Kind::kLastBlock,
                             static_cast<std::size_t>(block.bytes.data() - memory.data()),
                             block.bytes.size(), block.first});
    batch_->memory = std::move(memory);
    SubmitBatch();
    return !failure_;
  }

  bool Copy(typename Batch::Kind kind, const RecordPlace& place, std::string_view bytes) {
    batch_->items.push_back({kind, batch_->copies.size(), bytes.size(), place});
    batch_->copies += bytes;
    if (batch_->copies.size() >= options_.batch_bytes) SubmitBatch();
    return !failure_;
  }

  bool Reject(Rejected rejected) {
    rejected_bytes_ += rejected.record.size();
    batch_->rejected.push_back(std::move(rejected));
    if (rejected_bytes_ >= options_.batch_bytes) SubmitBatch();
    return !failure_;
  }

  void Problem(const std::string& path, base::Error error) {
    if (options_.strict && !failure_) failure_ = base::Error(error.code(), error.message());
    stats_.problems.push_back({path, std::move(error)});
  }

  void SubmitBatch() {
    rejected_bytes_ = 0;
    auto batch = std::move(batch_);
    batch_ = std::make_unique<Batch>();
    batch->bytes_read = bytes_now_;
    batch->copies.append(io::FrameBuffer::kPadding, '\0');
    if (!failure_) workers_.Submit(std::move(batch));
  }

  void Consume(Batch& batch) {
    buffers_.Give(std::move(batch.memory));
    if (failure_) return;
    stats_.counters.Add(batch.counters);
    // The reader's findings and the worker's were collected apart; the file's order is the
    // reader's.
    std::stable_sort(
        batch.rejected.begin(), batch.rejected.end(), [](const Rejected& a, const Rejected& b) {
          return std::pair(a.place.file, a.place.offset) < std::pair(b.place.file, b.place.offset);
        });
    for (const Rejected& rejected : batch.rejected) {
      if (!TellRejected(rejected)) return;
    }
    if (auto taken = sinks_.output(batch.output); !taken) {
      failure_ = std::move(taken).error();
      return;
    }
    if (sinks_.progress) {
      sinks_.progress({batch.bytes_read, total_bytes_, stats_.counters.events});
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
  Sinks sinks_;
  io::BufferPool buffers_{RecordReader::BufferBytes(options_.batch_bytes)};
  PipelineStats stats_;
  std::optional<base::Error> failure_;
  std::unique_ptr<Batch> batch_ = std::make_unique<Batch>();
  std::size_t rejected_bytes_ = 0;
  std::uint64_t bytes_before_ = 0;  ///< of the files that were read to their end
  std::uint64_t bytes_now_ = 0;
  std::uint64_t total_bytes_ = 0;
  // Last: its threads must end before what they use.
  OrderedWorkers<Batch> workers_;
};

}  // namespace vedette::service
