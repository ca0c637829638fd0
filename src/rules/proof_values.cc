// SPDX-License-Identifier: Apache-2.0
#include "rules/proof_values.h"

#include <algorithm>
#include <array>

#include "base/ip.h"
#include "base/time.h"
#include "eql/function_table.h"

namespace vedette::rules {
namespace {

using eql::Expr;

/// A source field of a relation between two texts (`startsWith(a, b)`) may need to be longer than
/// its own conditions ask, so that something is left when the rule cuts a piece off.
constexpr std::size_t kLongEnough = 24;

std::string_view LastPart(std::string_view path) { return path.substr(path.rfind('.') + 1); }

Scalar TextScalar(std::string text) {
  Scalar out;
  out.value = std::move(text);
  return out;
}
Scalar Whole(std::int64_t value) {
  Scalar out;
  out.value = value;
  return out;
}

/// Values that readers know for the fields that have a closed list of them in ECS.
std::span<const std::string_view> Vocabulary(std::string_view path) {
  static constexpr std::string_view kCategories[] = {"file", "network", "process"};
  static constexpr std::string_view kTypes[] = {"end", "info", "change"};
  if (path == "event.category") return kCategories;
  if (path == "event.type") return kTypes;
  return {};
}

void AddNumbers(const std::vector<Scalar>& constants, std::vector<Scalar>& out) {
  std::vector<double> reals;
  for (const Scalar& constant : constants) {
    if (const auto* whole = std::get_if<std::int64_t>(&constant.value)) {
      out.push_back(constant);
      reals.push_back(static_cast<double>(*whole));
      if (*whole < INT64_MAX) out.push_back(Whole(*whole + 1));
      if (*whole > INT64_MIN) out.push_back(Whole(*whole - 1));
    } else if (const auto* real = std::get_if<double>(&constant.value)) {
      out.push_back(constant);
      reals.push_back(*real);
      for (const double near : {*real + 0.001, *real - 0.001, *real + 1, *real - 1}) {
        Scalar scalar;
        scalar.value = near;
        out.push_back(scalar);
      }
    } else if (std::holds_alternative<std::uint64_t>(constant.value)) {
      out.push_back(constant);
    } else if (const auto* text = std::get_if<std::string>(&constant.value)) {
      std::int64_t number = 0;
      bool digits = !text->empty() && text->size() < 18;
      for (const char c : *text) {
        digits = digits && c >= '0' && c <= '9';
        if (!digits) break;
        number = number * 10 + (c - '0');
      }
      if (digits) out.push_back(Whole(number));
    }
  }
  // Between any two neighbours, for ranges open at both ends.
  std::sort(reals.begin(), reals.end());
  for (std::size_t i = 1; i < reals.size(); ++i) {
    Scalar scalar;
    scalar.value = (reals[i - 1] + reals[i]) / 2;
    if (reals[i] - reals[i - 1] >= 2) {
      scalar.value = static_cast<std::int64_t>((reals[i - 1] + reals[i]) / 2);
    }
    out.push_back(scalar);
  }
}

void AddAddresses(const std::vector<Scalar>& constants, std::vector<Scalar>& out) {
  for (const Scalar& constant : constants) {
    const auto* text = std::get_if<std::string>(&constant.value);
    const auto block = text == nullptr ? std::nullopt : eql::ParseBlock(*text);
    if (!block) continue;
    base::IpAddress address = block->address;
    out.push_back(TextScalar(address.ToString()));
    if (block->prefix_bits < 128) {
      address.bytes[15] = static_cast<std::uint8_t>(address.bytes[15] | 1U);
      out.push_back(TextScalar(address.ToString()));
    }
  }
  for (const char* common : {"93.184.216.34", "193.184.216.34", "8.8.8.8", "10.1.2.3",
                             "192.168.1.20", "172.16.5.4", "127.0.0.1", "169.254.7.7", "224.0.0.5",
                             "2606:2800:220:1::25c8", "fe80::1", "::1", "fd00::5"}) {
    out.push_back(TextScalar(common));
  }
}

std::vector<Scalar> CandidatesOf(Domain domain, const std::vector<Scalar>& constants,
                                 std::uint32_t event) {
  std::vector<Scalar> out;
  switch (domain) {
    case Domain::kNumber:
      AddNumbers(constants, out);
      for (const std::int64_t common : {0, 1, 2, 7, 100, 4000, 65000}) {
        out.push_back(Whole(common + event));
      }
      break;
    case Domain::kBoolean:
      for (const bool truth : {true, false}) {
        out.emplace_back();
        out.back().value = truth;
      }
      break;
    case Domain::kAddress:
      AddAddresses(constants, out);
      break;
    case Domain::kDate:
      for (const Scalar& constant : constants) {
        const auto* text = std::get_if<std::string>(&constant.value);
        const auto time = text == nullptr ? std::nullopt : base::ParseIsoTime(*text);
        if (!time) continue;
        out.push_back(constant);
        for (const std::int64_t days : {1, -1}) {
          out.push_back(TextScalar(base::FormatIsoTime(
              {time->nanoseconds + days * 86'400 * std::int64_t{1'000'000'000}})));
        }
      }
      out.push_back(TextScalar("2026-01-12T10:00:00Z"));
      out.push_back(TextScalar("2001-01-01T00:00:00Z"));
      break;
    case Domain::kVersion:
    case Domain::kText:
      out = constants;
      for (const char* common : {"1.0.0", "0.0.1", "999.0.0", "0", "5", "a", "zz"}) {
        out.push_back(TextScalar(common));
      }
      break;
  }
  return out;
}

class Finder {
 public:
  Finder(const ValueRequest& request, LanguageCache& cache) : request_(request), cache_(cache) {}

