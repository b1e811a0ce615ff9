"""What can be proved without a plan: bounds, and what the exact reductions leave."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from warpshard import _core
from warpshard.arrays import finite_cost, not_negative, require_callable, text
from warpshard.problem import Problem, require_problem
from warpshard.request import fitting, memory_in_use, seconds_of, thread_count


class BoundProgress(NamedTuple):
    """Where a proof stands.

    Attributes
    ----------
    seconds : float
    bound : int, float or None
        Certified so far.
    rounds : int
        Of the price ascent.
    parts : int
        Of branch and bound.
    """

    seconds: float
    bound: int | float | None
    rounds: int
    parts: int


@dataclass(frozen=True)
class BoundResult:
    """A certified bound.

    Attributes
    ----------
    verdict : str
        "open", "forbidden" (proved: every plan within the limit has forbidden entries),
        "infeasible" (proved: none is within the limit) or "stopped" (before anything could be
        said); there is no bound but for the first.
    bound : int, float or None
        Proved: no plan without forbidden entries within the limit costs less.
    closed : bool
        Nothing is left to prove: the bound is what the best plan costs.
    seconds : float
    """

    verdict: str
    bound: int | float | None
    closed: bool
    seconds: float


class ReductionStep(NamedTuple):
    """Sizes after a kind of reduction, and the seconds that it took in all rounds."""

    name: str
    variables: int
    values: int
    edges: int
    times: int
    seconds: float


@dataclass(frozen=True)
class ReductionInfo:
    """What the exact reductions make of a problem.

    Attributes
    ----------
    steps : list of ReductionStep
        The first one, "load", is the problem itself.
    verdict : str
        As in :class:`BoundResult`.
    description : str
        That in words.
    seconds : float
    """

    steps: list[ReductionStep]
    verdict: str
    description: str
    seconds: float


def bound(
    problem: Problem,
    time_limit: float = 60.0,
    *,
    threads: int = 0,
    device: str = "cpu",
    incumbent: float | None = None,
    memory_limit: int = 0,
    on_progress: Callable[[BoundProgress], Any] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> BoundResult:
    """Raises a lower bound on what any plan without forbidden entries costs, and certifies it.

    Parameters
    ----------
    problem : Problem
    time_limit : float, optional
        Seconds.
    threads, device, memory_limit, should_stop
        As for :func:`warpshard.solve`.
    incumbent : number, optional
        What a known plan without forbidden entries costs: the bound need not be raised above it.
    on_progress : callable, optional
        Called with a :class:`BoundProgress` about once a second.

    Raises
    ------
    ValueError
        If the problem cannot be bounded, a device or memory is missing, or an argument is out of
        range.
    KeyboardInterrupt
    """
    require_problem(problem)
    require_callable(on_progress=on_progress, should_stop=should_stop)
    options = _core.BoundOptions()
    options.deadline_seconds = seconds_of(time_limit)
    options.threads = thread_count(threads)
    options.device = text(device, "device")
    options.memory_limit = not_negative(memory_limit, "memory_limit")
    options.memory_in_use = memory_in_use() if memory_limit else 0
    doubles = problem._doubles
    if incumbent is not None:
        cost = finite_cost(incumbent, "incumbent")
        # Of doubles a little more than the plan's scaled cost may be, never less.
        options.incumbent = fitting(math.ceil(cost) if doubles is None else doubles.limit(cost))

    def in_costs(units: int | None) -> int | float | None:
        return units if units is None or doubles is None else doubles.bound(units)

    def tell(news: _core.BoundProgress) -> None:
        assert on_progress is not None
        on_progress(BoundProgress(news.seconds, in_costs(news.bound), news.rounds, news.parts))

    found, raised = _core.bound(
        problem._core, options, None if on_progress is None else tell, should_stop
    )
    if isinstance(raised, BaseException):
        raise raised
    return BoundResult(found.verdict, in_costs(found.bound), found.closed, found.seconds)


def reduce_info(problem: Problem) -> ReductionInfo:
    """Sizes before and after each exact reduction.

    Raises
    ------
    ValueError
        If an edge joins three or more nodes, or sums could exceed 64 bits.
    """
    require_problem(problem)
    info = _core.reduce_info(problem._core)
    steps = [
        ReductionStep(step.name, step.variables, step.values, step.edges, step.times, step.seconds)
        for step in info.steps
    ]
    return ReductionInfo(steps, info.verdict, info.description, info.seconds)
