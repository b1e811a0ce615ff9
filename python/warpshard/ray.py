"""The tuner on a Ray cluster.

>>> from warpshard.ray import tune                                          # doctest: +SKIP
>>> tune("/shared/plans", ["/shared/instances"], seconds=8 * 3600, gap=0.001)   # doctest: +SKIP

Same as ``warpshard tune``, with Ray placing the work: each slice of an instance is a Ray task, and
which instance's turn it is is decided when there is room for one. The store and the instances have
to be in folders that all nodes see, and this package has to be installed on all of them.

A slice whose node or process is lost is given out again, and goes on from what it had stored: at
most ``save_every`` seconds of one slice are done twice. Nodes may come and go at any time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from warpshard import _core
from warpshard.store import Store, open_store, warn_of

try:
    import ray
except ImportError as error:
    raise ImportError("warpshard.ray needs Ray: pip install 'warpshard[ray]'") from error

_TICK = 0.5
"""Seconds between looks at the cluster."""
_GRACE = 10.0
"""Seconds that slices may run over the time; those that still wait for a place then are dropped."""


@dataclass(frozen=True)
class Tuned:
    """How far an instance has come.

    Attributes
    ----------
    file, name, key : str
        ``key`` is the one the store has it under.
    cost, bound : int or None
        Of the best plan, forbidden entries left out, and proved.
    forbidden : int or None
        Forbidden entries in the plan.
    gap : float or None
    infeasible, settled : bool
        Proved to have no plan; nothing is left to do.
    slices : int
        Of this run.
    seconds : float
        Spent on it by all runs over the store.
    error : str
        Why it was skipped; empty: it was not.
    """

    file: str
    name: str
    key: str
    cost: int | None
    bound: int | None
    forbidden: int | None
    gap: float | None
    infeasible: bool
    settled: bool
    slices: int
    seconds: float
    error: str


def tune(
    store: Store | str | os.PathLike[str],
    paths: Iterable[str | os.PathLike[str]],
    *,
    seconds: float = 0.0,
    gap: float = 0.0,
    gpus: float = 0.0,
    weights: Mapping[str, float] | None = None,
    device: str = "auto",
    seed: int = 1,
    first_slice: float = 2.0,
    longest_slice: float = 1800.0,
    save_every: float = 60.0,
    work_limit: int = 0,
    slices: int = 1,
    leases: bool = True,
    on_slice: Callable[[Tuned], None] | None = None,
) -> list[Tuned]:
    """Gives the cluster's time to instances, slice by slice, where it is expected to gain most.

    Connects to a cluster, or starts one on this machine, if the process is not connected.

    Parameters
    ----------
    store : Store, path or "DIR:DIR:..."
    paths : iterable of paths
        Instances, and folders with instances.
    seconds : float, optional
        Wall clock; 0: until all is settled.
    gap : float, optional
        An instance is settled at this distance from its bound.
    gpus : float, optional
        Of each slice; a fraction shares one. Each sees those that Ray gives it.
    weights : mapping, optional
        What closing the gap of a file counts, by file name; 1 for others.
    device : str, optional
        Of each slice, as for :func:`warpshard.solve`.
    seed : int, optional
        Of the first slice of each instance.
    first_slice, longest_slice : float, optional
        Seconds.
    save_every : float, optional
        Seconds between records in the course of a slice.
    work_limit, slices : int, optional
        For reproducible runs: so many slices of each instance, each of so many million units of
        work. The plans then depend on seed and work alone, not on nodes, losses or time.
    leases : bool, optional
        Tell other tuners over the store what is worked on.
    on_slice : callable, optional
        Called with a :class:`Tuned` after each slice.

    Returns
    -------
    list of Tuned
        In the order in which they were first taken up. Ctrl-C ends slices as soon as they have
        stored what they have, and is then raised.

    Raises
    ------
    ValueError
        If an instance is not there or a number makes no sense.
    """
    opened = open_store(store)
    options = _core.TunerOptions()
    options.seconds = seconds
    options.gap = gap
    options.device = device
    options.seed = seed
    options.first_slice = first_slice
    options.longest_slice = longest_slice
    options.save_every = save_every
    options.work_limit = work_limit
    options.slices = slices
    layers = [os.path.abspath(layer) if layer else "" for layer in opened.layers.split(":")]
    if not layers[0]:
        raise ValueError(f"store: no layer of {opened.layers!r} is for writing")
    roster = _core.roster(
        [os.path.abspath(path) for path in paths],
        [f"{name}={weight}" for name, weight in (weights or {}).items()],
        options,
        os.path.join(layers[0], "leases") if leases else "",
    )
    if not ray.is_initialized():
        ray.init()
    run = _Run(":".join(layers), roster, gpus, on_slice)
    try:
        run.loop()
    except BaseException:
        run.cancel()
        raise
    return [_tuned(instance) for instance in roster.instances]


def _tuned(instance: _core.TunedInstance) -> Tuned:
    cost, bound = instance.cost, instance.bound
    return Tuned(
        file=instance.file,
        name=instance.name,
        key=instance.key,
        cost=None if cost is None else cost.finite,
        bound=None if bound is None or bound.forbidden else bound.finite,
        forbidden=None if cost is None else cost.forbidden,
        gap=instance.gap,
        infeasible=instance.infeasible,
        settled=instance.settled,
        slices=instance.slices,
        seconds=instance.seconds,
        error=instance.error,
    )


# Retries are left to the tuner: by then another instance's turn may have come. A slice that is
# cancelled stores what it has and returns it.
@ray.remote(max_retries=0)  # type: ignore[untyped-decorator, unused-ignore]
def _slice(store: str, task: _core.SliceTask) -> _core.SliceResult:
    result, raised = _core.run_slice(store, task)
    if isinstance(raised, BaseException) and not isinstance(raised, KeyboardInterrupt):
        raise raised
    return result


class _Run:
    """The loop that gives out slices, and takes in what became of them."""

    def __init__(
        self,
        store: str,
        roster: _core.Roster,
        gpus: float,
        on_slice: Callable[[Tuned], None] | None,
    ) -> None:
        self._store = store
        self._roster = roster
        self._gpus = gpus
        self._on_slice = on_slice
        self._running: dict[ray.ObjectRef, tuple[int, int]] = {}
        """Instance and threads."""

    def loop(self) -> None:
        ended = None
        while True:
            if ended is None and self._roster.time_is_up():
                ended = time.monotonic()
            waiting = ended is None and self._start_all()
            if ended is not None and time.monotonic() > ended + _GRACE:
                self.cancel()
            if self._running:
                self._collect(_TICK)
            elif waiting:
                time.sleep(_TICK)  # until a node is there
            else:
                return
            self._roster.beat()

    def cancel(self) -> None:
        """Has slices end and store what they have."""
        if self._running:
            for reference in self._running:
                ray.cancel(reference)
            ray.wait(list(self._running), num_returns=len(self._running), timeout=_GRACE)

    def _start_all(self) -> bool:
        """Starts what there is room for; true if more is to be done than that."""
        nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
        threads = int(sum(node.get("CPU", 0) for node in nodes))
        widest = int(max((node.get("CPU", 0) for node in nodes), default=0))
        gpus = sum(node.get("GPU", 0) for node in nodes)
        while (index := self._roster.next()) is not None:
            free = threads - sum(width for _, width in self._running.values())
            if free < 1 or gpus < self._gpus * (len(self._running) + 1):
                return True
            self._start(index, min(self._roster.width_of(index, threads), free, widest))
        return False

    def _start(self, index: int, width: int) -> None:
        task = self._roster.begin(index, width)
        if task is None:
            return  # another process took it in this moment
        placed = _slice.options(num_cpus=width, num_gpus=self._gpus)
        self._running[placed.remote(self._store, task)] = (index, width)

    def _collect(self, timeout: float) -> None:
        done, _ = ray.wait(list(self._running), timeout=timeout)
        for reference in done:
            index, _ = self._running.pop(reference)
            self._take_in(index, reference)
            if self._on_slice is not None:
                self._on_slice(_tuned(self._roster.instances[index]))

    def _take_in(self, index: int, reference: ray.ObjectRef) -> None:
        try:
            result = ray.get(reference)
        except ray.exceptions.RayTaskError as error:
            self._roster.end(index, _core.SliceResult(str(error.cause)))
        except ray.exceptions.RayError as error:
            self._roster.lose(index, str(error).splitlines()[0])
        else:
            warn_of(result.faults)
            self._roster.end(index, result)
