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
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from warpshard.bounds import bound
from warpshard.problem import Problem, ProblemBuilder
from warpshard.solver import Result, solve

log = logging.getLogger(__name__)

WORK_LIMIT = 60_000
"""Of each solve, unless :func:`install` is told otherwise: about a minute of one core at most."""

MEMORY_TOLERANCE = 1e-9
"""Share by which a sum of ratios may exceed its budget: both are rounded sums of doubles."""

_VARIABLE = re.compile(r"s=(\d+),arg=(\d+),output_p=(\d+),input_p=(\d+)$")
_COUNTER = re.compile(r"_\d{3,}$")
_PAIRED = {"grad_param_constraint", "grad_input_constraint", "grad_output_constraint"}


class Refusal(ValueError):
    """A program is not of the form that autoparallel's are; says what is not."""


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
            return type(self._program).solve(self._program, solver, **keywords)


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

    reading = _Reading(program)
    problem = reading.problem()
    result = solve(problem, warm_start=False, **options)
    log.info("%r after %.2f s", result, result.seconds)
    if _none_allowed(problem, result):
        program.assignStatus(pulp.LpStatusInfeasible, pulp.LpSolutionInfeasible)
        return program.status
    if result.strategies is None or result.forbidden:
        raise Refusal(f"no plan was found that breaks none of its constraints ({result!r})")
    reading.write(result)
    proved = result.status == "optimal"
    program.assignStatus(
        pulp.LpStatusOptimal,
        pulp.LpSolutionOptimal if proved else pulp.LpSolutionIntegerFeasible,
    )
    return program.status


def _none_allowed(problem: Problem, result: Result) -> bool:
    """Whether it is proved that every plan breaks a constraint."""
    if result.status == "infeasible":
        return True
    if not result.forbidden:
        return False
    return result.status == "optimal" or bound(problem).verdict != "open"


@dataclass
class _Argument:
    """x[node, argument, output, input] of one node and argument."""

    variables: dict[tuple[int, int], Any] = field(default_factory=dict)  # by (output, input)
    allowed: set[tuple[int, int]] | None = None  # None: all that are there
    producers: list[int] = field(default_factory=list)  # nodes whose strategy the input is
    unique: bool = False  # the program says that exactly one is chosen
    same_outputs: set[int] = field(default_factory=set)  # outputs tied to those of argument 0
    _groups: dict[int, dict[int, set[tuple[int, int]]]] = field(default_factory=dict)

    def group(self, place: int, strategy: int) -> set[tuple[int, int]]:
        """All pairs whose output (place 0) or input (1) is ``strategy``."""
        if place not in self._groups:
            groups = self._groups[place] = defaultdict(set)
            for pair in self.variables:
                groups[pair[place]].add(pair)
        return self._groups[place][strategy]

    def allows(self, pair: tuple[int, int]) -> bool:
        return pair in self.variables and (self.allowed is None or pair in self.allowed)

    def forbid(self, pairs: set[tuple[int, int]]) -> None:
        self.allowed = (set(self.variables) if self.allowed is None else self.allowed) - pairs

    def restrict(self, pairs: set[tuple[int, int]]) -> None:
        self.forbid(set(self.variables) - pairs)


@dataclass(frozen=True)
class _Indicator:
    """A sum of variables that is 1 exactly if a node's (or producer's) strategy is ``strategy``."""

    node: int
    argument: int
    strategy: int


