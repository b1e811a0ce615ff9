"""What the library tells of a search, in the problem's own costs."""

from __future__ import annotations

import numpy as np

from warpshard import _core
from warpshard.problem import Problem
from warpshard.results import Incumbent, Progress, Result, TracePoint, WorkerAccount


def relative_gap(cost: float | None, bound: float | None) -> float | None:
    """(cost - bound) / abs(bound); 0 where they are equal, None where that says nothing."""
    if cost is None or bound is None:
        return None
    if cost <= bound:
        return 0.0
    return None if bound == 0 else float((cost - bound) / abs(bound))


def _cost(problem: Problem, units: int) -> int | float:
    return units if problem._doubles is None else problem._doubles.approximate(units)


def _bound(problem: Problem, units: int) -> int | float:
    return units if problem._doubles is None else problem._doubles.bound(units)


def trace_point_of(problem: Problem, news: _core.Progress) -> TracePoint:
    cost, bound = news.incumbent, news.bound
    return TracePoint(
        news.seconds,
        None if cost is None or cost.forbidden else _cost(problem, cost.finite),
        None if bound is None or bound.forbidden else _bound(problem, bound.finite),
    )


def progress_of(problem: Problem, news: _core.Progress) -> Progress:
    point = trace_point_of(problem, news)
    return Progress(
        *point,
        forbidden=None if news.incumbent is None else news.incumbent.forbidden,
        gap=relative_gap(point.cost, point.bound),
        visits=news.visits,
        source=news.source,
        note=news.note,
    )


def incumbent_of(problem: Problem, plan: list[int], evaluation: _core.Evaluation) -> Incumbent:
    strategies = np.array(plan, dtype=np.int32)
    return Incumbent(
        strategies,
        problem._cost_of(strategies, evaluation.cost.finite),
        evaluation.cost.forbidden,
        evaluation.peak_usage,
    )


def result_of(
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
        trace=[trace_point_of(problem, news) for news in trace],
    )


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
