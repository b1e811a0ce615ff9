#!/usr/bin/env python3
"""What a stored neighbour is worth:  warm_start.py FILES... [--layers 2 8] [--seconds 10] [--seeds 5]

Each file is solved into a store. Then instances like it are solved for so many seconds without a
store and, in turn, with a copy of that one, once for each seed: the limit scaled by 0.9 and 1.1, one
percent of the costs changed by up to a tenth, and (for instances that it generates itself, --layers)
one layer more. Of each pair of runs it is told when they had the cold run's last plan or a better
one, how far the warm run's first plan was above that, and how far its last one. Cells are medians over
the seeds, with least and most. One run takes twice --seconds for each variant and seed.
"""

import argparse
import gzip
import json
import pathlib
import random
import shutil
import statistics
import subprocess
import tempfile

from instances import BIN

FORBIDDEN = 10**18


def load(file):
    with (gzip.open if str(file).endswith(".gz") else open)(file, "rt") as text:
        return json.load(text)


def variants(file, folder):
    """Names and files of instances like this one."""
    for factor in (0.9, 1.1):
        instance = load(file)
        if instance["problem"].get("usage_limit") is None:
            continue
        instance["problem"]["usage_limit"] = int(instance["problem"]["usage_limit"] * factor)
        yield f"limit x {factor}", write(instance, folder / f"limit{factor}.json")
    instance = load(file)
    draw = random.Random(1)
    for part in ("nodes", "edges"):
        for costs in instance["problem"][part]["costs"]:
            for place, cost in enumerate(costs):
                if cost < FORBIDDEN and draw.random() < 0.01:
                    costs[place] = int(cost * draw.uniform(0.9, 1.1))
    yield "1% of costs", write(instance, folder / "costs.json")


def write(instance, path):
    path.write_text(json.dumps(instance))
    return path


def solve(file, seconds, seed, store=None):
    """(seconds, cost) whenever a better plan was found."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as trace:
        command = [BIN / "warpshard", "solve", file, str(seconds), "--seed", str(seed), "--quiet",
                   "--trace", trace.name]
        subprocess.run(command + (["--store", store] if store else []), stdout=subprocess.DEVNULL,
                       check=False)
        events = [json.loads(line) for line in open(trace.name, encoding="utf-8")]
    return [(event["seconds"], event["cost"]) for event in events
            if event["event"] in ("progress", "result") and event.get("forbidden") == 0]


def pair(file, seconds, seed, store):
    """A cold and a warm run: when each had the cold run's last plan, and what the warm run's first
    and last plans cost above it, in percent. None where either found none."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(store, pathlib.Path(folder) / "store")
        warm = solve(file, seconds, seed, copy)
    cold = solve(file, seconds, seed)
    if not cold or not warm:
        return None
    best = cold[-1][1]

    def when(course):
        return next((moment for moment, cost in course if cost <= best), float("inf"))

    return {"cold": when(cold), "warm": when(warm), "first at": warm[0][0],
            "first": 100 * (warm[0][1] / best - 1), "last": 100 * (warm[-1][1] / best - 1)}


def spread(values, form):
    def told(value):
        return "never" if value == float("inf") else format(value, form)

    return f"{told(statistics.median_high(values))} ({told(min(values))} to {told(max(values))})"


def row(name, file, seconds, seeds, store):
    pairs = [found for seed in range(1, seeds + 1)
             if (found := pair(file, seconds, seed, store)) is not None]
    if not pairs:
        print(f"| {name} | 0 | no plan in time | | | | |", flush=True)
        return
    cells = [spread([found[key] for found in pairs], form) for key, form in
             (("cold", ".2f"), ("warm", ".2f"), ("first at", ".2f"), ("first", ".3f"),
              ("last", "+.4f"))]
    print(f"| {name} | {len(pairs)} | " + " | ".join(cells) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--layers", type=int, nargs="*", default=[],
                        help="generate instances of so many layers as well")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    print("| instance | seeds | cold run's last plan, s | warm run has it, s | warm run's first plan, s"
          " | above the cold run's last, % | warm run's last above it, % |")
    print("|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        more = {}
        for layers in options.layers:
            for count in (layers, layers + 1):
                subprocess.run([BIN / "warpshard", "generate", folder / f"{count}.json", "--layers",
                                str(count)], stdout=subprocess.DEVNULL, check=True)
            more[str(folder / f"{layers}.json")] = folder / f"{layers + 1}.json"
        for file in [*options.files, *more]:
            store = folder / "store"
            # Not solve(): on a busy machine that may be out of time before it has written.
            subprocess.run([BIN / "warpshard", "tune", store, file, "--for", f"{options.seconds}s",
                            "--first-slice", str(options.seconds)], stdout=subprocess.DEVNULL,
                           check=True)
            name = pathlib.Path(file).name.removesuffix(".gz").removesuffix(".json")
            for change, variant in variants(file, folder):
                row(f"{name}, {change}", variant, options.seconds, options.seeds, store)
            if file in more:
                row(f"{name} layers, one more", more[file], options.seconds, options.seeds, store)
            shutil.rmtree(store)


if __name__ == "__main__":
    main()