  ValueAnswer Find() {
    Sort();
    if (request_.hint != nullptr && !request_.hint->empty() && FitsAll(*request_.hint)) {
      answer_.alternatives.push_back(*request_.hint);
      if (request_.count == 1) return std::move(answer_);
    }
    if (domain_ == Domain::kText) {
      FindTexts();
    } else {
      FindAmong(CandidatesOf(domain_, constants_, request_.members[0].event));
      answer_.complete = answer_.complete && opaque_ == 0;
    }
    return std::move(answer_);
  }

 private:
  void Sort() {
    cache_.Forget();
    std::vector<const Expr*> leaves;
    std::vector<const Scope*> scopes;
    for (const Demand& demand : request_.demands) {
      leaves.push_back(demand.leaf);
      scopes.push_back(demand.scope.get());
      AddConstants(*demand.leaf, constants_);
    }
    domain_ = Domain::kText;
    for (const Variable& member : request_.members) {
      domain_ = DomainOf(member, leaves, scopes);
      if (domain_ != Domain::kText) break;
    }
    if (domain_ != Domain::kText) return;
    for (const Demand& demand : request_.demands) {
      const LeafLanguage* language = cache_.Of(demand, *request_.others);
      languages_.push_back(language);
      if (language == nullptr) {
        ++opaque_;
      } else {
        (demand.positive ? in_ : out_).push_back(&language->language);
        if (!language->exact) ++inexact_;
      }
    }
  }

  bool HoldsFor(const Demand& demand, const Scalar& value) const {
    Choice choice = *request_.others;
    for (const Variable& member : request_.members) choice[member] = value;
    return Holds(*demand.leaf, *demand.scope, choice).value_or(!demand.positive);
  }
  bool Meets(std::size_t i, const Scalar& value) const {
    const Demand& demand = request_.demands[i];
    if (i < languages_.size() && languages_[i] != nullptr && languages_[i]->exact) {
      if (const auto* text = std::get_if<std::string>(&value.value)) {
        return languages_[i]->language.Contains(*text);
      }
    }
    return HoldsFor(demand, value);
  }
  bool Allowed(const Scalar& value) const {
    for (std::size_t i = 0; i < request_.demands.size(); ++i) {
      if (!request_.demands[i].positive && Meets(i, value)) return false;
    }
    return true;
  }
  bool FitsAll(const std::vector<Scalar>& values) const {
    if (values.size() > 1 && !request_.several) return false;
    for (const Scalar& value : values) {
      if (!Allowed(value)) return false;
    }
    for (std::size_t i = 0; i < request_.demands.size(); ++i) {
      if (!request_.demands[i].positive) continue;
      if (std::none_of(values.begin(), values.end(),
                       [&](const Scalar& v) { return Meets(i, v); })) {
        return false;
      }
    }
    return true;
  }
  bool Enough() const { return answer_.alternatives.size() >= request_.count; }
  void Offer(std::vector<Scalar> values) {
    if (!Enough() && FitsAll(values)) answer_.alternatives.push_back(std::move(values));
  }

  void FindAmong(const std::vector<Scalar>& candidates) {
    for (const Scalar& candidate : candidates) {
      if (Enough()) return;
      Offer({candidate});
    }
    if (!answer_.alternatives.empty() || !request_.several) return;
    std::vector<Scalar> values;
    for (std::size_t i = 0; i < request_.demands.size(); ++i) {
      if (!request_.demands[i].positive ||
          std::any_of(values.begin(), values.end(), [&](const Scalar& v) { return Meets(i, v); })) {
        continue;
      }
      const auto found = std::find_if(candidates.begin(), candidates.end(),
                                      [&](const Scalar& v) { return Meets(i, v) && Allowed(v); });
      if (found != candidates.end()) values.push_back(*found);
    }
    if (!values.empty()) Offer(std::move(values));
  }

