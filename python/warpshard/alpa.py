"""Alpa's solver interface, answered by warpshard; ColossalAI's by an option.

>>> from alpa.shard_parallel import auto_sharding
>>> import warpshard.alpa
>>> auto_sharding._call_solver_serialized_args = warpshard.alpa.call_solver
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from warpshard.arrays import identity
from warpshard.builder import ProblemBuilder
from warpshard.problem import Problem
from warpshard.results import Result
from warpshard.solver import solve

INFINITY_COST = 1e13
"""A cost of this or more stands for what must not be chosen if it can be avoided."""

SECONDS = 600.0
"""Alpa's own time limit."""

OPTIMAL = 1
"""The status of a plan, PuLP's."""

_LARGEST_USAGE = 2**57


def call_solver(
    N: int,
    M: float,
    s_len: NDArray[Any],
    s_follow: NDArray[Any] | Mapping[int, int],
    E: NDArray[Any],
    A: NDArray[Any] | Mapping[int, int],
    L: NDArray[Any] | None,
    c: NDArray[Any],
    d: NDArray[Any],
    m: NDArray[Any],
    r: NDArray[Any],
    v: NDArray[Any] | None,
    s_init: NDArray[Any] | None = None,
    *,
    colossalai: bool = False,
    time_limit: float | None = SECONDS,
    **options: Any,
) -> tuple[NDArray[np.int32], NDArray[np.int32], float, int]:
    """Chooses a strategy for each node; Alpa's ``_call_solver_serialized_args``.

    Parameters
    ----------
    N : int
        Number of nodes.
    M : float
        Memory limit; 0 or less: none.
    s_len : int [N]
        Numbers of strategies.
    s_follow : int [N]
        The node whose choice a node shares, -1 for none; followers may be followed.
    E : int [edges * 2]
        Pairs of nodes; none twice.
    A : int [aliases * 2]
        Pairs of nodes of which ``v`` rules out choices.
    L : int [N + sum of the first N]
        At each of N times the number of nodes that are live, then these.
    c, d, m : float [sum of s_len]
        Compute cost, communication cost and memory of each strategy.
    r : float [sum of products of the edges' s_len]
        Edge costs, row-major.
    v : float [sum of products of the aliases' s_len]
        Above 0.5 where a pair of choices is ruled out.
    s_init : int [entries * 3], optional
        (node, strategy, fix): where to begin, or what to keep to if ``fix`` is not 0.
    colossalai : bool, optional
        Read arguments as ColossalAI's method does: ``s_follow`` is a mapping, ``A`` maps a node to
        the one whose choice it shares, ``L`` and ``v`` are not looked at, and all nodes are live
        together.
    time_limit : float, optional
        Seconds.
    **options
        As for :func:`warpshard.solve`.

    Returns
    -------
    s_val : int32 [N]
        The strategies chosen.
    e_val : int32 [edges]
        ``s_val[i] * s_len[j] + s_val[j]``
    objective : float
        Costs added up in doubles.
    status : int
        1, as PuLP's for a plan.

    Raises
    ------
    ValueError
        If arguments do not fit together, or an edge or alias is there twice.
    RuntimeError
        If no plan is within the limit, or none was found in time.
    """
    arguments = _Arguments(N, M, s_len, s_follow, E, A, L, c, d, m, r, v, s_init, colossalai)
    hint = arguments.hint()
    options = {**options, "time_limit": time_limit, "hint": hint}
    result = solve(arguments.problem(INFINITY_COST), **options)
    if result.forbidden:
        # What is ruled out is worse than any number of infinite costs: these are costs now.
        result = solve(arguments.problem(None), **options)
    return arguments.answer(result)


