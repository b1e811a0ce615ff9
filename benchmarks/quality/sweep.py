#!/usr/bin/env python3
"""Tries one parameter of the search over instances and seeds and tells what is noise.

    sweep.py warpshard dive.growth FILE... --values 1.3 2 3 [--limits 5] [--seeds 1,2,3,4]

The parameter is named as `solve --dump-params` shows it (`anneal.policies.0.heat` is the heat of the
first policy); values are JSON. Each value runs beside the default, in turn, with the same instance,
limit and seed, and is compared with it pair by pair: what the machine does meanwhile and what an
instance or a seed is like strikes both. With --work N runs are of N million units of work instead of
time (then no clock counts, and a limit is only how long they may take).

A table for each value: per instance and limit the median cost with the value and with the default,
the spread of the default's costs over seeds (greatest less least: what a difference has to be compared
with), the median of the paired differences (below zero: the value is better), in how many pairs it was
better and worse, and how likely a fair coin is to be as one-sided. The last line is over all pairs:
their mean difference, and the interval that holds 95% of the means of pairs drawn again at random,
instances first (a bootstrap in clusters). An interval that holds zero says that nothing was shown.
"""
import argparse
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile

from measure import median, name_of, run


def parameters_of(binary):
    done = subprocess.run([binary, "solve", "--dump-params"], capture_output=True, text=True,
                          check=True)
    return json.loads(done.stdout)


def step_into(tree, name):
    """The place of a parameter: what holds it, and its key or index there."""
    *way, last = [int(part) if part.isdigit() else part for part in name.split(".")]
    for part in way:
        tree = tree[part]
    tree[last]  # fails here, and not in a hundred runs, where there is none
    return tree, last


def sign_probability(better, worse):
    """That a fair coin falls at least as one-sidedly, either way."""
    count, least = better + worse, min(better, worse)
    if count == 0:
        return 1.0
    return min(1.0, 2 * sum(math.comb(count, k) for k in range(least + 1)) / 2**count)


def interval(groups, draws=10_000):
    """Mean of all pairs, and the bootstrap's interval of 95%, groups first."""
    def mean(chosen):
        return statistics.mean(difference for group in chosen for difference in group)

    draw = random.Random(1)
    means = sorted(mean([draw.choices(group, k=len(group)) for group in
                         draw.choices(groups, k=len(groups))]) for _ in range(draws))
    return mean(groups), means[round(0.025 * draws)], means[round(0.975 * draws) - 1]


def differences(ours, theirs):
    """Relative, of the pairs where both have a plan."""
    return [(a["cost"] - b["cost"]) / max(1, abs(b["cost"])) for a, b in zip(ours, theirs)
            if a["cost"] is not None and b["cost"] is not None]


def spread(results):
    costs = [result["cost"] for result in results if result["cost"] is not None]
    return (max(costs) - min(costs)) / max(1, abs(min(costs))) if costs else 0


def text(cost):
    return "-" if cost is None else f"{cost:.0f}"


def show(name, value, default, ours, theirs):
    print(f"\n{name} = {json.dumps(value)} instead of {json.dumps(default)}")
    print(f"{'':>24} {'limit':>6} {'cost':>20} {'with the default':>20} {'spread':>8} "
          f"{'difference':>10} {'better':>6} {'worse':>5} {'coin':>6}")
    groups = []
    for key, results in ours.items():
        pairs = differences(results, theirs[key])
        better, worse = sum(d < 0 for d in pairs), sum(d > 0 for d in pairs)
        missing = sum(r["cost"] is None for r in results)
        note = f"  no plan in {missing} runs" if missing else ""
        print(f"{key[0]:>24} {key[1]:>6g} {text(median([r['cost'] for r in results])):>20} "
              f"{text(median([r['cost'] for r in theirs[key]])):>20} {spread(theirs[key]):8.3%} "
              f"{median(pairs) if pairs else math.nan:10.3%} {better:>6} {worse:>5} "
              f"{sign_probability(better, worse):6.2f}{note}")
        if pairs:
            groups.append(pairs)
    if groups:
        mean, low, high = interval(groups)
        verdict = "better" if high < 0 else "worse" if low > 0 else "nothing shown"
        print(f"{'all pairs':>24} {'':>6} {mean:+.3%}, 95% of redrawn means from {low:+.3%} to "
              f"{high:+.3%}: {verdict}", flush=True)


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("parameter")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--values", nargs="+", required=True, type=json.loads)
    parser.add_argument("--limits", default="5")
    parser.add_argument("--seeds", default="1,2,3,4")
    parser.add_argument("--work", type=int)
    parser.add_argument("--args", default="", help="further options of solve, in one string")
    return parser.parse_args(arguments)


def main():
    options = parse(sys.argv[1:])
    parameters = parameters_of(options.binary)
    holder, key = step_into(parameters, options.parameter)
    default = holder[key]
    values = [default] + [value for value in options.values if value != default]
    extra = options.args.split() + (["--work-limit", str(options.work)] if options.work else [])
    rows = [{} for _ in values]
    with tempfile.TemporaryDirectory() as folder:
        files = [os.path.join(folder, f"{k}.json") for k in range(len(values))]
        for value, path in zip(values, files):
            holder[key] = value
            with open(path, "w", encoding="utf-8") as file:
                json.dump(parameters, file)
        for instance in options.files:
            for limit in map(float, options.limits.split(",")):
                for seed in map(int, options.seeds.split(",")):
                    for row, path in zip(rows, files):
                        row.setdefault((name_of(instance), limit), []).append(
                            run(options.binary, instance, f"{limit:g}", seed,
                                ["--params", path, *extra]))
    for value, row in list(zip(values, rows))[1:]:
        show(options.parameter, value, default, row, rows[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
