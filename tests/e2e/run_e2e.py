#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the cases of this folder against a vedette binary.

A case is a folder below cases/ with
  cmd       one bash command line; {VEDETTE} is the program, {EXAMPLES} the project's examples/. It runs in a copy of the case's folder.
  stdout    what it must print (no file: nothing)
  stderr    the same for the conversation
  code      the exit code (no file: 0)
Everything else in the folder is input. What changes from run to run (seconds) is replaced by a word
on both sides.

--update writes what came out as the new expectation; read the difference before committing it.
"""

import argparse
import difflib
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
EXPECTED = ("stdout", "stderr", "code")
TIMEOUT_SECONDS = 60


def steady(text: str) -> str:
    """Text without what differs between two runs."""
    text = re.sub(r"\bin \d+\.\d+ s\b", "in TIME s", text)
    return re.sub(r'"seconds":[0-9.e+-]+', '"seconds":TIME', text)


def run_case(case: pathlib.Path, vedette: str) -> dict:
    """What the case's command does: stdout, stderr, code."""
    command = (case / "cmd").read_text().replace("{VEDETTE}", shlex.quote(vedette))
    command = command.replace("{EXAMPLES}", shlex.quote(str(HERE.parents[1] / "examples")))
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "COLUMNS": "100"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
        if name in os.environ:
            environment[name] = os.environ[name]
    with tempfile.TemporaryDirectory() as scratch:
        work = pathlib.Path(scratch) / "case"
        shutil.copytree(case, work)
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=work,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    return {
        "stdout": steady(done.stdout.decode("utf-8", "backslashreplace")),
        "stderr": steady(done.stderr.decode("utf-8", "backslashreplace")),
        "code": f"{done.returncode}\n",
    }


def expectation(case: pathlib.Path, what: str) -> str:
    path = case / what
    if path.exists():
        return path.read_text()
    return "0\n" if what == "code" else ""


def update(case: pathlib.Path, got: dict) -> bool:
    """Writes the outcome down; an empty one needs no file. True when something changed."""
    changed = False
    for what in EXPECTED:
        if expectation(case, what) == got[what]:
            continue
        changed = True
        path = case / what
        if got[what] == ("0\n" if what == "code" else ""):
            path.unlink()
        else:
            path.write_text(got[what])
    return changed


def differences(case: pathlib.Path, got: dict) -> list:
    lines = []
    for what in EXPECTED:
        want = expectation(case, what)
        if want != got[what]:
            lines += difflib.unified_diff(
                want.splitlines(), got[what].splitlines(), f"expected {what}", what, lineterm=""
            )
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vedette", required=True, help="the program under test")
    parser.add_argument("--update", action="store_true", help="write what came out as expected")
    parser.add_argument("names", nargs="*", help="cases to run; all without any")
    flags = parser.parse_args()
    vedette = str(pathlib.Path(flags.vedette).resolve())
    cases = sorted(path.parent for path in (HERE / "cases").rglob("cmd"))
    names = {case: case.relative_to(HERE / "cases").as_posix() for case in cases}
    unknown = set(flags.names) - set(names.values())
    if unknown:
        print("no such case:", ", ".join(sorted(unknown)))
        return 2
    failed = 0
    ran = 0
    for case in cases:
        if flags.names and names[case] not in flags.names:
            continue
        ran += 1
        try:
            got = run_case(case, vedette)
        except subprocess.TimeoutExpired:
            print(f"FAILED {names[case]}: no end after {TIMEOUT_SECONDS} s")
            failed += 1
            continue
        if flags.update:
            print("updated" if update(case, got) else "same   ", names[case])
            continue
        lines = differences(case, got)
        print("FAILED" if lines else "passed", names[case])
        print("".join(f"    {line}\n" for line in lines), end="")
        failed += bool(lines)
    print(f"{ran} cases, {failed} failed")
    return 1 if failed or ran == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
