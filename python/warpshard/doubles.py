"""Costs that are doubles, as the integers that the solver adds up.

Costs are multiplied by the largest power of two at which the largest finite costs of all nodes and
edges add up to less than a quarter of 10^18 (so that none of them reads as forbidden, and all ranges
are supported) and rounded. Rounding moves the cost of a node or an edge by at most half a unit; a
bound is lowered by as much for each node and edge that has an entry which had to be rounded, and
then holds for the doubles.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warpshard import _core
from warpshard.arrays import number

FORBIDDEN = 10**18
"""A cost entry at or above this integer is forbidden."""

LARGEST_SUM = FORBIDDEN // 4
"""What the largest finite costs add up to is less, once they are scaled."""


def checked_doubles(
    values: NDArray[Any], forbidden: float | None, place: Callable[[int], str]
) -> NDArray[np.float64]:
    """A copy of costs, int64 or float64, with infinity where they are forbidden.

    Raises
    ------
    ValueError
        If one is NaN or minus infinity; ``place`` says where that is in words.
    """
    if values.dtype.kind != "f":
        values = checked_integers(values, forbidden)
        return np.where(values >= FORBIDDEN, np.inf, values)
    sentinel = _sentinel(forbidden)
    if sentinel > sys.float_info.max:
        sentinel = math.inf
    copy, wrong = _core.copy_costs(values, float(sentinel))
    if wrong >= 0:
        kind = "not a number (NaN)" if np.isnan(values[wrong]) else "minus infinity"
        raise ValueError(f"{place(wrong)}: {kind}")
    return copy


def checked_integers(values: NDArray[np.int64], forbidden: float | None) -> NDArray[np.int64]:
    """Costs that are integers, with FORBIDDEN where they are forbidden."""
    if forbidden is None:
        return values
    return np.where(values >= _sentinel(forbidden), FORBIDDEN, values)


def _sentinel(forbidden: float | None) -> int | float:
    if forbidden is None:
        return math.inf
    least = number(forbidden, "forbidden")
    if math.isnan(least):
        raise ValueError("forbidden: not a number (NaN)")
    return least


def choose_exponent(largest: NDArray[np.float64]) -> int:
    """Largest k at which the ``largest`` costs times 2^k add up to less than LARGEST_SUM."""
    most = float(largest.max(initial=0.0))
    if most == 0.0:
        return 0
    # Taken relative to the largest one, so that neither sum overflows; what underflows is made up
    # for by the room left for rounding.
    shift = math.frexp(most)[1]
    relative = Fraction(math.fsum(np.ldexp(largest, -shift))) * (1 + Fraction(1, 2**50))
    room = LARGEST_SUM - len(largest) - 1
    exponent = LARGEST_SUM.bit_length()
    while relative * Fraction(2) ** exponent >= room:
        exponent -= 1
    return exponent - shift


def round_nearest(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def round_down(value: Fraction) -> float:
    """The largest double that is no more than ``value``."""
    nearest = round_nearest(value)
    return math.nextafter(nearest, -math.inf) if nearest > value else nearest


class Doubles:
    """What a problem's costs were before they became integers.

    Parameters
    ----------
    strategy_offsets : int64 [nodes + 1]
    costs : float64 [strategies]
        Infinity where forbidden. Kept, and changed by :meth:`set_node`.
    table_offsets : int64 [tables + 1]
    entries : float64 [table entries]
    edge_tables : int32 [edges]
    """

    def __init__(
        self,
        strategy_offsets: NDArray[np.int64],
        costs: NDArray[np.float64],
        table_offsets: NDArray[np.int64],
        entries: NDArray[np.float64],
        edge_tables: NDArray[np.int32],
    ) -> None:
        self.strategy_offsets = strategy_offsets
        self.costs = costs
        self.table_offsets = table_offsets
        self.entries = entries
        self.edge_tables = edge_tables
        self.edited: dict[int, NDArray[np.float64]] = {}
        largest_nodes = _core.largest_finite(costs, strategy_offsets)
        largest_edges = _core.largest_finite(entries, table_offsets)[edge_tables]
        largest = np.concatenate([largest_nodes, largest_edges])
        self.exponent = choose_exponent(largest)
        # An upper bound of what all scaled costs can add up to.
        self.magnitude = math.ceil(math.fsum(np.ldexp(largest, self.exponent))) + len(largest)

    def scaled(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Integer node costs [strategies] and table entries; notes what was rounded."""
        costs, self.node_rounded = _core.scale(self.costs, self.strategy_offsets, self.exponent)
        entries, rounded = _core.scale(self.entries, self.table_offsets, self.exponent)
        self.edge_rounded = rounded[self.edge_tables]
        return costs, entries

    def node_costs(self, node: int) -> NDArray[np.float64]:
        return self.costs[self.strategy_offsets[node] : self.strategy_offsets[node + 1]]

    def edge_costs(self, edge: int) -> NDArray[np.float64]:
        if edge in self.edited:
            return self.edited[edge]
        table = self.edge_tables[edge]
        return self.entries[self.table_offsets[table] : self.table_offsets[table + 1]]

    def set_node(self, node: int, costs: NDArray[np.float64]) -> NDArray[np.int64] | None:
        """Replaces a node's costs and returns them as integers; None if the scale must fall."""
        old = self.node_costs(node)
        fits = self._make_room(old, costs)
        old[:] = costs
        scaled, self.node_rounded[node : node + 1] = self._scale(costs)
        return scaled if fits else None

    def set_edge(self, edge: int, costs: NDArray[np.float64]) -> NDArray[np.int64] | None:
        """Replaces an edge's costs, as :meth:`set_node` does a node's."""
        fits = self._make_room(self.edge_costs(edge), costs)
        self.edited[edge] = costs
        scaled, self.edge_rounded[edge : edge + 1] = self._scale(costs)
        return scaled if fits else None

    def _scale(self, costs: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        return _core.scale(costs, np.array([0, len(costs)]), self.exponent)

    def _make_room(self, old: NDArray[np.float64], new: NDArray[np.float64]) -> bool:
        growth = max(0, self._scaled_largest(new) + 1 - self._scaled_largest(old))
        if self.magnitude + growth >= LARGEST_SUM:
            return False
        self.magnitude += growth
        return True

    def _scaled_largest(self, values: NDArray[np.float64]) -> int:
        largest = float(_core.largest_finite(values, np.array([0, len(values)]))[0])
        return math.floor(Fraction(largest) * Fraction(2) ** self.exponent)

    def materialise(self) -> Doubles:
        """The same with edited edges among the tables, at the scale they need."""
        offsets, entries, tables = self.table_offsets, [self.entries], self.edge_tables.copy()
        ends = [int(offsets[-1])]
        for edge, costs in self.edited.items():
            tables[edge] = len(offsets) - 2 + len(ends)
            entries.append(costs)
            ends.append(ends[-1] + len(costs))
        offsets = np.concatenate([offsets, np.array(ends[1:], dtype=np.int64)])
        return Doubles(self.strategy_offsets, self.costs, offsets, np.concatenate(entries), tables)

    def chosen_entries(self, positions: NDArray[np.int64]) -> NDArray[np.float64]:
        """[edges] what each edge costs that reads its table at ``positions`` [edges]."""
        chosen: NDArray[np.float64] = self.entries[self.table_offsets[self.edge_tables] + positions]
        for edge, costs in self.edited.items():
            chosen[edge] = costs[positions[edge]]
        return chosen

    def cost(self, chosen_costs: NDArray[np.float64], chosen_entries: NDArray[np.float64]) -> float:
        """The sum of what a plan chose, forbidden entries left out, rounded once (to infinity,
        where it is larger than any double)."""
        chosen = np.concatenate([chosen_costs, chosen_entries])
        chosen = chosen[np.isfinite(chosen)]
        try:
            return math.fsum(chosen)
        except OverflowError:  # on the way or at the end
            return round_nearest(sum(map(Fraction, chosen.tolist()), Fraction(0)))

    def approximate(self, units: int) -> float:
        """A sum of scaled costs as a double, to within rounding."""
        return round_nearest(Fraction(units) / Fraction(2) ** self.exponent)

    def bound(self, units: int) -> float:
        """A bound on doubles from a bound on scaled costs."""
        rounded = int(self.node_rounded.sum()) + int(self.edge_rounded.sum())
        return round_down((units - Fraction(rounded, 2)) / Fraction(2) ** self.exponent)

    def target(self, cost: float) -> int:
        """Plans whose scaled costs add up to no more than this cost no more than ``cost``."""
        rounded = int(self.node_rounded.sum()) + int(self.edge_rounded.sum())
        return math.floor(Fraction(cost) * Fraction(2) ** self.exponent - Fraction(rounded, 2))

    def limit(self, cost: float) -> int:
        """Plans that cost no more than ``cost`` have scaled costs that add up to no more."""
        rounded = int(self.node_rounded.sum()) + int(self.edge_rounded.sum())
        # The cost itself may have been rounded, by at most half of this.
        rounding = max(abs(Fraction(cost)) / 2**52, Fraction(math.ulp(0.0)))
        exact = (Fraction(cost) + rounding) * Fraction(2) ** self.exponent
        return math.ceil(exact + Fraction(rounded, 2))
