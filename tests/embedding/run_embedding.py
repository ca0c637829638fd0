#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Uses the embedding API as a stranger would: installs the library into a temporary prefix, builds
docs/how-to/embed against it with find_package(Vedette) and with pkg-config, and compares what the
program finds with `vedette scan`, on every sample under examples/.

Also checks that the docs page shows the program that was built, and that the installed headers
include nothing but each other and the standard library.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = SOURCE / "docs/how-to/embed"
PAGE = SOURCE / "docs/how-to/embed.md"

# Rules that find much, so that an empty answer cannot pass.
QUERIES = {
    "any": "any where true",
    "pair": "sequence by host.id with maxspan=1h [process where true] [process where true]",
}
RULE = """[metadata]
creation_date = "2026/01/01"
maturity = "production"
updated_date = "2026/01/01"
[rule]
author = ["Vedette"]
description = "test"
language = "eql"
license = "Apache-2.0"
name = "{name}"
risk_score = 21
rule_id = "3f1c9f0e-7d44-4c5b-9d5c-0000000000{number:02}"
severity = "low"
type = "eql"
query = '''{query}'''
"""
# The clock, which the two runs do not share, and what is derived from it.
CLOCK = ("@timestamp", "kibana.alert.start", "kibana.alert.last_detected",
         "kibana.alert.intended_timestamp", "kibana.alert.rule.execution.timestamp",
         "kibana.alert.rule.execution.uuid")


def run(command, **more):
    """The finished command; its output is shown when it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}"
                 f"exit code {done.returncode}")
    return done


def without_clock(lines):
    documents = []
    for line in lines.splitlines():
        document = json.loads(line)
        made = document["@timestamp"]
        for name in CLOCK:
            # An alert without a time of its own has the clock's in other fields too.
            document.pop(name, None)
        if document.get("kibana.alert.original_time") == made:
            del document["kibana.alert.original_time"]
        documents.append(document)
    return documents


def check_headers(prefix):
    headers = sorted((prefix / "include/vedette").iterdir())
    assert [h.name for h in headers] == sorted(h.name for h in (SOURCE / "include/vedette").iterdir())
    for header in headers:
        for included in re.findall(r"^#include (.*)$", header.read_text(), re.M):
            own = re.fullmatch(r'"vedette/(\w+\.h)"', included)
            good = (prefix / "include/vedette" / own[1]).exists() if own else re.fullmatch(
                r"<\w+>", included)
            assert good, f"{header.name} includes {included}"


def check_page():
    """Each block of the page that has a file's beginning must be that file."""
    text = PAGE.read_text()
    blocks = re.findall(r"^```\w*\n(.*?)^```$", text, re.M | re.S)
    for name in ("scan_stdin.cc", "CMakeLists.txt"):
        file = (EXAMPLE / name).read_text()
        assert file in blocks, f"{PAGE.name} does not show {name} as it is"


def compare(program, vedette, rules):
    samples = sorted(p for p in (SOURCE / "examples").rglob("*") if p.suffix in (".ndjson", ".log"))
    assert samples
    for sample in samples:
        with sample.open() as events:
            embedded = run([program, rules], stdin=events)
        scanned = run([vedette, "scan", sample, "-r", rules, "-f", "ndjson"])
        mine, theirs = without_clock(embedded.stdout), without_clock(scanned.stdout)
        assert mine, f"{sample}: nothing found"
        assert mine == theirs, f"{sample}: the embedded engine and `vedette scan` differ"
        assert re.search(r"^\d+ detections$", embedded.stderr, re.M), embedded.stderr


def main():
    arguments = argparse.ArgumentParser()
    for name in ("build", "vedette", "cxx"):
        arguments.add_argument(f"--{name}", required=True)
    arguments.add_argument("--flags", default="")
    given = arguments.parse_args()
    check_page()
    with tempfile.TemporaryDirectory(prefix="vedette-embedding-") as folder:
        folder = pathlib.Path(folder)
        prefix, build, rules = folder / "prefix", folder / "build", folder / "rules"
        rules.mkdir()
        for number, (name, query) in enumerate(QUERIES.items()):
            (rules / f"{name}.toml").write_text(RULE.format(name=name, number=number, query=query))
        run(["cmake", "--install", given.build, "--component", "embedding", "--prefix", prefix])
        check_headers(prefix)
        run(["cmake", "-S", EXAMPLE, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}",
             f"-DCMAKE_CXX_COMPILER={given.cxx}", f"-DCMAKE_CXX_FLAGS={given.flags}"])
        run(["cmake", "--build", build])
        compare(build / "scan_stdin", given.vedette, rules)
        found = next(prefix.rglob("vedette.pc")).parent
        words = run(["env", f"PKG_CONFIG_PATH={found}", "pkg-config", "--cflags", "--libs",
                     "vedette"]).stdout.split()
        run([given.cxx, "-std=c++20", *given.flags.split(), EXAMPLE / "scan_stdin.cc", *words,
             "-o", folder / "by_pkg_config"])
        run([folder / "by_pkg_config", rules], input="")
    print("embedding: installed, built twice, and equal to vedette scan")


if __name__ == "__main__":
    main()
