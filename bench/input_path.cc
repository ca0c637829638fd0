// SPDX-License-Identifier: Apache-2.0
// input_path FILE [ROUNDS [BATCH_KIB]]
// What it costs to bring a file to the workers, without looking at the records: the batches of
// RecordReader against reading (and decompressing) alone, against memcpy of the same bytes, and
// against framing and copying every line by itself. Contenders take turns; medians of thread CPU
// time. A table on standard error, one JSON object on standard output.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "io/decompressor.h"
#include "io/line_cursor.h"
#include "io/record_framer.h"
#include "service/record_reader.h"

namespace {

using namespace vedette;  // NOLINT: a program of one page

struct Pass {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;  ///< decompressed
};

struct Contender {
  const char* name;
  std::function<Pass()> run;
  std::vector<double> seconds = {};
  Pass pass = {};

  double Median() {
    std::sort(seconds.begin(), seconds.end());
    return seconds[seconds.size() / 2];
  }
};

double ThreadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

[[noreturn]] void Fail(const std::string& why) {
  fmt::print(stderr, "input_path: {}\n", why);
  std::exit(3);
}

std::unique_ptr<io::ByteSource> Open(const std::string& path) {
  auto source = io::OpenInput(path);
  if (!source) Fail(source.error().message());
  return *std::move(source);
}

// Both buffers stay in the cache, as those of the reader do.
Pass Copy(std::uint64_t bytes, std::vector<char>& from, std::vector<char>& to) {
  for (std::uint64_t done = 0; done < bytes; done += from.size()) {
    std::memcpy(to.data(), from.data(), from.size());
    // A byte that the compiler cannot foresee, so that no copy can be left out.
    from[done % from.size()] = to[(done * 7) % to.size()];
  }
  return {0, bytes};
}

Pass ReadAlone(const std::string& path, std::vector<char>& buffer) {
  const auto source = Open(path);
  Pass pass;
  for (;;) {
    auto got = source->Read(buffer);
    if (!got) Fail(got.error().message());
    if (*got == 0) return pass;
    pass.bytes += *got;
  }
}

Pass LineByLine(const std::string& path, std::size_t batch_bytes) {
  const auto source = Open(path);
  io::RecordFramer framer(*source);
  io::Frame frame;
  Pass pass;
  std::string batch;
  for (;;) {
    auto more = framer.Next(frame);
    if (!more) Fail(more.error().message());
    if (!*more) return pass;
    ++pass.records;
    pass.bytes += frame.length + 1;
    batch += frame.bytes;
    if (batch.size() >= batch_bytes) batch = std::string();
  }
}

Pass Batches(const std::string& path, std::size_t batch_bytes, bool split) {
  const std::vector<io::InputFile> files = {{path, std::nullopt}};
  io::BufferPool pool(service::RecordReader::BufferBytes(batch_bytes));
  const io::StopSignal stop;
  service::RecordReaderOptions options;
  options.batch_bytes = batch_bytes;
  service::RecordReader reader(files, options, pool, stop);
  service::RecordBatch batch;
  Pass pass;
  while (reader.Next(batch)) {
    for (const auto& item : batch.items) {
      const std::string_view bytes = batch.BytesOf(item);
      pass.bytes += bytes.size();
      if (!split) continue;
      io::LineCursor lines(bytes);
      for (std::string_view line; lines.Next(line);) ++pass.records;
    }
    if (!batch.problems.empty()) Fail(batch.problems.front().error.message());
    pool.Give(std::move(batch.memory));
    batch.Clear();
  }
  return pass;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 4) {
    fmt::print(stderr, "usage: input_path FILE [ROUNDS [BATCH_KIB]]\n");
    return 2;
  }
  const std::string path = argv[1];
  const int rounds = argc > 2 ? std::max(1, std::atoi(argv[2])) : 7;
  const std::size_t batch =
      (argc > 3 ? static_cast<std::size_t>(std::max(1, std::atoi(argv[3]))) : 1024) * 1024;
  std::vector<char> one(batch, 'a');
  std::vector<char> two(batch, 'b');
  const std::uint64_t total = ReadAlone(path, one).bytes;
  std::array<Contender, 5> contenders = {{
      {"memcpy", [&] { return Copy(total, one, two); }},
      {"read alone", [&] { return ReadAlone(path, one); }},
      {"line by line", [&] { return LineByLine(path, batch); }},
      {"batches", [&] { return Batches(path, batch, false); }},
      {"batches split", [&] { return Batches(path, batch, true); }},
  }};
  for (int round = 0; round < rounds; ++round) {
    for (Contender& contender : contenders) {
      const double begun = ThreadSeconds();
      contender.pass = contender.run();
      contender.seconds.push_back(ThreadSeconds() - begun);
    }
  }
  const std::uint64_t records = contenders[4].pass.records;
  if (records == 0 || records != contenders[2].pass.records) Fail("contenders disagree on records");
  const double alone = contenders[1].Median();
  std::string json = fmt::format(
      R"({{"bench":"input_path","bytes":{},"records":{},"batch_bytes":{})", total, records, batch);
  fmt::print(stderr, "{:<16} {:>8} {:>12} {:>10} {:>14} {:>13}\n", "contender", "MB/s", "records/s",
             "ns/record", "of read alone", "least-greatest");
  for (Contender& contender : contenders) {
    const double seconds = contender.Median();
    const auto count = static_cast<double>(records);
    fmt::print(stderr, "{:<16} {:>8.0f} {:>12.0f} {:>10.0f} {:>13.2f}x {:>6.0f}-{:.0f}\n",
               contender.name, static_cast<double>(total) / seconds / 1e6, count / seconds,
               seconds / count * 1e9, seconds / alone, contender.seconds.front() / count * 1e9,
               contender.seconds.back() / count * 1e9);
    json += fmt::format(R"(,"{}_seconds":{:.6f})", contender.name, seconds);
  }
  for (char& c : json) c = c == ' ' ? '_' : c;
  fmt::print("{}}}\n", json);
  return 0;
}
