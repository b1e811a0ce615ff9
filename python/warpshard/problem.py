"""Problems: made from arrays, node by node or from JSON; changed a little and solved again."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from warpshard import _core
from warpshard.doubles import FORBIDDEN, Doubles, is_forbidden


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


class Problem:
    """Strategies to choose from, what they cost and use, and the limit on memory.

    Made by :meth:`from_arrays`, :class:`ProblemBuilder`, :meth:`load`, :meth:`from_json` or
    :func:`warpshard.generate`.

    A problem remembers the best plan and the bound that :func:`warpshard.solve` last found. After a
    change (:meth:`set_node_costs`, :meth:`set_edge_costs`, :meth:`allow`, :attr:`usage_limit`) the
    plan is where the next solve starts, and the bound stays as far as it still holds: it falls by no
    more than the largest decrease of a cost, and is forgotten if something is newly allowed or the
    limit is raised.

    Several threads may solve one problem at once; it cannot be changed meanwhile.
    """

    def __init__(self, core: _core.Problem, doubles: Doubles | None = None) -> None:
        """Not for users: wraps what the class methods make."""
        self._core = core
        self._doubles = doubles
        # Of restricted nodes: which strategies are allowed, and what all would cost.
        self._allowed: dict[int, NDArray[np.bool_]] = {}
        self._unrestricted: dict[int, NDArray[np.int64]] = {}
        self._kept_plan: NDArray[np.int32] | None = None
        self._kept_bound: int | None = None
        self._version = 0

    @classmethod
    def from_arrays(
        cls,
        strategy_offsets: ArrayLike,
        costs: ArrayLike,
        usages: ArrayLike | None = None,
        intervals: ArrayLike | None = None,
        *,
        edge_nodes: ArrayLike = (),
        edge_costs: ArrayLike = (),
        edge_offsets: ArrayLike | None = None,
        table_offsets: ArrayLike | None = None,
        edge_tables: ArrayLike | None = None,
        usage_limit: int | None = None,
        forbidden: float | None = None,
        name: str = "",
    ) -> Problem:
        """A problem from flat arrays.

        Parameters
        ----------
        strategy_offsets : int [nodes + 1]
            Node i's strategies are entries ``strategy_offsets[i]`` to ``strategy_offsets[i + 1]``
            of ``costs`` and ``usages``; begins with 0.
        costs : int or float [strategies]
            Cost units. If these or ``edge_costs`` are floats, so are all costs of the problem.
        usages : int [strategies], optional
            Memory units, not negative; default: none is used.
        intervals : int [nodes, 2], optional
            Half-open times ``[lower, upper)`` at which a node uses memory; default: [0, 1).
        edge_nodes : int [edges, 2], or flat with ``edge_offsets``
            The nodes that an edge joins. They may repeat: an edge ``[v, v]`` reads the diagonal.
        edge_costs : int or float [table entries]
            Tables one after another, row-major: the last node's strategy varies fastest.
        edge_offsets : int [edges + 1], optional
            Where each edge's nodes begin in ``edge_nodes``, for edges of other than two nodes.
        table_offsets : int [tables + 1], optional
            Where each table begins in ``edge_costs``. Default: one table per edge, in order.
        edge_tables : int [edges], optional
            Each edge's table, for tables that edges share. (Equal tables are stored once anyway.)
        usage_limit : int, optional
            Memory units; default: no limit.
        forbidden : number, optional
            Costs at or above it are forbidden. Infinity always is, and 10^18 among integers.
        name : str, optional

        Raises
        ------
        ValueError
            If the parts do not agree, or a cost is NaN; says which and what was expected.
        TypeError
            If an array does not hold the numbers that it should.
        """
        offsets = _integers(strategy_offsets, "strategy_offsets")
        node_costs = _numbers(costs, "costs")
        entries = _numbers(edge_costs, "edge_costs")
        nodes = _integers(edge_nodes, "edge_nodes", np.int32)
        count = max(len(offsets) - 1, 0)
        if edge_offsets is None:
            nodes = nodes.reshape(-1, 2)
            ends = np.arange(0, 2 * len(nodes) + 1, 2, dtype=np.int64)
        else:
            ends = _integers(edge_offsets, "edge_offsets")
        nodes = nodes.reshape(-1)
        _check_offsets(offsets, len(node_costs), "strategy_offsets")
        _check_offsets(ends, len(nodes), "edge_offsets")
        if len(nodes) and not (0 <= nodes.min() and nodes.max() < count):
            at = int(np.argmax((nodes < 0) | (nodes >= count)))
            raise ValueError(f"edge_nodes: node {nodes[at]} is not in [0, {count})")
        sizes = _table_sizes(np.diff(offsets), ends, nodes)
        if table_offsets is None:
            tables = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
            if edge_tables is not None:
                raise ValueError("edge_tables: expected table_offsets as well")
        else:
            tables = _integers(table_offsets, "table_offsets")
        _check_offsets(tables, len(entries), "table_offsets")
        owners = None if edge_tables is None else _integers(edge_tables, "edge_tables", np.int32)
        _check_owners(owners, len(tables) - 1, len(sizes))
        _refuse_nan(node_costs, offsets, "node", "strategy")
        _refuse_nan(entries, tables, "table" if owners is not None else "edge", "entry")
        memory = (
            np.zeros(len(node_costs), dtype=np.int64)
            if usages is None
            else _integers(usages, "usages")
        )
        times = (
            np.tile(np.array([0, 1], dtype=np.int64), (count, 1))
            if intervals is None
            else _integers(intervals, "intervals").reshape(-1, 2)
        )
        doubles = None
        if "f" in (node_costs.dtype.kind, entries.dtype.kind):
            doubles = Doubles(
                offsets,
                _as_doubles(node_costs, forbidden),
                tables,
                _as_doubles(entries, forbidden),
                np.arange(len(sizes), dtype=np.int32) if owners is None else owners,
            )
            node_costs, entries = doubles.scaled()
        elif forbidden is not None:
            node_costs = np.where(is_forbidden(node_costs, forbidden), FORBIDDEN, node_costs)
            entries = np.where(is_forbidden(entries, forbidden), FORBIDDEN, entries)
        core = _core.build(
            name, offsets, node_costs, memory, times, ends, nodes, tables, entries, owners,
            usage_limit,
        )  # fmt: skip
        return cls(core, doubles)

    @classmethod
    def load(cls, path: str | os.PathLike[str], memory_limit: int = 0) -> Problem:
        """Reads an instance: JSON, plain or gzip.

        Parameters
        ----------
        path : path
        memory_limit : int, optional
            An instance that takes more bytes is refused while it is read; 0: what the machine has.

        Raises
        ------
        ValueError
            If the file cannot be read; says where in the document and what was expected.
        """
        return cls(_core.load(os.fspath(path), memory_limit))

    @classmethod
    def from_json(cls, document: str | bytes | dict[str, Any]) -> Problem:
        """Reads an instance from the contest's JSON: text, bytes (also gzip) or a parsed document.

        Raises
        ------
        ValueError
            As :meth:`load`.
        """
        if isinstance(document, dict):
            document = json.dumps(document)
        if isinstance(document, str):
            document = document.encode()
        return cls(_core.parse(document))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the instance as JSON, gzipped if ``path`` ends in ``.gz``.

        Costs that are floats are written as the integers that the solver works with.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        try:
            self._core.save(os.fspath(path))
        except RuntimeError as error:
            raise OSError(str(error)) from None

    def to_json(self) -> str:
        """The instance as the contest's JSON; see :meth:`save`."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "problem.json")
            self.save(path)
            with open(path, encoding="utf-8") as file:
                return file.read()

    def __repr__(self) -> str:
        limit = "no limit" if self.usage_limit is None else f"limit {self.usage_limit}"
        name = f"{self.name!r}: " if self.name else ""
        return f"<Problem {name}{self.num_nodes} nodes, {self.num_edges} edges, {limit}>"

    @property
    def name(self) -> str:
        return self._core.name

    @property
    def num_nodes(self) -> int:
        return self._core.num_nodes

    @property
    def num_edges(self) -> int:
        return self._core.num_edges

    @property
    def has_floats(self) -> bool:
        """Whether costs are floats; results then are, too."""
        return self._doubles is not None

    @property
    def strategy_offsets(self) -> NDArray[np.int64]:
        """[nodes + 1] as in :meth:`from_arrays`; read-only, as all arrays of a problem."""
        return self._core.strategy_offsets

    @property
    def num_strategies(self) -> NDArray[np.int64]:
        """[nodes]"""
        return np.diff(self.strategy_offsets)

    @property
    def usages(self) -> NDArray[np.int64]:
        """[strategies] memory units"""
        return self._core.usages

    @property
    def intervals(self) -> NDArray[np.int64]:
        """[nodes, 2] half-open times"""
        return self._core.intervals

    @property
    def edge_offsets(self) -> NDArray[np.int64]:
        """[edges + 1] where an edge's nodes begin in :attr:`edge_nodes`"""
        return self._core.edge_offsets

    @property
    def edge_nodes(self) -> NDArray[np.int32]:
        """[edge ends]"""
        return self._core.edge_nodes

    def node_costs(self, node: int) -> NDArray[Any]:
        """A copy of a node's costs, int64 or float64 [its strategies], restrictions left out.

        Raises
        ------
        IndexError
        """
        effective = self._core.node_costs(node)
        if self._doubles is not None:
            return self._doubles.node_costs(node).copy()
        return self._unrestricted.get(node, effective).copy()

    def edge_costs(self, edge: int) -> NDArray[Any]:
        """A copy of an edge's table, int64 or float64 [product of its nodes' strategies].

        Raises
        ------
        IndexError
        """
        table = self._core.edge_costs(edge)
        return table if self._doubles is None else self._doubles.edge_costs(edge).copy()

    @property
    def usage_limit(self) -> int | None:
        """Memory units; None: unlimited. May be set.

        Raises
        ------
        ValueError
            If it is below zero.
        RuntimeError
            If the problem is being solved.
        """
        return self._core.usage_limit

    @usage_limit.setter
    def usage_limit(self, limit: int | None) -> None:
        old = self._core.usage_limit
        self._core.usage_limit = limit
        self._version += 1
        if old is not None and (limit is None or limit > old):
            self._kept_bound = None

    def set_node_costs(self, node: int, costs: ArrayLike, forbidden: float | None = None) -> None:
        """Replaces a node's costs.

        Parameters
        ----------
        node : int
        costs : int or float [its strategies]
            Floats only if the problem's costs are.
        forbidden : number, optional
            As in :meth:`from_arrays`.

        Raises
        ------
        IndexError, ValueError, TypeError
            If there is no such node, or these cannot be its costs.
        RuntimeError
            If the problem is being solved.
        """
        self._core.require_unread()
        size = len(self._core.node_costs(node))
        values = self._checked_costs(costs, forbidden, size, f"node {node}")
        units = values if self._doubles is None else self._doubles.set_node(node, values)
        if units is None:
            self._scale_afresh()
        elif node in self._allowed:
            self._unrestricted[node] = units
            self._set_units(node, np.where(self._allowed[node], units, FORBIDDEN))
        else:
            self._set_units(node, units)

    def set_edge_costs(self, edge: int, costs: ArrayLike, forbidden: float | None = None) -> None:
        """Replaces an edge's table, [product of its nodes' strategies] or of that shape.

        Other edges that share it keep theirs. Raises as :meth:`set_node_costs` does.
        """
        self._core.require_unread()
        old = self._core.edge_costs(edge)
        values = self._checked_costs(costs, forbidden, len(old), f"edge {edge}")
        units = values if self._doubles is None else self._doubles.set_edge(edge, values)
        if units is None:
            self._scale_afresh()
            return
        self._core.set_edge_costs(edge, units)
        self._changed(old, units)

    def allow(self, node: int, strategies: Iterable[int] | None) -> None:
        """Restricts a node to some of its strategies; the others are forbidden.

        Parameters
        ----------
        node : int
        strategies : iterable of int, or None
            None lifts the restriction. Each call replaces the one before.

        Raises
        ------
        IndexError
            If there is no such node or strategy.
        RuntimeError
            If the problem is being solved.
        """
        self._core.require_unread()
        unrestricted = self._unrestricted.get(node, self._core.node_costs(node))
        if strategies is None:
            self._set_units(node, unrestricted)
            self._unrestricted.pop(node, None)
            self._allowed.pop(node, None)
            return
        chosen = np.asarray(list(strategies), dtype=np.int64)
        if len(chosen) and not (0 <= chosen.min() and chosen.max() < len(unrestricted)):
            raise IndexError(f"node {node} has strategies 0 to {len(unrestricted) - 1}")
        allowed = np.zeros(len(unrestricted), dtype=bool)
        allowed[chosen] = True
        self._unrestricted[node] = unrestricted
        self._allowed[node] = allowed
        self._set_units(node, np.where(allowed, unrestricted, FORBIDDEN))

    def usage_over_time(self, strategies: ArrayLike) -> tuple[NDArray[np.int64], list[int]]:
        """Memory that a plan uses: times [steps], and the usage from each until the next [steps]."""
        return self._core.usage_over_time(plan_array(strategies))

    def _set_units(self, node: int, costs: NDArray[np.int64]) -> None:
        old = self._core.node_costs(node)
        self._core.set_node_costs(node, costs)
        self._changed(old, costs)

    def _changed(self, old: NDArray[np.int64], new: NDArray[np.int64]) -> None:
        """Corrects the kept bound for a list of costs that changed."""
        self._version += 1
        possible = new < FORBIDDEN
        if self._kept_bound is None or not possible.any():
            return
        if (old[possible] >= FORBIDDEN).any():
            self._kept_bound = None
            return
        decrease = old[possible].astype(object) - new[possible].astype(object)
        self._kept_bound -= max(decrease)

    def _checked_costs(
        self, costs: ArrayLike, forbidden: float | None, size: int, where: str
    ) -> NDArray[Any]:
        """Costs for a list of ``size`` in the problem's kind of number."""
        values = _numbers(costs, where).reshape(-1)
        if len(values) != size:
            raise ValueError(f"{where}: {len(values)} costs, expected {size}")
        if np.isnan(values).any():
            raise ValueError(f"{where}, entry {np.isnan(values).argmax()}: not a number (NaN)")
        if self._doubles is not None:
            return _as_doubles(values, forbidden)
        if values.dtype.kind == "f":
            raise TypeError(f"{where}: floats, but the problem's costs are integers")
        return np.where(is_forbidden(values, forbidden), FORBIDDEN, values)

    def _scale_afresh(self) -> None:
        """Builds the problem again at a smaller scale, which larger costs need."""
        assert self._doubles is not None
        core, doubles = self._core, self._doubles.materialise()
        costs, entries = doubles.scaled()
        for node, allowed in self._allowed.items():
            start, end = core.strategy_offsets[node : node + 2]
            self._unrestricted[node] = costs[start:end].copy()
            costs[start:end] = np.where(allowed, costs[start:end], FORBIDDEN)
        self._core = _core.build(
            core.name, core.strategy_offsets, costs, core.usages, core.intervals,
            core.edge_offsets, core.edge_nodes, doubles.table_offsets, entries,
            doubles.edge_tables, core.usage_limit,
        )  # fmt: skip
        self._doubles = doubles
        self._kept_bound = None
        self._version += 1

    def _cost_of(self, plan: NDArray[np.int32], units: int) -> int | float:
        """A valid plan's cost without forbidden entries, whose scaled costs add up to ``units``."""
        if self._doubles is None:
            return units
        offsets, ends, nodes = self.strategy_offsets, self.edge_offsets, self.edge_nodes
        at = _table_positions(plan, self.num_strategies, ends, nodes)
        chosen = self._doubles.costs[offsets[:-1] + plan]
        for node, allowed in self._allowed.items():
            if not allowed[plan[node]]:
                chosen[node] = np.inf
        return self._doubles.cost(chosen, self._doubles.chosen_entries(at))


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
        values = _numbers(costs, where).reshape(-1)
        if len(values) == 0:
            raise ValueError(f"{where}: 0 costs, expected at least 1")
        if usages is None:
            usages = np.zeros(len(values), dtype=np.int64)
        memory = _integers(usages, f"{where}: usages").reshape(-1)
        if len(memory) != len(values):
            raise ValueError(f"{where}: {len(memory)} usages, expected {len(values)}")
        lower, upper = interval
        self._costs.append(values)
        self._usages.append(memory)
        self._intervals.append((int(lower), int(upper)))
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
        ends = tuple(int(node) for node in nodes)
        for node in ends:
            if not 0 <= node < len(self._costs):
                raise ValueError(f"{where}: node {node} is not in [0, {len(self._costs)})")
        table = _numbers(costs, where)
        shape = tuple(len(self._costs[node]) for node in ends)
        if table.ndim > 1 and table.shape != shape:
            raise ValueError(f"{where}: a table of shape {table.shape}, expected {shape}")
        if table.size != int(np.prod(shape)):
            raise ValueError(f"{where}: {table.size} entries, expected {int(np.prod(shape))}")
        self._edges.append(ends)
        self._tables.append(table.reshape(-1))
        return len(self._edges) - 1

    def build(self, forbidden: float | None = None) -> Problem:
        """The problem so far; ``forbidden`` as in :meth:`Problem.from_arrays`, which also raises."""
        return Problem.from_arrays(
            _offsets(self._costs),
            _joined(self._costs),
            _joined(self._usages),
            np.array(self._intervals, dtype=np.int64).reshape(-1, 2),
            edge_nodes=np.array([node for edge in self._edges for node in edge], dtype=np.int32),
            edge_offsets=_offsets(self._edges),
            edge_costs=_joined(self._tables),
            usage_limit=self.usage_limit,
            forbidden=forbidden,
            name=self.name,
        )


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


