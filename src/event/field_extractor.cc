// SPDX-License-Identifier: Apache-2.0
#include "event/field_extractor.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "event/key_memo.h"
#include "event/key_trie.h"
#include "event/token_check.h"

namespace vedette::event {
namespace {

// The index of a piece (about 30 KiB of entries) and its text stay in the second-level cache.
constexpr std::size_t kPiece = std::size_t{128} << 10U;

bool IsLineEnd(std::uint8_t kind) { return kind < ' '; }

}  // namespace

struct FieldExtractor::Impl {
  Impl(const FieldTable& table, std::span<const std::string_view> watched,
       StructuralIndex::Code code)
      : trie(table), memo(trie, watched), index(code), tokens(table.size()) {}

  KeyTrie trie;
  KeyMemo memo;
  StructuralIndex index;
  std::vector<RawToken> tokens;

  std::string_view rest;   // of the block, behind the piece
  std::string_view piece;  // what `index` is of
  TokenCheck check;        // over `piece`
  bool too_long = false;   // the piece is one line that was not indexed
  bool piece_has_bad_utf8 = false;
  std::size_t entry = 0;         // first one of the next line
  std::uint32_t line_begin = 0;  // in `piece`

  bool TakePiece();
  Outcome Next(RawEvent& out);
  /// The entry that ends the line if its record is regular, else 0.
  std::size_t Walk();
  KeyMemo::Entry* LookUp(std::size_t key, std::uint32_t node, KeyMemo::Guesses& guesses);
  bool Take(const KeyMemo::Entry& meaning, std::uint32_t begin, std::uint32_t end);

