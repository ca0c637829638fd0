# SPDX-License-Identifier: Apache-2.0
"""Many rules out of few: literals are taken from other rules' lists for the same field, or altered."""

import collections
import re

import eql_text

# What decides the kind of event stays: otherwise most mutations could never match anything.
KEPT_FIELDS = re.compile(
    r"^(event\.|host\.|data_stream\.|network\.(direction|protocol|transport|type)|.*\.type$|.*ip$"
    r"|.*\.id$|.*header_bytes$|auditd\.)")
# Of the literals that may change: the share that leaves its list, that comes from another rule, and,
# of exact ones and of wildcards, that is altered. Chosen so that a thousand mutations of the public
# rules hold about 28 literals a rule, 5,000 different wildcards, and ten thousand 36,000.
DROPPED, RESAMPLED, ALTERED, ALTERED_WILD = 0.36, 0.5, 0.8, 0.38
SYLLABLES = ("ba de fi go ku la me ni po ru sa te vi wo xu ya zen dor mal tek lin par quo sto fen "
             "gri hal jor kel bran").split()


def word(random):
    return "".join(random.choice(SYLLABLES) for _ in range(random.randint(2, 3)))


def altered(text, random):
    """`text` with one of its words changed; wildcards and what is escaped stay."""
    runs = [m for m in re.finditer(r"(?<!\\)\b[A-Za-z][A-Za-z0-9]{2,}", text)]
    if not runs:
        return text + word(random) if "*" not in text and "?" not in text else text
    run = random.choice(runs)
    middle = word(random)
    if random.random() < 0.5:
        middle = run.group()[:3] + middle
    return text[:run.start()] + middle + text[run.end():]


class Mutator:
    """Makes rules of the shape of `base`, a list of API objects."""

    def __init__(self, base, random):
        self.random = random
        self.base = base
        self.parsed = [eql_text.literals(rule["query"]) for rule in base]
        self.pools = collections.defaultdict(list)
        for found in self.parsed:
            for literal in found:
                self.pools[literal.field, literal.kind].append(literal.text)

    def change(self, literal):
        random = self.random
        if literal.kind in ("keep", "regex") or KEPT_FIELDS.match(literal.field):
            return literal.text
        if literal.comma >= 0 and random.random() < DROPPED:
            return None
        text = literal.text
        if random.random() < RESAMPLED:
            text = random.choice(self.pools[literal.field, literal.kind])
        if random.random() < (ALTERED_WILD if literal.kind == "wild" else ALTERED):
            text = altered(text, random)
        return text

    def query(self, number):
        """A mutation of base rule `number`."""
        found = self.parsed[number]
        changes = [(literal, self.change(literal)) for literal in found]
        return eql_text.replaced(self.base[number]["query"], changes)
