// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/time.h"
#include "event/event.h"
#include "event/json_reader.h"
#include "service/record_block.h"
#include "sources/decoder.h"

namespace vedette::service {

/// One record of a batch; `bytes` lie in the batch.
struct BatchRecord {
  std::string_view bytes;
  RecordPlace place;
  bool from_audit_log = false;  ///< an ECS document made of raw audit records
};

/// A record that could not be read.
struct Rejected {
  RecordPlace place;
  std::uint64_t length = 0;
  std::string_view code;  ///< static text: bad_json, too_deep, …
  std::string reason;
  std::string record;
};

/// What happened to the records of a batch, or of a run. Sums.
struct Counters {
  static constexpr std::size_t kSources = 16;
  std::uint64_t events = 0;
  std::uint64_t outside_window = 0;
  std::uint64_t without_timestamp = 0;
  std::uint64_t utf8_repaired = 0;
  std::uint64_t side_tables = 0;
  std::array<std::uint64_t, kSources> by_source{};
  void Add(const Counters& other);
};

struct DecoderOptions {
  std::optional<sources::SourceId> forced_source;  ///< `--source`
  std::optional<base::Timestamp> from;             ///< inclusive
  std::optional<base::Timestamp> to;               ///< exclusive
  std::string timestamp_field = "@timestamp";
  /// Endgame's own records: an integer `timestamp` counts 100 ns ticks since 1601 and goes first.
  bool file_time = false;
};

/// An event and where it comes from. `event.slots` are not laid out yet.
struct DecodedEvent {
  event::Event event;
  sources::SourceId source = sources::SourceId::kUnknown;
  /// The document was made by Vedette from a vendor's record or an audit log.
  bool raw = false;
};

/// Bytes to events: parse, unwrap, recognise, decode. One per worker; no I/O, no clock.
class RecordDecoder {
 public:
  explicit RecordDecoder(const DecoderOptions& options);

  using Sink = std::function<void(DecodedEvent&)>;
  /// Calls `sink` for each event of the record; all views live in `arena()` until the next call.
  void Decode(const BatchRecord& record, Counters& counters, std::vector<Rejected>& rejected,
              const Sink& sink);
  /// Calls `sink` for each event of the block's records, in their order.
  void DecodeBlock(const RecordBlock& block, Counters& counters, std::vector<Rejected>& rejected,
                   const Sink& sink);
  base::Arena& arena() { return arena_; }

 private:
  void DecodeTree(const BatchRecord& record, const event::Value& tree, Counters& counters,
                  std::vector<Rejected>& rejected, const Sink& sink);
  void DecodeDocument(const BatchRecord& record, event::Value document, std::string_view index,
                      std::string_view id, Counters& counters, const Sink& sink);

  DecoderOptions options_;
  event::JsonReader reader_;
  base::Arena arena_;
};

/// Reads `field` of the event's document as its time.
void ReadTimestamp(std::string_view field, event::Event& event);
/// Reads `timestamp` as FILETIME ticks. False, and nothing changed, when there are none.
bool ReadFileTime(event::Event& event);

}  // namespace vedette::service
