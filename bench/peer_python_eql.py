# SPDX-License-Identifier: Apache-2.0
"""peer_python_eql.py RULES EVENTS: the Python reference engine over a sample; a program of its own.

Prints one JSON object: seconds of CPU for json.loads and for matching, and the (event id, rule)
pairs found. Lists of one element are given as that element, for the engine has no multi-values.
Rules that it does not parse are left out.
"""

import json
import sys
import time

import eql
from eql.parser import elasticsearch_syntax, ignore_missing_functions


def flat(value):
    if isinstance(value, dict):
        return {key: flat(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return flat(value[0]) if len(value) == 1 else [flat(inner) for inner in value]
    return value


def runs(analytic, events):
    """Some rules parse and cannot be run: on lists, or at all."""
    try:
        engine = eql.PythonEngine()
        engine.add_analytic(analytic)
        for event in events:
            engine.stream_event(event)
    except Exception:  # a foreign engine, whatever it throws
        return False
    return True


def main():
    lines = open(sys.argv[2], "rb").read().splitlines()
    analytics = []
    with elasticsearch_syntax, ignore_missing_functions:
        for line in open(sys.argv[1]):
            rule = json.loads(line)
            try:
                analytics.append(eql.parse_analytic(
                    {"metadata": {"id": rule["id"], "name": rule["id"]}, "query": rule["query"]}))
            except (eql.EqlError, ValueError, KeyError):
                continue
        begun = time.process_time()
        documents = [json.loads(line) for line in lines]
        parsed = time.process_time() - begun
        events = []
        for document in documents:
            document = flat(document)
            events.append(eql.Event(document["event"]["category"], 0, document))
        found = []
        engine = eql.PythonEngine()
        kept = [analytic for analytic in analytics if runs(analytic, events)]
        for analytic in kept:
            engine.add_analytic(analytic)
        engine.add_output_hook(
            lambda out: found.append((out.events[0].data["event"]["id"], out.analytic_id)))
        begun = time.process_time()
        for event in events:
            engine.stream_event(event)
        matched = time.process_time() - begun
    print(json.dumps({"rules": [analytic.id for analytic in kept], "events": len(lines),
                      "parse_seconds": parsed, "match_seconds": matched, "found": found}))


if __name__ == "__main__":
    main()