class _Arguments:
    """Alpa's flat arguments, taken apart."""

    def __init__(
        self,
        N: int,
        M: float,
        s_len: ArrayLike,
        s_follow: ArrayLike | Mapping[int, int],
        E: ArrayLike,
        A: ArrayLike | Mapping[int, int],
        L: ArrayLike | None,
        c: ArrayLike,
        d: ArrayLike,
        m: ArrayLike,
        r: ArrayLike,
        v: ArrayLike | None,
        s_init: ArrayLike | None,
        colossalai: bool,
    ) -> None:
        self.count, self.limit = int(N), float(M)
        self.sizes = np.asarray(s_len, dtype=np.int64)
        if len(self.sizes) != self.count:
            raise ValueError(f"s_len: {len(self.sizes)} entries, expected {self.count}")
        follow = _mapping(s_follow, self.count)
        if colossalai:
            aliases, pairs, excluded = _mapping(A, self.count), np.zeros((0, 2), int), []
            follow = np.where(follow >= 0, follow, np.where(self.sizes > 1, aliases, -1))
            self.live = [np.arange(self.count)]
        else:
            if L is None or v is None:
                raise ValueError("L, v: may be None for ColossalAI alone")
            pairs = _pairs(A, "A")
            excluded = self._tables(v, pairs, "v")
            self.live = _lists(L, self.count)
        self.leader = _leaders(follow, self.sizes)
        self.edges = _pairs(E, "E")
        self.tables = self._tables(r, self.edges, "r")
        self.aliases, self.excluded = pairs, excluded
        _refuse_repeats(self.edges, both_ways=False)
        _refuse_repeats(self.aliases, both_ways=True)
        self.costs = self._rows(np.asarray(c, np.float64) + np.asarray(d, np.float64), "c and d")
        self.memory = self._rows(m, "m")
        self.initial = np.zeros((0, 3), int) if s_init is None else np.reshape(s_init, (-1, 3))

    def _rows(self, values: ArrayLike, name: str) -> list[NDArray[np.float64]]:
        values = np.asarray(values, dtype=np.float64)
        if len(values) != self.sizes.sum():
            raise ValueError(f"{name}: {len(values)} entries, expected {self.sizes.sum()}")
        return np.split(values, np.cumsum(self.sizes)[:-1])

    def _tables(
        self, values: ArrayLike, pairs: NDArray[np.int64], name: str
    ) -> list[NDArray[np.float64]]:
        values = np.asarray(values, dtype=np.float64)
        counts = self.sizes[pairs].prod(axis=1)
        if len(values) != counts.sum():
            raise ValueError(f"{name}: {len(values)} entries, expected {counts.sum()}")
        return [
            part.reshape(self.sizes[i], self.sizes[j])
            for (i, j), part in zip(pairs, np.split(values, np.cumsum(counts)[:-1]))
        ]

    def hint(self) -> NDArray[np.int32] | None:
        """Only nodes of the arguments can be hinted at; copies follow them."""
        if len(self.initial) == 0:
            return None
        hint = np.full(self.count + len(self._copies()), -1, dtype=np.int32)
        for node, strategy, _fix in self.initial:
            hint[node] = strategy
        return hint

    def problem(self, infinity: float | None) -> Problem:
        """Costs of ``infinity`` and more are forbidden, as what is ruled out always is."""
        builder = ProblemBuilder("alpa")
        usages, limit = self._usages()
        runs = self._runs()
        for node in range(self.count):
            costs = self.costs[node].copy()
            for fixed, strategy, fix in self.initial:
                if fixed == node and fix:
                    costs[np.arange(len(costs)) != strategy] = np.inf
            builder.add_node(costs, usages[node], runs[node][0] if runs[node] else (0, 0))
        for node, run in self._copies():
            copy = builder.add_node(np.zeros(self.sizes[node]), usages[node], run)
            builder.add_edge((node, copy), identity(self.sizes[node]))
        for node, leader in enumerate(self.leader):
            if leader != node:
                builder.add_edge((leader, node), identity(self.sizes[node]))
        for edge, table in zip(self.edges, self.tables):
            builder.add_edge(edge.tolist(), table)
        for pair, table in zip(self.aliases, self.excluded):
            builder.add_edge(pair.tolist(), np.where(table > 0.5, np.inf, 0.0))
        builder.usage_limit = limit
        return builder.build(forbidden=infinity)

    def _runs(self) -> list[list[tuple[int, int]]]:
        """[nodes] the half-open runs of time at which each is live."""
        runs: list[list[tuple[int, int]]] = [[] for _ in range(self.count)]
        for time, nodes in enumerate(self.live):
            for node in set(nodes):
                if runs[node] and runs[node][-1][1] == time:
                    runs[node][-1] = (runs[node][-1][0], time + 1)
                else:
                    runs[node].append((time, time + 1))
        return runs

    def _copies(self) -> list[tuple[int, tuple[int, int]]]:
        """Nodes that are live again, and when: each needs a copy that uses memory then."""
        return [(node, run) for node, runs in enumerate(self._runs()) for run in runs[1:]]

    def _usages(self) -> tuple[list[NDArray[np.int64]], int | None]:
        """Memory in units of a power of two in which sums of all nodes are integers of 57 bits."""
        if self.limit <= 0:
            return [np.zeros(size, dtype=np.int64) for size in self.sizes], None
        if min(float(row.min()) for row in self.memory) < 0:
            raise ValueError("m: memory below zero")
        most = math.fsum(float(row.max()) for row in self.memory)
        unit = math.frexp(max(most, 1e-300))[1] - _LARGEST_USAGE.bit_length() + 1
        usages = [
            np.array([_units(value, unit, math.ceil) for value in row], dtype=np.int64)
            for row in self.memory
        ]
        # Of values that are no multiples of the unit: rounded up, so that sums stay within M.
        return usages, min(_units(min(self.limit, 2 * most + 1), unit, math.floor), 2**62)

    def answer(self, result: Result) -> tuple[NDArray[np.int32], NDArray[np.int32], float, int]:
        if result.strategies is None or result.forbidden:
            if result.status in ("infeasible", "optimal"):
                raise RuntimeError(
                    "Cannot run the function under the given memory budget. "
                    "Please increase the memory budget."
                )
            raise RuntimeError(f"no plan was found in time ({result!r})")
        chosen = result.strategies[: self.count].astype(np.int32)
        entries = np.array(
            [chosen[i] * self.sizes[j] + chosen[j] for i, j in self.edges], dtype=np.int32
        )
        terms = [row[strategy] for row, strategy in zip(self.costs, chosen)]
        terms += [table.flat[entry] for table, entry in zip(self.tables, entries)]
        objective = math.fsum(terms)
        if objective >= INFINITY_COST:
            warnings.warn("a cost that stands for infinity could not be avoided", stacklevel=3)
        return chosen, entries, objective, OPTIMAL


