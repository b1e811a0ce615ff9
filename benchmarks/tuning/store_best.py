#!/usr/bin/env python3
"""How long `warpshard store best` takes where a store has many records, caches dropped (as root).

store_best.py FILE [--records 10000] [--runs 10]

The store holds what one solve of FILE found, and records of other instances that are made up here
after docs/store.md. Beside it the same for a store without these, and for loading FILE alone.
"""

import argparse
import hashlib
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

BIN = pathlib.Path(__file__).resolve().parents[2] / "build/release/bin/warpshard"


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def add_record(store, template, number):
    """A record of an instance that nobody has."""
    record = json.loads(json.dumps(template))
    record["keys"] = {"exact": sha(f"exact {number}"), "shape": sha(f"shape {number}")}
    record["plan"] = {"cost": {"forbidden": 0, "finite": str(number)}, "peak_usage": "1",
                      "strategies": [number % 7] * 200}
    text = json.dumps(record) + "\n"
    keys = record["keys"]
    folder = store / "v1/exact" / keys["exact"][:2] / keys["exact"]
    folder.mkdir(parents=True)
    (folder / (sha(text) + ".json")).write_text(text)
    shape = store / "v1/shape" / keys["shape"][:2] / keys["shape"]
    shape.mkdir(parents=True)
    (shape / keys["exact"]).touch()


def drop_caches():
    """False where this is not permitted."""
    os.sync()
    try:
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("3")
    except OSError:
        return False
    return True


def measure(command, runs):
    """Wall clock and CPU seconds and the greatest memory in MB, of a cold run each."""
    walls, cpus, memory, cold = [], [], 0, True
    for _ in range(runs):
        cold &= drop_caches()
        subprocess.run([BIN, "--version"], stdout=subprocess.DEVNULL, check=True)  # the program itself
        start = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        walls.append(time.monotonic() - start)
        cpus.append(usage.ru_utime + usage.ru_stime)
        memory = max(memory, usage.ru_maxrss / 1024)
    return statistics.median(walls), max(walls), statistics.median(cpus), memory, cold


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--records", type=int, default=10000)
    parser.add_argument("--runs", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small, large = pathlib.Path(folder) / "small", pathlib.Path(folder) / "large"
        for store in (small, large):
            subprocess.run([BIN, "solve", options.file, "2", "--store", store, "--quiet"],
                           stdout=subprocess.DEVNULL, check=True)
        template = json.loads(next(large.glob("v1/exact/*/*/*.json")).read_text())
        for number in range(options.records):
            add_record(large, template, number)
        print(f"{options.file}, {options.runs} runs each: wall clock (median, most), CPU, memory")
        for name, command in (
                ("1 record", [BIN, "store", "best", options.file, "--store", small]),
                (f"{options.records + 1} records",
                 [BIN, "store", "best", options.file, "--store", large])):
            wall, most, cpu, memory, cold = measure(command, options.runs)
            print(f"{name:16} {wall * 1e3:7.1f} ms {most * 1e3:7.1f} ms {cpu * 1e3:7.1f} ms "
                  f"{memory:7.1f} MB{'' if cold else '  (caches not dropped)'}")


if __name__ == "__main__":
    main()
