// SPDX-License-Identifier: Apache-2.0
// input_files, output_file, reject_file, and byte_source against a real file system.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json_writer.h"
#include "io/decompressor.h"
#include "io/input_files.h"
#include "io/output_file.h"
#include "io/reject_file.h"

namespace vedette::io {
namespace {

namespace fs = std::filesystem;
using std::string_literals::operator""s;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Files : public ::testing::Test {
 protected:
  Files() {
    std::string name = (fs::temp_directory_path() / "vedette_io_XXXXXX").string();
    root_ = mkdtemp(name.data());
    IgnoreClosedPipeSignal();
  }
  ~Files() override { fs::remove_all(root_); }

  std::string Path(const std::string& name) const { return (root_ / name).string(); }
  std::string Make(const std::string& name, const std::string& text = "{}\n") const {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name, std::ios::binary) << text;
    return Path(name);
  }
  std::string Contents(const std::string& name) const {
    std::ifstream in(root_ / name, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  std::vector<std::string> Expanded(const std::vector<std::string>& arguments) {
    problems_.clear();
    std::vector<std::string> names;
    InputSet set = ExpandInputs(arguments);
    for (const InputFile& file : set.files) {
      names.push_back(file.path == "-" ? "-" : fs::relative(file.path, root_).string());
    }
    for (const InputProblem& problem : set.problems) problems_.push_back(problem.error.message());
    return names;
  }

  fs::path root_;
  std::vector<std::string> problems_;
};

TEST_F(Files, DirectoriesAreSortedAndDeep) {
  Make("d/b.json");
  Make("d/a/z.gz");
  Make("d/a.json");
  Make("d/.hidden");
  Make("d/c/d/e/f");
  EXPECT_THAT(Expanded({Path("d")}),
              ElementsAre("d/.hidden", "d/a/z.gz", "d/a.json", "d/b.json", "d/c/d/e/f"));
  EXPECT_THAT(problems_, ElementsAre());
}

TEST_F(Files, LoopsDuplicatesAndLinks) {
  Make("d/a");
  fs::create_directory_symlink(root_ / "d", root_ / "d/loop");
  fs::create_symlink(root_ / "d/a", root_ / "d/link");
  fs::create_hard_link(root_ / "d/a", root_ / "d/hard");
  EXPECT_THAT(Expanded({Path("d"), Path("d/a"), Path("d/../d/a"), Path("d")}), ElementsAre("d/a"));
  EXPECT_THAT(problems_, ElementsAre());
}

TEST_F(Files, ProblemsAreValues) {
  fs::create_directories(root_ / "empty/er");
  fs::create_symlink(root_ / "nowhere", root_ / "dangling");
  Make("good");
  EXPECT_THAT(Expanded({Path("missing"), Path("empty"), Path("*.nope"), Path("good"),
                        Path("dangling"), "-", "-"}),
              ElementsAre("good", "-"));
  EXPECT_THAT(problems_,
              ElementsAre(HasSubstr("missing: no such file or directory"),
                          HasSubstr("the directory holds no files"),
                          HasSubstr("no file matches this pattern"), HasSubstr("dangling")));
}

TEST_F(Files, UnreadableFile) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  fs::permissions(Make("secret"), fs::perms::none);
  EXPECT_THAT(Expanded({Path("secret")}), ElementsAre());
  EXPECT_THAT(problems_, ElementsAre(HasSubstr("permission denied")));
}

TEST_F(Files, Patterns) {
  Make("b.json");
  Make("a.json");
  Make("c.txt");
  Make("[x].json");
  EXPECT_THAT(Expanded({Path("*.json")}), ElementsAre("[x].json", "a.json", "b.json"));
  EXPECT_THAT(Expanded({Path("[x].json")}), ElementsAre("[x].json"));
  EXPECT_THAT(Expanded({Path("?.txt"), Path("c.txt")}), ElementsAre("c.txt"));
}

TEST_F(Files, FifoInDirectoryIsSkipped) {
  Make("d/a");
  ASSERT_EQ(mkfifo(Path("d/pipe").c_str(), 0600), 0);
  EXPECT_THAT(Expanded({Path("d")}), ElementsAre("d/a"));
  EXPECT_THAT(Expanded({Path("d/pipe")}), ElementsAre("d/pipe"));
}

TEST_F(Files, SourceCountsAndNamesItsErrors) {
  auto source = FileSource::Open(Make("a", "12345"));
  ASSERT_TRUE(source.has_value());
  EXPECT_EQ((*source)->total_bytes(), 5U);
  char out[3];
  EXPECT_EQ((*source)->Read(out).value_or(0), 3U);
  EXPECT_EQ((*source)->bytes_read(), 3U);
  EXPECT_EQ((*source)->Read(out).value_or(0), 2U);
  EXPECT_EQ((*source)->Read(out).value_or(1), 0U);
  EXPECT_EQ(FileSource::Open(Path("x")).error().code(), base::ErrorCode::kNotFound);
  EXPECT_EQ(FileSource::Open(root_.string()).error().code(), base::ErrorCode::kInvalidArgument);
  EXPECT_THAT(OpenInput(Make("z", "BZh91AY&SY")).error().message(), HasSubstr("/z: this is bzip2"));
}

TEST_F(Files, PipeHasNoTotal) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(write(ends[1], "abc", 3), 3);
  close(ends[1]);
  FileSource source(ends[0], true, "pipe", std::nullopt);
  char out[8];
  EXPECT_EQ(source.Read(out).value_or(0), 3U);
  EXPECT_EQ(source.Read(out).value_or(1), 0U);
  EXPECT_FALSE(source.total_bytes().has_value());
}

TEST_F(Files, ReplaceIsAllOrNothing) {
  Make("out", "old");
  {
    auto out = OutputFile::Open(Path("out"));
    ASSERT_TRUE(out.has_value());
    ASSERT_TRUE((*out)->Write("new").has_value());
    ASSERT_TRUE((*out)->Flush().has_value());
    EXPECT_EQ(Contents("out"), "old");
    EXPECT_EQ(OutputFile::Open(Path("out")).error().code(), base::ErrorCode::kIo);
    ASSERT_TRUE((*out)->Close().has_value());
  }
  EXPECT_EQ(Contents("out"), "new");
  EXPECT_FALSE(fs::exists(root_ / "out.partial"));
  {
    auto out = OutputFile::Open(Path("out"));
    ASSERT_TRUE((*out)->Write("half").has_value());
    ASSERT_TRUE((*out)->Flush().has_value());
  }
  EXPECT_EQ(Contents("out"), "new");
  EXPECT_EQ(Contents("out.partial"), "half");
  { auto untouched = OutputFile::Open(Path("other")); }
  EXPECT_FALSE(fs::exists(root_ / "other.partial"));
}

TEST_F(Files, ReplaceKeepsModeAndLink) {
  Make("real", "old");
  fs::permissions(root_ / "real", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("real", root_ / "link");
  auto out = OutputFile::Open(Path("link"));
  ASSERT_TRUE((*out)->Write(std::string(200'000, 'x')).has_value());
  ASSERT_TRUE((*out)->Close().has_value());
  EXPECT_TRUE(fs::is_symlink(root_ / "link"));
  EXPECT_EQ(fs::file_size(root_ / "real"), 200'000U);
  EXPECT_EQ(fs::status(root_ / "real").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(Files, AppendAndTruncate) {
  Make("out", "1");
  for (const OutputMode mode : {OutputMode::kAppend, OutputMode::kTruncate}) {
    auto out = OutputFile::Open(Path("out"), mode);
    ASSERT_TRUE((*out)->Write("2").has_value());
    ASSERT_TRUE((*out)->Close().has_value());
    EXPECT_EQ(Contents("out"), mode == OutputMode::kAppend ? "12" : "2");
  }
}

TEST_F(Files, FullDiskIsSaid) {
  auto out = OutputFile::Open("/dev/full");
  ASSERT_TRUE(out.has_value());
  ASSERT_TRUE((*out)->Write("x").has_value());
  auto status = (*out)->Close();
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code(), base::ErrorCode::kIo);
  EXPECT_THAT(status.error().message(), HasSubstr("/dev/full: no space left on device"));
  EXPECT_FALSE((*out)->closed_pipe());
  EXPECT_FALSE((*out)->Write("y").has_value());
}

TEST_F(Files, ClosedPipeIsTold) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  const std::string path = "/dev/fd/" + std::to_string(ends[1]);
  auto out = OutputFile::Open(path, OutputMode::kTruncate);
  if (!out.has_value()) GTEST_SKIP() << "no /dev/fd here";
  ASSERT_TRUE((*out)->Write("x").has_value());
  auto status = (*out)->Flush();
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code(), base::ErrorCode::kIo);
  EXPECT_TRUE((*out)->closed_pipe());
  EXPECT_FALSE((*out)->Close().has_value());
  close(ends[1]);
}

TEST_F(Files, RejectsAreNdjson) {
  {
    auto file = RejectFile::Open(Path("rejects"));
    ASSERT_TRUE(file.has_value());
    ASSERT_TRUE((*file)
                    ->Write({"a.json", 3, 17, 5, "not_json", "unexpected `}`", "{\"\xC3\xA4\"\n"})
                    .has_value());
    ASSERT_TRUE((*file)->Write({"b", 1, 0, 2, "binary", "not text", "\xFF\x00"s}).has_value());
    ASSERT_TRUE((*file)->Write({"c", 1, 0, 900, "too_long", "too long", "ab\xE2\x82"}).has_value());
    EXPECT_EQ((*file)->count(), 3U);
    ASSERT_TRUE((*file)->Close().has_value());
  }
  EXPECT_EQ(
      Contents("rejects"),
      "{\"file\":\"a.json\",\"line\":3,\"offset\":17,\"length\":5,\"code\":\"not_json\","
      "\"reason\":\"unexpected `}`\",\"record\":\"{\\\"\xC3\xA4\\\"\\n\",\"truncated\":false}\n"
      "{\"file\":\"b\",\"line\":1,\"offset\":0,\"length\":2,\"code\":\"binary\","
      "\"reason\":\"not text\",\"record_base64\":\"/wA=\",\"truncated\":false}\n"
      "{\"file\":\"c\",\"line\":1,\"offset\":0,\"length\":900,\"code\":\"too_long\","
      "\"reason\":\"too long\",\"record\":\"ab\",\"truncated\":true}\n");
}

TEST(Base64, Rfc4648Vectors) {
  EXPECT_EQ(Base64(""), "");
  EXPECT_EQ(Base64("f"), "Zg==");
  EXPECT_EQ(Base64("fo"), "Zm8=");
  EXPECT_EQ(Base64("foo"), "Zm9v");
  EXPECT_EQ(Base64("foobar"), "Zm9vYmFy");
}

}  // namespace
}  // namespace vedette::io
