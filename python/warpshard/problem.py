"""Problems: made from arrays or JSON; changed a little and solved again."""

from __future__ import annotations

import copy
import errno
import json
import os
import tempfile
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from warpshard import _core
from warpshard.arrays import integer, not_negative, numbers, plan_array, shaped, table_positions, text
from warpshard.doubles import Doubles, checked_doubles, checked_integers
from warpshard.kept import Kept
from warpshard.parts import Parts
from warpshard.restrictions import Restrictions


def require_problem(problem: Any) -> None:
    if not isinstance(problem, Problem):
        raise TypeError(f"expected a Problem, not {type(problem).__name__}")


class Problem:
    """Strategies to choose from, what they cost and use, and the limit on memory.

    Made by :meth:`from_arrays`, :class:`ProblemBuilder`, :meth:`load`, :meth:`from_json` or
    :func:`warpshard.generate`.

    A problem remembers the best plan, the bound and the prices of memory that :func:`warpshard.solve`
    last found. After a change (:meth:`set_node_costs`, :meth:`set_edge_costs`, :meth:`allow`,
    :attr:`usage_limit`) plan and prices are where the next solve starts, and the bound stays as far as it still holds: it falls by no
    more than the largest decrease of a cost, and is forgotten if something is newly allowed or the
    limit is raised.

    Several threads may solve one problem at once; it cannot be changed meanwhile. It can be pickled
    and copied; a copy remembers the same and goes its own way.
    """

    def __init__(self, core: _core.Problem, doubles: Doubles | None = None) -> None:
        """Not for users: wraps what the class methods make."""
        self._core = core
        self._doubles = doubles
        self._restrictions = Restrictions()
        self._kept = Kept()

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
        costs : int or float [strategies], or of any shape that reads so row by row
            Cost units. If these or ``edge_costs`` are floats, so are all costs of the problem.
        usages : int [strategies], optional
            Memory units, not negative; shaped as ``costs``; default: none is used.
        intervals : int [nodes, 2], optional
            Half-open times ``[lower, upper)`` at which a node uses memory; default: [0, 1).
        edge_nodes : int [edges, 2], or flat with ``edge_offsets``
            The nodes that an edge joins. They may repeat: an edge ``[v, v]`` reads the diagonal.
        edge_costs : int or float [table entries], or [edges, strategies, strategies]
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
        parts = Parts.checked(
            strategy_offsets, costs, usages, intervals, edge_nodes, edge_costs, edge_offsets,
            table_offsets, edge_tables,
        )  # fmt: skip
        doubles = parts.doubles(forbidden)
        units = parts.integers(forbidden) if doubles is None else doubles.scaled()
        if usage_limit is not None:
            usage_limit = integer(usage_limit, "usage_limit")
        return cls(parts.build(text(name, "name"), usage_limit, *units), doubles)

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
        FileNotFoundError
            If there is no such file.
        ValueError
            If the file cannot be read; says where in the document and what was expected.
        """
        name = os.fsdecode(path)
        limit = not_negative(memory_limit, "memory_limit")
        try:
            return cls(_core.load(name, limit))
        except ValueError:
            if not os.path.exists(name):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name) from None
            raise

    @classmethod
    def from_json(
        cls, document: str | bytes | bytearray | memoryview | dict[str, Any]
    ) -> Problem:
        """Reads an instance from the contest's JSON: text, bytes (also gzip) or a parsed document.

        Raises
        ------
        ValueError
            As :meth:`load`.
        TypeError
            If it is none of these.
        """
        if isinstance(document, dict):
            document = json.dumps(document)
        if isinstance(document, str):
            document = document.encode()
        if isinstance(document, bytearray | memoryview):
            document = bytes(document)
        if not isinstance(document, bytes):
            kind = type(document).__name__
            raise TypeError(f"expected JSON as text, bytes or a dict, not {kind}")
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
            self._core.save(os.fsdecode(path))
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

    def __getstate__(self) -> dict[str, Any]:
        core = self._core
        arrays = (
            core.name, core.strategy_offsets, core.costs, core.usages, core.intervals,
            core.edge_offsets, core.edge_nodes, core.table_offsets, core.entries,
            core.edge_tables, core.usage_limit,
        )  # fmt: skip
        return {**self.__dict__, "_core": arrays}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _core=_core.build(*state["_core"]))

    def __copy__(self) -> Problem:
        return copy.deepcopy(self)

    @property
    def name(self) -> str:
        """As given; may be empty."""
        return self._core.name

    @property
    def num_nodes(self) -> int:
        """Number of nodes."""
        return self._core.num_nodes

    @property
    def num_edges(self) -> int:
        """Number of edges."""
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
        effective = self._core.node_costs(integer(node, "node"))
        if self._doubles is not None:
            return self._doubles.node_costs(node).copy()
        return self._restrictions.costs(node, effective).copy()

    def edge_costs(self, edge: int) -> NDArray[Any]:
        """A copy of an edge's table, int64 or float64 [product of its nodes' strategies].

        Raises
        ------
        IndexError
        """
        table = self._core.edge_costs(integer(edge, "edge"))
        return table if self._doubles is None else self._doubles.edge_costs(edge).copy()

    @property
    def usage_limit(self) -> int | None:
        """Memory units; None: unlimited. May be set.

        Raises
        ------
        ValueError, TypeError
            If it is below zero, or no integer.
        RuntimeError
            If the problem is being solved.
        """
        return self._core.usage_limit

    @usage_limit.setter
    def usage_limit(self, limit: int | None) -> None:
        old = self._core.usage_limit
        self._core.usage_limit = None if limit is None else integer(limit, "usage_limit")
        self._kept.limit_changed(old, limit)

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
        node = integer(node, "node")
        shape = self._core.node_costs(node).shape
        values = self._checked_costs(costs, forbidden, shape, f"node {node}")
        units = values if self._doubles is None else self._doubles.set_node(node, values)
        if units is None:
            self._scale_afresh()
        else:
            self._set_units(node, self._restrictions.set_costs(node, units))

    def set_edge_costs(self, edge: int, costs: ArrayLike, forbidden: float | None = None) -> None:
        """Replaces an edge's table, [product of its nodes' strategies] or of that shape.

        Other edges that share it keep theirs. Raises as :meth:`set_node_costs` does.
        """
        self._core.require_unread()
        edge = integer(edge, "edge")
        old = self._core.edge_costs(edge)
        ends = self.edge_nodes[slice(*self.edge_offsets[edge : edge + 2])]
        shape = tuple(self.num_strategies[ends].tolist())
        values = self._checked_costs(costs, forbidden, shape, f"edge {edge}")
        units = values if self._doubles is None else self._doubles.set_edge(edge, values)
        if units is None:
            self._scale_afresh()
            return
        self._core.set_edge_costs(edge, units)
        self._kept.costs_changed(old, units)

    def allow(self, node: int, strategies: Iterable[int] | Iterable[bool] | None) -> None:
        """Restricts a node to some of its strategies; the others are forbidden.

        Parameters
        ----------
        node : int
        strategies : iterable of int, bool [its strategies], or None
            Which ones, or for each one whether it is allowed. None lifts the restriction. Each call replaces the one before.

        Raises
        ------
        IndexError
            If there is no such node or strategy.
        TypeError
            If these are no integers.
        RuntimeError
            If the problem is being solved.
        """
        self._core.require_unread()
        node = integer(node, "node")
        costs = self._restrictions.costs(node, self._core.node_costs(node))
        if strategies is None:
            self._restrictions.lift(node)
            self._set_units(node, costs)
        else:
            self._set_units(node, self._restrictions.restrict(node, strategies, costs))

    def usage_over_time(self, strategies: ArrayLike) -> tuple[NDArray[np.int64], list[int]]:
        """Memory that a plan uses: times [steps], and the usage from each until the next [steps]."""
        return self._core.usage_over_time(plan_array(strategies))

    def _set_units(self, node: int, costs: NDArray[np.int64]) -> None:
        old = self._core.node_costs(node)
        self._core.set_node_costs(node, costs)
        self._kept.costs_changed(old, costs)

    def _checked_costs(
        self, costs: ArrayLike, forbidden: float | None, shape: tuple[int, ...], where: str
    ) -> NDArray[Any]:
        """Costs, flat or of this shape, in the problem's kind of number; returned flat."""
        values = shaped(numbers(costs, where), shape, where)
        if self._doubles is not None:
            return checked_doubles(values, forbidden, lambda at: f"{where}, entry {at}")
        if values.dtype.kind == "f":
            raise TypeError(f"{where}: floats, but the problem's costs are integers")
        return checked_integers(values, forbidden)

    def _scale_afresh(self) -> None:
        """Builds the problem again at a smaller scale, which larger costs need."""
        assert self._doubles is not None
        core, doubles = self._core, self._doubles.materialise()
        costs, entries = doubles.scaled()
        costs = self._restrictions.scale_afresh(costs, core.strategy_offsets)
        self._core = _core.build(
            core.name, core.strategy_offsets, costs, core.usages, core.intervals,
            core.edge_offsets, core.edge_nodes, doubles.table_offsets, entries,
            doubles.edge_tables, core.usage_limit,
        )  # fmt: skip
        self._doubles = doubles
        self._kept.units_changed()

    def _cost_of(self, plan: NDArray[np.int32], units: int) -> int | float:
        """A valid plan's cost without forbidden entries, whose scaled costs add up to ``units``."""
        if self._doubles is None:
            return units
        offsets, ends, nodes = self.strategy_offsets, self.edge_offsets, self.edge_nodes
        at = table_positions(plan, self.num_strategies, ends, nodes)
        chosen = self._doubles.costs[offsets[:-1] + plan]
        chosen[self._restrictions.forbidden_nodes(plan)] = np.inf
        return self._doubles.cost(chosen, self._doubles.chosen_entries(at))
