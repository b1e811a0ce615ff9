"""Random small problems, and all their plans."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import warpshard
from warpshard import FORBIDDEN


@dataclass
class Instance:
    """A problem as plain lists."""

    costs: list[list]
    usages: list[list[int]]
    intervals: list[tuple[int, int]]
    edges: list[tuple[int, ...]] = field(default_factory=list)
    tables: list[list] = field(default_factory=list)
    limit: int | None = None

    def problem(self) -> warpshard.Problem:
        builder = warpshard.ProblemBuilder("random", self.limit)
        for costs, usages, interval in zip(self.costs, self.usages, self.intervals):
            builder.add_node(costs, usages, interval)
        for nodes, table in zip(self.edges, self.tables):
            builder.add_edge(nodes, table)
        return builder.build()

    def plans(self):
        """All plans within the limit."""
        for plan in itertools.product(*(range(len(costs)) for costs in self.costs)):
            if self.fits(plan):
                yield plan

    def fits(self, plan) -> bool:
        if self.limit is None:
            return True
        for time in {lower for lower, _upper in self.intervals}:
            live = (
                usages[strategy]
                for usages, strategy, (lower, upper) in zip(self.usages, plan, self.intervals)
                if lower <= time < upper
            )
            if sum(live) > self.limit:
                return False
        return True

    def cost(self, plan) -> tuple[int, Fraction]:
        """Number of forbidden entries, and the exact sum of the others."""
        entries = [costs[strategy] for costs, strategy in zip(self.costs, plan)]
        for nodes, table in zip(self.edges, self.tables):
            at = 0
            for node in nodes:
                at = at * len(self.costs[node]) + plan[node]
            entries.append(table[at])
        finite = [Fraction(entry) for entry in entries if entry < FORBIDDEN]
        return len(entries) - len(finite), sum(finite, Fraction(0))

    def best(self) -> tuple[int, Fraction] | None:
        return min(map(self.cost, self.plans()), default=None)


def random_instance(rng: np.random.Generator, draw_cost) -> Instance:
    """Up to 6 nodes of up to 4 strategies; ``draw_cost()`` draws a cost."""
    count = int(rng.integers(2, 7))
    sizes = rng.integers(1, 5, count)
    costs = [[draw_cost() for _ in range(size)] for size in sizes]
    usages = [rng.integers(0, 20, size).tolist() for size in sizes]
    lowers = rng.integers(0, 6, count)
    intervals = [(int(lower), int(lower + rng.integers(0, 4))) for lower in lowers]
    edges, tables = [], []
    for _ in range(int(rng.integers(0, 9))):
        nodes = tuple(int(node) for node in rng.integers(0, count, 2))
        edges.append(nodes)
        tables.append([draw_cost() for _ in range(int(np.prod(sizes[list(nodes)])))])
    limit = int(rng.integers(20, 60)) if rng.random() < 0.7 else None
    return Instance(costs, usages, intervals, edges, tables, limit)


def draw_integer(rng: np.random.Generator):
    def draw() -> int:
        return FORBIDDEN if rng.random() < 0.1 else int(rng.integers(-30, 100))

    return draw


def draw_double(rng: np.random.Generator):
    """Doubles of many magnitudes, which no common scale makes integers."""

    def draw() -> float:
        if rng.random() < 0.1:
            return float("inf")
        return float(rng.normal() * 10.0 ** rng.integers(-12, 4))

    return draw
