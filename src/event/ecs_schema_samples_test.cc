// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "event/json_reader.h"
#include "event/schema.h"
#include "event/type_fit.h"

namespace vedette::event {
namespace {

namespace fs = std::filesystem;

fs::path SharedDirectory() {
  const char* given = std::getenv("VEDETTE_SHARED");
  return given != nullptr ? fs::path(given) : fs::path(VEDETTE_SOURCE_DIR) / ".." / "shared";
}

struct Tally {
  std::size_t values = 0;
  std::set<std::string> unknown;
  std::set<std::string> misfits;
};

/// Checks each scalar or list of scalars below `value` against the type of its path.
void Visit(const Value& value, const std::string& path, Tally& tally) {
  if (value.is_object()) {
    for (const Member& member : value.object()) {
      std::string below = path.empty() ? "" : path + ".";
      Visit(member.value, below.append(member.key), tally);
    }
    return;
  }
  if (value.is_list() && !value.list().empty() && value.list().front().is_object()) {
    for (const Value& element : value.list()) Visit(element, path, tally);
    return;
  }
  ++tally.values;
  const FieldType type = EcsSchema().TypeOf(path);
  if (type == FieldType::kUnknown) tally.unknown.insert(path);
  if (!FitsType(value, type)) {
    std::string text;
    WriteJson(value, text);
    tally.misfits.insert(path + " = " + text);
  }
}

// Documents that a source sent or that upstream's own pipeline made are the best witness for types.
TEST(EcsSchema, ValuesOfRealDocumentsFitTheirTypes) {
  const fs::path root = SharedDirectory() / "sources";
  if (!fs::exists(root)) GTEST_SKIP() << "NO SHARED DATA at " << root << ": set VEDETTE_SHARED";
  Tally tally;
  std::size_t documents = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string path = entry.path().string();
    if (entry.path().extension() != ".ndjson") continue;
    const bool expected = path.ends_with(".expected.ndjson");
    const bool raw_log = path.find("raw_audit_log") != std::string::npos;
    const bool ecs = path.find("elastic_defend") != std::string::npos ||
                     path.find("auditd_manager") != std::string::npos ||
                     path.find("auditbeat") != std::string::npos ||
                     path.find("endgame") != std::string::npos ||
                     path.find("boot_persistence") != std::string::npos;
    if (raw_log || !(ecs || expected)) continue;
    std::ifstream in(path);
    JsonReader reader;
    for (std::string line; std::getline(in, line);) {
      if (line.empty()) continue;
      base::Arena arena;
      const auto document = reader.Read(line, arena);
      ASSERT_TRUE(document.has_value()) << path << ": " << document.error().message();
      const Value source = document->Get("_source");
      Visit(source.is_object() ? source : *document, "", tally);
      ++documents;
    }
  }
  EXPECT_GT(documents, 500U);
  std::string misfits;
  for (const auto& misfit : tally.misfits) misfits += "  " + misfit + "\n";
  EXPECT_TRUE(tally.misfits.empty()) << misfits;
  RecordProperty("documents", static_cast<int>(documents));
  RecordProperty("values", static_cast<int>(tally.values));
  std::string unknown;
  for (const auto& path : tally.unknown) unknown += " " + path;
  std::cout << documents << " documents, " << tally.values << " values, " << tally.unknown.size()
            << " unknown fields:" << unknown << "\n";
}

}  // namespace
}  // namespace vedette::event
