"""Integer programs with autoparallel's names, solved by the adapter and by CBC."""

import logging

import numpy as np
import pytest

pulp = pytest.importorskip("pulp", reason="PuLP is not installed")
pytestmark = pytest.mark.filterwarnings("ignore:.*:DeprecationWarning", "ignore:Overwriting")

from warpshard import autoparallel


class Program:
    """An integer program as autoparallel's optimiser builds it, of random costs."""

    def __init__(self, rng, counts, flows):
        """``counts`` [nodes] strategies; ``flows`` [(producer, node, argument)]."""
        self.prob = pulp.LpProblem("AutoParallel", pulp.LpMinimize)
        self.rng, self.counts, self.names = rng, counts, {}
        self.producer = {(node, argument): producer for producer, node, argument in flows}
        arguments = {(node, 0) for node in range(len(counts))} | set(self.producer)
        self.x = {
            (node, argument, output, input_): pulp.LpVariable(
                f"n=node_{node},s={node},arg={argument},output_p={output},input_p={input_}",
                cat=pulp.LpBinary,
            )
            for node, argument in sorted(arguments)
            for output in range(counts[node])
            for input_ in range(self.inputs(node, argument))
        }
        self.cost = {key: float(rng.uniform(0, 10)) for key in self.x}
        for node, argument in sorted(arguments):
            self.add(self.choices(node, argument) == 1, "unique_decision")
            if argument > 0:
                for output in range(counts[node]):
                    self.add(
                        self.output(node, 0, output) == self.output(node, argument, output),
                        "same_across_args",
                    )
        for producer, node, argument in flows:
            self.flow(producer, node, argument)
        self.prob += pulp.lpSum(self.cost[key] * self.x[key] for key in self.x)

    def inputs(self, node, argument):
        return (
            self.counts[self.producer[node, argument]] if (node, argument) in self.producer else 1
        )

    def choices(self, node, argument):
        return pulp.lpSum(v for key, v in self.x.items() if key[:2] == (node, argument))

    def output(self, node, argument, output):
        return pulp.lpSum(v for key, v in self.x.items() if key[:3] == (node, argument, output))

    def input(self, node, argument, input_):
        return pulp.lpSum(
            v for key, v in self.x.items() if (*key[:2], key[3]) == (node, argument, input_)
        )

    def flow(self, producer, node, argument):
        for strategy in range(self.counts[producer]):
            self.add(
                self.output(producer, 0, strategy) == self.input(node, argument, strategy),
                "output_input_consistent",
            )

    def add(self, constraint, name):
        number = self.names[name] = self.names.get(name, -1) + 1
        self.prob += (constraint, f"{name}_{number:03}")
        return f"{name}_{number:03}"

    def forbid(self, share):
        for variable in self.x.values():
            if self.rng.random() < share:
                self.add(variable == 0, "inf_cases")

    def limit_memory(self, low, high):
        sizes = self.rng.uniform(0.1, 1, size=(len(self.counts), max(self.counts)))
        terms = [
            float(sizes[node, output]) * self.x[node, 0, output, 0]
            for node in range(len(self.counts))
            if (node, 0) not in self.producer
            for output in range(self.counts[node])
        ]
        self.prob += (pulp.lpSum(terms) <= high, "memory_constraint_high")
        self.prob += (pulp.lpSum(terms) >= low, "memory_constraint_low")

    def violated(self):
        return [name for name, c in self.prob.constraints.items() if not c.valid(1e-6)]


def random_program(rng):
    """Some parameters without producer, and nodes that read one or two of those before them."""
    counts = rng.integers(1, 5, int(rng.integers(4, 9))).tolist()
    flows = []
    for node in range(2, len(counts)):
        for argument in range(int(rng.integers(0, 3))):
            flows.append((int(rng.integers(node)), node, argument))
    return Program(rng, counts, flows)


def objective_by_cbc(prob):
    prob.solve(pulp.PULP_CBC_CMD(msg=False))
    return prob.status, pulp.value(prob.objective)


def assert_same_as_cbc(program):
    status = autoparallel.solve_program(program.prob, work_limit=50, threads=1)
    ours = pulp.value(program.prob.objective) if status == 1 else None
    if status == 1:
        assert program.violated() == []
        assert all(v.varValue in (0, 1) for v in program.x.values())
    expected_status, expected = objective_by_cbc(program.prob)
    assert status == expected_status
    if status == 1:
        assert ours == pytest.approx(expected, rel=1e-6)
    return status