class _Reading:
    """What an integer program says, in nodes and their strategies."""

    def __init__(self, program: Any) -> None:
        self.program = program
        self.keys: dict[str, tuple[int, int, int, int]] = {}
        self.arguments: dict[tuple[int, int], _Argument] = defaultdict(_Argument)
        for variable in program.variables():
            if variable.name == "__dummy":
                continue
            self.keys[variable.name] = key = _key(variable.name)
            self.arguments[key[:2]].variables[key[2:]] = variable
        self.nodes = sorted({node for node, _argument in self.arguments})
        self.index = {node: at for at, node in enumerate(self.nodes)}
        self.strategies = {node: 1 + self._last_output(node) for node in self.nodes}
        self.ties: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        self.ratios: dict[tuple[int, int], float] = {}
        self.budgets: dict[str, float] = {}
        for name, constraint in program.constraints.items():
            self._read(name, constraint)
        self._check()

    def _last_output(self, node: int) -> int:
        if (node, 0) not in self.arguments:
            raise Refusal(f"node {node} has no variables for its argument 0")
        return max(output for output, _input in self.arguments[node, 0].variables)

    # ---- constraints

    def _read(self, name: str, constraint: Any) -> None:
        terms = {self._key_of(v, name): float(c) for v, c in constraint.items() if c}
        family = _COUNTER.sub("", name)
        value = -float(constraint.constant)
        if family in ("memory_constraint_high", "memory_constraint_low"):
            self._read_memory(family, terms, constraint, value)
        elif constraint.sense != 0:
            raise Refusal(f"constraint {name} is an inequality")
        elif not terms:
            if value != 0:
                raise Refusal(f"constraint {name} cannot be fulfilled")
        elif value == 0 and min(terms.values()) < 0 < max(terms.values()):
            self._read_equality(name, family, terms)
        elif len({key[:2] for key in terms}) == 1 and len(set(terms.values())) == 1:
            self._read_choice(name, terms, value)
        else:
            raise Refusal(f"constraint {name} is of no form that is known")

    def _key_of(self, variable: Any, where: str) -> tuple[int, int, int, int]:
        if variable.name not in self.keys:
            raise Refusal(f"constraint {where}: variable {variable.name} is not in the program")
        return self.keys[variable.name]

    def _read_choice(self, name: str, terms: dict[tuple, float], value: float) -> None:
        """A sum over one argument of a node is 0 or 1."""
        (argument,) = {key[:2] for key in terms}
        (coefficient,) = set(terms.values())
        pairs = {key[2:] for key in terms}
        reading = self.arguments[argument]
        if value == 0:
            reading.forbid(pairs)
        elif value == coefficient:
            reading.unique |= pairs == set(reading.variables)
            reading.restrict(pairs)
        else:
            raise Refusal(f"constraint {name}: a sum of choices is {value / coefficient:g}")

    def _read_equality(self, name: str, family: str, terms: dict[tuple, float]) -> None:
        left = {key for key, coefficient in terms.items() if coefficient == 1}
        right = {key for key, coefficient in terms.items() if coefficient == -1}
        if len(left) + len(right) != len(terms):
            raise Refusal(f"constraint {name}: coefficients other than 1 and -1")
        if family == "output_input_consistent":
            producer = self._indicator(name, left, right, 2)
            consumer = self._indicator(name, right, left, 3)
            self._read_flow(name, producer, consumer)
        elif family == "same_across_args":
            first, other = (
                self._indicator(name, left, right, 2),
                self._indicator(name, right, left, 2),
            )
            if (first.node, first.strategy, first.argument) != (other.node, other.strategy, 0):
                first, other = other, first
            if (first.node, first.strategy) != (other.node, other.strategy):
                raise Refusal(f"constraint {name} joins different strategies")
            self.arguments[first.node, first.argument].same_outputs.add(first.strategy)
            self.arguments[other.node, other.argument].same_outputs.add(other.strategy)
        elif family in _PAIRED:
            one, two = self._indicator(name, left, right, 2), self._indicator(name, right, left, 2)
            self.ties[one.node, two.node].append((one.strategy, two.strategy))
        else:
            raise Refusal(f"constraint {name}: equalities of this name are not known")

    def _indicator(self, name: str, keys: set[tuple], others: set[tuple], place: int) -> _Indicator:
        """Reads x[node, argument, strategy, *] (place 2) or x[node, argument, *, strategy] (3)."""
        sides = {(*key[:2], key[place]) for key in keys}
        if len(sides) != 1:
            raise Refusal(f"constraint {name}: a side is not all choices of one strategy")
        ((node, argument, strategy),) = sides
        group = self.arguments[node, argument].group(place - 2, strategy)
        missing = {(node, argument, *pair) for pair in group} - keys
        # A variable on both sides has cancelled out; it is then in neither.
        if missing and not self._cancelled(missing, others):
            raise Refusal(f"constraint {name}: a side is not all choices of one strategy")
        return _Indicator(node, argument, strategy)

    @staticmethod
    def _cancelled(missing: set[tuple], others: set[tuple]) -> bool:
        """Only where both sides speak of one node and argument, and of one variable in common."""
        return len(missing) == 1 and {key[:2] for key in others} == {key[:2] for key in missing}

    def _read_flow(self, name: str, producer: _Indicator, consumer: _Indicator) -> None:
        if producer.argument != 0 or producer.strategy != consumer.strategy:
            raise Refusal(f"constraint {name} joins different strategies")
        producers = self.arguments[consumer.node, consumer.argument].producers
        if producer.node not in producers:
            producers.append(producer.node)

    def _read_memory(self, family: str, terms: dict[tuple, float], constraint: Any, value: float):
        if constraint.sense != (-1 if family.endswith("high") else 1):
            raise Refusal(f"constraint {family}: not the inequality that is known")
        ratios = {}
        for (node, argument, output, input_), ratio in terms.items():
            if argument != 0 or input_ != 0 or ratio < 0:
                raise Refusal(f"constraint {family}: not a sum of parameters' sizes")
            if set(self.arguments[node, 0].variables) != {
                (strategy, 0) for strategy in range(self.strategies[node])
            }:
                raise Refusal(f"constraint {family}: node {node} is no parameter")
            ratios[node, output] = ratio
        if self.budgets and ratios != self.ratios:
            raise Refusal(f"constraint {family}: other sizes than in the one before")
        self.ratios = ratios
        self.budgets[family] = value

    def _check(self) -> None:
        """One strategy per node: every argument chooses once, and the same output as argument 0."""
        for (node, argument), reading in self.arguments.items():
            if not reading.unique:
                raise Refusal(f"node {node}, argument {argument}: no unique_decision constraint")
            outputs = {output for output, _input in reading.variables}
            if argument > 0 and not outputs <= reading.same_outputs:
                raise Refusal(f"node {node}, argument {argument}: no same_across_args constraint")
            for producer in reading.producers:
                if self.strategies[producer] <= max(pair[1] for pair in reading.variables):
                    raise Refusal(f"node {node}, argument {argument}: inputs that nobody produces")

    # ---- the problem

    def problem(self) -> Problem:
        """The same program as nodes and edges; its costs are the objective's coefficients."""
        prices = {v.name: float(c) for v, c in self.program.objective.items()}
        builder = ProblemBuilder("autoparallel")
        own = {node: np.zeros(self.strategies[node]) for node in self.nodes}
        edges: list[tuple[int, int, np.ndarray]] = []
        for (node, argument), reading in sorted(self.arguments.items()):
            table = self._table(node, reading, prices)
            if reading.producers:
                edges.append((reading.producers[0], node, table))
                for producer in reading.producers[1:]:
                    edges.append((reading.producers[0], producer, self._identity(node, argument)))
            else:
                own[node] = own[node] + table.min(axis=0)
        edges += self._tie_edges(own)
        usages, limit = self._memory()
        for node in self.nodes:
            builder.add_node(own[node], usages.get(node), (0, 1))
        for producer, node, table in edges:
            self._add_edge(builder, producer, node, table)
        if limit is not None:
            builder.usage_limit = limit
            self._add_lower_budget(builder, usages)
        return builder.build()

    def _table(self, node: int, reading: _Argument, prices: dict[str, float]) -> np.ndarray:
        """[inputs, outputs] costs, infinite where forbidden or absent."""
        inputs = 1 + max(pair[1] for pair in reading.variables)
        if reading.producers:
            inputs = self.strategies[reading.producers[0]]
        table = np.full((inputs, self.strategies[node]), np.inf)
        for (output, input_), variable in reading.variables.items():
            if reading.allows((output, input_)):
                table[input_, output] = prices.get(variable.name, 0.0)
        return table

    def _identity(self, node: int, argument: int) -> np.ndarray:
        first, *others = self.arguments[node, argument].producers
        sizes = {self.strategies[producer] for producer in (first, *others)}
        if len(sizes) != 1:
            raise Refusal(f"node {node}, argument {argument}: producers of different strategies")
        return _identity(self.strategies[first])

    def _tie_edges(self, own: dict[int, np.ndarray]) -> Iterator[tuple[int, int, np.ndarray]]:
        """Pairs of strategies that are chosen together or not at all."""
        for (a, b), pairs in self.ties.items():
            table = np.zeros((self.strategies[a], self.strategies[b]))
            for of_a, of_b in pairs:
                here = np.arange(self.strategies[a]) == of_a
                there = np.arange(self.strategies[b]) == of_b
                table[here[:, None] != there[None, :]] = np.inf
            if a == b:
                own[a] = own[a] + np.diagonal(table)
            else:
                yield a, b, table

    def _add_edge(
        self, builder: ProblemBuilder, producer: int, node: int, table: np.ndarray
    ) -> None:
        builder.add_edge((self.index[producer], self.index[node]), table)

    # ---- memory

    def _memory(self) -> tuple[dict[int, np.ndarray], int | None]:
        """Usages of parameters at time 0 in units of 2^-k, and the upper budget in these."""
        if not self.budgets:
            return {}, None
        nodes = sorted({node for node, _output in self.ratios})
        largest = sum(
            max(self.ratios.get((node, output), 0.0) for output in range(self.strategies[node]))
            for node in nodes
        )
        self.unit = 2.0 ** (55 - max(1, math.frexp(max(largest, 1.0))[1]))
        usages = {
            node: np.array(
                [
                    round(Fraction(self.ratios.get((node, output), 0.0)) * Fraction(self.unit))
                    for output in range(self.strategies[node])
                ],
                dtype=np.int64,
            )
            for node in nodes
        }
        budget = self.budgets.get("memory_constraint_high", math.inf)
        return usages, self._units(min(budget, 2 * largest + 1) * (1 + MEMORY_TOLERANCE))

    def _units(self, ratio: float) -> int:
        return math.floor(Fraction(ratio) * Fraction(self.unit))

    def _add_lower_budget(self, builder: ProblemBuilder, usages: dict[int, np.ndarray]) -> None:
        """Usage of at least a budget: at a second time, nodes tied to the parameters use what these
        fall short of their largest strategy; a node that is always there evens the limits."""
        least = self.budgets.get("memory_constraint_low", 0.0)
        least_units = self._units(least * (1 - MEMORY_TOLERANCE))
        if least_units <= sum(int(usage.min()) for usage in usages.values()):
            return
        for node, usage in usages.items():
            mirror = builder.add_node(np.zeros(len(usage)), usage.max() - usage, (1, 2))
            builder.add_edge((self.index[node], mirror), _identity(len(usage)))
        slack = sum(int(usage.max()) for usage in usages.values()) - least_units
        limit = builder.usage_limit
        assert limit is not None
        if slack < 0:
            raise Refusal("memory_constraint_low is more than all parameters together")
        builder.usage_limit = max(limit, slack)
        for time, of_time in ((0, limit), (1, slack)):
            if of_time < builder.usage_limit:
                builder.add_node([0.0], [builder.usage_limit - of_time], (time, time + 1))

    # ---- the solution

    def write(self, result: Result) -> None:
        """Sets the program's variables to what a plan without forbidden entries chose."""
        assert result.strategies is not None
        plan = {node: int(result.strategies[at]) for node, at in self.index.items()}
        prices = {v.name: float(c) for v, c in self.program.objective.items()}
        for (node, _argument), reading in self.arguments.items():
            output = plan[node]
            for variable in reading.variables.values():
                variable.varValue = 0.0
            if reading.producers:
                input_ = plan[reading.producers[0]]
            else:
                input_ = min(
                    (i for o, i in reading.variables if o == output and reading.allows((o, i))),
                    key=lambda i: (prices.get(reading.variables[output, i].name, 0.0), i),
                )
            reading.variables[output, input_].varValue = 1.0


def _key(name: str) -> tuple[int, int, int, int]:
    """(node, argument, output, input) of a variable."""
    match = _VARIABLE.search(name)
    if match is None:
        raise Refusal(f"variable {name} is not named as autoparallel names its variables")
    node, argument, output, input_ = map(int, match.groups())
    return node, argument, output, input_


def _identity(size: int) -> np.ndarray:
    return np.where(np.eye(size, dtype=bool), 0.0, np.inf)
