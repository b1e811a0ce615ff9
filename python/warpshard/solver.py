"""The search for a plan, and what it returns."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from warpshard import _core
from warpshard.problem import Problem, plan_array
from warpshard.store import Store, open_store, warn_of

DEFAULT_SECONDS = 60.0
UNLIMITED_SECONDS = 1e8
"""Three years: for runs whose work is limited."""


class SolverError(ValueError):
    """The problem cannot be solved as asked: numbers that do not fit, memory that is not there."""


class DeviceError(RuntimeError):
    """The device asked for is absent."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C ended a solve; ``result`` is what it had found.

    Attributes
    ----------
    result : Result
    """

    def __init__(self, result: Result) -> None:
        super().__init__("interrupted; the result so far is in this exception's .result")
        self.result = result


class TracePoint(NamedTuple):
    """When something had become better. Costs of problems with floats are to within rounding.

    Attributes
    ----------
    seconds : float
        Since the start.
    cost : int, float or None
        Of the best plan, None before the first without forbidden entries.
    bound : int, float or None
        No plan costs less; None before the first.
    """

    seconds: float
    cost: int | float | None
    bound: int | float | None


class Progress(NamedTuple):
    """Where a search stands; see :class:`TracePoint` for the first three.

    Attributes
    ----------
    forbidden : int or None
        Forbidden entries in the best plan.
    gap : float or None
        (cost - bound) / abs(bound); None where that says nothing.
    visits : int
        Variables that the search's chains have looked at.
    source : str
        What brought the news; may be empty.
    note : str
        For a person to read; may be empty.
    """

    seconds: float
    cost: int | float | None
    bound: int | float | None
    forbidden: int | None
    gap: float | None
    visits: int
    source: str
    note: str


class Incumbent(NamedTuple):
    """A plan that is better than all before it.

    Attributes
    ----------
    strategies : int32 [nodes]
    cost : int or float
        Forbidden entries left out.
    forbidden : int
    peak_usage : int
        Memory units.
    """

    strategies: NDArray[np.int32]
    cost: int | float
    forbidden: int
    peak_usage: int


@dataclass(frozen=True)
class WorkerAccount:
    """What one kind of search did in a run.

    Attributes
    ----------
    worker : str
    seconds : float
        Of a thread.
    work : int
        Units that mean the same everywhere: table entries read, about.
    tasks, offers, improvements : int
        Pieces of work; plans proposed; of these, best so far.
    gain : float
        By how much these were cheaper, in cost units of the solver.
    """

    worker: str
    seconds: float
    work: int
    tasks: int
    offers: int
    improvements: int
    gain: float


@dataclass(frozen=True)
class Result:
    """What a solve found.

    Attributes
    ----------
    status : str
        "optimal" (proved), "gap_reached" (within the gap asked for), "feasible", "infeasible"
        (proved: no plan is within the limit) or "no_plan" (none found in time). Where costs are
        floats, "optimal" is to within their rounding; ``gap`` says how much that is.
    strategies : int32 [nodes] or None
        The plan.
    cost : int, float or None
        What it costs, forbidden entries left out; a float where the problem's costs are.
    forbidden : int or None
        How many forbidden entries it contains. A plan with fewer is always better.
    bound : int, float or None
        Proved: no plan within the limit that has as few forbidden entries costs less.
    gap : float or None
        (cost - bound) / abs(bound); None where that says nothing.
    peak_usage, peak_time : int or None
        Memory units, and the first time at which they are in use.
    source : str
        What found the plan; may be empty.
    seconds : float
    visits : int
        Variables that the search's chains have looked at.
    message : str
        For a person to read; may be empty.
    accounts : list of WorkerAccount
    trace : list of TracePoint
        In order of time.
    """

    status: str
    strategies: NDArray[np.int32] | None
    cost: int | float | None
    forbidden: int | None
    bound: int | float | None
    gap: float | None
    peak_usage: int | None
    peak_time: int | None
    source: str
    seconds: float
    visits: int
    message: str
    accounts: list[WorkerAccount]
    trace: list[TracePoint]

    def __repr__(self) -> str:
        gap = "" if self.gap is None else f", gap {self.gap:.3%}"
        forbidden = f", {self.forbidden} forbidden entries" if self.forbidden else ""
        return f"<Result {self.status}: cost {self.cost}{forbidden}, bound {self.bound}{gap}>"


def solve(
    problem: Problem,
    time_limit: float | None = None,
    *,
    gap: float = 0.0,
    target: float | None = None,
    seed: int = 1,
    threads: int = 0,
    device: str = "auto",
    work_limit: int | None = None,
    memory_limit: int = 0,
    warm_start: bool | ArrayLike | Result = True,
    hint: ArrayLike | None = None,
    params: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    on_incumbent: Callable[[Incumbent], Any] | None = None,
    on_progress: Callable[[Progress], Any] | None = None,
    should_stop: Callable[[], bool] | None = None,
    interrupt: str = "raise",
    store: Store | str | os.PathLike[str] | None = None,
) -> Result:
    """Searches for the cheapest plan within the limit, and proves how good it is.

    The GIL is released meanwhile, and several solves may run in one process. Callbacks run in the
    thread that called, one at a time, and hold the GIL only then; they never hold up the search. An
    exception in one ends the search and comes out of this function.

    Parameters
    ----------
    problem : Problem
    time_limit : float, optional
        Seconds; default: 60, or as long as it takes where ``work_limit`` is given.
    gap : float, optional
        Stops once (cost - bound) / abs(bound) is at most this; 0.01 is 1%.
    target : number, optional
        Stops at a plan without forbidden entries that costs no more.
    seed : int, optional
        Of all random decisions.
    threads : int, optional
        0: one per core.
    device : str, optional
        "auto" (a GPU if there is one), "cpu", "cuda" or "cuda:N".
    work_limit : int, optional
        Millions of units of work, each about a nanosecond of one core, counted and not measured:
        the result then depends on problem, seed and device alone, whatever the threads and the
        machine, as long as the time limit is not what ends it.
    memory_limit : int, optional
        Bytes that the process may have; 0: no limit. Fewer threads run where they are scarce.
    warm_start : bool, int [nodes] or Result, optional
        Where to start. True: from what the problem remembers of its last solve; False: from nothing.
    hint : int [nodes], optional
        A part of a plan to begin with; -1 for nodes that are left to the solver, which may leave it.
    params : mapping, JSON text or path of a JSON file, optional
        Parameters of the search's parts, such as ``{"dive": {"growth": 2}}``; what is not named
        keeps its default. :func:`parameters` tells all.
    on_incumbent : callable, optional
        Called with an :class:`Incumbent` for every better plan.
    on_progress : callable, optional
        Called with a :class:`Progress` when there is news.
    should_stop : callable, optional
        Asked about twenty times a second; true ends the search, and the result so far is returned.
    interrupt : {"raise", "return"}, optional
        What Ctrl-C does in the main thread: raise :class:`Interrupted`, a KeyboardInterrupt that
        carries the result so far, or return that.
    store : Store, path or "DIR:DIR:...", optional
        Asked first, and told what was found: see :class:`warpshard.Store`. What it settles is returned
        at once, with source "store". Trouble with it is a :class:`warpshard.StoreWarning`.

    Returns
    -------
    Result

    Raises
    ------
    SolverError
        If the problem cannot be solved as asked; a ValueError.
    DeviceError
        If the device is absent.
    Interrupted
    """
    if interrupt not in ("raise", "return"):
        raise ValueError(f"interrupt: {interrupt!r} is neither 'raise' nor 'return'")
    options = _core.SolverOptions()
    options.deadline_seconds = _seconds(time_limit, work_limit)
    options.seed = seed
    options.threads = _not_negative(threads, "threads")
    options.device = device
    options.gap = _share(gap)
    options.work_limit = _not_negative(work_limit or 0, "work_limit")
    options.memory_limit = _not_negative(memory_limit, "memory_limit")
    options.memory_in_use = memory_in_use() if memory_limit else 0
    options.initial_plan = _start(problem, warm_start)
    options.hint = _plan_of(problem, hint, "hint") if hint is not None else []
    if params is not None:
        options.parameters = _params(params)
    kept_bound = problem._kept_bound
    options.target = _target(problem, target, gap, kept_bound)
    version = problem._version
    kept = None if store is None else open_store(store)
    found, trace, faults, raised = _core.solve(
        problem._core,
        options,
        on_progress and (lambda news: on_progress(_progress(problem, news))),
        on_incumbent and (lambda *news: on_incumbent(_incumbent(problem, *news))),
        should_stop,
        kept and kept._core,
    )
    warn_of(faults)
    if found.status == "error":
        raise SolverError(found.message)
    if found.status == "no_device":
        raise DeviceError(found.message)
    unchanged = version == problem._version
    result = _result(problem, found, trace, gap, kept_bound if unchanged else None)
    if unchanged:
        _keep(problem, found)
    if raised is None or (isinstance(raised, KeyboardInterrupt) and interrupt == "return"):
        return result
    if isinstance(raised, KeyboardInterrupt):
        raise Interrupted(result) from raised
    raise raised


def parameters() -> dict[str, dict[str, Any]]:
    """The defaults of all parameters of the search, as ``solve(params=...)`` takes them."""
    return json.loads(_core.SolverOptions().parameters)


def memory_in_use() -> int:
    """Bytes that this process has."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def relative_gap(cost: float | None, bound: float | None) -> float | None:
    """(cost - bound) / abs(bound); 0 where they are equal, None where that says nothing."""
    if cost is None or bound is None:
        return None
    if cost <= bound:
        return 0.0
    return None if bound == 0 else float((cost - bound) / abs(bound))