  WordSearch Words(std::span<const Language* const> in, std::size_t count) {
    WordSearch found = FindWords(in, out_, count);
    answer_.complete = answer_.complete && found.complete;
    return found;
  }

  /// A text that nothing is asked of but to differ from others: near the one that was there.
  void OfferNearby() {
    const Variable& first = request_.members[0];
    for (const std::string_view word : Vocabulary(first.path))
      Offer({TextScalar(std::string(word))});
    if (request_.hint != nullptr && !request_.hint->empty()) {
      if (const auto* text = std::get_if<std::string>(&request_.hint->front().value)) {
        Offer({TextScalar(*text + "x")});
        Offer({TextScalar("x" + *text)});
      }
    }
    Offer({TextScalar(std::string(LastPart(first.path)) + "-" + std::to_string(first.event))});
  }

  void FindTexts() {
    if (in_.empty()) OfferNearby();
    const std::size_t wanted = request_.count + (opaque_ + inexact_ > 0 ? 6 : 0);
    if (!Enough()) {
      for (std::string& word : Words(in_, wanted).words) Offer({TextScalar(std::move(word))});
    }
    if (request_.count > 1 && !answer_.alternatives.empty()) {
      const Language longer = [] {
        Language language = Language::OfLength(kLongEnough, std::nullopt);
        language.Prepare();
        return language;
      }();
      std::vector<const Language*> in = in_;
      in.push_back(&longer);
      for (std::string& word : FindWords(in, out_, 1).words) {
        std::vector<Scalar> values{TextScalar(std::move(word))};
        if (FitsAll(values)) answer_.alternatives.push_back(std::move(values));
      }
    }
    if (answer_.alternatives.empty() && opaque_ + inexact_ > 0) {
      FindAmong(CandidatesOf(Domain::kText, constants_, 0));
      // What cannot be expressed was only tried, not decided.
      if (answer_.alternatives.empty()) answer_.complete = false;
    }
    if (answer_.alternatives.empty() && request_.several) FindSeveral();
  }

  void FindSeveral() {
    std::vector<Scalar> values;
    for (std::size_t i = 0; i < request_.demands.size(); ++i) {
      if (!request_.demands[i].positive || languages_[i] == nullptr ||
          std::any_of(values.begin(), values.end(), [&](const Scalar& v) { return Meets(i, v); })) {
        continue;
      }
      const std::array<const Language*, 1> in{&languages_[i]->language};
      for (std::string& word : Words(in, 1).words) values.push_back(TextScalar(std::move(word)));
    }
    if (!values.empty()) Offer(std::move(values));
  }

  const ValueRequest& request_;
  LanguageCache& cache_;
  Domain domain_ = Domain::kText;
  std::vector<Scalar> constants_;
  std::vector<const LeafLanguage*> languages_;
  std::vector<const Language*> in_, out_;
  std::size_t opaque_ = 0;
  std::size_t inexact_ = 0;
  ValueAnswer answer_;
};

}  // namespace

const LeafLanguage* LanguageCache::Of(const Demand& demand, const Choice& others) {
  if (demand.members.size() != 1) return nullptr;
  if (demand.alone) {
    auto [at, fresh] = alone_.try_emplace(demand.leaf);
    if (fresh) {
      at->second = LanguageOf(*demand.leaf, *demand.scope, demand.members[0], others, dialect_);
    }
    return at->second ? &*at->second : nullptr;
  }
  auto language = LanguageOf(*demand.leaf, *demand.scope, demand.members[0], others, dialect_);
  if (!language) return nullptr;
  others_.push_back(std::make_unique<LeafLanguage>(std::move(*language)));
  return others_.back().get();
}

ValueAnswer FindValues(const ValueRequest& request, LanguageCache& cache) {
  return Finder(request, cache).Find();
}

bool IsListField(std::string_view path) {
  static constexpr std::string_view kLists[] = {"args",    "category",    "type",    "env_vars",
                                                "ip",      "resolved_ip", "strings", "tags",
                                                "answers", "mac",         "roles",   "behaviors"};
  const std::string_view last = LastPart(path);
  if (path == "host.os.type" || path == "process.Ext.token.type") return false;
  if (last == "ip") return path.starts_with("host.") || path.starts_with("related.");
  if (last == "type") return path == "event.type";
  if (last == "category") return path == "event.category";
  return std::find(std::begin(kLists), std::end(kLists), last) != std::end(kLists);
}

}  // namespace vedette::rules
