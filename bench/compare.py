#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""compare.py BUILD_DIR CORPUS RULES PAIRS: the timing half of run-bench.

Each contender is run PAIRS times, each time right after the yardstick, so that a machine that gets
slower slows both. A contender's time is the CPU time of its whole process, start included, against
the thread CPU time that the yardstick takes for its pass. A run whose number of alerts is not the one
that the generator planted ends the benchmark.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import uuid


def high_water_kib(pid):
    """The peak resident size of a process that may have ended."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


def run(command):
    """Runs `command`; its output, wall and CPU seconds and peak RSS in MiB."""
    begun = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(command, stdout=out, stderr=err)
        peak = 0
        while True:
            # Not ru_maxrss: it begins with the size of this very script, from which the child forks.
            peak = max(peak, high_water_kib(process.pid))
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid != 0:
                break
            time.sleep(0.005)
        wall = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        text = out.read().decode()
        if process.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))}: exit {process.returncode}\n{err.read().decode()}")
    return {
        "out": text,
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        "rss_mib": peak / 1024,
    }


def write_rules(folder, count):
    """Rules that read common fields and match nothing in the corpus, each a little different."""
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(count):
        rule_id = uuid.uuid5(uuid.NAMESPACE_URL, f"vedette-bench-rule-{i}")
        tools = ", ".join(f'"bench-tool-{i}-{k}"' for k in range(4))
        query = (
            f'process where host.os.type == "linux" and event.type == "start" and\n'
            f'  process.name in ({tools}, "bash", "curl") and\n'
            f'  process.args like~ ("/bench/{i}/*", "--bench-{i}=*") and\n'
            f'  not process.parent.executable like "/opt/bench{i}/*"\n'
        )
        (folder / f"bench_{i:03}.toml").write_text(
            "[metadata]\n"
            'creation_date = "2026/02/03"\nintegration = ["endpoint"]\n'
            'maturity = "production"\nupdated_date = "2026/02/03"\n\n[rule]\n'
            'author = ["Vedette"]\ndescription = "Load for the benchmark."\n'
            'from = "now-9m"\nindex = ["logs-*"]\nlanguage = "eql"\nlicense = "Apache-2.0"\n'
            f'name = "Benchmark rule {i}"\nrisk_score = 21\nrule_id = "{rule_id}"\n'
            'severity = "low"\ntimestamp_override = "event.ingested"\ntype = "eql"\n'
            f"query = '''\n{query}'''\n"
        )


def spread(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def main():
    build, corpus, rules, pairs = (
        pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3]), int(sys.argv[4]))
    expected = int(pathlib.Path(corpus + ".expected").read_text())
    vedette = build / "vedette"
    stats_file = build / "bench" / "stats.json"
    yardstick = [build / "bench" / "simdjson_pass", corpus]
    scan = [vedette, "scan", corpus, "-f", "ndjson", "-o", "/dev/null", "--max-signals", "0",
            "--stats", stats_file]
    contenders = [("vedette, bundled rules, -j1", scan + ["-j", "1"])]
    if (os.cpu_count() or 1) > 1:
        contenders.append(("vedette, bundled rules, -j2", scan + ["-j", "2"]))
    for total in (10, 100):
        folder = build / "bench" / f"rules-{total}"
        write_rules(folder, total - 2)
        contenders.append((f"vedette, {total} rules, -j1",
                           scan + ["-j", "1", "-r", rules, "-r", folder]))

    first = json.loads(run(yardstick)["out"])  # warms the page cache; not counted
    megabytes = first["bytes"] / 1e6
    print(f"{first['events']:,} events, {megabytes:,.0f} MB, {expected} planted; medians of {pairs} "
          f"pairs (min-max)\n")
    rows = []
    yard_cpu, yard_rss = [], []
    for name, command in contenders:
        ratios, cpus, walls, rss = [], [], [], []
        for _ in range(pairs):
            yard = run(yardstick)
            told = json.loads(yard["out"])
            if told["checksum"] != first["checksum"]:
                sys.exit("simdjson_pass: the checksum changed between runs")
            ours = run(command)
            stats = json.loads(stats_file.read_text())
            if stats["alerts"] != expected or stats["events"] != first["events"] or stats["rejected"]:
                sys.exit(f"{name}: {stats['alerts']} alerts of {expected} planted, {stats['events']} "
                         f"events of {first['events']}, {stats['rejected']} rejected: no timing counts")
            yard_cpu.append(told["cpu_seconds"])
            yard_rss.append(yard["rss_mib"])
            ratios.append(ours["cpu"] / told["cpu_seconds"])
            cpus.append(ours["cpu"])
            walls.append(ours["wall"])
            rss.append(ours["rss_mib"])
        rows.append((name, cpus, walls, ratios, rss, stats["rules"]))
    rows.insert(0, ("simdjson pass, 47 paths", yard_cpu, yard_cpu, [1.0], yard_rss, 0))

    print(f"{'contender':<29}{'events/CPU-s':>13}{'MB/CPU-s':>10}{'events/s':>11}  "
          f"{'CPU ratio':<20}{'peak RSS':>9}")
    with (build / "bench.jsonl").open("a") as log:
        for name, cpus, walls, ratios, rss, rule_count in rows:
            cpu, wall = statistics.median(cpus), statistics.median(walls)
            print(f"{name:<29}{first['events'] / cpu:>13,.0f}{megabytes / cpu:>10,.0f}"
                  f"{first['events'] / wall:>11,.0f}  {spread(ratios):<20}{max(rss):>5,.0f} MiB")
            log.write(json.dumps({
                "contender": name, "rules": rule_count, "events": first["events"],
                "bytes": first["bytes"], "alerts": expected, "pairs": pairs,
                "cpu_seconds": cpus, "wall_seconds": walls, "ratio_median": statistics.median(ratios),
                "ratio_min": min(ratios), "ratio_max": max(ratios), "peak_rss_mib": max(rss),
            }) + "\n")
    print(f"\nratio: CPU time of the whole process, one for the simdjson pass. Raw figures: "
          f"{build / 'bench.jsonl'}")


if __name__ == "__main__":
    main()
