// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "event/value.h"
#include "rules/rule.h"

/// The one table of a rule's members. Codecs read a tree through it and write a rule from it, so
/// that a name and its type are written down once.
namespace vedette::rules {

struct StringMember {
  std::string_view key;
  std::string Rule::*member;
};
struct ListMember {
  std::string_view key;
  std::vector<std::string> Rule::*member;
};
struct IntMember {
  std::string_view key;
  std::int64_t Rule::*member;
};
struct BoolMember {
  std::string_view key;
  bool Rule::*member;
};
std::span<const StringMember> StringMembers();
std::span<const ListMember> ListMembers();
std::span<const IntMember> IntMembers();
std::span<const BoolMember> BoolMembers();
/// Known members that Rule keeps as JSON text.
std::span<const std::string_view> JsonMembers();
/// Every known member name, for "did you mean".
const std::vector<std::string_view>& MemberNames();

/// A finding about one member; the codec knows where that stands.
struct MemberIssue {
  std::string key;  ///< dotted, below the rule: `threat.0.tactic`
  base::Diagnostic diagnostic;
};

/// Reads the members of an API-shaped object into `rule`. Wrong types are R001 errors, leave the
/// default and set `misread`; unknown names go to `extra` with an R001 warning or, when
/// `unknown_is_error`, error. Null members count as absent.
void ReadMembers(const event::Value& object, bool unknown_is_error, Rule& rule,
                 std::vector<MemberIssue>& issues);

/// Compact JSON text of a tree.
std::string JsonText(const event::Value& value);

}  // namespace vedette::rules
