#!/usr/bin/env python3
"""What a stored neighbour is worth:  warm_start.py FILES... [--seconds 10]

Each file is solved into a store. Then instances like it are solved for so many seconds without a
store and, in turn, with a copy of that one: the limit scaled by 0.9 and 1.1, one percent of the costs
changed by up to a tenth, and (for files that `warpshard generate` made, as --layers L says) one layer
more. Told is when each had the cold run's plan or a better one.
"""

import argparse
import gzip
import json
import pathlib
import random
import shutil
import subprocess
import tempfile

BIN = pathlib.Path(__file__).resolve().parents[2] / "build/release/bin/warpshard"
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


def solve(file, seconds, store=None):
    """(seconds, cost) whenever a better plan was found."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as trace:
        command = [BIN, "solve", file, str(seconds), "--quiet", "--trace", trace.name]
        subprocess.run(command + (["--store", store] if store else []), stdout=subprocess.DEVNULL,
                       check=False)
        events = [json.loads(line) for line in open(trace.name, encoding="utf-8")]
    return [(event["seconds"], event["cost"]) for event in events
            if event["event"] in ("progress", "result") and event.get("forbidden") == 0]


def when(course, cost):
    return next((seconds for seconds, found in course if found <= cost), None)


def told(seconds):
    return "-" if seconds is None else f"{seconds:.2f} s"


def row(name, file, seconds, store):
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(store, pathlib.Path(folder) / "store")
        warm = solve(file, seconds, copy)
    cold = solve(file, seconds)
    if not cold or not warm:
        print(f"| {name} | no plan in time |")
        return
    best = cold[-1][1]
    print(f"| {name} | {told(when(cold, best))} | {told(when(warm, best))} | "
          f"{100 * (warm[0][1] / best - 1):.2f}% at {told(warm[0][0])} | "
          f"{100 * (warm[-1][1] / best - 1):+.3f}% |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--layers", type=int, nargs="*", default=[],
                        help="generate instances of so many layers as well")
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    print("| instance | cold | warm | warm's first plan, above the cold run's last | warm's last |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        more = {}
        for layers in options.layers:
            for count in (layers, layers + 1):
                subprocess.run([BIN, "generate", folder / f"{count}.json", "--layers", str(count)],
                               stdout=subprocess.DEVNULL, check=True)
            more[str(folder / f"{layers}.json")] = folder / f"{layers + 1}.json"
        for file in [*options.files, *more]:
            store = folder / "store"
            # Not solve(): on a busy machine that may be out of time before it has written.
            subprocess.run([BIN, "tune", store, file, "--for", f"{options.seconds}s", "--first-slice",
                            str(options.seconds)], stdout=subprocess.DEVNULL, check=True)
            name = pathlib.Path(file).name.removesuffix(".gz").removesuffix(".json")
            for change, variant in variants(file, folder):
                row(f"{name}, {change}", variant, options.seconds, store)
            if file in more:
                row(f"{name} layers, one more", more[file], options.seconds, store)
            shutil.rmtree(store, ignore_errors=True)


if __name__ == "__main__":
    main()
