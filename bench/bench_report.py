# SPDX-License-Identifier: Apache-2.0
"""The readable table of a run, and which goals it meets."""

NOISY = 0.15  # (max - min) / median above this is printed as such


def number(value):
    if value is None:
        return "-"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def shown(value):
    """A median with its spread, or a plain number."""
    if not isinstance(value, dict):
        return number(value)
    if not value.get("all"):
        return "-"
    text = f"{number(value['median'])} ({number(value['min'])}-{number(value['max'])})"
    middle = abs(value["median"])
    spread = (value["max"] - value["min"]) / middle if middle else 0
    return text + (f" spread {100 * spread:.0f} %!" if spread > NOISY else "")


def middle(value):
    return value.get("median") if isinstance(value, dict) else value


COLUMNS = {
    "limits": ["us_per_event", "gb_per_second", "to_p47"],
    "scan": ["repeat_to_p47", "first_to_p47", "match_to_parse", "repeat_us_per_event",
             "value_misses", "candidates", "hits_repeat"],
    "growth": ["repeat", "first"],
    "oracle": ["conditions", "events", "hits", "oracle_us_per_event", "speed_up"],
    "cores": ["efficiency"],
    "memory": ["rss_bytes_per_rule", "set_bytes_per_rule", "events", "rss_bytes", "matcher_bytes",
               "flushes", "load_seconds", "lower_seconds"],
    "sequences": ["state_bytes_per_key", "kept_event_bytes_per_key", "operations_per_second"],
    "latency": ["p50_us", "p99_us", "p9999_us", "max_us"],
    "cliffs": ["factor_per_byte", "ns_per_byte", "growth_by_bytes", "matcher_bytes"],
    "whole": ["to_p47", "faster", "added", "alerts", "to_decompressor", "to_slower_of_both"],
    "peers": ["faster", "rules", "events"],
}


def print_part(part, rows):
    print(f"\n{part}")
    for row in rows:
        label = f"{row['name']} [{row['label']}]" if row.get("label") else row["name"]
        cells = [f"{key} {shown(row[key])}" for key in COLUMNS.get(part, []) if key in row]
        for key in ("answers", "linear", "bounded", "absent", "error"):
            if key in row:
                cells.append(f"{key} {row[key]}")
        print(f"  {label:<44} " + "; ".join(cells))
        if "first_fifths_to_p47" in row:
            print(f"  {'':<44} first pass by fifths: "
                  + " ".join(number(value) for value in row["first_fifths_to_p47"]))


class Results:
    """Finds rows; a value that was not measured is None."""

    def __init__(self, rows):
        self.rows = rows
        self.kind = next((row["rules"] for row in rows if row["part"] == "run"), "generated")

    def value(self, key, part, **wanted):
        for row in self.rows:
            if row["part"] == part and all(row.get(k) == v for k, v in wanted.items()):
                return row.get(key)
        return None

    def scan(self, key, count, corpus="ref"):
        return self.value(key, "scan", rules=count, label=f"{corpus}, {self.kind}")

    def load(self, count):
        rows = [row for row in self.rows if row["part"] == "memory" and row.get("rules") == count]
        return rows[0]["load_seconds"] + rows[0]["lower_seconds"] if rows else None

    def growth_of_matcher(self):
        """MB that the matcher holds at the end, None without the measurement."""
        rows = [row for row in self.rows if row["part"] == "memory" and row.get("label") == "flat"
                and "matcher_bytes" in row]
        return max(row["matcher_bytes"] for row in rows) / 2**20 if rows else None


