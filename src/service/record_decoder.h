// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/arena.h"
#include "base/time.h"
#include "event/event.h"
#include "event/field_extractor.h"
#include "event/json_reader.h"
#include "event/raw_event.h"
#include "service/record_block.h"
#include "service/record_fields.h"
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
  /// Reads every record to its last byte, so that damage is found wherever it lies. Otherwise what
  /// no rule reads is only checked as FieldExtractor says.
  bool whole_records = false;
  /// Lets ordinary ECS records be passed on before they are read; null: each is read whole.
  const RecordFields* fields = nullptr;
};

/// An event and where it comes from. `event.slots` are not laid out yet.
struct DecodedEvent {
  static constexpr std::uint32_t kNoKind = 0xFFFFFFFFU;

  event::Event event;
  sources::SourceId source = sources::SourceId::kUnknown;
  /// The document was made by Vedette from a vendor's record or an audit log.
  bool raw = false;
  /// Not null: nothing but these places is known of the record yet, and `event.document` is null
  /// until RecordDecoder::ReadDocument.
  const event::RawEvent* tokens = nullptr;
  /// Events of one kind, for one decoder, are of one source and lie in one index; kNoKind: unknown.
  std::uint32_t kind = kNoKind;
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
  /// Reads the document of an event that has only `tokens`. False when it does not read: then the
  /// record counts as rejected, and the caller makes nothing of it.
  bool ReadDocument(DecodedEvent& decoded);
  /// As much of the document as tells its source and index: what events of one kind share. Does not
  /// depend on anything else in the record, damage included. In `arena()`.
  event::Value KindDocument(const event::RawEvent& tokens);

 private:
  struct Kind {
    std::uint32_t number = 0;
    sources::Recognition recognised;
  };
  void DecodeTokens(const event::RawEvent& tokens, Counters& counters,
                    std::vector<Rejected>& rejected, const Sink& sink);
  const Kind* KindOf(const event::RawEvent& tokens);
  void TimeFromToken(std::string_view token, event::Event& event);
  bool TakesPart(const event::Event& event, Counters& counters) const;
  void DecodeTree(const BatchRecord& record, const event::Value& tree, Counters& counters,
                  std::vector<Rejected>& rejected, const Sink& sink);
  void DecodeDocument(const BatchRecord& record, event::Value document, std::string_view index,
                      std::string_view id, Counters& counters, const Sink& sink);

  DecoderOptions options_;
  event::JsonReader reader_;
  base::Arena arena_;
  std::optional<event::FieldExtractor> extractor_;
  std::unordered_map<std::string, Kind> kinds_;
  std::string kind_key_;
  std::string last_kind_key_;
  const Kind* last_kind_ = nullptr;
  std::uint32_t next_kind_ = 0;
  std::optional<base::Error> unreadable_;
};

/// Reads `field` of the event's document as its time.
void ReadTimestamp(std::string_view field, event::Event& event);
/// Reads `timestamp` as FILETIME ticks. False, and nothing changed, when there are none.
bool ReadFileTime(event::Event& event);

}  // namespace vedette::service