def _seconds(time_limit: float | None, work_limit: int | None) -> float:
    if time_limit is None:
        return UNLIMITED_SECONDS if work_limit else DEFAULT_SECONDS
    if not time_limit > 0:
        raise ValueError(f"time_limit: {time_limit} is not a number of seconds")
    return min(float(time_limit), UNLIMITED_SECONDS)


def _not_negative(number: int, name: str) -> int:
    if number < 0:
        raise ValueError(f"{name}: {number} is below zero")
    return number


def _share(gap: float) -> float:
    if not (gap >= 0 and math.isfinite(gap)):
        raise ValueError(f"gap: {gap} is not a share, such as 0.01")
    return float(gap)


def _plan_of(problem: Problem, strategies: ArrayLike, name: str) -> list[int]:
    plan = plan_array(strategies)
    if len(plan) != problem.num_nodes:
        raise ValueError(f"{name}: {len(plan)} strategies, expected {problem.num_nodes}")
    return plan.tolist()


def _start(problem: Problem, warm_start: bool | ArrayLike | Result) -> list[int]:
    if isinstance(warm_start, Result):
        warm_start = warm_start.strategies if warm_start.strategies is not None else False
    if warm_start is True:
        return [] if problem._kept_plan is None else problem._kept_plan.tolist()
    if warm_start is False or warm_start is None:
        return []
    return _plan_of(problem, warm_start, "warm_start")


