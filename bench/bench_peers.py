# SPDX-License-Identifier: Apache-2.0
"""The part `peers`: what else is on this machine, on the same events.

A contender must give the same answers before it is timed; one that is not installed is said to be
absent. Nothing is installed here.
"""

import json
import re
import shutil
import statistics
import sys

import bench_process
import bench_whole
import eql_text
import peer_sigma

SAMPLE = 2_000       # events for the slow ones
JQ_SAMPLE = 50_000
STRINGS = 1_000
SIGMA_RULES = 1_000


EVENT_ID = re.compile(rb'"id":"([0-9a-f]{18})"')


def sample(bench, corpus, count):
    """About `count` lines of the corpus, evenly from everywhere, and the planted ones."""
    path = bench.folder / f"sample-{count}.ndjson"
    stride = max(1, bench.options.events // count)
    planted = {json.loads(line)["event_id"].encode() for line in open(f"{corpus}.planted")}
    with corpus.open("rb") as lines, path.open("wb") as out:
        for number, line in enumerate(lines):
            if number % stride == 0 or not planted.isdisjoint(EVENT_ID.findall(line)):
                out.write(line)
    return path


def scan_seconds(bench, rules, corpus, count=1_000_000):
    """Seconds an event of the engine over the corpus: first pass from cold, and repeat pass."""
    out = bench_process.run([bench.engine_bench, "scan", "--corpus", corpus, "--rules", rules,
                             "--counts", count, "--pairs", min(3, bench.pairs)])["out"]
    row = json.loads(out.splitlines()[0])
    return row["first_us_per_event"] / 1e6, row["repeat_us_per_event"] / 1e6


def vedette_pairs(bench, rules, events):
    """(event id, rule id) of every alert."""
    out = bench.folder / "alerts-peer.ndjson"
    bench_process.run(bench_whole.scan(bench, events, [rules], out, 1))
    pairs = set()
    for identity, line in zip(bench_whole.event_ids(out), out.open()):
        alert = json.loads(line)
        pairs.add((identity, alert["kibana.alert.rule.rule_id"]))
    return pairs


def python_eql(bench, corpus):
    program = [sys.executable, bench.here / "peer_python_eql.py"]
    try:
        bench_process.run([sys.executable, "-c", "import eql"])
    except bench_process.Failed:
        bench.log.add({"part": "peers", "name": "Python EQL", "absent": "module eql"})
        return
    events = sample(bench, corpus, SAMPLE)
    rules = bench.folder / "rules-peer.ndjson"

    def write(keep=None):
        with rules.open("w") as out:
            for line in bench.real().open():
                rule = json.loads(line)
                identity = rule.get("rule_id") or rule["id"]
                if eql_text.is_sequence(rule["query"]) or " of [" in rule["query"]:
                    continue
                if keep is None or identity in keep:
                    # No index patterns: the other engine knows nothing of indices.
                    out.write(json.dumps({
                        "id": identity, "rule_id": identity, "name": rule["name"],
                        "description": rule["name"], "type": "eql", "language": "eql",
                        "severity": "low", "risk_score": 21, "query": rule["query"]}) + "\n")

    write()
    theirs = json.loads(bench_process.run([*program, rules, events])["out"])
    ours = vedette_pairs(bench, rules, events)
    found = {tuple(pair) for pair in theirs["found"]}
    known = set(theirs["rules"])
    different = {rule for _, rule in found ^ {pair for pair in ours if pair[1] in known}}
    write(known - different)
    # Only now the clock: both run the rules whose answers agree, and must agree again.
    theirs = json.loads(bench_process.run([*program, rules, events])["out"])
    ours = vedette_pairs(bench, rules, events)
    same = {tuple(pair) for pair in theirs["found"]} == ours
    first, repeat = scan_seconds(bench, rules, corpus)
    each = (theirs["parse_seconds"] + theirs["match_seconds"]) / theirs["events"]
    row = {"part": "peers", "name": "Python EQL", "rules": len(theirs["rules"]),
           "left_out": len(different), "events": theirs["events"], "hits": len(ours),
           "answers": "identical" if same else "DIFFERENT", "us_per_event": each * 1e6,
           "match_us_per_event": theirs["match_seconds"] / theirs["events"] * 1e6}
    if same:
        row.update(faster=each / first, faster_repeat=each / repeat)
    bench.log.add(row)


def jq(bench, corpus):
    if shutil.which("jq") is None:
        bench.log.add({"part": "peers", "name": "jq, one comparison", "absent": "jq"})
        return
    events = sample(bench, corpus, JQ_SAMPLE)
    query = 'any where process.name == "curl"'
    program = ["jq", "-r", 'select(.process.name == "curl") | .event.id', events]
    hunt = [bench.vedette, "hunt", query, events, "-f", "ndjson", "-j", "1"]
    ratios = []
    for _ in range(min(3, bench.pairs)):
        theirs = bench_process.run(program)
        ours = bench_process.run(hunt)
        ratios.append(theirs["cpu"] / ours["cpu"])
    found = sorted(json.loads(line)["event"]["id"] for line in ours["out"].splitlines())
    same = found == sorted(theirs["out"].decode().split())
    row = {"part": "peers", "name": "jq, one comparison", "hits": len(found),
           "answers": "identical" if same else "DIFFERENT"}
    if same:
        row["faster"] = bench_process.spread(ratios)
    bench.log.add(row)


def strings_of(rules, events):
    """A thousand texts that rules look for: what is between the wildcards, four bytes and more.

    None that stands in more than one event of a hundred: a line is done with at its first match, and
    words such as "linux" would make every line a short one.
    """
    lines = events.open("rb").readlines()
    found = {}
    for line in rules.open():
        for literal in eql_text.literals(json.loads(line)["query"]):
            if literal.kind not in ("wild", "exact"):
                continue
            for part in re.split(r"[*?]", literal.text):
                if len(part) < 4 or "\\" in part or part in found:
                    continue
                needle = part.encode()
                found[part] = sum(needle in event for event in lines) * 100 <= len(lines)
        wanted = [part for part, rare in found.items() if rare]
        if len(wanted) >= STRINGS:
            break
    return wanted[:STRINGS]


def ripgrep(bench, corpus):
    name = "ripgrep, 1,000 fixed strings"
    if shutil.which("rg") is None:
        bench.log.add({"part": "peers", "name": name, "absent": "rg"})
        return
    many = bench.rules(bench.kind(), 10_000)
    events = sample(bench, corpus, SAMPLE)
    strings = strings_of(many, events)
    listed = bench.folder / "strings.txt"
    listed.write_text("\n".join(strings) + "\n")
    program = ["rg", "-j1", "-c", "-F", "-f", listed]
    told = int(bench_process.run([*program, events])["out"])
    needles = [text.encode() for text in strings]
    right = sum(any(needle in line for needle in needles) for line in events.open("rb"))
    count = sum(1 for _ in corpus.open("rb"))
    cpu = [bench_process.run([*program, corpus])["cpu"] for _ in range(min(3, bench.pairs))]
    each = statistics.median(cpu) / count
    first, repeat = scan_seconds(bench, many, corpus, 1_000)
    row = {"part": "peers", "name": name, "rules": 1_000, "events": count,
           "us_per_event": each * 1e6, "answers": "identical" if told == right else "DIFFERENT"}
    if told == right:
        row.update(faster=each / first, faster_repeat=each / repeat)
    bench.log.add(row)


def rsigma(bench, corpus):
    name = f"rsigma, {SIGMA_RULES:,} equivalent rules"
    if shutil.which("rsigma") is None:
        bench.log.add({"part": "peers", "name": name, "absent": "rsigma"})
        return
    folder, rules = bench.folder / "sigma", bench.folder / "rules-sigma.ndjson"
    peer_sigma.write(folder, rules, SIGMA_RULES, bench.options.seed)
    events = sample(bench, corpus, JQ_SAMPLE)
    program = ["rsigma", "engine", "eval", "-r", folder, "-e", f"@{events}", "--output-format",
               "ndjson"]
    empty = bench.folder / "empty.ndjson"
    empty.write_text("")
    # Its start, rules included, is taken off: only events are compared.
    start = bench_process.run([*program[:6], f"@{empty}", *program[7:]])["cpu"]
    theirs = bench_process.run(program)
    hits = [json.loads(line)["rule_id"] for line in theirs["out"].splitlines()]
    ours = vedette_pairs(bench, rules, events)
    same = sorted(hits) == sorted(rule for _, rule in ours)
    count = sum(1 for _ in events.open("rb"))
    row = {"part": "peers", "name": name, "rules": SIGMA_RULES, "events": count, "hits": len(ours),
           "answers": "identical" if same else "DIFFERENT"}
    if same:
        first, repeat = scan_seconds(bench, rules, corpus)
        each = (theirs["cpu"] - start) / count
        row.update(us_per_event=each * 1e6, faster=each / first, faster_repeat=each / repeat)
    bench.log.add(row)


def run(bench):
    corpus = bench.corpus()
    for peer in (python_eql, jq, ripgrep, rsigma):
        bench.log.say(f"  {peer.__name__}")
        try:
            peer(bench, corpus)
        except bench_process.Failed as error:
            bench.log.add({"part": "peers", "name": peer.__name__, "error": str(error)[-300:]})
