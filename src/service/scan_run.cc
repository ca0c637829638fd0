// SPDX-License-Identifier: Apache-2.0
#include "service/scan_run.h"

#include <memory>
#include <utility>
#include <vector>

#include "service/hash_seed.h"
#include "service/scan_end.h"

namespace vedette::service {
base::Result<ScanStats> RunScan(const DetectionSet& set, const std::vector<io::InputFile>& files,
                                const ScanOptions& options, const ScanSinks& sinks) {
  using Pipeline = EventPipeline<BatchFindings>;
  ScanEnd end(set, files.size() > 1, options, sinks);
  Pipeline::Sinks pipeline_sinks;
  pipeline_sinks.output = [&](BatchFindings& findings) { return end.Take(findings); };
  pipeline_sinks.rejected = sinks.rejected;
  if (sinks.progress) {
    pipeline_sinks.progress = [&](const PipelineProgress& at) {
      sinks.progress({at.bytes, at.total_bytes, at.events, end.alerts()});
    };
  }
  PipelineOptions pipeline_options = options.pipeline;
  pipeline_options.decoder.fields = &set.record_fields();
  const std::uint64_t seed = SecretHashSeed();
  // Kept for what they counted; read when their threads have handed over the last batch.
  std::vector<std::shared_ptr<RecordProcessor>> processors;
  Pipeline pipeline(
      files, pipeline_options,
      [&]() -> Pipeline::Work {
        processors.push_back(std::make_shared<RecordProcessor>(set, end.state(), options.stamp,
                                                               options.enrichment, seed));
        return [processor = processors.back()](DecodedEvent& event, RecordDecoder& decoder,
                                               BatchFindings& findings) {
          processor->Process(event, decoder, findings);
        };
      },
      std::move(pipeline_sinks));
  ScanStats stats;
  VED_TRY(static_cast<PipelineStats&>(stats), pipeline.Run());
  VED_TRY_VOID(end.Finish());
  end.Count(stats);
  for (const auto& processor : processors) stats.costs.Add(processor->matcher());
  end.AddCosts(stats.costs);
  return stats;
}

}  // namespace vedette::service
