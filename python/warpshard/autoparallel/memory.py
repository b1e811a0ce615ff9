"""Sizes of parameters as usages: at most and at least so much of them together."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from warpshard.arrays import identity
from warpshard.autoparallel.program import Program, Refusal
from warpshard.builder import ProblemBuilder

TOLERANCE = 1e-9
"""Share by which a sum of ratios may exceed its budget: both are rounded sums of doubles."""

BITS = 55
"""Of the sum of all parameters' largest ratios, in units of memory."""


class Memory:
    """Usages of a program's parameters at time 0, and at time 1 what they fall short by.

    Attributes
    ----------
    usages : dict
        Parameter's node -> int64 [its strategies], in units of a power of two; empty where the
        program limits nothing.
    limit : int or None
        The upper budget in these units.
    """

    def __init__(self, program: Program) -> None:
        self._budgets = program.budgets
        nodes = sorted({node for node, _output in program.ratios}) if program.budgets else []
        ratios = {
            node: [program.ratios.get((node, at), 0.0) for at in range(program.strategies[node])]
            for node in nodes
        }
        largest = sum(max(ratios[node]) for node in nodes)
        self._unit = Fraction(2) ** (BITS - max(1, math.frexp(max(largest, 1.0))[1]))
        self.usages = {
            node: np.array([round(Fraction(r) * self._unit) for r in ratios[node]], dtype=np.int64)
            for node in nodes
        }
        budget = min(program.budgets.get("memory_constraint_high", math.inf), 2 * largest + 1)
        self.limit = self._units(budget * (1 + TOLERANCE)) if program.budgets else None

    def _units(self, ratio: float) -> int:
        return math.floor(Fraction(ratio) * self._unit)

    def add_limits(self, builder: ProblemBuilder, index: dict[int, int]) -> None:
        """Limits a problem whose nodes, found by ``index``, have these usages."""
        if self.limit is None:
            return
        builder.usage_limit = self.limit
        least = self._units(self._budgets.get("memory_constraint_low", 0.0) * (1 - TOLERANCE))
        if least > sum(int(usage.min()) for usage in self.usages.values()):
            self._add_least(builder, index, least)

    def _add_least(self, builder: ProblemBuilder, index: dict[int, int], least: int) -> None:
        """Usage of at least a budget: at a second time, nodes tied to the parameters use what these
        fall short of their largest strategy; a node that is always there evens the limits."""
        assert self.limit is not None
        for node, usage in self.usages.items():
            mirror = builder.add_node(np.zeros(len(usage)), usage.max() - usage, (1, 2))
            builder.add_edge((index[node], mirror), identity(len(usage)))
        slack = sum(int(usage.max()) for usage in self.usages.values()) - least
        if slack < 0:
            raise Refusal("memory_constraint_low is more than all parameters together")
        builder.usage_limit = max(self.limit, slack)
        for time, of_time in ((0, self.limit), (1, slack)):
            if of_time < builder.usage_limit:
                builder.add_node([0.0], [builder.usage_limit - of_time], (time, time + 1))
