// SPDX-License-Identifier: Apache-2.0
#include "service/field_survey.h"

#include <utility>

#include "event/json_reader.h"

namespace vedette::service {
namespace {

using event::Value;

struct BatchSurvey {
  std::map<std::string, SeenField, std::less<>> fields;
  std::uint64_t events = 0;
};

std::string ExampleOf(const Value& value) {
  constexpr std::size_t kMax = 60;
  std::string text;
  if (value.is_string()) {
    text = value.text();
  } else {
    event::WriteJson(value, text);
  }
  if (text.size() <= kMax) return text;
  std::size_t end = kMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

/// The fields of one event, each with its first value.
class Walker {
 public:
  explicit Walker(const SurveyLimits& limits) : limits_(limits) {}
  void Walk(const Value& value) {
    if (value.is_object()) {
      for (const event::Member& member : value.object()) {
        const std::size_t before = path_.size();
        if (before + member.key.size() + 1 > limits_.path_bytes) continue;
        if (before != 0) path_ += '.';
        path_ += member.key;
        Walk(member.value);
        path_.resize(before);
      }
    } else if (value.is_list()) {
      for (const Value& element : value.list()) Walk(element);
    } else if (!value.is_null() && seen_.size() < limits_.fields && !seen_.contains(path_)) {
      seen_.emplace(path_, ExampleOf(value));
    }
  }
  std::map<std::string, std::string, std::less<>>& seen() { return seen_; }

 private:
  const SurveyLimits& limits_;
  std::string path_;
  std::map<std::string, std::string, std::less<>> seen_;
};

}  // namespace

base::Result<FieldSurvey> SurveyFields(const std::vector<io::InputFile>& files,
                                       const PipelineOptions& options, const SurveyLimits& limits) {
  using Pipeline = EventPipeline<BatchSurvey>;
  FieldSurvey survey;
  bool enough = false;
  Pipeline::Sinks sinks;
  sinks.rejected = [](std::string_view, const Rejected&) { return base::Result<void>(); };
  sinks.output = [&](BatchSurvey& batch) -> base::Result<void> {
    survey.events += batch.events;
    for (auto& [path, seen] : batch.fields) {
      const auto found = survey.fields.find(path);
      if (found != survey.fields.end()) {
        found->second.events += seen.events;
      } else if (survey.fields.size() < limits.fields) {
        survey.fields.emplace(path, std::move(seen));
      }
    }
    enough = survey.events >= limits.events;
    if (enough) return base::Error(base::ErrorCode::kInternal, "enough");
    return {};
  };
  PipelineOptions lenient = options;
  lenient.strict = false;
  Pipeline pipeline(
      files, lenient,
      [&]() -> Pipeline::Work {
        return [&](DecodedEvent& event, RecordDecoder&, BatchSurvey& out) {
          ++out.events;
          Walker walker(limits);
          walker.Walk(event.event.document);
          for (auto& [path, example] : walker.seen()) {
            const auto found = out.fields.find(path);
            if (found != out.fields.end()) {
              ++found->second.events;
            } else if (out.fields.size() < limits.fields) {
              out.fields.emplace(path, SeenField{1, std::move(example)});
            }
          }
        };
      },
      std::move(sinks));
  const auto stats = pipeline.Run();
  if (!stats && !enough) return base::Error(stats.error().code(), stats.error().message());
  survey.whole = !enough;
  return survey;
}

}  // namespace vedette::service