def goals(r):
    """(row of the goals, what, measured, must, stretch, whether more is better)."""
    grown = "1000 -> 10000 rules"
    efficiency = {n: r.value("efficiency", "cores", threads=n) for n in (2, 4, 8, 16)}
    must_cores = {2: 0.95, 4: 0.92, 8: 0.85, 16: 0.75}
    table = [
        ("1", "1,000 rules, repeat pass / P47", r.scan("repeat_to_p47", 1000), 0.70, 1.0, True),
        ("2", "the same, first pass", r.scan("first_to_p47", 1000), 0.60, 0.85, True),
        ("3", "1,000 rules, high entropy, first pass / P47",
         r.scan("first_to_p47", 1000, "high"), 0.50, 0.70, True),
        ("4", "whole rule base with stages, repeat pass / P47",
         r.value("repeat_to_p47", "scan", label="ref, real"), 0.60, 0.85, True),
        ("5", "10,000 rules, repeat pass / P47", r.scan("repeat_to_p47", 10000), 0.50, 0.75, True),
        ("6", "1,000 -> 10,000 rules, repeat pass", r.value("repeat", "growth", name=grown), 1.35,
         1.15, False),
        ("6", "the same, first pass", r.value("first", "growth", name=grown), 1.5, 1.25, False),
        ("7", "own extraction / P47", r.value("to_p47", "limits", name="own extraction"), 1.4, 2.0,
         True),
        ("8", "match time / own parse time, 1,000 rules", r.scan("match_to_parse", 1000), 1.0, 0.5,
         False),
        ("9", "over rule by rule, 1,000 rules", r.value("speed_up", "oracle", rules=1000), 60, 100,
         True),
        ("9", "over rule by rule, 10,000 rules", r.value("speed_up", "oracle", rules=10000), 700,
         1500, True),
        ("10", "over Python EQL", r.value("faster", "peers", name="Python EQL"), 400, 800, True),
        ("11", "over ripgrep, 1,000 fixed strings",
         r.value("faster", "peers", name="ripgrep, 1,000 fixed strings"), 3, 6, True),
        *[("12", f"core efficiency, {n} threads", efficiency[n], must_cores[n], 0.9, True)
          for n in efficiency if efficiency[n] is not None],
        ("13", "resident KB a rule, 10,000 rules",
         scaled(r.value("rss_bytes_per_rule", "memory", label="10000 rules"), 1024), 8, 4, False),
        ("14", "MB of caches a worker, 10,000 rules", r.growth_of_matcher(), 64, 24, False),
        ("15", "bytes a pending key, two stages",
         r.value("state_bytes_per_key", "sequences", keys=1_000_000), 64, 48, False),
        ("16", "stage operations/s, 1 M live keys (millions)",
         scaled(r.value("operations_per_second", "sequences", keys=1_000_000), 1e6), 4, 12, True),
        ("17", "sequences' added share of a scan",
         r.value("added", "whole", name="sequences' added share"), 0.10, 0.05, False),
        ("18", "load 1,000 rules (s)", r.load(1000), 0.3, 0.1, False),
        ("18", "load 10,000 rules (s)", r.load(10000), 2, 0.8, False),
        ("19", "latency at 50,000/s, p99 (us)", r.value("p99_us", "latency", name="50000 events/s"),
         50, 10, False),
        ("19", "latency at 50,000/s, p99.99 (us)",
         r.value("p9999_us", "latency", name="50000 events/s"), 2000, 300, False),
        ("w", "scan -j1 -f ndjson from disk / P47",
         r.value("to_p47", "whole", name="scan -j1 -f ndjson, all rules"), 0.5, None, True),
        ("w", "-j2 over -j1", r.value("faster", "whole", name="-j2 against -j1"), 1.9, None, True),
        ("w", "gz input, by the slower of gzip and scan",
         r.value("to_slower_of_both", "whole", name="gz input"), 1.1, None, False),
        ("w", "zst input, by the slower of zstd and scan",
         r.value("to_slower_of_both", "whole", name="zst input"), 1.1, None, False),
    ]
    return [row for row in table if row[2] is not None]


def scaled(value, by):
    return None if value is None else value / by


def print_report(rows):
    """Prints everything; true when some answer was wrong."""
    run = next((row for row in rows if row["part"] == "run"), {})
    print(f"commit {run.get('commit')}; {run.get('processor')}, {run.get('cores')} cores, load at "
          f"the start {run.get('load', 0):.1f}; {run.get('events'):,} events, seed {run.get('seed')}, "
          f"{run.get('pairs')} pairs, {run.get('rules')} rules")
    print("medians (least-greatest); times are thread CPU; /P47 is throughput by that of P47")
    for part in COLUMNS:
        of_part = [row for row in rows if row["part"] == part]
        if of_part:
            print_part(part, of_part)
    print(f"\n{'goal':<5}{'':<52}{'measured':>22}{'must':>8}{'stretch':>9}")
    for name, what, value, must, stretch, more in goals(Results(rows)):
        measured = middle(value)
        met = measured >= must if more else measured <= must
        reached = stretch is not None and (measured >= stretch if more else measured <= stretch)
        verdict = "stretch" if reached else "met" if met else "MISSED"
        print(f"{name:<5}{what:<52}{shown(value):>22}{number(must):>8}{number(stretch):>9}  {verdict}")
    if run.get("events", 0) < 1_000_000:
        print("goals 1, 2, 5 and 6 are stated for a corpus of 1,000,000 events: EVENTS=1000000")
    wrong = [row for row in rows if row.get("answers") == "DIFFERENT"]
    for row in wrong:
        print(f"VOID: {row['part']}, {row['name']} {row.get('label', '')}: answers differ")
    return bool(wrong)
