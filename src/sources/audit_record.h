// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace vedette::sources {

/// One line of the Linux audit log, cut into its header and its two halves. All views point into
/// the line that was parsed.
struct AuditRecord {
  std::string_view node;  ///< value of `node=`, empty if the line has none
  std::string_view
      type;  ///< `SYSCALL`, `UNKNOWN[1420]`, …; a number of a known type becomes its name
  std::int64_t seconds = 0;  ///< since 1970, UTC
  std::uint32_t millis = 0;  ///< 0..999
  std::uint64_t sequence = 0;
  std::string_view body;  ///< `k=v …` after the header
  std::string_view
      enriched;  ///< upper-case `K=v …` that auditd appended with ids resolved to names
};

/// Empty when the line is no audit record: anything may stand in front (syslog header, `node=`),
/// but the header `type=T [msg=]audit(S.MMM:N)` must be whole and S within base::Timestamp.
/// O(line).
std::optional<AuditRecord> ParseAuditLine(std::string_view line);

/// Cheap test for recognising the format: does a plausible header begin in the first 512 bytes?
bool LooksLikeAuditLine(std::string_view line);

enum class AuditQuote : std::uint8_t { kNone, kDouble, kSingle, kBraces };

struct AuditField {
  std::string_view key;
  std::string_view value;  ///< without its quotes
  AuditQuote quote = AuditQuote::kNone;

  /// `?`, `(null)` and nothing at all mean "no value"; a quoted empty string does too, except to
  /// EXECVE.
  bool HasValue() const;
};

/// Calls `visit` for each `key=value` of a body, in order. Words without `=` are passed over. The
/// text of `msg='…'` is walked in place of the field itself, so nested fields appear as if they
/// were not nested. Tolerates missing and stray quotes, runs of blanks, `key==value`, and the old
/// `(hostname=a, addr=b)`. O(body), no allocation.
void ForEachAuditField(std::string_view body, const std::function<void(const AuditField&)>& visit);

/// Whether the body carries a nested `msg='`, which only user-space records have.
bool HasNestedMessage(std::string_view body);

/// The bytes that an unquoted hex value stands for; empty optional when it is not an even number of
/// hex digits (an odd last digit is not guessed at).
std::optional<std::string> DecodeAuditHex(std::string_view digits, bool allow_lower_case);

/// The text of a field that the kernel encodes when it must: quoted as it stands, unquoted hex
/// decoded, anything else as it stands. Cut at the first NUL; ill-formed UTF-8 becomes U+FFFD.
std::string AuditText(const AuditField& field, bool allow_lower_case = true);

}  // namespace vedette::sources
