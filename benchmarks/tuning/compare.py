#!/usr/bin/env python3
"""Instances per hour at a gap: `warpshard tune` against a shell loop of `iopddl`.

compare.py SECONDS FILES... gives both the same wall clock: the loop an equal share to each file, one
after the other with all cores; the tuner all of it at once. Gaps are against the greatest bound that
either run proved, so that the loop is not charged for bounds that it does not print.
"""

import argparse
import json
import pathlib
import subprocess
import tempfile
import time

BIN = pathlib.Path(__file__).resolve().parents[2] / "build/release/bin"


def solve_loop(files, seconds, folder):
    """Costs, bounds and when each was done, of one solve after the other."""
    found = {}
    share = seconds / len(files)
    start = time.monotonic()
    for number, file in enumerate(files):
        end = start + share * (number + 1)
        left = max(0.5, end - time.monotonic())
        log = subprocess.run([BIN / "warpshard", "solve", file, f"{left:.2f}", "--log-json"],
                             capture_output=True, text=True, check=False).stdout
        results = [json.loads(line) for line in log.splitlines() if line.startswith('{"event":"result"')]
        if results:
            found[file] = (results[-1].get("cost"), results[-1].get("bound"))
    return found, time.monotonic() - start


def tune(files, seconds, folder, processes):
    """The same of a tuner, or of several over one store."""
    start = time.monotonic()
    command = [BIN / "warpshard", "tune", folder, *files, "--for", f"{seconds}s"]
    running = [subprocess.Popen([*command, "--shard", f"{index}/{processes}", "--threads",
                                 "0" if processes == 1 else "1"], stdout=subprocess.DEVNULL)
               for index in range(processes)]
    for process in running:
        process.wait()
    spent = time.monotonic() - start
    found = {}
    listing = subprocess.run([BIN / "warpshard", "store", "ls", "--json", "--store", folder],
                             capture_output=True, text=True, check=True).stdout
    by_name = {str(pathlib.Path(file).resolve()): file for file in files}
    for line in listing.splitlines():
        row = json.loads(line)
        file = by_name.get(row["file"])
        if file:
            found[file] = tuple(int(row[key]["finite"]) if key in row and not row[key]["forbidden"]
                                else None for key in ("cost", "bound"))
    return found, spent


def gaps(found, others, files):
    """Of each file; 1 where there is no plan or no bound."""
    result = []
    for file in files:
        cost = found.get(file, (None, None))[0]
        bounds = [run[file][1] for run in others if file in run and run[file][1] is not None]
        known = cost is not None and bounds
        result.append(min(1.0, (int(cost) - max(map(int, bounds))) / max(1, abs(max(map(int, bounds)))))
                      if known else 1.0)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("seconds", type=float)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        loop, loop_seconds = solve_loop(options.files, options.seconds, folder)
        tuned, tuned_seconds = tune(options.files, options.seconds, folder + "/store",
                                    options.processes)
    print(f"{len(options.files)} instances, {options.seconds:.0f} s")
    print("                 mean gap   at 1%   at 0.1%   proved   wall clock")
    for name, found, seconds in (("loop of solves", loop, loop_seconds), ("tune", tuned, tuned_seconds)):
        each = gaps(found, (loop, tuned), options.files)
        counts = [sum(gap <= most for gap in each) for most in (0.01, 0.001, 0.0)]
        print(f"{name:15} {sum(each) / len(each):9.4%} {counts[0]:7} {counts[1]:9} {counts[2]:8} "
              f"{seconds:10.1f} s")


if __name__ == "__main__":
    main()
