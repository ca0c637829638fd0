// SPDX-License-Identifier: Apache-2.0
// Any JSON text, unwrapped, recognised, decoded as both vendors' raw form, and asked for its index.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "event/json_reader.h"
#include "event/value.h"
#include "sources/decoder.h"
#include "sources/index_patterns.h"
#include "sources/record_unwrapper.h"

namespace {

using vedette::event::Value;

// A decoded document must be a tree that can be written and read again.
void CheckRoundTrip(const Value& document, vedette::event::JsonReader& reader,
                    vedette::base::Arena& arena) {
  std::string json;
  vedette::event::WriteJson(document, json);
  const auto again = reader.Read(json, arena);
  if (!again.has_value() && again.error().code() != vedette::base::ErrorCode::kLimitExceeded) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<std::string> kPatterns = {"logs-endpoint.events.*", "eu:auditbeat-8*",
                                                     "<logs-{now/d}>", "*:logs-*", "-logs-a*"};
  static const vedette::sources::IndexSelector kSelector(kPatterns);
  vedette::base::Arena arena(4096);
  vedette::event::JsonReader reader;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto tree = reader.Read(text, arena);
  if (!tree.has_value()) return 0;
  vedette::sources::UnwrapRecords(
      *tree, arena,
      [&](const vedette::sources::UnwrappedRecord& record) {
        const auto seen = vedette::sources::Recognise(record.document);
        static_cast<void>(kSelector.Selects(
            vedette::sources::OriginOf(seen.source, record.document, record.index, arena)));
        const std::vector<std::string> own = {std::string(record.index)};
        if (!record.index.empty() &&
            record.index.find_first_of(":-,<* .") == std::string_view::npos &&
            record.index != "_all" &&
            !vedette::sources::SelectsSource(own, seen.source, record.document, record.index)) {
          std::abort();  // an index selects itself
        }
        CheckRoundTrip(vedette::sources::DecodeCrowdstrikeFdr(record.document, arena), reader,
                       arena);
        CheckRoundTrip(vedette::sources::DecodeSentineloneCloudFunnel(record.document, arena),
                       reader, arena);
      },
      {.max_records = 64, .max_depth = 6});
  return 0;
}
