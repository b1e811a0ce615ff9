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
from warpshard.arrays import not_negative, plan_array
from warpshard.problem import Problem
from warpshard.results import Result

DEFAULT_SECONDS = 60.0
UNLIMITED_SECONDS = 1e8
"""Three years: for runs whose work is limited."""


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
        options.seed = not_negative(self.seed, "seed")
        options.threads = not_negative(self.threads, "threads")
        options.device = self.device
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


def seconds_of(time_limit: float) -> float:
    if not time_limit > 0:
        raise ValueError(f"time_limit: {time_limit} is not a number of seconds")
    return min(float(time_limit), UNLIMITED_SECONDS)


def _interval(seconds: float) -> float:
    if not seconds >= 0:
        raise ValueError(f"checkpoint_seconds: {seconds} is not a number of seconds")
    return float(seconds)


def _share(gap: float) -> float:
    if not (gap >= 0 and math.isfinite(gap)):
        raise ValueError(f"gap: {gap} is not a share, such as 0.01")
    return float(gap)


def _plan_of(problem: Problem, strategies: ArrayLike, name: str) -> list[int]:
    plan = plan_array(strategies)
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
        return json.dumps(params)
    if isinstance(params, str) and params.lstrip().startswith("{"):
        return params
    with open(params, encoding="utf-8") as file:
        return file.read()


def _target(
    problem: Problem, target: float | None, gap: float, remembers: bool
) -> int | None:
    """A cost, in the solver's units, at which nothing is left to do."""
    targets = []
    if target is not None:
        if not math.isfinite(target):
            raise ValueError(f"target: {target} is not a cost")
        doubles = problem._doubles
        targets.append(math.floor(target) if doubles is None else doubles.target(target))
    known = problem._kept.bound
    if known is not None and remembers:
        targets.append(known + math.floor(gap * abs(known)))
    return max(targets, default=None)
