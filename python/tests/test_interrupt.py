"""Ctrl-C, sent to a process of its own."""

import signal
import subprocess
import sys

import pytest

# A parent that ignores the signal, as a shell's background jobs do, would hand that down.
HEEDING = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
"""

PROGRAM = """
import sys, threading, warpshard
problem = warpshard.generate(layers=16)
started = lambda incumbent: print("started", flush=True)
try:
    result = warpshard.solve(problem, 60, on_incumbent=started, interrupt=sys.argv[1])
    print("returned", result.strategies is not None, len(threading.enumerate()))
except warpshard.Interrupted as interrupted:
    print("raised", interrupted.result.strategies is not None, len(threading.enumerate()))
"""

BATCH = """
import warpshard
problems = [warpshard.generate(layers=16, seed=seed) for seed in range(4)]
started = lambda incumbent: print("started", flush=True)
try:
    list(warpshard.solve_batch(problems, 60, workers=1, on_incumbent=started))
except KeyboardInterrupt:
    print("raised")
"""


LEFT = """
import warpshard
problems = [warpshard.generate(layers=16, seed=seed) for seed in range(4)]
easy = warpshard.Problem.from_arrays([0, 1], [5])
batch = warpshard.solve_batch([easy, *problems], 600, workers=2)
print(next(batch)[0])
"""


def interrupted(program: str, *arguments: str) -> str:
    """The last line that a Python program prints which gets SIGINT once it has started."""
    command = [sys.executable, "-c", HEEDING + program, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "started\n"
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=40)
        finally:
            process.kill()
    assert process.returncode == 0
    return output.splitlines()[-1]


@pytest.mark.parametrize(("choice", "word"), [("raise", "raised"), ("return", "returned")])
def test_control_c_ends_a_solve_with_the_plan_so_far(choice, word):
    assert interrupted(PROGRAM, choice) == f"{word} True 1"


def test_a_batch_that_nobody_closes_ends_with_the_program():
    done = subprocess.run([sys.executable, "-c", LEFT], capture_output=True, text=True, timeout=40)
    assert (done.returncode, done.stdout, done.stderr) == (0, "0\n", "")


def test_control_c_ends_a_batch():
    assert interrupted(BATCH) == "raised"
