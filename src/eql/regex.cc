// SPDX-License-Identifier: Apache-2.0
#include "eql/regex.h"

#include <fmt/format.h>
#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "eql/regex_translator.h"

namespace vedette::eql {
namespace {

constexpr std::int64_t kMaxAutomatonBytes = 8 << 20;
constexpr std::size_t kMaxPatternBytes = 64 * 1024;
constexpr std::size_t kMaxTranslatedBytes = 1 << 20;

base::Error Invalid(std::string_view pattern, std::string_view why) {
  return base::Error(base::ErrorCode::kInvalidArgument,
                     fmt::format("regular expression `{}`: {}", pattern.substr(0, 200), why));
}

}  // namespace

namespace {

/// No letter beyond ASCII stands in the pattern, as it is or escaped: the prefilter folds such in
/// ways that we do not. (Ranges may still reach beyond; their members are no required text.)
bool NamesAsciiOnly(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (static_cast<unsigned char>(pattern[i]) >= 0x80) return false;
    if (!pattern.substr(i).starts_with("\\x{")) continue;
    const std::string_view digits = pattern.substr(i + 3, pattern.find('}', i) - i - 3);
    unsigned value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (error != std::errc() || end != digits.data() + digits.size()) return false;
    if (value >= 0x80 && value != 0x10FFFF) return false;
  }
  return true;
}

/// Texts of which one must occur for `automaton` to match, lower case; empty: unknown.
std::vector<std::string> TextsRequiredBy(const RE2& automaton) {
  const std::string& pattern = automaton.pattern();
  if (!NamesAsciiOnly(pattern) || !automaton.options().case_sensitive()) return {};
  re2::FilteredRE2 filter(1);
  RE2::Options options = automaton.options();
  options.set_log_errors(false);
  int id = 0;
  if (filter.Add(pattern, options, &id) != RE2::NoError) return {};
  std::vector<std::string> atoms;
  filter.Compile(&atoms);
  const auto could_match_without = [&](std::size_t left_out) {
    std::vector<int> present;
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      if (i != left_out) present.push_back(static_cast<int>(i));
    }
    std::vector<int> potentials;
    filter.AllPotentials(present, &potentials);
    return !potentials.empty();
  };
  if (atoms.empty()) return {};
  std::vector<int> potentials;
  filter.AllPotentials({}, &potentials);
  if (!potentials.empty()) return {};
  const std::string* best = nullptr;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    if (!could_match_without(i) && (best == nullptr || atoms[i].size() > best->size())) {
      best = &atoms[i];
    }
  }
  return best != nullptr ? std::vector<std::string>{*best} : atoms;
}

}  // namespace

struct Regex::Impl {
  struct Term {
    bool negated;
    std::unique_ptr<RE2> automaton;
  };
  bool whole_value = true;
  std::vector<std::vector<Term>> alternatives;
};

base::Result<Regex> Regex::Compile(std::span<const std::string_view> patterns, RegexFlavour flavour,
                                   bool insensitive) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  options.set_never_capture(true);
  options.set_max_mem(kMaxAutomatonBytes);
  // Lucene patterns come with their letters spelled out in both cases.
  options.set_case_sensitive(!(insensitive && flavour == RegexFlavour::kPython));

  auto impl = std::make_shared<Impl>();
  impl->whole_value = flavour != RegexFlavour::kPython;
  std::string plain;  // all alternatives of one positive term share an automaton
  const auto compile = [&](const std::string& text,
                           std::string_view pattern) -> base::Result<std::unique_ptr<RE2>> {
    auto automaton = std::make_unique<RE2>(text, options);
    if (!automaton->ok()) return Invalid(pattern, automaton->error());
    return automaton;
  };
  for (const std::string_view pattern : patterns) {
    if (pattern.size() > kMaxPatternBytes) return Invalid(pattern, "the pattern is too long");
    std::vector<RegexAlternative> alternatives;
    if (flavour == RegexFlavour::kPython) {
      // On its own first: `a)|(b` must not close the group that it is put into below.
      const std::string translated = TranslatePython(pattern);
      if (auto alone = compile(translated, pattern); !alone) return std::move(alone).error();
      alternatives = {{RegexTerm{false, translated}}};
    } else {
      auto translated = TranslateLucene(pattern, flavour == RegexFlavour::kLucene, insensitive);
      if (!translated) return Invalid(pattern, translated.error().message());
      alternatives = std::move(*translated);
    }
    for (const RegexAlternative& alternative : alternatives) {
      if (alternative.size() == 1 && !alternative.front().negated) {
        if (alternative.front().re2.size() + plain.size() > kMaxTranslatedBytes) {
          return Invalid(pattern, "the patterns of this list are too long together");
        }
        plain += (plain.empty() ? "(?:" : "|(?:") + alternative.front().re2 + ")";
        continue;
      }
      std::vector<Impl::Term> terms;
      for (const RegexTerm& term : alternative) {
        auto automaton = compile(term.re2, pattern);
        if (!automaton) return std::move(automaton).error();
        terms.push_back({term.negated, *std::move(automaton)});
      }
      impl->alternatives.push_back(std::move(terms));
    }
  }
  if (!plain.empty()) {
    auto automaton = compile(plain, patterns.front());
    if (!automaton) return std::move(automaton).error();
    std::vector<Impl::Term> terms;
    terms.push_back({false, *std::move(automaton)});
    impl->alternatives.push_back(std::move(terms));
  }
  Regex out;
  out.impl_ = std::move(impl);
  return out;
}

std::vector<std::string> Regex::RequiredTexts() const {
  std::vector<std::string> all;
  for (const auto& terms : impl_->alternatives) {
    std::vector<std::string> best;
    for (const Impl::Term& term : terms) {
      if (term.negated) continue;
      auto texts = TextsRequiredBy(*term.automaton);
      if (!texts.empty() && (best.empty() || texts.size() < best.size())) best = std::move(texts);
    }
    if (best.empty()) return {};
    all.insert(all.end(), best.begin(), best.end());
  }
  return all;
}

bool Regex::Matches(std::string_view text) const {
  const re2::StringPiece piece(text.data(), text.size());
  const auto anchor = impl_->whole_value ? RE2::ANCHOR_BOTH : RE2::ANCHOR_START;
  return std::any_of(
      impl_->alternatives.begin(), impl_->alternatives.end(), [&](const auto& terms) {
        return std::all_of(terms.begin(), terms.end(), [&](const Impl::Term& term) {
          return term.automaton->Match(piece, 0, piece.size(), anchor, nullptr, 0) != term.negated;
        });
      });
}

}  // namespace vedette::eql
