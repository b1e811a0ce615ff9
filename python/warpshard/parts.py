"""The flat arrays that a problem is made of, checked against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from warpshard import _core
from warpshard.arrays import (
    check_offsets,
    check_owners,
    integers,
    numbers,
    pairs,
    table_sizes,
)
from warpshard.doubles import Doubles, checked_doubles, checked_integers


@dataclass(frozen=True)
class Parts:
    """Arrays as :meth:`warpshard.Problem.from_arrays` describes them, with nothing left out.

    Attributes
    ----------
    strategy_offsets : int64 [nodes + 1]
    costs : int64 or float64 [strategies]
    usages : int64 [strategies]
    intervals : int64 [nodes, 2]
    edge_offsets : int64 [edges + 1]
    edge_nodes : int32 [edge ends]
    table_offsets : int64 [tables + 1]
    entries : int64 or float64 [table entries]
    edge_tables : int32 [edges] or None
        None: one table per edge, in order.
    """

    strategy_offsets: NDArray[np.int64]
    costs: NDArray[Any]
    usages: NDArray[np.int64]
    intervals: NDArray[np.int64]
    edge_offsets: NDArray[np.int64]
    edge_nodes: NDArray[np.int32]
    table_offsets: NDArray[np.int64]
    entries: NDArray[Any]
    edge_tables: NDArray[np.int32] | None

    @classmethod
    def checked(
        cls,
        strategy_offsets: ArrayLike,
        costs: ArrayLike,
        usages: ArrayLike | None,
        intervals: ArrayLike | None,
        edge_nodes: ArrayLike,
        edge_costs: ArrayLike,
        edge_offsets: ArrayLike | None,
        table_offsets: ArrayLike | None,
        edge_tables: ArrayLike | None,
    ) -> Parts:
        """Raises ValueError or TypeError where arrays do not agree, or hold other numbers."""
        offsets = integers(strategy_offsets, "strategy_offsets")
        node_costs = numbers(costs, "costs").reshape(-1)
        entries = numbers(edge_costs, "edge_costs")
        check_offsets(offsets, len(node_costs), "strategy_offsets")
        ends, nodes = _edges(edge_nodes, edge_offsets, len(offsets) - 1)
        counts = np.diff(offsets)
        if entries.ndim == 3 and edge_offsets is None and table_offsets is None:
            _check_shape(entries.shape[1:], counts[nodes.reshape(-1, 2)])
        entries = entries.reshape(-1)
        sizes = table_sizes(counts, ends, nodes)
        tables, owners = _tables(sizes, table_offsets, edge_tables)
        check_offsets(tables, len(entries), "table_offsets")
        check_owners(owners, len(tables) - 1, len(sizes))
        return cls(
            offsets,
            node_costs,
            _usages(usages, len(node_costs)),
            _intervals(intervals, len(offsets) - 1),
            ends,
            nodes,
            tables,
            entries,
            owners,
        )

    def doubles(self, forbidden: float | None) -> Doubles | None:
        """The costs, if any of them is a float. Raises ValueError where one is no cost."""
        if "f" not in (self.costs.dtype.kind, self.entries.dtype.kind):
            return None
        owners = self.edge_tables
        if owners is None:
            owners = np.arange(len(self.edge_offsets) - 1, dtype=np.int32)
        return Doubles(
            self.strategy_offsets,
            checked_doubles(self.costs, forbidden, self._place_of_cost),
            self.table_offsets,
            checked_doubles(self.entries, forbidden, self._place_of_entry),
            owners,
        )

    def integers(self, forbidden: float | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Costs and entries, which are integers."""
        return checked_integers(self.costs, forbidden), checked_integers(self.entries, forbidden)

    def build(
        self,
        name: str,
        usage_limit: int | None,
        costs: NDArray[np.int64],
        entries: NDArray[np.int64],
    ) -> _core.Problem:
        """The problem with these costs; raises ValueError where it breaks a rule."""
        return _core.build(
            name, self.strategy_offsets, costs, self.usages, self.intervals, self.edge_offsets,
            self.edge_nodes, self.table_offsets, entries, self.edge_tables, usage_limit,
        )  # fmt: skip

    def _place_of_cost(self, at: int) -> str:
        return _place(at, self.strategy_offsets, "node", "strategy")

    def _place_of_entry(self, at: int) -> str:
        owner = "edge" if self.edge_tables is None else "table"
        return _place(at, self.table_offsets, owner, "entry")


def _place(at: int, offsets: NDArray[np.int64], whole: str, part: str) -> str:
    """Which of the lists that ``offsets`` [lists + 1] divide holds an entry, and where."""
    owner = int(np.searchsorted(offsets, at, side="right")) - 1
    return f"{whole} {owner}, {part} {at - offsets[owner]}"


def _edges(
    edge_nodes: ArrayLike, edge_offsets: ArrayLike | None, count: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Where each edge's nodes begin, and the nodes, of ``count`` that there are."""
    if edge_offsets is None:
        nodes = pairs(edge_nodes, "edge_nodes", np.int32)
        ends = np.arange(0, 2 * len(nodes) + 1, 2, dtype=np.int64)
    else:
        nodes = integers(edge_nodes, "edge_nodes", np.int32)
        ends = integers(edge_offsets, "edge_offsets")
    nodes = nodes.reshape(-1)
    check_offsets(ends, len(nodes), "edge_offsets")
    if len(nodes) and not (0 <= nodes.min() and nodes.max() < count):
        at = int(np.argmax((nodes < 0) | (nodes >= count)))
        raise ValueError(f"edge_nodes: node {nodes[at]} is not in [0, {count})")
    return ends, nodes


def _check_shape(shape: tuple[int, ...], expected: NDArray[np.int64]) -> None:
    """Refuses tables of one shape, transposed ones among them, where [edges, 2] other ones belong."""
    wrong = (expected != shape).any(axis=1)
    if wrong.any():
        edge = int(np.argmax(wrong))
        needed = tuple(expected[edge].tolist())
        raise ValueError(f"edge_costs: edge {edge}: a table of shape {shape}, expected {needed}")


def _tables(
    sizes: NDArray[np.int64], table_offsets: ArrayLike | None, edge_tables: ArrayLike | None
) -> tuple[NDArray[np.int64], NDArray[np.int32] | None]:
    """Where each table begins, and which one each edge has, of edges of ``sizes`` entries."""
    if table_offsets is not None:
        owners = None if edge_tables is None else integers(edge_tables, "edge_tables", np.int32)
        return integers(table_offsets, "table_offsets"), owners
    if edge_tables is not None:
        raise ValueError("edge_tables: expected table_offsets as well")
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), None


def _usages(usages: ArrayLike | None, strategies: int) -> NDArray[np.int64]:
    if usages is None:
        return np.zeros(strategies, dtype=np.int64)
    return integers(usages, "usages").reshape(-1)


def _intervals(intervals: ArrayLike | None, nodes: int) -> NDArray[np.int64]:
    if intervals is None:
        return np.tile(np.array([0, 1], dtype=np.int64), (nodes, 1))
    return pairs(intervals, "intervals")
