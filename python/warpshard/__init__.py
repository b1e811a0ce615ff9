"""Sharding strategies for ML graphs under a memory limit, with proof.

>>> import warpshard
>>> problem = warpshard.generate(layers=2)
>>> result = warpshard.solve(problem, time_limit=10)
>>> result.status, result.gap <= 0.05
('...', True)

A :class:`Problem` has nodes, each with a choice of strategies, and edges whose cost depends on what
their nodes chose; :func:`solve` picks one strategy per node so that all costs add up to as little as
possible while the memory in use never exceeds the limit.

Hosts have adapters: :mod:`warpshard.autoparallel` (PyTorch autoparallel) and :mod:`warpshard.alpa`
(Alpa and ColossalAI). A :class:`Store` keeps plans; :mod:`warpshard.ray` fills one on a Ray cluster.
:mod:`warpshard.plot` draws results with matplotlib.
"""

from importlib.metadata import version as _version

from warpshard.batch import solve_batch
from warpshard.bounds import (
    BoundProgress,
    BoundResult,
    ReductionInfo,
    ReductionStep,
    bound,
    reduce_info,
)
from warpshard.builder import ProblemBuilder
from warpshard.doubles import FORBIDDEN
from warpshard.evaluation import Evaluation, evaluate
from warpshard.generator import generate
from warpshard.problem import Problem
from warpshard.results import Incumbent, Progress, Result, TracePoint, WorkerAccount
from warpshard.solver import DeviceError, Interrupted, SolverError, parameters, solve
from warpshard.store import Store, StoreWarning

__version__ = _version("warpshard")

__all__ = [
    "FORBIDDEN",
    "BoundProgress",
    "BoundResult",
    "DeviceError",
    "Evaluation",
    "Incumbent",
    "Interrupted",
    "Problem",
    "ProblemBuilder",
    "Progress",
    "ReductionInfo",
    "ReductionStep",
    "Result",
    "SolverError",
    "Store",
    "StoreWarning",
    "TracePoint",
    "WorkerAccount",
    "bound",
    "evaluate",
    "generate",
    "parameters",
    "reduce_info",
    "solve",
    "solve_batch",
]
