"""What a problem remembers of its last solve, and how far that holds after a change."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from warpshard import _core
from warpshard.doubles import FORBIDDEN


class Kept:
    """The best plan, the best bound and the last prices of memory of the solves so far.

    The reductions are not kept: making them again takes a hundredth of a solve's first second.

    Attributes
    ----------
    plan : int32 [nodes] or None
        Where the next solve starts; not necessarily within the limit any more.
    bound : int or None
        In the solver's units: no plan without forbidden entries within the limit costs less.
    prices : list of (int, float)
        Where the next solve's prices begin: a time, and the solver's cost units per memory unit.
    version : int
        Counts changes of the problem: what was found for another version is not kept.
    """

    def __init__(self) -> None:
        self.plan: NDArray[np.int32] | None = None
        self.bound: int | None = None
        self.prices: list[tuple[int, float]] = []
        self.version = 0

    def keep(self, found: _core.SolverResult) -> None:
        """Remembers a plan, the better bound and prices."""
        if found.prices:
            self.prices = found.prices
        if found.plan is not None:
            self.plan = np.array(found.plan, dtype=np.int32)
        if found.bound is not None and found.bound.forbidden == 0:
            new = found.bound.finite
            self.bound = new if self.bound is None else max(self.bound, new)

    def costs_changed(self, old: NDArray[np.int64], new: NDArray[np.int64]) -> None:
        """Of a list of costs one is chosen: the bound falls by no more than the largest decrease."""
        self.version += 1
        possible = new < FORBIDDEN
        if self.bound is None or not possible.any():
            return
        if (old[possible] >= FORBIDDEN).any():
            self.bound = None
            return
        decrease = old[possible].astype(object) - new[possible].astype(object)
        self.bound -= max(decrease)

    def limit_changed(self, old: int | None, new: int | None) -> None:
        """A lower limit allows no other plans; a higher one may."""
        self.version += 1
        if old is not None and (new is None or new > old):
            self.bound = None

    def units_changed(self) -> None:
        """Costs are counted in other units from now on."""
        self.version += 1
        self.bound = None
        self.prices = []
