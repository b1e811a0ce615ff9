#!/usr/bin/env python3
"""What failures cost a tuner:  robustness.py FILES... [--kills 100] [--disk KB]

Two tuners over one store, and while they work: a random one is killed with SIGKILL and started anew,
a hundred times; then (as root) the disk fills up under them; then the store becomes read-only. After
each the store is read and verified. Told is how much of the tuners' time is in no record: the work
that is done again, with what starting, loading and waiting took.
"""

import argparse
import json
import pathlib
import random
import signal
import subprocess
import tempfile
import time

BIN = pathlib.Path(__file__).resolve().parents[2] / "build/release/bin/warpshard"


class Tuner:
    """One that runs until it is ended."""

    def __init__(self, store, files):
        self.start = time.monotonic()
        self.process = subprocess.Popen(
            [BIN, "tune", store, *files, "--threads", "1", "--first-slice", "0.6", "--longest-slice",
             "2"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def end(self, number):
        """Seconds that it ran, and its status."""
        self.process.send_signal(number)
        status = self.process.wait()
        return time.monotonic() - self.start, status


def listed(store):
    rows = subprocess.run([BIN, "store", "ls", "--json", "--store", store], capture_output=True,
                          text=True, check=True)
    return [json.loads(row) for row in rows.stdout.splitlines()], rows.stderr


def verified(store, files):
    """The line of `store verify`, and whether all was in order."""
    told = subprocess.run([BIN, "store", "verify", "--store", store, *files], capture_output=True,
                          text=True, check=False)
    return told.stdout.strip().splitlines()[-1], told.returncode == 0


def plan_costs(store):
    return {row["key"]: (row["cost"]["forbidden"], int(row["cost"]["finite"]))
            for row in listed(store)[0] if "cost" in row}


def lost_nothing(before, after):
    return all(key in after and after[key] <= cost for key, cost in before.items())


def kill_often(store, files, kills):
    draw = random.Random(1)
    tuners = [Tuner(store, files), Tuner(store, files)]
    ran, before, kept = 0.0, {}, True
    for kill in range(kills):
        time.sleep(draw.uniform(0.2, 3))
        which = draw.randrange(2)
        ran += tuners[which].end(signal.SIGKILL)[0]
        tuners[which] = Tuner(store, files)
        if kill % 10 == 9:
            after = plan_costs(store)
            kept &= lost_nothing(before, after)
            before = after
    for tuner in tuners:
        ran += tuner.end(signal.SIGTERM)[0]
    recorded = sum(row["seconds"] for row in listed(store)[0])
    line, good = verified(store, files)
    leftovers = len(list(pathlib.Path(store).rglob(".tmp-*")))
    print(f"{kills} kills: {line}, {'all in order' if good else 'NOT in order'}; "
          f"{'no plan was lost' if kept else 'A PLAN WAS LOST'}; {leftovers} leftovers")
    print(f"  {ran:.0f} s of two tuners, {recorded:.0f} s of them in records: "
          f"{100 * (1 - recorded / ran):.0f}% done again or spent on starting, "
          f"{(ran - recorded) / kills:.2f} s a kill")


def fill_disk(folder, files, kilobytes):
    disk = pathlib.Path(folder) / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", disk],
                             stderr=subprocess.DEVNULL, check=False).returncode == 0
    if not mounted:
        print("full disk: no file system can be mounted here")
        return
    try:
        store = disk / "store"
        tuner = Tuner(store, files)
        time.sleep(10)
        (disk / "ballast").write_bytes(b"")
        with open(disk / "ballast", "wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(4096))
            except OSError:
                pass
        before = plan_costs(store)
        time.sleep(6)
        alive = tuner.process.poll() is None
        after = plan_costs(store)
        line, good = verified(store, files)
        print(f"full disk: the tuner {'went on' if alive else 'ENDED'}; {line}, "
              f"{'all in order' if good else 'NOT in order'}; "
              f"{'no plan was lost' if lost_nothing(before, after) else 'A PLAN WAS LOST'}")
        (disk / "ballast").unlink()
        records = sum(row["attempts"] for row in listed(store)[0])
        time.sleep(6)
        more = sum(row["attempts"] for row in listed(store)[0]) - records
        status = tuner.end(signal.SIGTERM)[1]
        print(f"  with room again: {more} records more in 6 s; status {status}")
        before = plan_costs(store)
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        tuner = Tuner(store, files)
        time.sleep(6)
        alive = tuner.process.poll() is None
        status = tuner.end(signal.SIGTERM)[1]
        line, good = verified(store, files)
        print(f"read-only store: the tuner {'went on' if alive else 'ended'}, status {status}; {line}, "
              f"{'all in order' if good else 'NOT in order'}; "
              f"{'no plan was lost' if plan_costs(store) == before else 'PLANS DIFFER'}")
    finally:
        subprocess.run(["umount", disk], check=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--disk", type=int, default=4096, help="KB of the disk that fills up")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kill_often(folder + "/store", options.files, options.kills)
        fill_disk(folder, options.files, options.disk)


if __name__ == "__main__":
    main()
