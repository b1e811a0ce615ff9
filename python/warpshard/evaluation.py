"""What a plan costs and uses."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.typing import ArrayLike

from warpshard.arrays import plan_array
from warpshard.problem import Problem, require_problem


@dataclass(frozen=True)
class Evaluation:
    """What a plan costs and uses; exact.

    Attributes
    ----------
    cost : int or float
        Cost units, forbidden entries left out. A float where the problem's costs are: the sum of
        the doubles, rounded once.
    forbidden : int
        How many forbidden entries the plan contains.
    peak_usage : int
        Memory units.
    peak_time : int
        First time at which the peak is reached.
    violations : int
        Number of intervals between changes of usage in which it exceeds the limit.
    within_limit : bool
    """

    cost: int | float
    forbidden: int
    peak_usage: int
    peak_time: int
    violations: int
    within_limit: bool


def evaluate(problem: Problem, strategies: ArrayLike) -> Evaluation:
    """Adds up what a plan costs and uses; shares no code with the search.

    Parameters
    ----------
    problem : Problem
    strategies : int [nodes]

    Raises
    ------
    ValueError
        If there are more or fewer, or one of them does not exist.
    """
    require_problem(problem)
    plan = plan_array(strategies)
    found = problem._core.evaluate(plan)
    return Evaluation(
        cost=problem._cost_of(plan, found.cost.finite),
        forbidden=found.cost.forbidden,
        peak_usage=found.peak_usage,
        peak_time=found.peak_time,
        violations=found.violations,
        within_limit=found.within_limit,
    )
