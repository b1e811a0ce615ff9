#!/usr/bin/env python3
"""`warpshard tune` against equal shares: a shell loop of `iopddl`, one file after the other.

compare.py --generated 91 --for 300 FILES... takes these files and 91 instances of instances.py, and
gives each way the same wall clock: the loop an equal share to each file, with all cores (what a proof
leaves over goes to the next); one tuner all of it at once; and tuners of one thread each, 1, 2, ...
of them over one store, to see how that grows. That is four runs of --for seconds.

Gaps are against the greatest bound that any of the runs proved, or that a store has (--bounds), so
that the loop is not charged for bounds that it does not print; an instance without a plan, or that
nobody has a bound of, counts 1. The mean over time counts a plan from the end of its slice (or of its
turn) on.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import tempfile
import threading
import time

from instances import BIN, generate

MARKS = 8
"""Moments at which gaps are told."""
SHORTEST = 0.5
"""Seconds that a file has at least in the loop."""


def cost_of(file, plan):
    """Of a plan as iopddl prints it; None where it is none or has forbidden entries."""
    with tempfile.NamedTemporaryFile("w") as stored:
        stored.write(plan)
        stored.flush()
        told = subprocess.run([BIN / "warpshard", "verify", file, stored.name],
                              capture_output=True, text=True, check=False).stdout
    cost = re.match(r"cost (-?\d+)$", told, re.MULTILINE)
    return int(cost[1]) if cost and "valid: within the limit" in told else None


class Course:
    """When which cost was known of which file."""

    def __init__(self):
        self.events = []  # seconds, file, cost
        self.bounds = {}
        self.seconds = 0.0

    def costs_at(self, seconds):
        costs = {}
        for when, file, cost in self.events:
            if when <= seconds:
                costs[file] = min(cost, costs.get(file, cost))
        return costs


def loop(files, seconds):
    course = Course()
    plans = []
    start = time.monotonic()
    for number, file in enumerate(files):
        left = start + seconds * (number + 1) / len(files) - time.monotonic()
        told = subprocess.run([BIN / "iopddl", file, f"{max(left, SHORTEST):.2f}"],
                              capture_output=True, text=True, check=False).stdout
        plans.append((time.monotonic() - start, file, told.strip().rpartition("\n")[2]))
    course.seconds = time.monotonic() - start
    for when, file, plan in plans:
        cost = cost_of(file, plan)
        if cost is not None:
            course.events.append((when, file, cost))
    return course


def tune(files, seconds, threads, processes):
    course = Course()
    by_path = {str(pathlib.Path(file).resolve()): file for file in files}
    guard = threading.Lock()

    def follow(process):
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] != "slice":
                continue
            file = by_path[event["file"]]
            with guard:
                if event["cost"] and not event["cost"]["forbidden"]:
                    course.events.append((time.monotonic() - start, file,
                                          int(event["cost"]["finite"])))
                if event["bound"] and not event["bound"]["forbidden"]:
                    bound = int(event["bound"]["finite"])
                    course.bounds[file] = max(bound, course.bounds.get(file, bound))

    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        running = [subprocess.Popen(
            [BIN / "warpshard", "tune", folder, *files, "--for", f"{seconds}s", "--json", "--threads",
             str(threads)], stdout=subprocess.PIPE, text=True) for _ in range(processes)]
        readers = [threading.Thread(target=follow, args=[process]) for process in running]
        for reader in readers:
            reader.start()
        for process, reader in zip(running, readers):
            process.wait()
            reader.join()
        course.seconds = time.monotonic() - start
    return course


def gap(cost, bound):
    return min(1.0, (cost - bound) / max(1, abs(bound)))


def mean_gap(costs, bounds, files):
    known = [gap(costs[file], bounds[file]) for file in files if file in costs and file in bounds]
    return (sum(known) + len(files) - len(known)) / len(files)


def rate(course, bounds, most):
    """How many came within a gap, when the last of them did, and what that makes in an hour."""
    arrivals = {}
    for when, file, cost in sorted(course.events):
        if file in bounds and gap(cost, bounds[file]) <= most:
            arrivals.setdefault(file, when)
    if not arrivals:
        return "0"
    last = max(arrivals.values())
    return f"{len(arrivals)} in {last:.0f} s ({3600 * len(arrivals) / last:.0f} an hour)"


def all_runs(files, seconds, processes):
    runs = {"loop of `iopddl`": loop(files, seconds),
            "`tune`": tune(files, seconds, len(os.sched_getaffinity(0)), 1)}
    for count in processes:
        runs[f"`tune`, {count} of one thread"] = tune(files, seconds, 1, count)
    return runs


def print_table(head, rows):
    print("| |" + "".join(f" {name} |" for name in head))
    print("|---|" + "---|" * len(head))
    for name, cells in rows:
        print(f"| {name} |" + "".join(f" {cell} |" for cell in cells))
    print(flush=True)


def stored_bounds(store, files):
    """Of these files, by what the store's records say of where they lay."""
    told = subprocess.run([BIN / "warpshard", "store", "ls", "--json", "--store", store],
                          stdout=subprocess.PIPE, text=True, check=True).stdout
    rows = {row["file"]: row for row in map(json.loads, told.splitlines())}
    return {file: int(row["bound"]["finite"]) for file in files
            if (row := rows.get(str(pathlib.Path(file).resolve()))) and "bound" in row
            and not row["bound"]["forbidden"]}


def report(runs, files, seconds, bounds):
    for course in runs.values():
        for file, bound in course.bounds.items():
            bounds[file] = max(bound, bounds.get(file, bound))
    print(f"{len(files)} instances, {len(bounds)} of them with a bound, {seconds:.0f} s each way, "
          f"{len(os.sched_getaffinity(0))} cores.\nMean gap, %, at\n")
    moments = [seconds * mark / MARKS for mark in range(1, MARKS)]
    means = []
    for name, course in runs.items():
        each = [mean_gap(course.costs_at(at), bounds, files) for at in (*moments, float("inf"))]
        means.append((name, [f"{100 * mean:.2f}" for mean in each]))
    print_table([f"{moment:.0f} s" for moment in moments] + ["the end"], means)
    rates = [(name, [rate(course, bounds, most) for most in (0.01, 0.001, 0.0)]
              + [f"{course.seconds:.1f} s"]) for name, course in runs.items()]
    print("Instances that came within that of the bound, and until when\n")
    print_table(["1%", "0.1%", "0", "took"], rates)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--for", type=float, default=300, dest="seconds")
    parser.add_argument("--generated", type=int, default=0)
    parser.add_argument("--bounds", help="a plan store")
    parser.add_argument("--processes", type=int, nargs="*", default=[1, 2])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = [*options.files, *generate(pathlib.Path(folder), options.generated)]
        if not files:
            parser.error("no instances: name files, or --generated N")
        bounds = stored_bounds(options.bounds, files) if options.bounds else {}
        report(all_runs(files, options.seconds, options.processes), files, options.seconds, bounds)


if __name__ == "__main__":
    main()
