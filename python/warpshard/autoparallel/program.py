"""autoparallel's integer program, read by the names of its variables and constraints."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

Key = tuple[int, int, int, int]
"""(node, argument, output, input) of a variable."""

_VARIABLE = re.compile(r"s=(\d+),arg=(\d+),output_p=(\d+),input_p=(\d+)$")
_COUNTER = re.compile(r"_\d{3,}$")
_PAIRED = {"grad_param_constraint", "grad_input_constraint", "grad_output_constraint"}


class Refusal(ValueError):
    """A program is not of the form that autoparallel's are; says what is not."""


@dataclass
class Argument:
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


class Program:
    """What an integer program says, in nodes and their strategies.

    Attributes
    ----------
    nodes : list of int
        Roots of clusters, as autoparallel numbers them.
    index : dict
        Node -> its place in ``nodes``.
    strategies : dict
        Node -> how many it has.
    arguments : dict
        (node, argument) -> :class:`Argument`.
    prices : dict
        Variable's name -> coefficient in the objective.
    ties : dict
        (node, node) -> pairs of strategies that are chosen together or not at all.
    ratios : dict
        (node, strategy) -> share of memory, of parameters.
    budgets : dict
        "memory_constraint_high", "memory_constraint_low" -> what the ratios may add up to.
    """

    def __init__(self, program: Any) -> None:
        self.prices = {v.name: float(c) for v, c in program.objective.items()}
        self.keys: dict[str, Key] = {}
        self.arguments: dict[tuple[int, int], Argument] = defaultdict(Argument)
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

    def _key_of(self, variable: Any, where: str) -> Key:
        if variable.name not in self.keys:
            raise Refusal(f"constraint {where}: variable {variable.name} is not in the program")
        return self.keys[variable.name]

    def _read_choice(self, name: str, terms: dict[Key, float], value: float) -> None:
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

    def _read_equality(self, name: str, family: str, terms: dict[Key, float]) -> None:
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

    def _indicator(self, name: str, keys: set[Key], others: set[Key], place: int) -> _Indicator:
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
    def _cancelled(missing: set[Key], others: set[Key]) -> bool:
        """Only where both sides speak of one node and argument, and of one variable in common."""
        return len(missing) == 1 and {key[:2] for key in others} == {key[:2] for key in missing}

    def _read_flow(self, name: str, producer: _Indicator, consumer: _Indicator) -> None:
        if producer.argument != 0 or producer.strategy != consumer.strategy:
            raise Refusal(f"constraint {name} joins different strategies")
        producers = self.arguments[consumer.node, consumer.argument].producers
        if producer.node not in producers:
            producers.append(producer.node)

    def _read_memory(
        self, family: str, terms: dict[Key, float], constraint: Any, value: float
    ) -> None:
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


def _key(name: str) -> Key:
    """(node, argument, output, input) of a variable."""
    match = _VARIABLE.search(name)
    if match is None:
        raise Refusal(f"variable {name} is not named as autoparallel names its variables")
    node, argument, output, input_ = map(int, match.groups())
    return node, argument, output, input_
