// SPDX-License-Identifier: Apache-2.0
#include "io/input_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

#include "io/errno_error.h"

namespace vedette::io {

namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};

/// Collects one InputSet; remembers what it has met by device and inode.
class Expander {
 public:
  void Argument(const std::string& argument) {
    if (argument == "-") {
      if (!std::exchange(took_stdin_, true)) set_.files.push_back({argument, std::nullopt});
      return;
    }
    struct stat status {};
    if (stat(argument.c_str(), &status) == 0) {
      Named(argument, status);
    } else if (errno == ENOENT && argument.find_first_of("*?[") != std::string::npos) {
      Pattern(argument);
    } else {
      Problem(argument, ErrnoError("read", argument, errno));
    }
  }

  InputSet Take() { return std::move(set_); }

 private:
  using Identity = std::pair<dev_t, ino_t>;

  void Problem(const std::string& path, base::Error error) {
    set_.problems.push_back({path, std::move(error)});
  }

  void Named(const std::string& path, const struct stat& status) {
    if (!S_ISDIR(status.st_mode)) {
      File(path, status);
      return;
    }
    const std::size_t met_before = files_met_;
    const std::size_t problems_before = set_.problems.size();
    Directory(path, status);
    if (files_met_ == met_before && set_.problems.size() == problems_before) {
      Problem(path, {base::ErrorCode::kNotFound,
                     fmt::format("read {}: the directory holds no files", path)});
    }
  }

  void File(const std::string& path, const struct stat& status) {
    ++files_met_;
    if (!seen_.insert({status.st_dev, status.st_ino}).second) return;
    if (faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) != 0) {
      Problem(path, ErrnoError("read", path, errno));
      return;
    }
    std::optional<std::uint64_t> bytes;
    if (S_ISREG(status.st_mode)) bytes = static_cast<std::uint64_t>(status.st_size);
    set_.files.push_back({path, bytes});
  }

  // Own stack: a hostile tree is as deep as it likes. What is pushed last comes first, so names go
  // on in reverse; whole paths then come out in byte order of their components.
  void Directory(const std::string& top, const struct stat& top_status) {
    std::vector<std::pair<std::string, struct stat>> todo{{top, top_status}};
    while (!todo.empty()) {
      auto [path, status] = std::move(todo.back());
      todo.pop_back();
      if (S_ISREG(status.st_mode)) File(path, status);
      if (!S_ISDIR(status.st_mode)) continue;
      // A link back up, or the same directory by another way.
      if (!seen_.insert({status.st_dev, status.st_ino}).second) {
        ++files_met_;
        continue;
      }
      for (const std::string& name : Names(path)) {
        std::string below = path.ends_with('/') ? path + name : path + '/' + name;
        struct stat below_status {};
        if (stat(below.c_str(), &below_status) == 0) {
          todo.emplace_back(std::move(below), below_status);
        } else {
          Problem(below, ErrnoError("read", below, errno));
        }
      }
    }
  }

  // In descending order.
  std::vector<std::string> Names(const std::string& path) {
    std::vector<std::string> names;
    const std::unique_ptr<DIR, CloseDirectory> directory(opendir(path.c_str()));
    if (directory == nullptr) {
      Problem(path, ErrnoError("read directory", path, errno));
      return names;
    }
    for (;;) {
      errno = 0;
      const dirent* const entry = readdir(directory.get());
      if (entry == nullptr) break;
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    if (errno != 0) Problem(path, ErrnoError("read directory", path, errno));
    std::sort(names.begin(), names.end(), std::greater<>());
    return names;
  }

  void Pattern(const std::string& pattern) {
    glob_t found{};
    const int status = glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found);
    std::vector<std::string> paths;
    if (status == 0) paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    globfree(&found);
    if (paths.empty()) {
      Problem(pattern, {base::ErrorCode::kNotFound,
                        fmt::format("read {}: no file matches this pattern", pattern)});
      return;
    }
    std::sort(paths.begin(), paths.end());
    for (const std::string& path : paths) {
      struct stat status_of_path {};
      if (stat(path.c_str(), &status_of_path) == 0) {
        Named(path, status_of_path);
      } else {
        Problem(path, ErrnoError("read", path, errno));
      }
    }
  }

  InputSet set_;
  std::set<Identity> seen_;
  std::size_t files_met_ = 0;
  bool took_stdin_ = false;
};

}  // namespace

InputSet ExpandInputs(std::span<const std::string> arguments) {
  Expander expander;
  for (const std::string& argument : arguments) expander.Argument(argument);
  return expander.Take();
}

}  // namespace vedette::io
