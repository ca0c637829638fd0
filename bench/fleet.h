// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "corpus_shapes.h"
#include "corpus_words.h"
#include "incidents.h"
#include "random.h"

namespace vedette::bench {

/// How often a command line or a path is one that was never seen before.
enum class Entropy : std::uint8_t { kLow, kMid, kHigh };

struct CorpusOptions {
  std::uint64_t events = 0;
  std::uint64_t seed = 1;
  std::uint64_t hosts = 200;
  Entropy entropy = Entropy::kMid;
  std::uint64_t attacks = 0;           ///< incidents planted, kinds in turn
  std::uint64_t look_alikes = 0;       ///< benign ones
  std::uint64_t disorder_seconds = 0;  ///< an event's time may be so much before its place
  bool full_size = false;
};

/// One planted step, as it is written beside the corpus.
struct Planted {
  std::uint64_t incident = 0;
  const IncidentKind* kind = nullptr;
  std::size_t step = 0;
  std::string event_id;
  std::string host;
};

/// A made-up fleet of hosts that tells of itself. Memory does not grow with the number of events.
class Fleet {
 public:
  explicit Fleet(const CorpusOptions& options);
  /// Appends event `ordinal` as one JSON document without a line break. Call with 0, 1, 2, ….
  void Append(std::uint64_t ordinal, std::string& out);
  /// The planted steps so far.
  const std::vector<Planted>& planted() const { return planted_; }

 private:
  struct Due {
    std::uint64_t incident = 0;
    const IncidentKind* kind = nullptr;
    std::size_t step = 0;
    std::size_t host = 0;
    std::string tag;
  };
  void Schedule();
  void Plan(std::uint64_t incident, const IncidentKind& kind, std::uint64_t begin);
  void AppendStep(EventWriter& writer, const Host& host, const Due& due);
  void AppendNearMiss(EventWriter& writer, const Host& host);
  void AppendEveryday(EventWriter& writer, Host& host, base::Timestamp time);
  void AppendProcess(EventWriter& writer, Host& host, std::uint64_t die, base::Timestamp time);
  Process Spawn(const CommandShape& shape, const Process& parent, base::Timestamp start);
  /// A process of everyday life: its command line is new or, by the entropy, one seen before.
  Process Everyday(const Process& parent, base::Timestamp start);
  std::string EverydayPath();

  CorpusOptions options_;
  Random random_;
  std::vector<Host> hosts_;
  std::map<std::uint64_t, Due> due_;  ///< by ordinal
  std::vector<Planted> planted_;
  std::vector<std::vector<std::vector<std::string>>> lines_;  ///< seen before, by command shape
  std::vector<std::string> paths_;                            ///< seen before
};

}  // namespace vedette::bench
