"""Problems made node by node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from warpshard.arrays import integer, integers, joined, numbers, offsets_of, shaped
from warpshard.problem import Problem


class ProblemBuilder:
    """Makes a problem node by node.

    >>> builder = ProblemBuilder(usage_limit=30)
    >>> a = builder.add_node(costs=[15, 20], usages=[10, 4], interval=(0, 10))
    >>> b = builder.add_node(costs=[55, 65], usages=[25, 12], interval=(5, 20))
    >>> builder.add_edge((a, b), [[30, 40], [0, FORBIDDEN]])
    0
    >>> builder.build()
    <Problem 2 nodes, 1 edges, limit 30>
    """

    def __init__(self, name: str = "", usage_limit: int | None = None) -> None:
        """An empty problem; the limit (memory units, None: no limit) may also be set later."""
        self.name = name
        self.usage_limit = usage_limit
        self._costs: list[NDArray[Any]] = []
        self._usages: list[NDArray[np.int64]] = []
        self._intervals: list[tuple[int, int]] = []
        self._edges: list[tuple[int, ...]] = []
        self._tables: list[NDArray[Any]] = []

    def add_node(
        self,
        costs: ArrayLike,
        usages: ArrayLike | None = None,
        interval: tuple[int, int] = (0, 1),
    ) -> int:
        """Adds a node and returns its index.

        Parameters
        ----------
        costs : int or float [strategies]
            Cost units; at least one.
        usages : int [strategies], optional
            Memory units, not negative; default: none is used.
        interval : (int, int), optional
            Half-open times ``[lower, upper)`` at which it uses memory; none where that is empty.

        Raises
        ------
        ValueError, TypeError
        """
        where = f"node {len(self._costs)}"
        values = numbers(costs, where).reshape(-1)
        if len(values) == 0:
            raise ValueError(f"{where}: 0 costs, expected at least 1")
        if usages is None:
            usages = np.zeros(len(values), dtype=np.int64)
        memory = integers(usages, f"{where}: usages").reshape(-1)
        if len(memory) != len(values):
            raise ValueError(f"{where}: {len(memory)} usages, expected {len(values)}")
        if len(interval) != 2:
            raise ValueError(f"{where}: expected an interval (lower, upper), not {interval!r}")
        lower, upper = (integer(time, f"{where}: interval") for time in interval)
        self._costs.append(values)
        self._usages.append(memory)
        self._intervals.append((lower, upper))
        return len(self._costs) - 1

    def add_edge(self, nodes: Sequence[int], costs: ArrayLike) -> int:
        """Adds an edge between nodes that are there and returns its index.

        Parameters
        ----------
        nodes : sequence of int
            Mostly two; they may repeat.
        costs : int or float [strategies of the first node, of the second, ...], or flat
            Cost units.

        Raises
        ------
        ValueError, TypeError
            If there is no such node, or the table has another size.
        """
        where = f"edge {len(self._edges)}"
        ends = tuple(integer(node, where) for node in nodes)
        for node in ends:
            if not 0 <= node < len(self._costs):
                raise ValueError(f"{where}: node {node} is not in [0, {len(self._costs)})")
        table = shaped(
            numbers(costs, where), tuple(len(self._costs[node]) for node in ends), where
        )
        self._edges.append(ends)
        self._tables.append(table)
        return len(self._edges) - 1

    def build(self, forbidden: float | None = None) -> Problem:
        """The problem so far; ``forbidden`` as in :meth:`Problem.from_arrays`, which also raises."""
        return Problem.from_arrays(
            offsets_of(self._costs),
            joined(self._costs),
            joined(self._usages),
            np.array(self._intervals, dtype=np.int64).reshape(-1, 2),
            edge_nodes=np.array([node for edge in self._edges for node in edge], dtype=np.int32),
            edge_offsets=offsets_of(self._edges),
            edge_costs=joined(self._tables),
            usage_limit=self.usage_limit,
            forbidden=forbidden,
            name=self.name,
        )
