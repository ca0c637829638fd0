// SPDX-License-Identifier: Apache-2.0
// The first byte chooses the dialect, the rest is the query. Whatever parses must print to a text
// that parses to an equal tree, and printing that again must change nothing.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "eql/parser.h"

namespace {

using vedette::base::Diagnostic;
using vedette::base::Source;

void Require(bool holds, const char* what, std::string_view detail) {
  if (holds) return;
  std::fprintf(stderr, "%s:\n%.*s\n", what, static_cast<int>(detail.size()), detail.data());
  std::abort();
}

void CheckDiagnostics(const std::vector<Diagnostic>& diagnostics, const Source& source) {
  for (const Diagnostic& diagnostic : diagnostics) {
    Require(
        diagnostic.span.begin <= diagnostic.span.end && diagnostic.span.end <= source.text().size(),
        "a span leaves the text", diagnostic.message);
    Require(!diagnostic.code.empty() && !diagnostic.message.empty(), "a diagnostic says nothing",
            source.text());
    RenderDiagnostic(diagnostic, &source, false);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vedette::eql;
  if (size == 0) return 0;
  const auto dialect = static_cast<Dialect>(data[0] % 3);
  const Source source("fuzz", std::string(data + 1, data + size));
  const ParseResult first = Parse(source, dialect);
  CheckDiagnostics(first.diagnostics, source);
  Require(first.query.has_value() == first.diagnostics.empty(), "a query and an error, or neither",
          source.text());
  if (!first.query.has_value()) return 0;

  const std::string printed = Print(*first.query);
  const ParseResult second = Parse(Source("printed", printed), dialect);
  Require(second.query.has_value(), "the printed query does not parse", printed);
  Require(Equal(*first.query, *second.query), "the printed query differs", printed);
  Require(Print(*second.query) == printed, "printing is not stable", printed);
  return 0;
}
