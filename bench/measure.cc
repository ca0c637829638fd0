// SPDX-License-Identifier: Apache-2.0
#include "measure.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>

namespace vedette::bench {
namespace {

double Seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace

double ThreadSeconds() { return Seconds(CLOCK_THREAD_CPUTIME_ID); }
double WallSeconds() { return Seconds(CLOCK_MONOTONIC); }

std::uint64_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  if (!(file >> size >> resident)) return 0;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::vector<double> Ratios(const std::vector<double>& of, const std::vector<double>& to) {
  std::vector<double> out(of.size());
  std::transform(of.begin(), of.end(), to.begin(), out.begin(),
                 [](double a, double b) { return a / b; });
  return out;
}

std::vector<double> Sums(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> out(a.size());
  std::transform(a.begin(), a.end(), b.begin(), out.begin(),
                 [](double x, double y) { return x + y; });
  return out;
}

Row::Row(std::string_view part, std::string_view name) : json_(out_) {
  json_.BeginObject();
  json_.Member("part", part);
  json_.Member("name", name);
}

Row::~Row() {
  json_.EndObject();
  fmt::print("{}\n", out_);
  std::fflush(stdout);
}

Row& Row::Text(std::string_view key, std::string_view value) {
  json_.Member(key, value);
  return *this;
}

Row& Row::Count(std::string_view key, std::uint64_t value) {
  json_.MemberInt(key, static_cast<std::int64_t>(value));
  return *this;
}

Row& Row::Real(std::string_view key, double value) {
  json_.Key(key);
  json_.Raw(fmt::format("{:.6g}", value));
  return *this;
}

Row& Row::List(std::string_view key, const std::vector<double>& values) {
  json_.Key(key);
  json_.BeginArray();
  for (const double value : values) json_.Raw(fmt::format("{:.6g}", value));
  json_.EndArray();
  return *this;
}

Row& Row::Spread(std::string_view key, const std::vector<double>& values) {
  json_.Key(key);
  json_.BeginObject();
  if (!values.empty()) {
    Real("median", Median(values));
    Real("min", *std::min_element(values.begin(), values.end()));
    Real("max", *std::max_element(values.begin(), values.end()));
  }
  List("all", values);
  json_.EndObject();
  return *this;
}

}  // namespace vedette::bench
