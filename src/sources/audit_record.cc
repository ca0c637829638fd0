// SPDX-License-Identifier: Apache-2.0
#include "sources/audit_record.h"

#include <array>
#include <charconv>
#include <utility>

#include "base/json_writer.h"

namespace vedette::sources {
namespace {

/// How far into a line the header may begin; syslog headers are far shorter.
constexpr std::size_t kMaxPrefixBytes = 512;
/// auditd puts this byte between what the kernel wrote and the names that it looked up.
constexpr char kEnrichedSeparator = '\x1d';
/// The largest second that base::Timestamp (signed nanoseconds) can hold.
constexpr std::int64_t kMaxSeconds = 9'223'372'035;

/// Types that the kernel's own log (`audit: type=1300 audit(…)`) prints as numbers.
constexpr std::array<std::pair<int, std::string_view>, 28> kTypeNames{{
    {1006, "LOGIN"},      {1100, "USER_AUTH"},     {1101, "USER_ACCT"},
    {1103, "CRED_ACQ"},   {1104, "CRED_DISP"},     {1105, "USER_START"},
    {1106, "USER_END"},   {1112, "USER_LOGIN"},    {1113, "USER_LOGOUT"},
    {1123, "USER_CMD"},   {1130, "SERVICE_START"}, {1131, "SERVICE_STOP"},
    {1300, "SYSCALL"},    {1302, "PATH"},          {1305, "CONFIG_CHANGE"},
    {1306, "SOCKADDR"},   {1307, "CWD"},           {1309, "EXECVE"},
    {1320, "EOE"},        {1321, "BPRM_FCAPS"},    {1325, "NETFILTER_CFG"},
    {1326, "SECCOMP"},    {1327, "PROCTITLE"},     {1330, "KERN_MODULE"},
    {1334, "BPF"},        {1400, "AVC"},           {1700, "ANOM_PROMISCUOUS"},
    {1701, "ANOM_ABEND"},
}};

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsKeyCharacter(char c) {
  return IsDigit(c) || IsUpper(c) || IsLower(c) || c == '_' || c == '-' || c == '[' || c == ']';
}

/// Moves `text` past a decimal number; false when there is none or it does not fit.
template <class T>
bool TakeNumber(std::string_view& text, T& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool TakePrefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

void SkipBlanks(std::string_view& text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
}

std::string_view NameOfType(std::string_view type) {
  if (type.empty() || !IsDigit(type.front())) return type;
  int number = 0;
  std::string_view rest = type;
  if (!TakeNumber(rest, number) || !rest.empty()) return type;
  for (const auto& [value, name] : kTypeNames) {
    if (value == number) return name;
  }
  return type;
}

/// A JSON document may quote an audit line in event.original; it is not one itself. A bracket alone
/// is no sign of JSON: the kernel's log begins `[  12.345] audit: `.
bool LooksLikeJson(std::string_view line) {
  if (line.empty()) return false;
  if (line.front() == '{') return true;
  if (line.front() != '[') return false;
  line.remove_prefix(1);
  SkipBlanks(line);
  return !line.empty() && (line.front() == '{' || line.front() == '"' || line.front() == '[');
}

/// Where `type=` begins as a word of its own, or npos.
std::size_t FindHeader(std::string_view line) {
  if (LooksLikeJson(line)) return std::string_view::npos;
  const std::string_view window = line.substr(0, kMaxPrefixBytes);
  for (std::size_t at = window.find("type="); at != std::string_view::npos;
       at = window.find("type=", at + 1)) {
    if (at == 0 || IsBlank(window[at - 1])) return at;
  }
  return std::string_view::npos;
}

std::string_view NodeBefore(std::string_view prefix) {
  while (!prefix.empty() && IsBlank(prefix.back())) prefix.remove_suffix(1);
  const std::size_t blank = prefix.find_last_of(" \t");
  std::string_view word = blank == std::string_view::npos ? prefix : prefix.substr(blank + 1);
  return TakePrefix(word, "node=") ? word : std::string_view();
}

/// Reads the header that begins at `type=`; `rest` is then what follows it.
bool TakeHeader(std::string_view& rest, AuditRecord& record) {
  TakePrefix(rest, "type=");
  std::size_t end = 0;
  while (end < rest.size() && !IsBlank(rest[end])) ++end;
  if (end == 0 || end > 64) return false;
  record.type = NameOfType(rest.substr(0, end));
  rest.remove_prefix(end);
  SkipBlanks(rest);
  TakePrefix(rest, "msg=");
  if (!TakePrefix(rest, "audit(")) return false;
  const std::string_view seconds_text = rest;
  if (!TakeNumber(rest, record.seconds) || !IsDigit(seconds_text.front())) return false;
  if (record.seconds > kMaxSeconds || !TakePrefix(rest, ".")) return false;
  // The digits are a count of milliseconds, not a decimal fraction: `.005` is 5 ms, and so would
  // `.5` be.
  if (!TakeNumber(rest, record.millis) || record.millis > 999) return false;
  return TakePrefix(rest, ":") && TakeNumber(rest, record.sequence) && TakePrefix(rest, ")");
}

/// Splits off the enriched half. Some collectors drop the separator; then `(null)` runs straight
/// into the first upper-case key, as in `key=(null)ARCH=x86_64`.
void SplitEnriched(std::string_view text, AuditRecord& record) {
  std::size_t at = text.find(kEnrichedSeparator);
  if (at != std::string_view::npos) {
    record.body = text.substr(0, at);
    record.enriched = text.substr(at + 1);
    return;
  }
  at = text.find("=(null)");
  if (at != std::string_view::npos) {
    const std::size_t tail = at + std::string_view("=(null)").size();
    if (tail < text.size() && IsUpper(text[tail])) {
      record.body = text.substr(0, tail);
      record.enriched = text.substr(tail);
      return;
    }
  }
  record.body = text;
}

/// One pass over a body; `in_message` says that we are inside msg='…'.
void Walk(std::string_view text, bool in_message,
          const std::function<void(const AuditField&)>& visit) {
  bool in_parentheses = false;
  while (true) {
    SkipBlanks(text);
    if (text.empty()) return;
    std::size_t equals = 0;
    while (equals < text.size() && !IsBlank(text[equals]) && text[equals] != '=') ++equals;
    if (equals == text.size() || text[equals] != '=') {
      text.remove_prefix(equals);
      continue;
    }
    AuditField field;
    std::size_t key = equals;
    while (key > 0 && IsKeyCharacter(text[key - 1])) --key;
    if (key > 0 && text[key - 1] == '(') in_parentheses = true;
    field.key = text.substr(key, equals - key);
    text.remove_prefix(equals + 1);
    if (!text.empty() && text.front() == '=') text.remove_prefix(1);
    const char open = text.empty() ? ' ' : text.front();
    if (open == '\'' && !in_message && field.key == "msg") {
      text.remove_prefix(1);
      const std::size_t close = text.rfind('\'');
      Walk(text.substr(0, close), true, visit);
      text = close == std::string_view::npos ? std::string_view() : text.substr(close + 1);
      continue;
    }
    if (open == '"' || open == '\'' || open == '{') {
      text.remove_prefix(1);
      const std::size_t close = text.find(open == '{' ? '}' : open);
      field.quote = open == '"'    ? AuditQuote::kDouble
                    : open == '\'' ? AuditQuote::kSingle
                                   : AuditQuote::kBraces;
      field.value = text.substr(0, close);
      text = close == std::string_view::npos ? std::string_view() : text.substr(close + 1);
      // Whatever sticks to the closing quote (another quote, a comma) belongs to nobody.
      while (!text.empty() && !IsBlank(text.front())) text.remove_prefix(1);
    } else {
      std::size_t end = 0;
      while (end < text.size() && !IsBlank(text[end])) ++end;
      field.value = text.substr(0, end);
      text.remove_prefix(end);
      if (in_message) {
        while (!field.value.empty() && field.value.back() == ',') field.value.remove_suffix(1);
        if (in_parentheses && !field.value.empty() && field.value.back() == ')') {
          field.value.remove_suffix(1);
          in_parentheses = false;
        }
      }
    }
    if (!field.key.empty()) visit(field);
  }
}

int HexDigit(char c, bool allow_lower_case) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (allow_lower_case && c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

bool AuditField::HasValue() const { return !value.empty() && value != "?" && value != "(null)"; }

std::optional<AuditRecord> ParseAuditLine(std::string_view line) {
  const std::size_t at = FindHeader(line);
  if (at == std::string_view::npos) return std::nullopt;
  AuditRecord record;
  record.node = NodeBefore(line.substr(0, at));
  std::string_view rest = line.substr(at);
  if (!TakeHeader(rest, record)) return std::nullopt;
  TakePrefix(rest, ":");
  SplitEnriched(rest, record);
  return record;
}

bool LooksLikeAuditLine(std::string_view line) {
  const std::size_t at = FindHeader(line);
  if (at == std::string_view::npos) return false;
  AuditRecord record;
  std::string_view rest = line.substr(at);
  return TakeHeader(rest, record);
}

void ForEachAuditField(std::string_view body, const std::function<void(const AuditField&)>& visit) {
  Walk(body, false, visit);
}

bool HasNestedMessage(std::string_view body) {
  const std::size_t at = body.find("msg='");
  return at != std::string_view::npos && (at == 0 || IsBlank(body[at - 1]));
}

std::optional<std::string> DecodeAuditHex(std::string_view digits, bool allow_lower_case) {
  if (digits.empty() || digits.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = HexDigit(digits[i], allow_lower_case);
    const int low = HexDigit(digits[i + 1], allow_lower_case);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

std::string AuditText(const AuditField& field, bool allow_lower_case) {
  std::string text(field.value);
  if (field.quote == AuditQuote::kNone) {
    if (auto bytes = DecodeAuditHex(field.value, allow_lower_case)) text = std::move(*bytes);
  }
  if (const std::size_t nul = text.find('\0'); nul != std::string::npos) text.resize(nul);
  return base::IsValidUtf8(text) ? text : base::RepairUtf8(text);
}

}  // namespace vedette::sources
