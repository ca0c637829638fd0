// SPDX-License-Identifier: Apache-2.0
#include "engine/process_tree_image.h"

#include <cstring>

namespace vedette::engine {

std::shared_ptr<const ProcessImage> ProcessImage::Make(const ProcessProperties& properties,
                                                       std::size_t max_bytes,
                                                       std::uint64_t& left_out) {
  auto image = std::make_shared<ProcessImage>();
  std::size_t used = 0;
  bool all = true;
  const auto fits = [&](std::size_t bytes) {
    const bool yes = bytes <= max_bytes - used;
    if (yes) used += bytes;
    all = all && yes;
    return yes;
  };
  const auto take = [&](std::string_view text) {
    return fits(text.size()) ? text : std::string_view();
  };
  const std::string_view executable = take(properties.executable);
  const std::string_view name = take(properties.name);
  std::size_t args_bytes = 0;
  for (const std::string_view arg : properties.args)
    args_bytes += arg.size() + sizeof(std::uint32_t);
  const bool keep_args = properties.has_args && fits(args_bytes);
  const std::string_view command_line = take(properties.command_line);
  if (!all) ++left_out;

  image->executable_bytes_ = static_cast<std::uint32_t>(executable.size());
  image->name_bytes_ = static_cast<std::uint32_t>(name.size());
  image->command_line_bytes_ = static_cast<std::uint32_t>(command_line.size());
  image->has_args_ = keep_args;
  image->stored_args_ = keep_args ? static_cast<std::uint32_t>(properties.args.size()) : 0;
  image->args_count_ = properties.args_count;
  image->block_bytes_ = static_cast<std::uint32_t>(used);
  image->block_ = std::make_unique<char[]>(used);
  char* to = image->block_.get() + image->stored_args_ * sizeof(std::uint32_t);
  const auto append = [&to](std::string_view text) {
    if (!text.empty()) std::memcpy(to, text.data(), text.size());
    to += text.size();
  };
  append(executable);
  append(name);
  append(command_line);
  const char* first = to;
  for (std::size_t i = 0; i < image->stored_args_; ++i) {
    append(properties.args[i]);
    const auto end = static_cast<std::uint32_t>(to - first);
    std::memcpy(image->block_.get() + i * sizeof(end), &end, sizeof(end));
  }
  return image;
}

std::uint32_t ProcessImage::EndOfArg(std::size_t i) const {
  std::uint32_t end = 0;
  std::memcpy(&end, block_.get() + i * sizeof(end), sizeof(end));
  return end;
}

std::string_view ProcessImage::arg(std::size_t i) const {
  const std::uint32_t begin = i == 0 ? 0 : EndOfArg(i - 1);
  const char* args = text() + executable_bytes_ + name_bytes_ + command_line_bytes_;
  return {args + begin, EndOfArg(i) - begin};
}

std::int64_t ProcessImage::args_count() const {
  if (args_count_ >= 0 || !has_args_) return args_count_;
  return static_cast<std::int64_t>(stored_args_);
}

bool ProcessImage::Equals(const ProcessProperties& properties) const {
  if (executable() != properties.executable || name() != properties.name ||
      command_line() != properties.command_line || has_args_ != properties.has_args ||
      args_count_ != properties.args_count || stored_args_ != properties.args.size()) {
    return false;
  }
  for (std::size_t i = 0; i < stored_args_; ++i) {
    if (arg(i) != properties.args[i]) return false;
  }
  return true;
}

}  // namespace vedette::engine