def _params(params: Mapping[str, Any] | str | os.PathLike[str]) -> str:
    """As JSON text."""
    if isinstance(params, Mapping):
        return json.dumps(params)
    if isinstance(params, str) and params.lstrip().startswith("{"):
        return params
    with open(params, encoding="utf-8") as file:
        return file.read()


def _target(
    problem: Problem, target: float | None, gap: float, kept_bound: int | None
) -> int | None:
    """A cost, in the solver's units, at which nothing is left to do."""
    targets = []
    if target is not None:
        doubles = problem._doubles
        targets.append(math.floor(target) if doubles is None else doubles.target(target))
    if kept_bound is not None:
        targets.append(kept_bound + math.floor(gap * abs(kept_bound)))
    return max(targets, default=None)


def _cost(problem: Problem, units: int) -> int | float:
    return units if problem._doubles is None else problem._doubles.approximate(units)


def _bound(problem: Problem, units: int) -> int | float:
    return units if problem._doubles is None else problem._doubles.bound(units)


def _trace_point(problem: Problem, news: _core.Progress) -> TracePoint:
    cost, bound = news.incumbent, news.bound
    return TracePoint(
        news.seconds,
        None if cost is None or cost.forbidden else _cost(problem, cost.finite),
        None if bound is None or bound.forbidden else _bound(problem, bound.finite),
    )


