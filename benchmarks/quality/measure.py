#!/usr/bin/env python3
"""Runs a solver binary over instances, limits and seeds and tells how good its plans are.

    measure.py warpshard FILE... [--limits 1,2,5] [--seeds 1,2,3] [--reference CSV] [--vs BINARY]
               [--busy CORES]

For each instance and limit: the median over seeds of cost, points (the reference's best known cost
over the cost, where a CSV with columns instance and best_known is given), certified gap and the wall
clock that the process took. With --vs every run is made by both binaries in turn, and the second
table is the other one's. Plans are judged by `BINARY verify`, not by what the run says of itself.
With --busy so many of the last cores are kept busy by others meanwhile.
"""
import argparse
import contextlib
import csv
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time


def name_of(path):
    """The last letter-like part of a file's name: "asplos-2025-iopddl-K.json.gz" is K."""
    return re.sub(r"\.json(\.gz)?$", "", os.path.basename(path)).split("-")[-1]


def references(path):
    if path is None:
        return {}
    with open(path, encoding="utf-8") as file:
        return {row["instance"]: int(row["best_known"]) for row in csv.DictReader(file)}


def run(binary, path, limit, seed, extra):
    """One run: cost, forbidden entries and gap of its plan, and seconds of wall clock."""
    with tempfile.TemporaryDirectory() as folder:
        plan = os.path.join(folder, "plan")
        begin = time.monotonic()
        done = subprocess.run(
            [binary, "solve", path, str(limit), "--seed", str(seed), "--log-json",
             "--solution-out", plan, *extra], capture_output=True, text=True, check=False)
        wall = time.monotonic() - begin
        result = {"wall": wall, "cost": None, "gap": None, "status": done.returncode}
        if done.returncode != 0 or not os.path.exists(plan):
            return result
        for line in done.stdout.splitlines():
            if line.startswith("{"):
                event = json.loads(line)
                if event.get("event") == "result" and event.get("bound") and "cost" in event:
                    result["gap"] = (event["cost"] - event["bound"]) / abs(event["bound"])
        judged = subprocess.run([binary, "verify", path, plan], capture_output=True, text=True,
                                check=False)
        match = re.search(r"^cost (-?\d+)(?: and (\d+) forbidden)?", judged.stdout, re.MULTILINE)
        if judged.returncode == 0 and match:
            result["cost"] = int(match[1]) + int(match[2] or 0) * 10**18
        return result


@contextlib.contextmanager
def busy(cores):
    """Keeps the last cores busy, each with a process that does nothing else."""
    others = [subprocess.Popen([sys.executable, "-c",
                                f"import os\nos.sched_setaffinity(0, {{{core}}})\nwhile True: pass"])
              for core in sorted(os.sched_getaffinity(0))[-cores:] if cores > 0]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def median(values):
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def show(rows, best):
    print(f"{'':>24} {'limit':>6} {'cost':>20} {'spread':>8} {'points':>7} {'gap':>9} {'wall':>7}")
    points_at = {}
    for (name, limit), results in rows.items():
        costs = [result["cost"] for result in results]
        cost, gap = median(costs), median([result["gap"] for result in results])
        wall = max(result["wall"] for result in results)
        known = [c for c in costs if c is not None]
        spread = (max(known) - min(known)) / abs(min(known)) if known and min(known) else 0
        points = best[name] / cost if name in best and cost else (0 if name in best else None)
        if points is not None:
            points_at.setdefault(limit, []).append(points)
        print(f"{name:>24} {limit:>6g} {cost if cost is not None else '-':>20} {spread:8.3%} "
              f"{points if points is not None else float('nan'):7.4f} "
              f"{gap if gap is not None else float('nan'):9.4%} {wall:7.2f}", flush=True)
    for limit, points in points_at.items():
        print(f"{'mean':>24} {limit:>6g} {'':>20} {'':>8} {statistics.mean(points):7.4f}"
              f"   least {min(points):.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--limits", default="1,2,5")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--reference")
    parser.add_argument("--vs")
    parser.add_argument("--busy", type=int, default=0)
    parser.add_argument("--args", default="", help="further options of solve, in one string")
    options = parser.parse_args()
    best = references(options.reference)
    binaries = [options.binary] + ([options.vs] if options.vs else [])
    rows = {binary: {} for binary in binaries}
    with busy(options.busy):
        for path in options.files:
            for limit in map(float, options.limits.split(",")):
                for seed in map(int, options.seeds.split(",")):
                    for binary in binaries:
                        rows[binary].setdefault((name_of(path), limit), []).append(
                            run(binary, path, f"{limit:g}", seed, options.args.split()))
    for binary in binaries:
        print(binary)
        show(rows[binary], best)
    return 0


if __name__ == "__main__":
    sys.exit(main())
