// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"

namespace vedette::bench {

/// CPU seconds of the calling thread.
double ThreadSeconds();
/// Seconds of a clock that only goes forward.
double WallSeconds();
/// Resident bytes of the process, 0 where the system does not tell.
std::uint64_t ResidentBytes();

/// Seconds that `work` takes of the calling thread.
template <typename Work>
double TimeThread(Work&& work) {
  const double begun = ThreadSeconds();
  work();
  return ThreadSeconds() - begun;
}

double Median(std::vector<double> values);
/// By element; the vectors are of one size.
std::vector<double> Ratios(const std::vector<double>& of, const std::vector<double>& to);
std::vector<double> Sums(const std::vector<double>& a, const std::vector<double>& b);

/// One result: a JSON object on a line of its own, printed when it goes.
class Row {
 public:
  Row(std::string_view part, std::string_view name);
  ~Row();
  Row(const Row&) = delete;
  Row& operator=(const Row&) = delete;

  Row& Text(std::string_view key, std::string_view value);
  Row& Count(std::string_view key, std::uint64_t value);
  Row& Real(std::string_view key, double value);
  /// {"median":…, "min":…, "max":…, "all":[…]}: the reader judges the spread.
  Row& Spread(std::string_view key, const std::vector<double>& values);
  /// A plain list.
  Row& List(std::string_view key, const std::vector<double>& values);

 private:
  std::string out_;
  base::JsonWriter json_;
};

}  // namespace vedette::bench
