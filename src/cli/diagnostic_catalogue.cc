// SPDX-License-Identifier: Apache-2.0
#include "cli/diagnostic_catalogue.h"

#include <algorithm>
#include <array>
#include <string>

namespace vedette::cli {
namespace {

constexpr std::string_view kDialect =
    "EQL has three dialects: Elasticsearch (detection rules), Endpoint (behaviour rules) and "
    "Endgame. This feature exists in another one. Rewrite the query without it, or name the right "
    "dialect.";

constexpr auto kCodes = std::to_array<CodeText>({
    {"E0101", "a character that EQL does not use",
     "Often an operator of another language, or a blank that is no space after copying from a web "
     "page.",
     "process where a && b", "process where a and b"},
    {"E0102", "a string is never closed", "A string ends on the line where it begins.",
     "process where process.name == \"cp", "process where process.name == \"cp\""},
    {"E0103", "the query is not UTF-8", "Save the file as UTF-8."},
    {"E0104", "an unknown escape sequence",
     "A backslash begins one of \\b \\t \\n \\f \\r \\\" \\' \\\\ \\u{…}. Windows paths are "
     "easiest "
     "in triple quotes, where a backslash is a backslash.",
     R"(file where file.path == "C:\Windows")", R"(file where file.path == """C:\Windows""")"},
    {"E0105", "a wrong \\u{…} escape",
     "It takes 2 to 8 hexadecimal digits that name a Unicode character."},
    {"E0106", "a comment is never closed", "`/*` needs its `*/`; in some dialects comments nest."},
    {"E0107", "a wrong name in backticks", "It must not be empty and ends on the same line."},
    {"E0108", "strings stand in double quotes", "Single quotes do not delimit strings.",
     "process where process.name == 'cp'", "process where process.name == \"cp\""},
    {"E0109", "a string form of another dialect",
     "Text without escapes is `\"\"\"…\"\"\"` in Elasticsearch and Endpoint EQL, `?\"…\"` in "
     "Endgame "
     "EQL."},
    {"E0110", "a wrong number", "It is malformed, or too large for 64 bits."},
    {"E0120", "the query is too long",
     "Bounds keep a hostile query from eating the machine. Split "
     "it into several."},
    {"E0121", "the query is nested too deep", "Split it, or replace chains of brackets by lists."},
    {"E0122", "the query has too many parts", "Split it into several."},
    {"E0130", "something else was expected here",
     "The message names what was found and what can follow."},
    {"E0131", "a keyword where a name should stand",
     "Put it in backticks when it is a field, in quotes when it is a category."},
    {"E0132", "`=` does not compare", "Comparison is `==`; for any letter case it is `:`.",
     "process where process.name = \"cp\"", "process where process.name == \"cp\""},
    {"E0133", "comparisons cannot be chained", "Join two of them with `and`.",
     "process where 1 < process.pid < 9", "process where 1 < process.pid and process.pid < 9"},
    {"E0134", "an empty list", "A list has at least one value."},
    {"E0135", "the right side of `:`, `like` and `regex` is a literal",
     "These operators take text in quotes, or a list of such."},
    {"E0137", "a category in backticks", "Backticks make fields; a category is a word or string."},
    {"E0138", "text after the end of the query", "The query was complete before it."},
    {"E0140", "a time without unit", "Units are ms, s, m, h and d.", "sequence with maxspan=30 […]",
     "sequence with maxspan=30s […]"},
    {"E0141", "a fraction in `maxspan`", "Use a smaller unit: 90s instead of 1.5m."},
    {"E0142", "an unknown time unit", "Units are ms, s, m, h and d."},
    {"E0143", "`maxspan` must be positive", "Events of a sequence lie at most that far apart."},
    {"E0144", "`by` comes before `with`", "Write `sequence by … with maxspan=…`."},
    {"E0150", "items differ in their number of join keys",
     "The n-th key of each item is compared with the n-th of the others."},
    {"E0151", "too few items", "A sequence, sample or join relates at least two events."},
    {"E0152", "`runs` is out of range", "It says how often an item happens in a row."},
    {"E0153", "a missing event needs `maxspan`",
     "Without a time limit nobody could ever say that the event stayed out."},
    {"E0154", "nothing but missing events", "A sequence needs one event that does happen."},
    {"E0155", "a missing event cannot stand here", "`![…]` belongs into sequences, not `until`."},
    {"E0156", "a sample needs join keys", "Write `sample by host.id […] […]`."},
    {"E0157", "a join key must be a field", "Functions and expressions are not keys."},
    {"E0158", "an item option is repeated, misplaced or impossible",
     "The order is `[ … ]` `fork` `by` `with runs` `as`."},
    {"E0160", "pipes are of another dialect", kDialect},
    {"E0161", "no such pipe", "Which pipes exist depends on the dialect: head and tail always do."},
    {"E0162", "wrong number of pipe arguments", "For example `| head 10`."},
    {"E0163", "a pipe counts with positive integers", "For example `| tail 5`."},
    {"E0170", "a name is defined twice",
     "Macros, constants and their parameters have one meaning."},
    {"E0171", "wrong number of macro arguments", "Give as many as its definition has parameters."},
    {"E0172", "a macro uses itself", "Macros are expanded as text; that would never end."},
    {"E0173", "a macro is used before its definition", "Move the definition up."},
    {"E0180", "array indexes are of another dialect", kDialect},
    {"E0181", "process relations are of another dialect", kDialect},
    {"E0182", "optional fields are of another dialect",
     "The Endpoint dialect has none: leave the `?` out. A missing field simply has no value."},
    {"E0183", "variables are of another dialect", kDialect},
    {"E0184", "item aliases are of another dialect", kDialect},
    {"E0185", "`fork` is of another dialect", kDialect},
    {"E0186", "`with runs` is of another dialect", kDialect},
    {"E0187", "missing events are of another dialect", kDialect},
    {"E0188", "`sample` is of another dialect", kDialect},
    {"E0189", "`join` is of another dialect", kDialect},
    {"E0192", "categories in quotes are of another dialect", kDialect},
    {"E0201", "unknown field",
     "No source fills a field of that name. Mostly a slip; a field that really may be absent is "
     "written `?name`."},
    {"E0202", "unknown function", "Function names are exact; a `~` after the name ignores case."},
    {"E0203", "a condition must be true or false",
     "A field or a number alone is no condition; compare it with something.",
     "process where process.pid", "process where process.pid != null"},
    {"E0204", "wrong number of arguments", "The message says how many the function takes."},
    {"E0205", "an operand of the wrong type", "Text compares with text, numbers with numbers.",
     "process where process.pid == \"1\"", "process where process.pid == 1"},
    {"E0206", "a constant is needed here", "This argument is prepared once, before any event."},
    {"E0207", "a field that cannot be used in queries",
     "Its type (an object, a nested or unindexed field) has no value to compare."},
    {"E0208", "a field without exact value",
     "Analysed text cannot be compared; use its keyword sub-field."},
    {"E0209", "a pattern on something that is no text",
     "`:`, `like` and `regex` work on strings. Compare numbers with `==`."},
    {"E0210", "a list element of the wrong type", "All elements must fit the left side."},
    {"E0211", "wrong number of join keys", "Every item needs equally many."},
    {"E0212", "join keys of different types", "The n-th keys of all items must be comparable."},
    {"E0213", "a wrong regular expression",
     "The syntax is Lucene's: anchored at both ends, without look-around and back references."},
    {"E0214", "a wrong address block", "cidrMatch takes blocks such as \"10.0.0.0/8\"."},
    {"E0215", "this has no form that ignores case", "Leave out the `~`."},
    {"E0216", "two fields compared with each other",
     "The dialect compares fields with constants only, apart from join keys."},
    {"E0217", "a function or form of another dialect", kDialect},
    {"E0218", "a process relation in the wrong place or form",
     "`descendant of`, `child of` and `event of` take one event query in brackets."},
    {"E0219", "a pipe that cannot be used so", "The message says what the pipe needs."},
    {"E0220", "the structure of the query is wrong",
     "Its items, keys or options do not go together."},
    {"E0221", "a wrong item alias", "An alias is defined once, before its use."},
    {"E0222", "a wrong variable", "A variable lives inside the function that binds it."},
    {"E0223", "array elements cannot be picked by position",
     "A multi-valued field is a set of values; a comparison asks whether any of them fits."},
    {"R001", "the file does not read as a rule",
     "TOML or JSON is damaged, or a member has the wrong type or an unknown name."},
    {"R002", "an id or name is used twice",
     "Alerts refer to rules by `rule_id`; of equal ones only the first is loaded."},
    {"R003", "a required member is missing or has no known value",
     "What is required depends on the rule's type."},
    {"R006", "language and type do not go together", "An `eql` rule has the language `eql`."},
    {"R007", "where the rule looks is doubtful",
     "Give `index` or `data_view_id`, not both, with patterns that a source fills."},
    {"R008", "the schedule is wrong",
     "`from` is before `to`, all are date math, and the look-back covers the interval: else "
     "events fall between two runs."},
    {"R009", "late events are missed",
     "With `timestamp_override = \"event.ingested\"` events count by when they arrived."},
    {"R010", "`maxspan` is longer than a run looks back",
     "On a schedule each run sees one window of events. A sequence that takes longer than the "
     "window (ten minutes of grace) never stands whole in one. Let `from` reach further back.",
     "from = \"now-9m\" with maxspan=1h", "from = \"now-75m\" with maxspan=1h"},
    {"R011", "the same sequence is evaluated many times",
     "With an interval of less than half of `maxspan` most of each window was searched before. It "
     "finds nothing more, it only costs."},
    {"R012", "a sequence without an end",
     "Without `maxspan` its first events wait for ever and memory grows; without `by` events of "
     "different hosts are joined. Endpoint rules may tie items by an alias instead of `by`.",
     "sequence [process where …] [network where …]",
     "sequence by host.id, process.entity_id with maxspan=1m [process where …] [network where …]"},
    {"R013", "severity and risk score disagree",
     "low 0-21, medium 22-47, high 48-73, critical 74-100."},
    {"R014", "the ATT&CK mapping is wrong",
     "Ids, names and links must fit, techniques belong to their tactic, and nothing is revoked. An "
     "id that the bundled release lacks is a warning."},
    {"R015", "file name or tags do not fit the content",
     "The name begins with the primary tactic; `Tactic:` and `OS:` tags repeat what the rule "
     "says."},
    {"R016", "the investigation guide is missing or for another rule",
     "High and critical rules have one; its heading repeats the rule's name."},
    {"R017", "guide plugins or setup stand in the wrong place",
     "In TOML, plugins live under `[transform]` and the text has `$investigate_0` or `$osquery_0`; "
     "`## Setup` stands in one place only."},
    {"R018", "`max_signals` is high", "Most platforms cut at 1000."},
    {"R019", "a building block rule looks back too little",
     "Look back at least 119 minutes, every 60 minutes or more."},
    {"R020", "alert suppression is wrong",
     "One to three known fields, and a duration of s, m or h."},
    {"R021", "the threat mapping is wrong",
     "`threat_mapping` is a list of groups; a group holds when all its `entries` do. An entry has "
     "`field`, `value` and `type` \"mapping\". A group needs an entry that is not negated, and no "
     "pair of fields both ways."},
    {"R022", "new terms are wrong",
     "One to three different fields, and a history that begins before `from`."},
    {"R023", "`min_stack_version` is too low",
     "The rule uses a feature that came later: missing events with 8.9, samples with 8.6, `with "
     "runs` with 7.16, suppression of EQL alerts with 8.14 (sequences 8.18)."},
    {"R024", "a published rule was changed into another",
     "The version lock says what was published under an id. A deprecated rule's id is not used "
     "again, and a rule keeps its type: whoever installed it would get something else."},
    {"R025", "the version is counted elsewhere",
     "With a version lock `version` and `revision` do not stand in the TOML file."},
    {"R026", "a KQL query is not in its simplest form",
     "Keywords are lower case, `not not` and superfluous parentheses are left out. It means the "
     "same; equal queries are then equal texts."},
    {"R027", "a dear wildcard",
     "A pattern that begins with `*` is looked for at every place of a text, and arguments are "
     "long. That is fine after a cheap condition, such as a process name, has sorted out most "
     "events; here there is none.",
     "process where process.command_line : \"*curl*\"",
     "process where process.name in (\"sh\", \"bash\") and process.command_line : \"*curl*\""},
    {"R028", "an index can never match",
     "The source behind the index has no such events or never fills a field that the query needs. "
     "Reading it costs and finds nothing, and whoever relies on it is not protected."},
    {"R029", "two rules have the same query", "One of them only doubles the alerts."},
    {"R030", "exclusions without a test",
     "A long list of excluded values grows and is never cleared. For each value the rule's test "
     "file should have a case with `fires = false` whose event holds it."},
    {"R031", "no ATT&CK mapping",
     "Without `threat` the rule is missing from every overview of what is covered."},
    {"T001", "a test file is not understood",
     "`[[case]]` tables with `name`, `fires`, and `event` (one JSON document) or `events`."},
    {"W0201", "unknown field",
     "No source known here fills it: a slip, or a field of your own. The query still runs."},
    {"W0202", "unknown event category", "No source produces events of this category."},
    {"W0203", "`*` in a comparison by `==`",
     "`==` takes the star literally; wildcards need `:` or `like`.",
     "process where process.name == \"py*\"", "process where process.name like \"py*\""},
    {"W0204", "anchors in a regular expression",
     "Patterns always cover the whole value; `^` and `$` stand for themselves."},
    {"W0205", "an optional field that the schema does not have",
     "`?name` says that it may be absent, so the query is good; the field counts as missing in "
     "every event that does not carry it. Check the spelling."},
    {"W0206", "a field that Elasticsearch would refuse",
     "Its type cannot be queried there. The query runs here, but not as a rule of that product."},
    {"W0301", "a condition that is never true",
     "Two conditions that must hold together exclude each other, for a field that has one value "
     "only; or no field takes part. Mostly an `and` that should be an `or`.",
     "process where process.name == \"cp\" and process.name == \"mv\"",
     "process where process.name in (\"cp\", \"mv\")"},
    {"W0302", "a condition that is always true",
     "Alternatives that leave nothing out, an exclusion's part that the query requires anyway, or "
     "a constant. Mostly an `or` that should be an `and`.",
     "process where process.name != \"cp\" or process.name != \"mv\"",
     "process where not process.name in (\"cp\", \"mv\")"},
    {"W0303", "an alternative that adds nothing",
     "Another entry of the list, or another side of the `or`, accepts all that this one accepts. "
     "Remove it; or the other one is wider than it was meant to be.",
     "file where file.path : (\"/etc/*\", \"/etc/passwd\")", "file where file.path : \"/etc/*\""},
    {"W0304", "an event type that the category does not have",
     "ECS fixes which values of `event.type` go with which category.",
     "file where event.type == \"start\"", "file where event.type == \"creation\""},
    {"W0305", "case decides, but not on Windows",
     "`==`, `in` and `like` compare letter by letter. Windows takes CMD.EXE for cmd.exe, so that a "
     "different spelling passes by.",
     "process where process.name == \"cmd.exe\"", "process where process.name : \"cmd.exe\""},
    {"W0306", "an exclusion that excludes nothing",
     "A missing value is unequal to everything, so `!=` and `not` hold for events without the "
     "field. Sources of the named indices never fill it: there the rule fires on what the "
     "exclusion was written for. Require the field (`!= null`), find another one for these "
     "sources, or mark it optional (`?name`) when that is what you want."},
    {"W0307", "a field name of the past", "Current sources use another name for it."},
});

static_assert(std::is_sorted(kCodes.begin(), kCodes.end(),
                             [](const CodeText& a, const CodeText& b) { return a.code < b.code; }));

}  // namespace

std::span<const CodeText> AllCodes() { return kCodes; }

const CodeText* FindCode(std::string_view code) {
  std::string upper(code);
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  const auto at = std::find_if(kCodes.begin(), kCodes.end(),
                               [&](const CodeText& text) { return text.code == upper; });
  return at == kCodes.end() ? nullptr : &*at;
}

}  // namespace vedette::cli