def test_programs_of_all_kinds_of_constraints_agree_with_cbc():
    rng = np.random.default_rng(4)
    solved = 0
    for round_ in range(30):
        program = random_program(rng)
        if round_ % 3 == 0:
            program.forbid(0.15)
        if round_ % 3 == 1:
            free = [n for n in range(len(program.counts)) if (n, 0) not in program.producer]
            program.limit_memory(0.3 * len(free), 0.6 * len(free))
        if round_ % 2:
            node = int(rng.integers(len(program.counts)))
            program.add(program.output(node, 0, 0) == 1, "user_constraint")
        if round_ % 5 == 0:
            a, b = rng.choice(len(program.counts), 2, replace=False).tolist()
            program.add(
                program.output(b, 0, 0) == program.output(a, 0, program.counts[a] - 1),
                "grad_param_constraint",
            )
            program.add(
                program.output(a, 0, 0) == 0
                if program.counts[a] > 1
                else program.output(a, 0, 0) == 1,
                "grad_param_constraint_disable",
            )
        solved += assert_same_as_cbc(program) == 1
    assert solved > 15


def test_an_argument_of_several_producers_ties_them():
    rng = np.random.default_rng(5)
    program = Program(rng, [3, 3, 2], [(0, 2, 0)])
    program.flow(1, 2, 0)
    assert assert_same_as_cbc(program) == 1


def test_a_node_may_read_itself():
    rng = np.random.default_rng(6)
    program = Program(rng, [3, 3], [(1, 1, 0)])
    assert assert_same_as_cbc(program) == 1


def test_contradictions_are_infeasible():
    rng = np.random.default_rng(7)
    program = Program(rng, [2, 2], [(0, 1, 0)])
    program.add(program.output(0, 0, 0) == 1, "user_constraint")
    program.add(program.output(0, 0, 1) == 1, "user_constraint")
    assert assert_same_as_cbc(program) == -1


def test_added_and_removed_constraints_are_seen():
    rng = np.random.default_rng(8)
    program = Program(rng, [3, 4, 3], [(0, 1, 0), (1, 2, 0)])
    autoparallel.solve_program(program.prob, work_limit=50)
    before = pulp.value(program.prob.objective)
    chosen = next(o for o in range(4) if program.output(1, 0, o).value() == 1)
    name = program.add(program.output(1, 0, (chosen + 1) % 4) == 1, "input_constraint")
    assert assert_same_as_cbc(program) == 1
    assert pulp.value(program.prob.objective) >= before
    del program.prob.constraints[name]
    autoparallel.solve_program(program.prob, work_limit=50)
    assert pulp.value(program.prob.objective) == pytest.approx(before)


@pytest.mark.parametrize(
    ("constraint", "name", "message"),
    [
        (
            lambda p: p.output(0, 0, 0) == p.output(1, 0, 0),
            "novel",
            "novel_000: equalities of this",
        ),
        (lambda p: p.output(0, 0, 0) <= 1, "novel", "novel_000 is an inequality"),
        (lambda p: p.output(0, 0, 0) + p.output(1, 0, 0) == 1, "novel", "of no form that is known"),
        (lambda p: p.choices(0, 0) == 2, "novel", "a sum of choices is 2"),
        (lambda p: p.x[0, 0, 0, 0] == p.output(1, 0, 0), "output_input_consistent", "not all choi"),
    ],
)
def test_unknown_constraints_are_refused_by_name(constraint, name, message):
    program = Program(np.random.default_rng(9), [2, 2], [(0, 1, 0)])
    program.add(constraint(program), name)
    with pytest.raises(autoparallel.Refusal, match=message):
        autoparallel.solve_program(program.prob)


def test_unknown_variables_are_refused():
    program = Program(np.random.default_rng(9), [2, 2], [(0, 1, 0)])
    program.prob += program.prob.objective + pulp.LpVariable("slack", 0, 1)
    with pytest.raises(autoparallel.Refusal, match="variable slack is not named"):
        autoparallel.solve_program(program.prob)


def test_its_own_solver_takes_what_is_refused(caplog):
    program = Program(np.random.default_rng(9), [2, 2], [(0, 1, 0)])
    program.add(program.output(0, 0, 0) <= 1, "novel")
    with caplog.at_level(logging.WARNING), autoparallel._solving(program.prob, {}):
        assert program.prob.solve(pulp.PULP_CBC_CMD(msg=False)) == 1
    assert "left to autoparallel's own solver: constraint novel_000" in caplog.text
    assert program.violated() == []
