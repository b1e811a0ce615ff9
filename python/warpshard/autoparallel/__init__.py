"""PyTorch autoparallel (meta-pytorch/autoparallel) solved by warpshard.

>>> import warpshard.autoparallel
>>> warpshard.autoparallel.install()      # before AutoParallel(...).optimize_placement()

Its optimiser minimises an integer program whose variables x[node, argument, output, input] say that
a node takes strategy ``output`` and the producer of its argument takes strategy ``input``. What is
free is one strategy per node, so that the program is a :class:`warpshard.Problem`: a node each, and
an edge for each argument. The program itself is read, by the names that autoparallel gives variables
and constraints; nothing else of the optimiser is looked at. A constraint that is not understood
leaves the program to its own solver, with a warning that names it.

Every rank of a distributed job solves for itself, and all must agree: by default work is limited
and not time, so that plans depend on the program alone.
"""

from __future__ import annotations

import functools
import logging
from typing import Any

from warpshard.autoparallel.mapping import Mapping
from warpshard.autoparallel.program import Program, Refusal
from warpshard.bounds import bound
from warpshard.problem import Problem
from warpshard.results import Result
from warpshard.solver import solve

__all__ = ["WORK_LIMIT", "Refusal", "install", "solve_program", "uninstall"]

log = logging.getLogger(__name__)

WORK_LIMIT = 60_000
"""Of each solve, unless :func:`install` is told otherwise: about a minute of one core at most."""


def install(
    *, work_limit: int | None = WORK_LIMIT, time_limit: float | None = None, **options: Any
) -> None:
    """Has autoparallel's optimiser solve its programs with warpshard from now on.

    Parameters
    ----------
    work_limit : int or None, optional
        See :func:`warpshard.solve`. None: time is limited instead, and ranks may disagree.
    time_limit : float, optional
        Seconds of each solve.
    **options
        As for :func:`warpshard.solve`.

    Raises
    ------
    ImportError
        If autoparallel is missing.
    """
    from autoparallel.optimize_sharding import ShardingOptimizer

    options = {**options, "work_limit": work_limit, "time_limit": time_limit}
    original = getattr(ShardingOptimizer._solve, "__wrapped__", ShardingOptimizer._solve)

    @functools.wraps(original)
    def _solve(self: Any, *arguments: Any, **keywords: Any) -> Any:
        with _solving(self.prob, options):
            return original(self, *arguments, **keywords)

    ShardingOptimizer._solve = _solve


def uninstall() -> None:
    """Gives autoparallel's optimiser its own solver back."""
    from autoparallel.optimize_sharding import ShardingOptimizer

    ShardingOptimizer._solve = getattr(
        ShardingOptimizer._solve, "__wrapped__", ShardingOptimizer._solve
    )


class _solving:
    """For as long as it is entered, ``program.solve(solver)`` is ours where we can."""

    def __init__(self, program: Any, options: dict[str, Any]) -> None:
        self._program = program
        self._options = options

    def __enter__(self) -> None:
        self._program.solve = self._solve

    def __exit__(self, *_error: object) -> None:
        del self._program.solve

    def _solve(self, solver: Any = None, **keywords: Any) -> int:
        try:
            return solve_program(self._program, **self._options)
        except Refusal as refusal:
            log.warning("left to autoparallel's own solver: %s", refusal)
            return int(type(self._program).solve(self._program, solver, **keywords))


def solve_program(program: Any, **options: Any) -> int:
    """Solves autoparallel's integer program and sets its variables and status.

    Parameters
    ----------
    program : pulp.LpProblem
        Its objective, constraints and variables, named as autoparallel does.
    **options
        As for :func:`warpshard.solve`.

    Returns
    -------
    int
        ``program.status``, one of PuLP's: 1 for a plan (``program.sol_status`` tells whether it
        is proved optimal), -1 if there is none.

    Raises
    ------
    Refusal
        If a part of the program is not understood, or no answer was found; nothing is set then.
    """
    import pulp

    mapping = Mapping(Program(program))
    problem = mapping.problem()
    result = solve(problem, warm_start=False, **options)
    log.info("%r after %.2f s", result, result.seconds)
    if _none_allowed(problem, result):
        program.assignStatus(pulp.LpStatusInfeasible, pulp.LpSolutionInfeasible)
        return int(program.status)
    if result.strategies is None or result.forbidden:
        raise Refusal(f"no plan was found that breaks none of its constraints ({result!r})")
    mapping.write(result)
    proved = result.status == "optimal"
    program.assignStatus(
        pulp.LpStatusOptimal,
        pulp.LpSolutionOptimal if proved else pulp.LpSolutionIntegerFeasible,
    )
    return int(program.status)


def _none_allowed(problem: Problem, result: Result) -> bool:
    """Whether it is proved that every plan breaks a constraint."""
    if result.status == "infeasible":
        return True
    if not result.forbidden:
        return False
    return result.status == "optimal" or bound(problem).verdict != "open"