  std::string_view Line(std::size_t end) const {
    std::string_view line = piece.substr(line_begin, end - line_begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
};

bool FieldExtractor::Impl::TakePiece() {
  if (rest.empty()) return false;
  std::size_t size = rest.size();
  if (size > kPiece) {
    const void* cut = memrchr(rest.data(), '\n', kPiece);
    if (cut == nullptr) cut = std::memchr(rest.data() + kPiece, '\n', size - kPiece);
    if (cut != nullptr) {
      size = static_cast<std::size_t>(static_cast<const char*>(cut) - rest.data()) + 1;
    }
  }
  piece = rest.substr(0, size);
  rest.remove_prefix(size);
  entry = 0;
  line_begin = 0;
  too_long = size > kMaxLine;
  if (too_long) return true;
  index.Build(piece);
  check = TokenCheck(piece.data(), index);
  piece_has_bad_utf8 =
      index.has_non_ascii() && !simdjson::validate_utf8(piece.data(), piece.size());
  return true;
}

/// The slow way from a key to its meaning: by the second guess, else by its text.
KeyMemo::Entry* FieldExtractor::Impl::LookUp(std::size_t key, std::uint32_t node,
                                             KeyMemo::Guesses& guesses) {
  const std::uint32_t begin = index.positions()[key] + 1;
  std::uint32_t found = guesses[1];
  if (!KeyMemo::Matches(memo.entry(found), piece.data() + begin)) {
    const std::uint32_t end = check.KeyEnd(key);
    if (end == 0) return nullptr;
    const std::string_view text = piece.substr(begin, end - begin);
    if (text.find('\\') != std::string_view::npos) return nullptr;
    found = memo.Find(node, text);
    if (found == KeyMemo::kUnheld) return &memo.entry(found);
  }
  // What follows a key that is not held is not worth knowing: its entry stands for many.
  KeyMemo::Entry& unheld = memo.entry(KeyMemo::kUnheld);
  if (&guesses != &unheld.next && &guesses != &unheld.first) guesses = {found, guesses[0]};
  return &memo.entry(found);
}

/// False when the field was there already.
bool FieldExtractor::Impl::Take(const KeyMemo::Entry& meaning, std::uint32_t begin,
                                std::uint32_t end) {
  RawToken& token = tokens[meaning.field];
  if (token.size != 0) return false;
  token = {begin - line_begin, end - begin};
  if ((meaning.flags & KeyMemo::kSeveral) != 0) {
    for (const FieldId field : trie.node(meaning.node).fields) {
      tokens[static_cast<std::size_t>(field)] = token;
    }
  }
  return true;
}

std::size_t FieldExtractor::Impl::Walk() {
  struct Level {
    KeyMemo::Entry* key;  // whose value the object is
    std::uint32_t node;
  };
  std::array<Level, kMaxDepth> levels;
  std::size_t depth = 1;
  const char* const text = piece.data();
  const std::uint32_t* const positions = index.positions();
  const std::uint8_t* const kinds = index.kinds();
  const TokenCheck look = check;  // a copy, so that its members may stay in registers
  std::size_t i = entry;
  if (kinds[i] != '{' || !look.AllBlank(line_begin, positions[i])) return 0;
  std::uint32_t node = KeyTrie::kRoot;
  KeyMemo::Guesses* guesses = &memo.first_of_record();
  ++i;
  if (!look.AllBlank(positions[i - 1] + 1, positions[i])) return 0;
  // Most records have no escape: one look settles it for all strings that end before `plain`.
  std::uint32_t plain =
      static_cast<std::uint32_t>(std::min(std::size_t{line_begin} + 4096, piece.size()));
  if (look.MayHaveBackslash(line_begin, plain)) plain = 0;
  while (true) {
    // At the first entry of an object, or behind a value.
    if (kinds[i] == '}') {
      if (--depth == 0) break;
      const Level& outer = levels[depth];
      node = outer.node;
      guesses = &outer.key->next;
      const std::uint32_t value = positions[i++];
      if (look.ValueEnd(i, kinds[i] == '}', value) == 0) return 0;
      continue;
    }
    if (kinds[i] != '"') return 0;
    const std::uint32_t key = positions[i] + 1;
    KeyMemo::Entry* meaning = &memo.entry((*guesses)[0]);
    if (!KeyMemo::Matches(*meaning, text + key)) [[unlikely]] {
      meaning = LookUp(i, node, *guesses);
      if (meaning == nullptr) return 0;
    }
    const std::uint32_t begin = positions[i + 1];
    if (begin != key + meaning->length + 2 || text[begin - 1] != ':') [[unlikely]] {
      if (look.KeyEnd(i) == 0) return 0;
    }
    const std::uint16_t flags = meaning->flags;
    if ((flags & KeyMemo::kWatched) != 0) return 0;
    guesses = &meaning->next;
    ++i;
    const std::uint8_t kind = kinds[i];
    const std::uint8_t folded = kind | 0x20U;  // brackets of both forms
    if (folded != '{' && folded != '}') [[likely]] {
      // A string or scalar; a line's end fails at the next turn, as nothing follows it.
      ++i;
      const std::uint32_t end = look.ValueEnd(i, kinds[i] == '}', begin);
      if (end == 0 || IsLineEnd(kind)) return 0;
      if ((flags & KeyMemo::kWanted) != 0) {
        const bool sound = kind == '"' ? end <= plain || look.StringIsSound(begin, end)
                                       : IsJsonScalar({text + begin, end - begin});
        if (!sound || !Take(*meaning, begin, end)) return 0;
      }
      continue;
    }
    if (folded == '}') return 0;
    bool has_object = false;
    std::size_t behind = 0;
    if ((flags & KeyMemo::kWanted) != 0) {
      behind = look.CheckContainer(i, kMaxDepth - depth, has_object);
      if (behind == 0 || !Take(*meaning, begin, positions[behind - 1] + 1)) return 0;
    }
    if (kind == '{' && (flags & KeyMemo::kInner) != 0) {
      if (depth == kMaxDepth) return 0;
      levels[depth++] = {meaning, node};
      node = meaning->node;
      guesses = &meaning->first;
      ++i;
      if (!look.AllBlank(begin + 1, positions[i])) return 0;
      continue;
    }
    if (behind == 0) behind = look.SkipContainer(i, kMaxDepth - depth, has_object);
    if (behind == 0 || (has_object && (flags & KeyMemo::kInner) != 0)) return 0;
    i = behind;
    if (look.ValueEnd(i, kinds[i] == '}', begin) == 0) return 0;
  }
  // Entry i closes the record; only its line break may follow.
  if (kinds[i + 1] != '\n' || !look.AllBlank(positions[i] + 1, positions[i + 1])) return 0;
  return i + 1;
}

FieldExtractor::Outcome FieldExtractor::Impl::Next(RawEvent& out) {
  while (true) {
    if (too_long) {
      too_long = false;
      if (piece.ends_with('\n')) piece.remove_suffix(1);
      out = {.json = Line(piece.size()), .tokens = {}};
      piece = {};
      return Outcome::kIrregular;
    }
    if (piece.empty() || entry == index.size()) {
      if (!TakePiece()) return Outcome::kEnd;
      continue;
    }
    const std::uint8_t* const kinds = index.kinds();
    const std::uint32_t* const positions = index.positions();
    if (kinds[entry] == '\n' && check.AllBlank(line_begin, positions[entry])) {
      line_begin = positions[entry++] + 1;
      continue;
    }
    memo.MakeRoom();
    std::fill(tokens.begin(), tokens.end(), RawToken{});
    std::size_t end = Walk();
    bool regular = end != 0;
    if (!regular) {
      end = entry;
      while (!IsLineEnd(kinds[end])) ++end;
    }
    out.json = Line(positions[end]);
    if (regular && piece_has_bad_utf8) {
      regular = simdjson::validate_utf8(out.json.data(), out.json.size());
    }
    out.tokens = tokens;
    line_begin = positions[end] + 1;
    entry = end + 1;
    return regular ? Outcome::kEvent : Outcome::kIrregular;
  }
}

FieldExtractor::FieldExtractor(const FieldTable& table, std::span<const std::string_view> watched,
                               StructuralIndex::Code code)
    : impl_(std::make_unique<Impl>(table, watched, code)) {}
FieldExtractor::~FieldExtractor() = default;
FieldExtractor::FieldExtractor(FieldExtractor&&) noexcept = default;
FieldExtractor& FieldExtractor::operator=(FieldExtractor&&) noexcept = default;

void FieldExtractor::Load(std::string_view block) {
  impl_->rest = block;
  impl_->piece = {};
  impl_->too_long = false;
}

FieldExtractor::Outcome FieldExtractor::Next(RawEvent& out) { return impl_->Next(out); }

}  // namespace vedette::event
