"""Nodes that may take some of their strategies only."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from warpshard.arrays import integers
from warpshard.doubles import FORBIDDEN


class Restrictions:
    """Which strategies restricted nodes may take, and what all of theirs would cost."""

    def __init__(self) -> None:
        self._allowed: dict[int, NDArray[np.bool_]] = {}
        self._costs: dict[int, NDArray[np.int64]] = {}

    def costs(self, node: int, effective: NDArray[np.int64]) -> NDArray[np.int64]:
        """What a node's strategies would cost, which now count as ``effective``."""
        return self._costs.get(node, effective)

    def set_costs(self, node: int, costs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Notes what a node's strategies would cost; returns what they now count as."""
        if node not in self._allowed:
            return costs
        self._costs[node] = costs
        return np.where(self._allowed[node], costs, FORBIDDEN)

    def restrict(
        self, node: int, strategies: Iterable[int] | Iterable[bool], costs: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Allows only these; returns what a node's strategies count as, which would be ``costs``."""
        given = np.asarray(list(strategies))
        if given.dtype == bool and given.shape == costs.shape:
            given = np.flatnonzero(given)
        chosen = integers(given, f"node {node}")
        if len(chosen) and not (0 <= chosen.min() and chosen.max() < len(costs)):
            raise IndexError(f"node {node} has strategies 0 to {len(costs) - 1}")
        allowed = np.zeros(len(costs), dtype=bool)
        allowed[chosen] = True
        self._allowed[node] = allowed
        return self.set_costs(node, costs)

    def lift(self, node: int) -> None:
        self._costs.pop(node, None)
        self._allowed.pop(node, None)

    def scale_afresh(
        self, costs: NDArray[np.int64], offsets: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """What all strategies, which ``offsets`` [nodes + 1] divide, count as in other units."""
        effective = costs.copy()
        for node in self._allowed:
            mine = slice(offsets[node], offsets[node + 1])
            effective[mine] = self.set_costs(node, costs[mine].copy())
        return effective

    def forbidden_nodes(self, plan: NDArray[np.int32]) -> list[int]:
        """Those for which a plan chose what is not allowed."""
        return [node for node, allowed in self._allowed.items() if not allowed[plan[node]]]
