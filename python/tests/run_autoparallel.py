"""autoparallel's own examples, solved by its solver and by warpshard; needs torch and a checkout.

    PYTHONPATH=AUTOPARALLEL python run_autoparallel.py [--processes 5] [block:8x8 llama:8:8x8 ...]

Builds each example's program once (a process each, minutes), solves it with CBC as autoparallel does
and with the adapter, asks both the same what-if, and has several processes, started at once, solve it
by themselves. Prints a row of a Markdown table for each solve; --json FILE adds one object a line.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time

import pulp
import warpshard.autoparallel

COLUMNS = ("problem", "solver", "objective", "violated", "wall clock", "CPU time", "plan")


class Stopwatch:
    """Seconds of wall clock, and of CPU in this process and those that it waited for."""

    def __init__(self) -> None:
        self.begin = time.perf_counter(), self._cpu()

    @staticmethod
    def _cpu() -> float:
        return sum(os.times()[:4])

    def read(self) -> dict[str, float]:
        wall, cpu = self.begin
        return {"wall": round(time.perf_counter() - wall, 2), "cpu": round(self._cpu() - cpu, 2)}


def violated(program) -> int:
    return sum(not constraint.valid(1e-6) for constraint in program.constraints.values())


def plan(program) -> str:
    """A digest of the variables that are 1."""
    chosen = sorted(variable.name for variable in program.variables() if variable.value() == 1)
    return hashlib.sha256(json.dumps(chosen).encode()).hexdigest()[:12]


def measure(optimizer):
    """Solves, and looks at what that left in the optimiser's own program."""
    watch = Stopwatch()
    optimizer.resolve()
    return {
        **watch.read(),
        "objective": pulp.value(optimizer.prob.objective),
        "violated": violated(optimizer.prob),
        "plan": plan(optimizer.prob),
        "log_lines": len(optimizer.get_log().splitlines()),
    }


def middle_first(items):
    """From the middle outwards: the ends are tied to inputs and outputs."""
    order = sorted(range(len(items)), key=lambda at: abs(at - len(items) // 2))
    return [items[at] for at in order]


def what_ifs(optimizer, solution):
    """Nodes, each with a placement that it did not choose."""
    for node, chosen in middle_first(list(solution.items())):
        placements = getattr(chosen.output_specs, "placements", None)
        others = [
            strategy.output_specs.placements
            for strategy in optimizer.get_strategy(node).strategies
            if getattr(strategy.output_specs, "placements", placements) != placements
        ]
        if node.op == "call_function" and others:
            yield node, others[0]


def ask(optimizer, node, placement):
    """Solves with a node's placement given and takes that back; None if there is no plan."""
    names = optimizer.add_node_constraint(node, placement, "user_constraint")
    try:
        return measure(optimizer)
    except RuntimeError:
        return None
    finally:
        optimizer.remove_constraints(names)


def first_possible(optimizer, solution):
    for node, placement in what_ifs(optimizer, solution):
        answer = ask(optimizer, node, placement)
        if answer is not None:
            return node, placement, answer
    raise RuntimeError("no node may be placed otherwise")


def build(name):
    """What AutoParallel makes of ``block:MESH`` or ``llama:LAYERS:MESH``; not entered yet."""
    import torch
    from autoparallel.api import AutoParallel
    from autoparallel_models import Shard, block, fake_mesh, llama, padded
    from torch.distributed.fsdp import MixedPrecisionPolicy

    kind, *layers, sizes = name.split(":")
    mesh = fake_mesh(tuple(map(int, sizes.split("x"))))
    made = block(mesh) if kind == "block" else llama(mesh, int(layers[0]))
    model, inputs, output, options = made
    policy = MixedPrecisionPolicy(param_dtype=torch.bfloat16, reduce_dtype=torch.float32)
    auto = AutoParallel(model, inputs, mesh, policy, **options)
    return auto, [padded((Shard(0),), mesh)], [padded(output, mesh)]


def solve_here(path) -> None:
    """One of several processes: solves a program from a file and prints a digest of the plan."""
    with open(path, "rb") as file:
        program = pickle.load(file)
    watch = Stopwatch()
    warpshard.autoparallel.solve_program(
        program, work_limit=warpshard.autoparallel.WORK_LIMIT, time_limit=None
    )
    print(json.dumps({**watch.read(), "plan": plan(program)}))


def at_once(program, count):
    """What ``count`` processes find that start at once and know nothing of each other."""
    with tempfile.NamedTemporaryFile(suffix=".pickle") as file:
        pickle.dump(program, file)
        file.flush()
        command = [sys.executable, __file__, "--solve", file.name]
        crew = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(count)]
        return [json.loads(process.communicate()[0]) for process in crew]


def compare(name, processes, limit):
    """A report on one example, and its rows as they come."""
    watch = Stopwatch()
    context, inputs, outputs = build(name)
    with context as auto:
        auto.add_parameter_memory_constraint(low=None, high=None)
        auto.add_input_constraints(inputs)
        auto.add_output_constraints(outputs)
        optimizer = auto.sharding_optimizer
        optimizer._set_objective()
        yield {"kind": "built", **watch.read(), "variables": len(optimizer.pulp_variables)}
        warpshard.autoparallel.install()
        yield {"kind": "warpshard", **measure(optimizer)}
        node, placement, answer = first_possible(optimizer, optimizer.resolve())
        yield {"kind": "warpshard, what if", **answer, "node": node.name}
        yield {"kind": "warpshard, as before", **measure(optimizer)}
        for found in at_once(optimizer.prob, processes):
            yield {"kind": f"one of {processes} at once", **found}
        applied = type(auto.apply_placement(optimizer.resolve())).__name__
        warpshard.autoparallel.uninstall()
        yield {"kind": "applied", "module": applied}
        if limit > 0:
            pulp.PULP_CBC_CMD = functools.partial(pulp.PULP_CBC_CMD, timeLimit=limit)
            yield {"kind": "CBC", **measure(optimizer)}
            answer = ask(optimizer, node, placement) or {}
            yield {"kind": "CBC, what if", **answer}


def row(name, found) -> str:
    cells = (
        name,
        found["kind"],
        f"{found['objective']:.9g}" if "objective" in found else "",
        found.get("violated", ""),
        f"{found['wall']} s" if "wall" in found else "",
        f"{found['cpu']} s" if "cpu" in found else "",
        found.get("plan", ""),
    )
    return "| " + " | ".join(map(str, cells)) + " |"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("models", nargs="*", default=["block:8x8", "llama:8:8x8"])
    parser.add_argument("--processes", type=int, default=5)
    parser.add_argument("--cbc-limit", type=float, default=3600, help="seconds; 0: without CBC")
    parser.add_argument("--json", help="file to which reports are added")
    parser.add_argument("--rows", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--solve", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.solve:
        solve_here(arguments.solve)
        return
    if not arguments.rows:
        print("| " + " | ".join(COLUMNS) + " |\n" + "|---" * len(COLUMNS) + "|", flush=True)
    if len(arguments.models) > 1:  # a process each: a process has one process group
        for name in arguments.models:
            options = [option for option in sys.argv[1:] if option not in arguments.models]
            subprocess.run([sys.executable, __file__, *options, "--rows", name], check=True)
        return
    (name,) = arguments.models
    for found in compare(name, arguments.processes, arguments.cbc_limit):
        print(row(name, found), flush=True)
        if arguments.json:
            with open(arguments.json, "a", encoding="utf-8") as file:
                file.write(json.dumps({"problem": name, **found}) + "\n")


if __name__ == "__main__":
    main()
