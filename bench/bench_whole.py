# SPDX-License-Identifier: Apache-2.0
"""The part `whole`: the vedette program from disk to alerts, as a person runs it."""

import hashlib
import json
import os
import pathlib
import shutil

import bench_process
import eql_text

NOW = "2026-03-01T00:00:00Z"


def scan(bench, corpus, rules, out, threads):
    command = [bench.vedette, "scan", corpus, "-f", "ndjson", "-o", out, "--max-signals", "0",
               "--now", NOW, "-j", threads]
    for path in rules:
        command += ["-r", path]
    return command


def digest(path):
    value = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            value.update(block)
    return value.hexdigest()


def event_ids(alerts):
    """`event.id` of each alert, whose members may be nested or dotted."""
    for line in alerts.open():
        alert = json.loads(line)
        yield alert["event.id"] if "event.id" in alert else alert["event"]["id"]


def recall(bench, name):
    """The bundled rules find exactly the planted steps that they should."""
    corpus = bench.corpus(name)
    alerts = bench.folder / "alerts-recall.ndjson"
    bench_process.run(scan(bench, corpus, [], alerts, 1))
    planted = [json.loads(line) for line in pathlib.Path(f"{corpus}.planted").open()]
    wanted = {step["event_id"] for step in planted if step["bundled"]}
    found = set(event_ids(alerts))
    bench.log.add({"part": "whole", "name": f"recall, {name}", "planted": len(wanted),
                   "found": len(wanted & found), "extra": len(found - wanted),
                   "answers": "identical" if wanted == found else "DIFFERENT"})


def against_p47(bench, corpus, rules):
    """First pass from disk with one worker, alerts written, P47 as a process right before."""
    yardstick = [bench.build / "bench" / "simdjson_pass", corpus]
    told = json.loads(bench_process.run(yardstick)["out"])  # the page cache; not counted
    out = bench.folder / "alerts.ndjson"
    cpu, wall, rss, p47 = [], [], [], []
    for _ in range(bench.pairs):
        p47.append(json.loads(bench_process.run(yardstick)["out"])["cpu_seconds"])
        ours = bench_process.run(scan(bench, corpus, [rules], out, 1))
        cpu.append(ours["cpu"])
        wall.append(ours["wall"])
        rss.append(ours["rss_mib"])
    alerts = sum(1 for _ in out.open())
    bench.log.add({
        "part": "whole", "name": "scan -j1 -f ndjson, all rules", "events": told["events"],
        "bytes": told["bytes"], "alerts": alerts, "peak_rss_mib": max(rss),
        "to_p47": bench_process.spread([a / b for a, b in zip(p47, cpu)]),
        "to_p47_wall": bench_process.spread([a / b for a, b in zip(p47, wall)]),
        "cpu_seconds": bench_process.spread(cpu), "wall_seconds": bench_process.spread(wall)})


def threads(bench, corpus, rules):
    """-j2 against -j1 by the wall, and the same bytes for every -j."""
    counts = [1, 2, 3, 0]
    walls = {count: [] for count in counts}
    digests = set()
    out = bench.folder / "alerts.ndjson"
    for pair in range(bench.pairs):
        for count in counts if pair == 0 else counts[:2]:
            walls[count].append(bench_process.run(scan(bench, corpus, [rules], out, count))["wall"])
            digests.add(digest(out))
    row = {"part": "whole", "name": "-j2 against -j1", "cores": os.cpu_count(),
           "answers": "identical" if len(digests) == 1 else "DIFFERENT"}
    if (os.cpu_count() or 1) > 1:
        row["faster"] = bench_process.spread([a / b for a, b in zip(walls[1], walls[2])])
    bench.log.add(row)


def sequences(bench, corpus, rules):
    """What rules with state add: the same scan with and without them."""
    lines = [json.loads(line) for line in open(rules)]
    single = bench.folder / "rules-single-events.ndjson"
    with single.open("w") as file:
        for rule in lines:
            if not eql_text.is_sequence(rule["query"]):
                file.write(json.dumps(rule) + "\n")
    stateful = sum(eql_text.is_sequence(rule["query"]) for rule in lines)
    out = bench.folder / "alerts.ndjson"
    shares = []
    for _ in range(min(3, bench.pairs)):
        without = bench_process.run(scan(bench, corpus, [single], out, 1))["cpu"]
        everything = bench_process.run(scan(bench, corpus, [rules], out, 1))["cpu"]
        shares.append((everything - without) / without)
    bench.log.add({"part": "whole", "name": "sequences' added share", "sequences": stateful,
                   "added": bench_process.spread(shares)})


def compressed(bench, corpus, rules, program, suffix, level):
    """A compressed input against its decompressor alone and against the plain file, by the wall."""
    if shutil.which(program) is None:
        bench.log.add({"part": "whole", "name": f"{suffix} input", "absent": program})
        return
    packed = bench.folder / f"{corpus.stem}.ndjson.{suffix}"
    if not packed.exists():
        for old in bench.folder.glob(f"*.ndjson.{suffix}"):
            old.unlink()
        bench.log.say(f"making {packed.name}")
        bench_process.run(["sh", "-c", f'{program} {level} -c "$1" >"$2"', "-", corpus, packed])
    out = bench.folder / "alerts.ndjson"
    plain_out = bench.folder / "alerts-plain.ndjson"
    to_slower, alone, ours, plain = [], [], [], []
    for _ in range(min(3, bench.pairs)):
        alone.append(bench_process.run([program, "-dc", packed], discard=True)["wall"])
        ours.append(bench_process.run(scan(bench, packed, [rules], out, 1))["wall"])
        plain.append(bench_process.run(scan(bench, corpus, [rules], plain_out, 1))["wall"])
        to_slower.append(ours[-1] / max(alone[-1], plain[-1]))
    bench.log.add({"part": "whole", "name": f"{suffix} input",
                   "to_decompressor": bench_process.spread([a / b for a, b in zip(ours, alone)]),
                   "to_slower_of_both": bench_process.spread(to_slower),
                   "wall_seconds": bench_process.spread(ours),
                   "decompressor_seconds": bench_process.spread(alone),
                   "plain_seconds": bench_process.spread(plain),
                   "answers": "identical" if digest(out) == digest(plain_out) else "DIFFERENT"})


def run(bench):
    corpus, rules = bench.corpus(), bench.real()
    for name in ("ref", "shuffled"):
        recall(bench, name)
    against_p47(bench, corpus, rules)
    threads(bench, corpus, rules)
    sequences(bench, corpus, rules)
    compressed(bench, corpus, rules, "gzip", "gz", "-6")
    compressed(bench, corpus, rules, "zstd", "zst", "-3 -q")
