"""The search for a plan."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any

from numpy.typing import ArrayLike

from warpshard import _core
from warpshard.arrays import require_callable
from warpshard.problem import Problem, require_problem
from warpshard.reading import incumbent_of, progress_of, result_of
from warpshard.request import Request
from warpshard.results import Incumbent, Progress, Result
from warpshard.store import Store, open_store, warn_of


class SolverError(ValueError):
    """The problem cannot be solved as asked: numbers that do not fit, memory that is not there."""


class DeviceError(RuntimeError):
    """The device asked for is absent."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C ended a solve; ``result`` is what it had found.

    Attributes
    ----------
    result : Result
    """

    def __init__(self, result: Result) -> None:
        super().__init__(result)
        self.result = result

    def __str__(self) -> str:
        return "interrupted; the result so far is in this exception's .result"


def solve(
    problem: Problem,
    time_limit: float | None = None,
    *,
    gap: float = 0.0,
    target: float | None = None,
    seed: int = 1,
    threads: int = 0,
    device: str = "auto",
    work_limit: int | None = None,
    memory_limit: int = 0,
    warm_start: bool | ArrayLike | Result = True,
    hint: ArrayLike | None = None,
    params: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    on_incumbent: Callable[[Incumbent], Any] | None = None,
    on_progress: Callable[[Progress], Any] | None = None,
    should_stop: Callable[[], bool] | None = None,
    interrupt: str = "raise",
    store: Store | str | os.PathLike[str] | None = None,
    checkpoint: bytes | None = None,
    on_checkpoint: Callable[[bytes], Any] | None = None,
    checkpoint_seconds: float = 60.0,
) -> Result:
    """Searches for the cheapest plan within the limit, and proves how good it is.

    The GIL is released meanwhile, and several solves may run in one process. Callbacks run in the
    thread that called, one at a time, and hold the GIL only then; they never hold up the search. An
    exception in one ends the search and comes out of this function.

    Parameters
    ----------
    problem : Problem
    time_limit : float, optional
        Seconds; default: 60, or as long as it takes where ``work_limit`` is given.
    gap : float, optional
        Stops once (cost - bound) / abs(bound) is at most this; 0.01 is 1%.
    target : number, optional
        Stops at a plan without forbidden entries that costs no more.
    seed : int, optional
        Of all random decisions.
    threads : int, optional
        0: one per core that this process may use.
    device : str, optional
        "auto" (a GPU if there is one), "cpu", "cuda" or "cuda:N".
    work_limit : int, optional
        Millions of units of work, each about a nanosecond of one core, counted and not measured:
        the result then depends on problem, seed and device alone, whatever the threads and the
        machine, as long as the time limit is not what ends it.
    memory_limit : int, optional
        Bytes that the process may have; 0: no limit. Fewer threads run where they are scarce.
    warm_start : bool, int [nodes] or Result, optional
        Where to start. True: from what the problem remembers of its last solve; False: from nothing.
        A plan that is not within the limit is left aside.
    hint : int [nodes], optional
        A part of a plan to begin with; -1 for nodes that are left to the solver, which may leave it.
    params : mapping, JSON text or path of a JSON file, optional
        Parameters of the search's parts, such as ``{"dive": {"growth": 2}}``; what is not named
        keeps its default. :func:`parameters` tells all.
    on_incumbent : callable, optional
        Called with an :class:`Incumbent` for every better plan.
    on_progress : callable, optional
        Called with a :class:`Progress` when there is news.
    should_stop : callable, optional
        Asked about twenty times a second; true ends the search, and the result so far is returned.
    interrupt : {"raise", "return"}, optional
        What Ctrl-C does in the main thread: raise :class:`Interrupted`, a KeyboardInterrupt that
        carries the result so far, or return that.
    store : Store, path or "DIR:DIR:...", optional
        Asked first, and told what was found: see :class:`warpshard.Store`. What it settles is returned
        at once, with source "store". Trouble with it is a :class:`warpshard.StoreWarning`.
    checkpoint : bytes, optional
        What ``on_checkpoint`` got in a solve of the same problem with the same arguments: goes on
        from there, and ends where the unbroken solve would. Only from a source to be trusted.
    on_checkpoint : callable, optional
        With a ``work_limit``: called with bytes to go on from, and once more at the end.
        With this or ``checkpoint``, ``warm_start=True`` means False.
    checkpoint_seconds : float, optional
        Between two checkpoints, at least.

    Returns
    -------
    Result

    Raises
    ------
    SolverError
        If the problem cannot be solved as asked, or a checkpoint is of another solve; a ValueError.
    ValueError, TypeError
        If an argument is out of range, or of the wrong kind.
    DeviceError
        If the device is absent.
    Interrupted
    """
    require_problem(problem)
    require_callable(
        on_incumbent=on_incumbent,
        on_progress=on_progress,
        should_stop=should_stop,
        on_checkpoint=on_checkpoint,
    )
    if not isinstance(checkpoint, bytes | None):
        raise TypeError(f"checkpoint: expected bytes, not {type(checkpoint).__name__}")
    if interrupt not in ("raise", "return"):
        raise ValueError(f"interrupt: {interrupt!r} is neither 'raise' nor 'return'")
    request = Request(
        time_limit, gap, target, seed, threads, device, work_limit, memory_limit, warm_start, hint,
        params, checkpoint_seconds, checkpoint is not None or on_checkpoint is not None,
    )  # fmt: skip
    options = request.options(problem)
    kept = problem._kept
    known_bound, version = kept.bound, kept.version
    opened = None if store is None else open_store(store)
    found, trace, faults, raised = _core.solve(
        problem._core,
        options,
        _reading(problem, progress_of, on_progress),
        _reading(problem, incumbent_of, on_incumbent),
        should_stop,
        None if opened is None else opened._core,
        checkpoint,
        on_checkpoint,
    )
    warn_of(faults)
    if found.status == "error":
        raise SolverError(found.message)
    if found.status == "no_device":
        raise DeviceError(found.message)
    unchanged = version == kept.version
    result = result_of(problem, found, trace, gap, known_bound if unchanged else None)
    if unchanged:
        kept.keep(found)
    if raised is None or (isinstance(raised, KeyboardInterrupt) and interrupt == "return"):
        return result
    if isinstance(raised, KeyboardInterrupt):
        raise Interrupted(result) from raised
    assert isinstance(raised, BaseException)
    raise raised


def _reading(
    problem: Problem, read: Callable[..., Any], callback: Callable[[Any], Any] | None
) -> Callable[..., Any] | None:
    """Has a callback called with what the library tells, in the problem's own costs."""
    if callback is None:
        return None
    return lambda *news: callback(read(problem, *news))


def parameters() -> dict[str, dict[str, Any]]:
    """The defaults of all parameters of the search, as ``solve(params=...)`` takes them."""
    return dict(json.loads(_core.SolverOptions().parameters))