def _mapping(following: Any, count: int) -> NDArray[np.int64]:
    """[nodes] who each one shares a choice with, -1 for nobody."""
    if isinstance(following, Mapping):
        return np.array([following.get(node, -1) for node in range(count)], dtype=np.int64)
    array = np.asarray(following, dtype=np.int64)
    if len(array) != count:
        raise ValueError(f"s_follow: {len(array)} entries, expected {count}")
    return array


def _leaders(follow: NDArray[np.int64], sizes: NDArray[np.int64]) -> list[int]:
    """[nodes] the end of each one's chain of leaders, itself if it follows nobody."""
    leaders = []
    for node in range(len(follow)):
        at, steps = node, 0
        while follow[at] >= 0:
            at, steps = int(follow[at]), steps + 1
            if at >= len(follow) or steps > len(follow):
                raise ValueError(f"s_follow: node {node} follows nobody that decides")
        if sizes[at] != sizes[node]:
            raise ValueError(f"s_follow: nodes {node} and {at} have {sizes[[node, at]]} strategies")
        leaders.append(at)
    return leaders


def _pairs(values: Any, name: str) -> NDArray[np.int64]:
    array = np.asarray(values, dtype=np.int64)
    if array.size % 2:
        raise ValueError(f"{name}: {array.size} entries are no pairs")
    return array.reshape(-1, 2)


def _lists(values: Any, count: int) -> list[NDArray[np.int64]]:
    """The lists of live nodes, whose lengths come first."""
    array = np.asarray(values, dtype=np.int64)
    ends = count + np.cumsum(array[:count])
    if len(array) != (ends[-1] if count else 0):
        raise ValueError(f"L: {len(array)} entries, expected {ends[-1]}")
    return np.split(array[count:], ends[:-1] - count)


def _refuse_repeats(pairs: NDArray[np.int64], *, both_ways: bool) -> None:
    seen = set()
    for i, j in pairs.tolist():
        if (i, j) in seen:
            raise ValueError(f"Duplicated edges: {(i, j)}")
        seen |= {(i, j), (j, i)} if both_ways else {(i, j)}


def _units(value: float, exponent: int, rounding: Callable[[Fraction], int]) -> int:
    return rounding(Fraction(float(value)) / Fraction(2) ** exponent)
