"""autoparallel's program as a problem, and a plan as its variables."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from warpshard.arrays import identity
from warpshard.autoparallel.memory import Memory
from warpshard.autoparallel.program import Argument, Program, Refusal
from warpshard.builder import ProblemBuilder
from warpshard.problem import Problem
from warpshard.results import Result


class Mapping:
    """One node per node of the program, and an edge for each argument that has a producer."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def problem(self) -> Problem:
        """The same program as nodes and edges; its costs are the objective's coefficients."""
        own = {node: np.zeros(self.program.strategies[node]) for node in self.program.nodes}
        edges: list[tuple[int, int, np.ndarray]] = []
        for (node, argument), reading in sorted(self.program.arguments.items()):
            table = self._table(node, reading)
            if reading.producers:
                edges.append((reading.producers[0], node, table))
                for producer in reading.producers[1:]:
                    edges.append((reading.producers[0], producer, self._identity(node, argument)))
            else:
                own[node] = own[node] + table.min(axis=0)
        edges += self._tie_edges(own)
        memory = Memory(self.program)
        builder = ProblemBuilder("autoparallel")
        for node in self.program.nodes:
            builder.add_node(own[node], memory.usages.get(node), (0, 1))
        for producer, node, table in edges:
            builder.add_edge((self.program.index[producer], self.program.index[node]), table)
        memory.add_limits(builder, self.program.index)
        return builder.build()

    def _table(self, node: int, reading: Argument) -> np.ndarray:
        """[inputs, outputs] costs, infinite where forbidden or absent."""
        inputs = 1 + max(pair[1] for pair in reading.variables)
        if reading.producers:
            inputs = self.program.strategies[reading.producers[0]]
        table = np.full((inputs, self.program.strategies[node]), np.inf)
        for (output, input_), variable in reading.variables.items():
            if reading.allows((output, input_)):
                table[input_, output] = self.program.prices.get(variable.name, 0.0)
        return table

    def _identity(self, node: int, argument: int) -> np.ndarray:
        first, *others = self.program.arguments[node, argument].producers
        sizes = {self.program.strategies[producer] for producer in (first, *others)}
        if len(sizes) != 1:
            raise Refusal(f"node {node}, argument {argument}: producers of different strategies")
        return identity(self.program.strategies[first])

    def _tie_edges(self, own: dict[int, np.ndarray]) -> Iterator[tuple[int, int, np.ndarray]]:
        """Pairs of strategies that are chosen together or not at all."""
        for (a, b), pairs in self.program.ties.items():
            table = np.zeros((self.program.strategies[a], self.program.strategies[b]))
            for of_a, of_b in pairs:
                here = np.arange(self.program.strategies[a]) == of_a
                there = np.arange(self.program.strategies[b]) == of_b
                table[here[:, None] != there[None, :]] = np.inf
            if a == b:
                own[a] = own[a] + np.diagonal(table)
            else:
                yield a, b, table

    def write(self, result: Result) -> None:
        """Sets the program's variables to what a plan without forbidden entries chose."""
        assert result.strategies is not None
        prices = self.program.prices
        plan = {node: int(result.strategies[at]) for node, at in self.program.index.items()}
        for (node, _argument), reading in self.program.arguments.items():
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
