# SPDX-License-Identifier: Apache-2.0
"""Programs run and timed as a whole, for the driver of the benchmark."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time


class Failed(Exception):
    """A program of the benchmark did not end as it should; the message says which and how."""


def high_water_kib(pid):
    """The peak resident size of a process that may have ended."""
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def run(command, good=(0,), discard=False):
    """Runs `command`: its output, wall and CPU seconds, peak RSS in MiB."""
    begun = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(list(map(str, command)), stderr=err,
                                   stdout=subprocess.DEVNULL if discard else out)
        peak = 0
        while True:
            # Not ru_maxrss: it begins with the size of this very script, from which the child forks.
            peak = max(peak, high_water_kib(process.pid))
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid != 0:
                break
            time.sleep(0.002)
        wall = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode not in good:
            message = err.read().decode(errors="replace")[-2000:]
            raise Failed(f"{' '.join(map(str, command))}: exit {process.returncode}\n{message}")
        return {"out": out.read(), "wall": wall, "cpu": usage.ru_utime + usage.ru_stime,
                "rss_mib": peak / 1024}


def spread(values):
    """The shape in which engine_bench gives several times of one thing."""
    return {"median": statistics.median(values), "min": min(values), "max": max(values),
            "all": [round(value, 6) for value in values]}


class Log:
    """All results of a run: kept for the table, and written line by line."""

    def __init__(self, path):
        self.rows = []
        self.file = path.open("w")

    def add(self, row):
        self.rows.append(row)
        self.file.write(json.dumps(row) + "\n")
        self.file.flush()

    def add_output(self, text):
        for line in text.decode().splitlines():
            self.add(json.loads(line))

    def say(self, text):
        print(text, file=sys.stderr, flush=True)
