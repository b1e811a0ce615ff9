"""What a search tells while it runs, and what it returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


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


@dataclass(frozen=True, eq=False)
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
