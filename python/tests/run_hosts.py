"""Instances through the package, each in a process of its own, at several time limits.

    python run_hosts.py [--limit 2 --limit 600] FILE...

Prints a Markdown table: what was proved, wall clock from a process's start to its end (imports and
loading included), the CPU time of all its threads, and the part of both that solve() took.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

COLUMNS = (
    "problem",
    "limit",
    "status",
    "cost",
    "process, wall clock",
    "process, CPU",
    "solve(), wall clock",
    "solve(), CPU",
)


def solve_here(path: str, limit: float) -> None:
    import warpshard

    problem = warpshard.Problem.load(path)
    wall, cpu = time.perf_counter(), time.process_time()
    result = warpshard.solve(problem, limit)
    report = {
        "status": result.status,
        "cost": result.cost,
        "solve_wall": time.perf_counter() - wall,
        "solve_cpu": time.process_time() - cpu,
    }
    print(json.dumps(report))


def measure(path: str, limit: float) -> dict[str, object]:
    """What a new process reports, and what it took from its start to its end."""
    wall, cpu = time.perf_counter(), sum(os.times()[2:4])
    command = [sys.executable, __file__, "--here", "--limit", str(limit), path]
    report = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return {
        **report,
        "wall": time.perf_counter() - wall,
        "cpu": sum(os.times()[2:4]) - cpu,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+")
    parser.add_argument("--limit", action="append", type=float, help="seconds; default: 2, 600")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.here:
        solve_here(arguments.files[0], arguments.limit[0])
        return
    print("| " + " | ".join(COLUMNS) + " |\n" + "|---" * len(COLUMNS) + "|", flush=True)
    for path in arguments.files:
        for limit in arguments.limit or (2, 600):
            found = measure(path, limit)
            seconds = [f"{found[key]:.2f} s" for key in ("wall", "cpu", "solve_wall", "solve_cpu")]
            name = Path(path).name.removesuffix(".gz").removesuffix(".json")
            cells = [name, f"{limit:g} s", found["status"], f"{found['cost']:,}", *seconds]
            print("| " + " | ".join(map(str, cells)) + " |", flush=True)


if __name__ == "__main__":
    main()
