"""Arrays as users give them, as the library takes them."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def integer(value: Any, name: str, most: int = 2**63 - 1) -> int:
    """One integer, of Python or NumPy, that fits in 64 bits."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name}: expected an integer, not {type(value).__name__}") from None
    if not -(2**63) <= number <= most:
        raise ValueError(f"{name}: {number} has more than 64 bits")
    return number


def not_negative(value: Any, name: str, most: int = 2**63 - 1) -> int:
    number = integer(value, name, most)
    if number < 0:
        raise ValueError(f"{name}: {number} is below zero")
    return number


def number(value: Any, name: str) -> int | float:
    """One number, of Python or NumPy, which may be infinite or NaN."""
    if not isinstance(value, Real):
        raise TypeError(f"{name}: expected a number, not {type(value).__name__}")
    return int(value) if isinstance(value, Integral) else float(value)


def finite_cost(value: Any, name: str) -> int | float:
    cost = number(value, name)
    if not -math.inf < cost < math.inf:
        raise ValueError(f"{name}: {value} is not a cost")
    return cost


def text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name}: expected text, not {type(value).__name__}")
    return value


def require_callable(**callbacks: Any) -> None:
    """Callbacks by their names; None stands for none."""
    for name, callback in callbacks.items():
        if callback is not None and not callable(callback):
            raise TypeError(f"{name}: expected a callable, not {type(callback).__name__}")


def plan_array(strategies: ArrayLike, name: str = "strategies") -> NDArray[np.int32]:
    """A plan as the library takes it."""
    return integers(strategies, name, np.int32).reshape(-1)


def _array(values: ArrayLike, name: str) -> NDArray[Any]:
    """What NumPy makes of an argument, of which nothing may be masked: that would come to light."""
    if np.ma.is_masked(values):
        raise ValueError(f"{name}: entries are masked")
    try:
        return np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def integers(values: ArrayLike, name: str, kind: type = np.int64) -> NDArray[Any]:
    array = _array(values, name)
    if array.size == 0:
        return np.zeros(array.shape, dtype=kind)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name}: expected integers, not {array.dtype}")
    limits = np.iinfo(kind)
    may_exceed = array.dtype.itemsize >= np.dtype(kind).itemsize and array.dtype != kind
    # As Python's integers: NumPy 1 compares an uint64 with a signed number as doubles.
    if may_exceed and (int(array.min()) < limits.min or int(array.max()) > limits.max):
        raise ValueError(f"{name}: integers of more than {limits.bits} bits")
    return np.ascontiguousarray(array, dtype=kind)


def pairs(values: ArrayLike, name: str, kind: type = np.int64) -> NDArray[Any]:
    """[n, 2]; nothing else is turned into that, a transposed array least of all."""
    array = integers(values, name, kind)
    if array.size == 0:
        return array.reshape(0, 2)
    if array.ndim != 2 or array.shape[1] != 2:
        raise ValueError(f"{name}: an array of shape {array.shape}, expected (n, 2)")
    return array


def numbers(values: ArrayLike, name: str) -> NDArray[Any]:
    """As int64 or, if they are floats of any size, float64. None at all are integers."""
    array = _array(values, name)
    if array.dtype.kind == "f" and array.size > 0:
        return np.ascontiguousarray(array, dtype=np.float64)
    if array.size > 0 and array.dtype.kind not in "iu":
        raise TypeError(f"{name}: expected integers or floats, not {array.dtype}")
    return integers(array, name)


def shaped(table: NDArray[Any], shape: tuple[int, ...], where: str) -> NDArray[Any]:
    """A table that is flat or of this shape, flat; a transposed one is refused."""
    if table.ndim > 1 and table.shape != shape:
        raise ValueError(f"{where}: a table of shape {table.shape}, expected {shape}")
    if table.size != math.prod(shape):
        raise ValueError(f"{where}: {table.size} entries, expected {math.prod(shape)}")
    return table.reshape(-1)


def check_offsets(offsets: NDArray[np.int64], end: int, name: str) -> None:
    if offsets.ndim != 1:
        raise ValueError(f"{name}: an array of {offsets.ndim} dimensions, expected 1")
    if len(offsets) == 0 or offsets[0] != 0:
        raise ValueError(f"{name}: expected to begin with 0")
    if offsets[-1] != end:
        raise ValueError(f"{name}: ends with {offsets[-1]}, expected {end}")
    sizes = np.diff(offsets)
    if (sizes < 1).any():
        raise ValueError(f"{name}: part {int(np.argmax(sizes < 1))} is empty")


def check_owners(owners: NDArray[np.int32] | None, tables: int, edges: int) -> None:
    if owners is None:
        if tables != edges:
            raise ValueError(f"table_offsets: {tables} tables, expected {edges}, one per edge")
        return
    if len(owners) != edges:
        raise ValueError(f"edge_tables: {len(owners)} entries, expected {edges}")
    if len(owners) and not (0 <= owners.min() and owners.max() < tables):
        at = int(np.argmax((owners < 0) | (owners >= tables)))
        raise ValueError(f"edge_tables[{at}]: table {owners[at]} is not in [0, {tables})")


def table_sizes(
    counts: NDArray[np.int64], ends: NDArray[np.int64], nodes: NDArray[np.int32]
) -> NDArray[np.int64]:
    """[edges] the product of the nodes' numbers of strategies."""
    if len(ends) < 2:
        return np.zeros(0, dtype=np.int64)
    return np.multiply.reduceat(counts[nodes], ends[:-1])


def table_positions(
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


def offsets_of(parts: Sequence[Any]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)


def joined(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def identity(size: int) -> NDArray[np.float64]:
    """A table that has two nodes choose alike."""
    return np.where(np.eye(size, dtype=bool), 0.0, np.inf)
