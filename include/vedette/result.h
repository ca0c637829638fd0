// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace vedette {

/// What kind of failure, for the caller that must decide.
enum class StatusCode : std::uint8_t {
  kOk,
  kInvalidArgument,  ///< an option says something impossible, or a call came after Finish()
  kUnsupported,      ///< the input is of a kind that is not read, UTF-16 text for instance
  kResource,         ///< the system refused something: a thread
  kInternal,         ///< a defect of Vedette; please report it
};

/// Success, or a code and a sentence: lower case, what was being done, on what, why it failed.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(StatusCode code, std::string message) : code_(code), message_(std::move(message)) {}

  bool ok() const noexcept { return code_ == StatusCode::kOk; }
  StatusCode code() const noexcept { return code_; }
  const std::string& message() const noexcept { return message_; }

 private:
  StatusCode code_ = StatusCode::kOk;
  std::string message_;
};

/// A value, or why there is none. Reading the value of a failure is undefined.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}
  Result(Status failure) : status_(std::move(failure)) {}

  bool ok() const noexcept { return value_.has_value(); }
  const Status& status() const noexcept { return status_; }
  T& operator*() & noexcept { return *value_; }
  T&& operator*() && noexcept { return *std::move(value_); }
  T* operator->() noexcept { return &*value_; }

 private:
  std::optional<T> value_;
  Status status_;
};

}  // namespace vedette
