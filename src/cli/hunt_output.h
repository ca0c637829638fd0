// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "cli/answer.h"
#include "cli/growing_table.h"
#include "engine/pipes.h"
#include "event/json_reader.h"
#include "io/output_file.h"

namespace vedette::cli {

/// How results are to be shown.
struct HuntView {
  AnswerFormat format = AnswerFormat::kNdjson;
  std::size_t width = 100;
  bool colour = false;
  std::vector<std::string> fields;     ///< `--field`: the table's columns; empty: a summary
  bool events = true;                  ///< results are lone events
  bool counted = false;                ///< they come from `count`
  std::vector<std::string> key_names;  ///< of `join_keys`
};

/// Results of a hunt as they come, in one of the three formats (docs/reference/hunt.md). One run.
class HuntOutput {
 public:
  HuntOutput(io::OutputFile& out, HuntView view);
  base::Result<void> Write(const engine::QueryResult& result);
  /// `cut`: size left results out. `partial`: not everything was read or remembered.
  base::Result<void> Finish(bool cut, bool partial);

 private:
  base::Result<void> WriteTable(const engine::QueryResult& result);
  base::Result<void> WriteRow(const engine::ResultEvent& event, std::string mark);
  std::string GroupHeading(const engine::QueryResult& result);
  void AppendHit(const engine::ResultEvent& event);

  io::OutputFile& out_;
  HuntView view_;
  std::optional<GrowingTable> table_;
  event::JsonReader reader_;
  base::Arena arena_;
  std::uint64_t count_ = 0;
  std::string buffer_;
};

}  // namespace vedette::cli
