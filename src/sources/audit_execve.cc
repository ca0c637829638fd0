// SPDX-License-Identifier: Apache-2.0
#include "sources/audit_execve.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/json_writer.h"

namespace vedette::sources {
namespace {

/// Far above what 2 MiB of arguments hold in practice; keeps a hostile log from growing the list.
constexpr std::size_t kMaxPieces = 128 * 1024;

struct Piece {
  std::uint32_t argument = 0;
  std::uint32_t index = 0;
  bool split = false;
  bool quoted = false;
  std::string_view value;
};

bool TakeNumber(std::string_view& text, std::uint32_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

/// `a7` or `a7[2]`; `a7_len` and everything else are no pieces.
bool ParseKey(std::string_view key, Piece& piece) {
  if (key.size() < 2 || key.front() != 'a') return false;
  key.remove_prefix(1);
  if (!TakeNumber(key, piece.argument)) return false;
  if (key.empty()) return true;
  if (key.front() != '[') return false;
  key.remove_prefix(1);
  piece.split = true;
  return TakeNumber(key, piece.index) && key == "]";
}

/// The text of one argument from its pieces, which are in order and without duplicates.
std::string Join(std::span<const Piece> pieces, bool& truncated) {
  std::string joined;
  bool all_bare = true;
  std::uint32_t expected = 0;
  for (const Piece& piece : pieces) {
    if (piece.split && piece.index != expected++) truncated = true;
    all_bare = all_bare && !piece.quoted;
    joined += piece.value;
  }
  if (all_bare) {
    // A cut may leave half a byte; the whole ones before it are still good.
    std::string_view digits = joined;
    if (digits.size() % 2 != 0) digits.remove_suffix(1);
    if (auto bytes = DecodeAuditHex(digits, true)) {
      if (digits.size() != joined.size()) truncated = true;
      joined = std::move(*bytes);
    }
  }
  if (const std::size_t nul = joined.find('\0'); nul != std::string::npos) joined.resize(nul);
  return base::IsValidUtf8(joined) ? joined : base::RepairUtf8(joined);
}

std::vector<Piece> CollectPieces(std::span<const AuditRecord> records, AuditArguments& result) {
  std::vector<Piece> pieces;
  for (const AuditRecord& record : records) {
    if (record.type != "EXECVE") continue;
    ForEachAuditField(record.body, [&](const AuditField& field) {
      Piece piece;
      if (field.key == "argc") {
        std::uint32_t count = 0;
        std::string_view text = field.value;
        if (!result.argc && TakeNumber(text, count) && text.empty()) result.argc = count;
      } else if (ParseKey(field.key, piece)) {
        if (pieces.size() >= kMaxPieces) {
          result.truncated = true;
          return;
        }
        piece.quoted = field.quote != AuditQuote::kNone;
        piece.value = field.value;
        pieces.push_back(piece);
      }
    });
  }
  const auto place = [](const Piece& p) { return std::tuple(p.argument, p.index); };
  std::ranges::stable_sort(pieces, {}, place);
  const auto repeated = std::ranges::unique(pieces, {}, place);
  pieces.erase(repeated.begin(), repeated.end());
  return pieces;
}

}  // namespace

AuditArguments CollectAuditArguments(std::span<const AuditRecord> records, bool ended) {
  AuditArguments result;
  const std::vector<Piece> pieces = CollectPieces(records, result);
  if (pieces.empty()) {
    result.truncated = result.truncated || result.argc.value_or(0) > 0;
    return result;
  }
  bool last_is_split = false;
  for (std::size_t begin = 0, end = 0; begin < pieces.size(); begin = end) {
    while (end < pieces.size() && pieces[end].argument == pieces[begin].argument) ++end;
    if (pieces[begin].argument != result.values.size()) result.truncated = true;
    result.values.push_back(Join(std::span(pieces).subspan(begin, end - begin), result.truncated));
    last_is_split = pieces[begin].split;
  }
  if (!result.argc || *result.argc != result.values.size()) result.truncated = true;
  if (last_is_split && !ended && records.back().type == "EXECVE") result.truncated = true;
  return result;
}

}  // namespace vedette::sources