def plan_array(strategies: ArrayLike) -> NDArray[np.int32]:
    """A plan as the library takes it."""
    return _integers(strategies, "strategies", np.int32).reshape(-1)


def _integers(values: ArrayLike, name: str, kind: type = np.int64) -> NDArray[Any]:
    array = np.asarray(values)
    if array.size == 0:
        return np.zeros(array.shape, dtype=kind)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name}: expected integers, not {array.dtype}")
    limits = np.iinfo(kind)
    may_exceed = array.dtype.itemsize >= np.dtype(kind).itemsize and array.dtype != kind
    if may_exceed and (array.min() < limits.min or array.max() > limits.max):
        raise ValueError(f"{name}: integers of more than {limits.bits} bits")
    return np.ascontiguousarray(array, dtype=kind)


def _numbers(values: ArrayLike, name: str) -> NDArray[Any]:
    """As int64 or, if they are floats of any size, float64."""
    array = np.asarray(values)
    if array.dtype.kind == "f":
        return np.ascontiguousarray(array, dtype=np.float64)
    return _integers(array, name)


def _as_doubles(values: NDArray[Any], forbidden: float | None) -> NDArray[np.float64]:
    doubles = np.where(is_forbidden(values, forbidden), np.inf, values.astype(np.float64))
    if np.isneginf(doubles).any():
        raise ValueError("a cost is minus infinity")
    return doubles


