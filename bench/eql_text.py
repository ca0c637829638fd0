# SPDX-License-Identifier: Apache-2.0
"""The literals of an EQL query, found in its text, so that a rule can be altered without a parser.

The tokens are enough to know which field a literal is compared with; nothing else is understood. What
is made this way is loaded by vedette afterwards, which refuses what is no EQL.
"""

import re

TOKEN = re.compile(
    r'''(?P<space>\s+|//[^\n]*|/\*.*?\*/)
      | (?P<raw>"""(?:.*?)"""(?!"))
      | (?P<string>"(?:\\.|[^"\\])*")
      | (?P<quoted>`[^`]*`)
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<word>[?$]?[@A-Za-z_][A-Za-z_0-9]*(?:\.[@A-Za-z_0-9]+)*~?)
      | (?P<operator>==|!=|<=|>=|.)''', re.VERBOSE | re.DOTALL)
WILD = {"like", "like~", ":"}
REGEX = {"regex", "regex~"}
LISTS = WILD | REGEX | {"in", "in~"}
KEYWORDS = {
    "and", "or", "not", "in", "in~", "like", "like~", "regex", "regex~", "where", "sequence", "by",
    "with", "maxspan", "sample", "until", "true", "false", "null", "any", "of", "descendant", "as",
    "runs", "child", "event", "head", "tail",
}
FUNCTIONS_OF_REGEX = {"match", "match~"}
FUNCTIONS_OF_WILDCARDS = {"wildcard", "wildcard~"}
FUNCTIONS_TO_KEEP = {"cidrmatch", "cidrmatch~"}


class Literal:
    """A text literal: its place, the field it is compared with, and how.

    `comma` is where the comma before it stands when it may be taken out of its list, else -1.
    """

    def __init__(self, begin, end, field, kind, text, comma):
        self.begin, self.end, self.field, self.kind, self.text = begin, end, field, kind, text
        self.comma = comma

    @property
    def wild(self):
        return self.kind == "wild" and ("*" in self.text or "?" in self.text)


def literals(query):
    """The text literals of `query` in order; kind is exact, wild, regex or keep."""
    found = []
    field, operator = "", ""
    comma = -1
    for match in TOKEN.finditer(query):
        kind, text = match.lastgroup, match.group()
        if kind == "space":
            continue
        if kind == "word":
            name = text.lower()
            if name in WILD or name in REGEX or name in ("in", "in~"):
                operator = name
            elif name in FUNCTIONS_OF_REGEX | FUNCTIONS_OF_WILDCARDS | FUNCTIONS_TO_KEEP:
                operator = name
            elif name not in KEYWORDS:
                following = query[match.end():match.end() + 1]
                if following == "(" and "." not in name:
                    operator = name  # a function: exact texts
                else:
                    field = text.lstrip("?$")
                    if operator not in FUNCTIONS_TO_KEEP | FUNCTIONS_OF_WILDCARDS | FUNCTIONS_OF_REGEX:
                        operator = ""
        elif kind == "operator" and text in ("==", "!=", ":", "<", ">", "<=", ">="):
            operator = text
        elif kind in ("string", "raw"):
            if operator in REGEX | FUNCTIONS_OF_REGEX:
                use = "regex"
            elif operator in FUNCTIONS_TO_KEEP or not field or kind == "raw":
                use = "keep"
            else:
                use = "wild" if operator in WILD | FUNCTIONS_OF_WILDCARDS else "exact"
            found.append(Literal(match.start(), match.end(), field, use,
                                 text[1:-1] if kind == "string" else text[3:-3],
                                 comma if operator in LISTS else -1))
        comma = match.start() if text == "," else -1
    return found


def is_sequence(query):
    """The first word says so, comments aside."""
    for match in TOKEN.finditer(query):
        if match.lastgroup != "space":
            return match.group().lower() in ("sequence", "sample", "join")
    return False


def replaced(query, changes):
    """`query` with the texts of `changes`: (Literal, text as written between quotes; None: gone)."""
    out, at = [], 0
    for literal, text in changes:
        if text == literal.text:  # as it was written: it may be a raw text
            out.append(query[at:literal.end])
        elif text is None:
            out.append(query[at:literal.comma])
        else:
            out.append(query[at:literal.begin])
            out.append(f'"{text}"')
        at = literal.end
    out.append(query[at:])
    return "".join(out)


def count(queries):
    """Figures of a rule set: (literals, wildcards) as occurrences, then the same told apart by field."""
    every, wild, distinct, distinct_wild = 0, 0, set(), set()
    for query in queries:
        for literal in literals(query):
            every += 1
            distinct.add((literal.field, literal.text))
            if literal.wild:
                wild += 1
                distinct_wild.add((literal.field, literal.text))
    return every, wild, len(distinct), len(distinct_wild)
