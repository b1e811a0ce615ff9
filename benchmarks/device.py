#!/usr/bin/env python3
"""All that is worth seeing of a GPU that can be had for some minutes, in one go.

    device.py BIN FOLDER FILE... [--solve SECONDS] [--threads N] [--steps NAME,...]

BIN is the folder with the programs of a build for that GPU, FOLDER takes what they say. Steps, in the
order in which they matter if time runs out:

    tests      the tests that need a GPU, a lost device among them
    bench      moves per second of the GPU alone, on each instance
    start      what a run takes that is over at once, with the GPU and without
    solve      each instance with the GPU and without, as long and with as many threads: cost and
               bound at 1, 2, 5, 10, ... seconds
    bound      rounds of message passing on the GPU and on the CPU
    sanitizers memcheck, synccheck and racecheck of compute-sanitizer over the tests, where it is
    counters   Nsight Compute's sections of one launch on the first instance, where it is

Nothing is judged but by exit statuses; the report is one line a result. A command is cut off after ten
times what it should take.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import time

CUDA_TESTS = "--gtest_filter=*Cuda*:Devices.*"
MARKS = (1, 2, 5, 10, 20, 40, 60, 120, 240)


class Runner:
    def __init__(self, programs, folder):
        self.programs = programs
        self.folder = folder
        os.makedirs(folder, exist_ok=True)

    def program(self, name):
        return os.path.join(self.programs, name)

    def run(self, log, command, seconds):
        """Runs a command, its output to a file; returns (status, output, wall clock)."""
        begin = time.monotonic()
        path = os.path.join(self.folder, log + ".log")
        with open(path, "w", encoding="utf-8") as file:
            try:
                status = subprocess.run(command, stdout=file, stderr=subprocess.STDOUT,
                                        timeout=10 * seconds, check=False).returncode
            except subprocess.TimeoutExpired:
                status = "cut off"
        with open(path, encoding="utf-8", errors="replace") as file:
            return status, file.read(), time.monotonic() - begin

    def tell(self, *words):
        line = " ".join(str(word) for word in words)
        print(line, flush=True)
        with open(os.path.join(self.folder, "report.txt"), "a", encoding="utf-8") as file:
            file.write(line + "\n")


def name_of(path):
    return os.path.basename(path).split(".")[0].split("-")[-1]


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1][:120] if lines else ""


def tests(runner, _):
    for name in ("cuda_test", "lost_device_test"):
        status, output, wall = runner.run(name, [runner.program(name), CUDA_TESTS], 30)
        runner.tell(name, status, last_line(output), f"{wall:.1f} s")


def bench(runner, options):
    for path in options.files:
        status, output, wall = runner.run(
            f"bench_{name_of(path)}", [runner.program("warpshard"), "bench", path, "--gpu-only",
                                       "--seconds", "0.3", "--moves", "flip,tree 32,mixed,tabu"], 5)
        runner.tell("bench", name_of(path), status, f"{wall:.1f} s")
        for line in output.splitlines():
            if line.startswith("cuda"):
                runner.tell("   ", line)


def start(runner, options):
    for device in ("cuda", "cpu"):
        status, _, wall = runner.run(
            f"start_{device}", [runner.program("warpshard"), "solve", options.files[0], "60",
                                "--work-limit", "1", "--device", device], 5)
        runner.tell("start", device, status, f"{wall:.2f} s")


def timeline(path):
    """Costs and bounds at the marks, from a trace."""
    events = []
    try:
        with open(path, encoding="utf-8") as file:
            events = [json.loads(line) for line in file]
    except (OSError, json.JSONDecodeError) as failure:
        return str(failure)
    events = [event for event in events if event.get("event") == "progress"]
    words = []
    for mark in MARKS:
        seen = [event for event in events if event["seconds"] <= mark]
        costs = [event["cost"] for event in seen if "cost" in event and not event.get("forbidden")]
        bounds = [event["bound"] for event in seen if event.get("bound")]
        if events and mark <= events[-1]["seconds"] + 1:
            words.append(f"{mark} s {min(costs, default='-')} {max(bounds, default='-')};")
    return " ".join(words)


def solve(runner, options):
    for path in options.files:
        for device in ("cpu", "cuda"):
            trace = os.path.join(runner.folder, f"solve_{name_of(path)}_{device}.json")
            status, _, _ = runner.run(
                f"solve_{name_of(path)}_{device}",
                [runner.program("warpshard"), "solve", path, str(options.solve), "--device", device,
                 "--threads", str(options.threads), "--trace", trace], options.solve)
            runner.tell("solve", name_of(path), device, status, timeline(trace))


def bound(runner, options):
    for path in options.files:
        for device in ("cpu", "cuda"):
            status, output, _ = runner.run(
                f"bound_{name_of(path)}_{device}",
                [runner.program("warpshard"), "bound", path, "4", "--device", device], 4)
            rounds = [line for line in output.splitlines() if "rounds" in line or "parts" in line]
            runner.tell("bound", name_of(path), device, status, last_line("\n".join(rounds)))


def sanitizers(runner, _):
    if shutil.which("compute-sanitizer") is None:
        runner.tell("sanitizers: no compute-sanitizer")
        return
    for tool in ("memcheck", "synccheck", "racecheck"):
        status, output, wall = runner.run(
            tool, ["compute-sanitizer", "--tool", tool, runner.program("cuda_test"), CUDA_TESTS], 30)
        runner.tell(tool, status, last_line(output), f"{wall:.0f} s")


def counters(runner, options):
    if shutil.which("ncu") is None:
        runner.tell("counters: no ncu")
        return
    sections = ["SpeedOfLight", "MemoryWorkloadAnalysis", "WarpStateStats", "SchedulerStats",
                "LaunchStats", "Occupancy", "SourceCounters"]
    report = os.path.join(runner.folder, "counters")
    command = ["ncu", "--clock-control", "none", "-k", "regex:run_kernel", "-s", "8", "-c", "1", "-f",
               "-o", report]
    for section in sections:
        command += ["--section", section]
    command += [runner.program("warpshard"), "bench", options.files[0], "--gpu-only", "--moves",
                "mixed", "--seconds", "0.1"]
    status, _, wall = runner.run("counters_run", command, 20)
    for page in (["details"], ["source", "--csv", "--print-source", "sass"]):
        runner.run("counters_" + page[0], ["ncu", "-i", report + ".ncu-rep", "--page", *page], 20)
    runner.tell("counters", status, f"{wall:.0f} s, see counters_details.log")


STEPS = {step.__name__: step for step in (tests, bench, start, solve, bound, sanitizers, counters)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("programs", metavar="BIN")
    parser.add_argument("folder", metavar="FOLDER")
    parser.add_argument("files", metavar="FILE", nargs="+")
    parser.add_argument("--solve", type=float, default=15, metavar="SECONDS")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--steps", default=",".join(STEPS))
    options = parser.parse_args()
    unknown = [name for name in options.steps.split(",") if name not in STEPS]
    if unknown:
        parser.error(f"no such step: {unknown[0]}; there is {', '.join(STEPS)}")
    runner = Runner(options.programs, options.folder)
    for name in options.steps.split(","):
        STEPS[name](runner, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