def _progress(problem: Problem, news: _core.Progress) -> Progress:
    point = _trace_point(problem, news)
    return Progress(
        *point,
        forbidden=None if news.incumbent is None else news.incumbent.forbidden,
        gap=relative_gap(point.cost, point.bound),
        visits=news.visits,
        source=news.source,
        note=news.note,
    )


def _incumbent(problem: Problem, plan: list[int], evaluation: _core.Evaluation) -> Incumbent:
    strategies = np.array(plan, dtype=np.int32)
    return Incumbent(
        strategies,
        problem._cost_of(strategies, evaluation.cost.finite),
        evaluation.cost.forbidden,
        evaluation.peak_usage,
    )


def _result(
    problem: Problem,
    found: _core.SolverResult,
    trace: list[_core.Progress],
    gap: float,
    kept_bound: int | None,
) -> Result:
    status, bound = found.status, found.bound
    units = None if bound is None else bound.finite
    forbidden_bound = 0 if bound is None else bound.forbidden
    if kept_bound is not None and forbidden_bound == 0:
        units = kept_bound if units is None else max(units, kept_bound)
    strategies = cost = forbidden = share = None
    if found.plan is not None:
        strategies = np.array(found.plan, dtype=np.int32)
        forbidden = found.evaluation.cost.forbidden
        cost = problem._cost_of(strategies, found.evaluation.cost.finite)
        if units is not None and forbidden == forbidden_bound:
            status = _proved(status, found.evaluation.cost.finite, units, gap)
            share = relative_gap(cost, _bound(problem, units))
    return Result(
        status=status,
        strategies=strategies,
        cost=cost,
        forbidden=forbidden,
        bound=None if units is None else _bound(problem, units),
        gap=share,
        peak_usage=None if strategies is None else found.evaluation.peak_usage,
        peak_time=None if strategies is None else found.evaluation.peak_time,
        source=found.source,
        seconds=found.seconds,
        visits=found.visits,
        message=found.message,
        accounts=[_account(account) for account in found.accounts],
        trace=[_trace_point(problem, news) for news in trace],
    )


def result_of(problem: Problem, found: _core.SolverResult) -> Result:
    """Of a result that no search on ``problem`` is behind."""
    return _result(problem, found, trace=[], gap=0.0, kept_bound=None)


def _proved(status: str, cost: int, bound: int, gap: float) -> str:
    """The status with regard to what was proved by earlier solves."""
    if status != "feasible" or cost > bound + gap * abs(bound):
        return status
    return "optimal" if cost <= bound else "gap_reached"


def _account(account: _core.WorkerAccount) -> WorkerAccount:
    return WorkerAccount(
        account.worker,
        account.seconds,
        account.work,
        account.tasks,
        account.offers,
        account.improvements,
        account.gain,
    )


def _keep(problem: Problem, found: _core.SolverResult) -> None:
    """Has the problem remember a plan and the best bound."""
    if found.plan is not None:
        problem._kept_plan = np.array(found.plan, dtype=np.int32)
    if found.bound is not None and found.bound.forbidden == 0:
        known = problem._kept_bound
        new = found.bound.finite
        problem._kept_bound = new if known is None else max(known, new)
