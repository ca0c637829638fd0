// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace vedette::base {

/// What kind of failure, for the caller that must decide (exit code, retry, skip).
enum class ErrorCode {
  kInvalidArgument,  ///< a person wrote something wrong (exit 2)
  kNotFound,
  kPermissionDenied,
  kIo,             ///< the world failed: disk, pipe, peer (exit 3)
  kLimitExceeded,  ///< a documented bound was reached
  kCorrupt,        ///< input bytes are damaged
  kUnsupported,
  kInternal,
};

/// A failure as a value: a code and a sentence. One pointer wide, so Result<int> is 16 bytes.
/// Messages are lower case and say what was being done, on what, and why it failed.
class [[nodiscard]] Error {
 public:
  Error(ErrorCode code, std::string message)
      : rep_(std::make_unique<Rep>(Rep{code, std::move(message)})) {}

  ErrorCode code() const { return rep_->code; }
  const std::string& message() const { return rep_->message; }

  /// The same failure with "doing: " in front; used on the way up.
  Error Context(std::string_view doing) && {
    rep_->message.insert(0, ": ").insert(0, doing);
    return std::move(*this);
  }

 private:
  struct Rep {
    ErrorCode code;
    std::string message;
  };
  std::unique_ptr<Rep> rep_;
};

/// A value or an Error. `tl::expected` with [[nodiscard]].
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  Result(Error error) : tl::expected<T, Error>(tl::unexpected<Error>(std::move(error))) {}
};

}  // namespace vedette::base

#define VED_CONCAT_INNER(a, b) a##b
#define VED_CONCAT(a, b) VED_CONCAT_INNER(a, b)
#define VED_TRY_IMPL(result, declaration, expression)        \
  auto result = (expression);                                \
  if (!result.has_value()) return std::move(result).error(); \
  declaration = *std::move(result)
/// `VED_TRY(auto x, F())`: x is F()'s value, or the enclosing function returns F()'s Error.
#define VED_TRY(declaration, expression) \
  VED_TRY_IMPL(VED_CONCAT(ved_result_, __LINE__), declaration, expression)
/// The same for Result<void>.
#define VED_TRY_VOID(expression)                                       \
  do {                                                                 \
    auto ved_result = (expression);                                    \
    if (!ved_result.has_value()) return std::move(ved_result).error(); \
  } while (false)
