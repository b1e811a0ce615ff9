#!/usr/bin/env python3
"""`warpshard tune` against equal shares: a shell loop of `iopddl`, one file after the other.

compare.py SECONDS FILES... gives each way the same wall clock: the loop an equal share to each file,
with all cores (what a proof leaves over goes to the next); one tuner all of it at once; and tuners
of one thread each, 1, 2, ... of them over one store, to see how that grows.

Gaps are against the greatest bound that any of the runs proved, so that the loop is not charged for
bounds that it does not print; an instance without a plan counts 1. The mean over time counts a plan
from the end of its slice (or of its turn) on.
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

BIN = pathlib.Path(__file__).resolve().parents[2] / "build/release/bin"
MARKS = 8
"""Moments at which gaps are told."""


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
        told = subprocess.run([BIN / "iopddl", file, f"{max(left, 0.5):.2f}"], capture_output=True,
                              text=True, check=False).stdout
        plans.append((time.monotonic() - start, file, told.splitlines()[-1]))
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
             str(threads), "--shard", f"{index}/{processes}"], stdout=subprocess.PIPE, text=True)
            for index in range(processes)]
        readers = [threading.Thread(target=follow, args=[process]) for process in running]
        for reader in readers:
            reader.start()
        for process, reader in zip(running, readers):
            process.wait()
            reader.join()
        course.seconds = time.monotonic() - start
    return course


def gaps(costs, bounds, files):
    result = []
    for file in files:
        known = file in costs and file in bounds
        result.append(min(1.0, (costs[file] - bounds[file]) / max(1, abs(bounds[file])))
                      if known else 1.0)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("seconds", type=float)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--processes", type=int, nargs="*", default=[1, 2])
    options = parser.parse_args()
    files, seconds = options.files, options.seconds
    runs = {"loop of iopddl": loop(files, seconds),
            "tune": tune(files, seconds, len(os.sched_getaffinity(0)), 1)}
    for processes in options.processes:
        runs[f"{processes} of one thread"] = tune(files, seconds, 1, processes)
    bounds = {}
    for course in runs.values():
        for file, bound in course.bounds.items():
            bounds[file] = max(bound, bounds.get(file, bound))

    moments = [seconds * mark / MARKS for mark in range(1, MARKS + 1)]
    print(f"{len(files)} instances, {seconds:.0f} s; mean gap, %, at")
    print(" " * 16 + "".join(f"{moment:8.0f} s" for moment in moments))
    for name, course in runs.items():
        means = [sum(gaps(course.costs_at(at), bounds, files)) / len(files) for at in moments]
        print(f"{name:16}" + "".join(f"{100 * mean:10.3f}" for mean in means))
    print("\ninstances an hour  within 1%  within 0.1%  proved   seconds")
    for name, course in runs.items():
        each = gaps(course.costs_at(float("inf")), bounds, files)
        counts = [sum(gap <= most for gap in each) for most in (0.01, 0.001, 0.0)]
        rates = [3600 * count / course.seconds for count in counts]
        print(f"{name:17} {rates[0]:10.0f} {rates[1]:12.0f} {rates[2]:7.0f} {course.seconds:9.1f}")


if __name__ == "__main__":
    main()