def _check_offsets(offsets: NDArray[np.int64], end: int, name: str) -> None:
    if offsets.ndim != 1 or len(offsets) == 0 or offsets[0] != 0:
        raise ValueError(f"{name}: expected to begin with 0")
    if offsets[-1] != end:
        raise ValueError(f"{name}: ends with {offsets[-1]}, expected {end}")
    sizes = np.diff(offsets)
    if (sizes < 1).any():
        raise ValueError(f"{name}: part {int(np.argmax(sizes < 1))} is empty")


def _check_owners(owners: NDArray[np.int32] | None, tables: int, edges: int) -> None:
    if owners is None:
        if tables != edges:
            raise ValueError(f"table_offsets: {tables} tables, expected {edges}, one per edge")
        return
    if len(owners) != edges:
        raise ValueError(f"edge_tables: {len(owners)} entries, expected {edges}")
    if len(owners) and not (0 <= owners.min() and owners.max() < tables):
        at = int(np.argmax((owners < 0) | (owners >= tables)))
        raise ValueError(f"edge_tables[{at}]: table {owners[at]} is not in [0, {tables})")


def _refuse_nan(values: NDArray[Any], offsets: NDArray[np.int64], whole: str, part: str) -> None:
    if values.dtype.kind == "f" and np.isnan(values).any():
        at = int(np.isnan(values).argmax())
        owner = int(np.searchsorted(offsets, at, side="right")) - 1
        raise ValueError(f"{whole} {owner}, {part} {at - offsets[owner]}: not a number (NaN)")


def _table_sizes(
    counts: NDArray[np.int64], ends: NDArray[np.int64], nodes: NDArray[np.int32]
) -> NDArray[np.int64]:
    """[edges] the product of the nodes' numbers of strategies."""
    if len(ends) < 2:
        return np.zeros(0, dtype=np.int64)
    return np.multiply.reduceat(counts[nodes], ends[:-1])


def _table_positions(
    plan: NDArray[np.int32],
    counts: NDArray[np.int64],
    ends: NDArray[np.int64],
    nodes: NDArray[np.int32],
) -> NDArray[np.int64]:
    """[edges] which entry of its table each edge reads under a plan."""
    at = np.zeros(len(ends) - 1, dtype=np.int64)
    sizes = np.diff(ends)
    for end in range(int(sizes.max(initial=0))):
        there = sizes > end
        node = nodes[ends[:-1][there] + end]
        at[there] = at[there] * counts[node] + plan[node]
    return at


def _offsets(parts: Sequence[Any]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)


def _joined(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
