#!/usr/bin/env python3
"""When a run of `warpshard solve` reaches its first stages, per instance.

    stages.py warpshard FILE... [--seconds 3] [--seeds 1,2,3] [--threads N]

Milliseconds from the start of the process, medians over seeds: until the instance is loaded, the
first plan, the reduced core is there in every form that searchers need, the first plan that message
passing led to, prices lead and a first bound is certified, the first plan of a dive. The last
columns are the plan's cost over the run's last one after each second.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

from measure import median, name_of

STAGES = ("loaded", "plan", "core", "quench", "bound", "dive")


def stage_of(event):
    """The stage that an event of the trace belongs to, if any."""
    if event["event"] == "instance":
        return "loaded"
    if event["event"] != "progress":
        return None
    if event.get("note", "").startswith(("reduced to", "cheap reductions leave")):
        return "core"
    source = event.get("source")
    if source in ("quench", "dive"):
        return source
    if source == "greedy":
        return "plan"
    return "bound" if "bound" in event else None


def trace(binary, path, seconds, seed, extra):
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "trace")
        done = subprocess.run(
            [binary, "solve", path, str(seconds), "--seed", str(seed), "--trace", log,
             "--output", os.path.join(folder, "plan"), *extra],
            capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"{path}: {done.stderr.strip()}")
        with open(log, encoding="utf-8") as file:
            return [json.loads(line) for line in file]


def run(binary, path, seconds, seed, extra):
    """Seconds until each stage, and the cost of the plan after each second over the last one."""
    reached, costs, last = {}, {}, None
    for event in trace(binary, path, seconds, seed, extra):
        stage = stage_of(event)
        if stage is not None:
            reached.setdefault(stage, event["seconds"])
        if event["event"] != "progress" or event.get("cost") is None or event.get("forbidden"):
            continue
        last = event["cost"]
        for second in range(1, int(seconds) + 1):
            if event["seconds"] <= second:
                costs[second] = last
    return reached, {second: cost / last for second, cost in costs.items()}


def cell(value, form):
    return "-" if value is None else format(value, form)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--threads", default="0")
    options = parser.parse_args()
    seconds = list(range(1, int(options.seconds) + 1))
    print(f"{'':>28}" + "".join(f"{stage:>8}" for stage in STAGES)
          + "".join(f"{f'{second} s':>8}" for second in seconds))
    for path in options.files:
        runs = [run(options.binary, path, options.seconds, seed, ["--threads", options.threads])
                for seed in options.seeds.split(",")]
        name = name_of(path)
        times = [median([1000 * reached[stage] for reached, _ in runs if stage in reached])
                 for stage in STAGES]
        ratios = [median([costs[second] for _, costs in runs if second in costs])
                  for second in seconds]
        print(f"{name:>28}" + "".join(f"{cell(time, '.0f'):>8}" for time in times)
              + "".join(f"{cell(ratio, '.3f'):>8}" for ratio in ratios), flush=True)


if __name__ == "__main__":
    main()
