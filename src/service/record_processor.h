// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "engine/alert_document.h"
#include "engine/rule_matcher.h"
#include "event/json_reader.h"
#include "sources/decoder.h"
#include "sources/index_patterns.h"

namespace vedette::service {

/// One record of a batch; `bytes` lie in the batch.
struct BatchRecord {
  std::string_view bytes;
  std::uint32_t file = 0;
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
  bool from_audit_log = false;  ///< an ECS document made of raw audit records
};

/// A record that could not be read.
struct Rejected {
  std::uint32_t file = 0;
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::string_view code;  ///< static text: bad_json, too_deep, …
  std::string reason;
  std::string record;
};

/// An alert before the ordered stage has given twins their ordinals.
struct PendingAlert {
  std::uint32_t rule = 0;
  std::uint64_t record = 0;  ///< alerts of one event share it, within a batch
  sources::SourceId source = sources::SourceId::kUnknown;
  engine::AlertSummary summary;
  std::string document;
  std::string twin_json;  ///< the record's document when it is identified by its bytes, else empty
  std::string twin_key;
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

struct BatchResult {
  Counters counters;
  std::vector<PendingAlert> alerts;
  std::vector<Rejected> rejected;
};

struct ProcessorOptions {
  std::optional<sources::SourceId> forced_source;  ///< `--source`
  std::optional<base::Timestamp> from;             ///< inclusive
  std::optional<base::Timestamp> to;               ///< exclusive
  base::Timestamp created;
};

/// The immutable part that all workers share.
struct DetectionSet {
  explicit DetectionSet(engine::RuleMatcher given);
  engine::RuleMatcher matcher;
  std::vector<sources::IndexSelector> selectors;  ///< by active rule
  std::vector<engine::AlertWriter> writers;       ///< by active rule
  event::Projector projector;
};

/// Bytes to pending alerts: parse, unwrap, recognise, decode, project, match, write. One per
/// worker; no I/O, no clock.
class RecordProcessor {
 public:
  /// `set` must outlive this.
  RecordProcessor(const DetectionSet& set, const ProcessorOptions& options);
  void Process(const BatchRecord& record, BatchResult& result);

 private:
  void ProcessTree(const BatchRecord& record, const event::Value& tree, BatchResult& result);
  void ProcessDocument(const BatchRecord& record, event::Value document, std::string_view index,
                       std::string_view id, BatchResult& result);
  void Evaluate(event::Event& event, sources::SourceId source, BatchResult& result);
  const std::vector<bool>& EligibleRules(const sources::RecordOrigin& origin);

  const DetectionSet* set_;
  ProcessorOptions options_;
  event::JsonReader reader_;
  base::Arena arena_;
  std::uint64_t next_record_ = 0;
  std::vector<std::uint32_t> hits_;
  std::string origin_key_;
  std::map<std::string, std::vector<bool>, std::less<>>
      eligible_;  ///< by origin; cleared past a bound
};

/// Writes the alert again with the ordinal of its record among identical ones.
void RewriteTwin(const DetectionSet& set, const ProcessorOptions& options, std::uint64_t ordinal,
                 PendingAlert& alert);

}  // namespace vedette::service
