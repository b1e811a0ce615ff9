"""What a solve is asked for."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from warpshard import _core
from warpshard.arrays import finite_cost, not_negative, number, plan_array, text
from warpshard.problem import Problem
from warpshard.results import Result

DEFAULT_SECONDS = 60.0
UNLIMITED_SECONDS = 1e8
"""Three years: for runs whose work is limited."""
MOST_THREADS = 4096
LARGEST_GAP = 1e9
"""Any plan is within it, unless its bound is as good as zero."""
LARGEST_UNITS = 2**126
"""More than all costs of a problem together, in the solver's units, and an integer of 128 bits."""


@dataclass(frozen=True)
class Request:
    """What :func:`warpshard.solve` is asked for, under the names and with the meanings there."""

    time_limit: float | None
    gap: float
    target: float | None
    seed: int
    threads: int
    device: str
    work_limit: int | None
    memory_limit: int
    warm_start: bool | ArrayLike | Result
    hint: ArrayLike | None
    params: Mapping[str, Any] | str | os.PathLike[str] | None
    checkpoint_seconds: float = 60.0
    resumable: bool = False
    """It writes checkpoints or goes on from one: what the problem remembers then counts for nothing,
    since that may have changed in between."""

    def options(self, problem: Problem) -> _core.SolverOptions:
        """As the library takes them; raises ValueError where one says nothing."""
        options = _core.SolverOptions()
        options.deadline_seconds = self._seconds()
        options.seed = not_negative(self.seed, "seed", most=2**64 - 1)
        options.threads = thread_count(self.threads)
        options.device = text(self.device, "device")
        options.gap = _share(self.gap)
        options.work_limit = not_negative(self.work_limit or 0, "work_limit")
        options.memory_limit = not_negative(self.memory_limit, "memory_limit")
        options.memory_in_use = memory_in_use() if self.memory_limit else 0
        options.checkpoint_seconds = _interval(self.checkpoint_seconds)
        start = False if self.resumable and self.warm_start is True else self.warm_start
        options.initial_plan = _start(problem, start)
        options.prices = problem._kept.prices if start is True else []
        options.hint = [] if self.hint is None else _plan_of(problem, self.hint, "hint")
        if self.params is not None:
            options.parameters = _params(self.params)
        options.target = _target(problem, self.target, self.gap, not self.resumable)
        return options

    def _seconds(self) -> float:
        if self.time_limit is None:
            return UNLIMITED_SECONDS if self.work_limit else DEFAULT_SECONDS
        return seconds_of(self.time_limit)


def memory_in_use() -> int:
    """Bytes that this process has."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def thread_count(threads: int, name: str = "threads") -> int:
    count = not_negative(threads, name)
    if count > MOST_THREADS:
        raise ValueError(f"{name}: {count} is more than {MOST_THREADS}")
    return count


def seconds_of(time_limit: float) -> float:
    seconds = number(time_limit, "time_limit")
    if not seconds > 0:
        raise ValueError(f"time_limit: {time_limit} is not a number of seconds")
    return float(min(seconds, UNLIMITED_SECONDS))


def _interval(interval: float) -> float:
    seconds = number(interval, "checkpoint_seconds")
    if not seconds >= 0:
        raise ValueError(f"checkpoint_seconds: {interval} is not a number of seconds")
    return float(min(seconds, UNLIMITED_SECONDS))


def _share(gap: float) -> float:
    share = number(gap, "gap")
    if not 0 <= share < math.inf:
        raise ValueError(f"gap: {gap} is not a share, such as 0.01")
    return float(min(share, LARGEST_GAP))


def _plan_of(problem: Problem, strategies: ArrayLike, name: str) -> list[int]:
    plan = plan_array(strategies, name)
    if len(plan) != problem.num_nodes:
        raise ValueError(f"{name}: {len(plan)} strategies, expected {problem.num_nodes}")
    return list(plan.tolist())


def _start(problem: Problem, warm_start: bool | ArrayLike | Result) -> list[int]:
    if isinstance(warm_start, Result):
        warm_start = warm_start.strategies if warm_start.strategies is not None else False
    if warm_start is True:
        return [] if problem._kept.plan is None else problem._kept.plan.tolist()
    if warm_start is False or warm_start is None:
        return []
    plan = _plan_of(problem, warm_start, "warm_start")
    problem._core.evaluate(plan_array(warm_start))  # refuses strategies that are not there
    return plan


def _params(params: Mapping[str, Any] | str | os.PathLike[str]) -> str:
    """As JSON text."""
    if isinstance(params, Mapping):
        return json.dumps(
            dict(params), allow_nan=False, default=lambda value: number(value, "params")
        )
    if isinstance(params, str) and params.lstrip().startswith("{"):
        return params
    with open(os.fspath(params), encoding="utf-8") as file:
        return file.read()


def fitting(units: int) -> int:
    """A cost as large as the solver can be told of, which is larger than any that it meets."""
    return max(-LARGEST_UNITS, min(units, LARGEST_UNITS))


def _target(
    problem: Problem, target: float | None, gap: float, remembers: bool
) -> int | None:
    """A cost, in the solver's units, at which nothing is left to do."""
    targets = []
    if target is not None:
        cost, doubles = finite_cost(target, "target"), problem._doubles
        targets.append(fitting(math.floor(cost) if doubles is None else doubles.target(cost)))
    known = problem._kept.bound
    if known is not None and remembers:
        targets.append(fitting(known + math.floor(_share(gap) * abs(known))))
    return max(targets, default=None)
