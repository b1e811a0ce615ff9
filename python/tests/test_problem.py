import copy
import json
import os
import pickle

import numpy as np
import pytest
import warpshard
from oracle import draw_integer, random_instance
from warpshard import FORBIDDEN, Problem, ProblemBuilder

EXAMPLE = {
    "problem": {
        "name": "example",
        "nodes": {
            "intervals": [[0, 10], [5, 20]],
            "costs": [[15, 20], [55, 65]],
            "usages": [[10, 4], [25, 12]],
        },
        "edges": {"nodes": [[0, 1]], "costs": [[30, 40, 0, FORBIDDEN]]},
        "usage_limit": 30,
    }
}


def example_arrays(**changes):
    arrays = {
        "strategy_offsets": [0, 2, 4],
        "costs": [15, 20, 55, 65],
        "usages": [10, 4, 25, 12],
        "intervals": [[0, 10], [5, 20]],
        "edge_nodes": [[0, 1]],
        "edge_costs": [30, 40, 0, FORBIDDEN],
        "usage_limit": 30,
        **changes,
    }
    return Problem.from_arrays(**arrays)


def same(a: Problem, b: Problem) -> bool:
    return json.loads(a.to_json())["problem"]["nodes"] == json.loads(b.to_json())["problem"][
        "nodes"
    ] and (
        json.loads(a.to_json())["problem"]["edges"] == json.loads(b.to_json())["problem"]["edges"]
    )


def test_arrays_builder_and_json_make_the_same_problem(tmp_path):
    builder = ProblemBuilder("example", 30)
    a = builder.add_node([15, 20], [10, 4], (0, 10))
    b = builder.add_node([55, 65], [25, 12], (5, 20))
    assert builder.add_edge((a, b), [[30, 40], [0, FORBIDDEN]]) == 0
    problems = [example_arrays(), builder.build(), Problem.from_json(EXAMPLE)]
    problems.append(Problem.from_json(json.dumps(EXAMPLE)))
    problems[0].save(tmp_path / "example.json.gz")
    problems.append(Problem.load(tmp_path / "example.json.gz"))
    for problem in problems:
        assert same(problem, problems[0])
        evaluation = warpshard.evaluate(problem, [1, 0])
        assert (evaluation.cost, evaluation.forbidden, evaluation.peak_usage) == (75, 0, 29)
        assert evaluation.within_limit


def test_a_forbidden_entry_is_counted_apart():
    evaluation = warpshard.evaluate(example_arrays(), [1, 1])
    assert (evaluation.cost, evaluation.forbidden) == (85, 1)


def test_arrays_of_a_problem_read_back():
    problem = example_arrays()
    assert problem.num_strategies.tolist() == [2, 2]
    assert problem.intervals.tolist() == [[0, 10], [5, 20]]
    assert problem.node_costs(1).tolist() == [55, 65]
    assert problem.edge_costs(0).tolist() == [30, 40, 0, FORBIDDEN]
    assert problem.edge_nodes.tolist() == [0, 1]
    with pytest.raises(ValueError):
        problem.usages[0] = 1


def test_shared_tables_equal_repeated_ones():
    nodes = {"strategy_offsets": [0, 2, 4, 6], "costs": [1, 2, 3, 4, 5, 6]}
    edges = [[0, 1], [1, 2], [2, 0]]
    table, other = [1, 2, 3, 4], [5, 6, 7, 8]
    repeated = Problem.from_arrays(**nodes, edge_nodes=edges, edge_costs=table + other + table)
    shared = Problem.from_arrays(
        **nodes,
        edge_nodes=edges,
        edge_costs=table + other,
        table_offsets=[0, 4, 8],
        edge_tables=[0, 1, 0],
    )
    assert same(repeated, shared)


def test_an_edge_may_have_other_than_two_nodes():
    problem = Problem.from_arrays(
        [0, 2, 3], [1, 2, 3], edge_nodes=[0, 1, 0], edge_offsets=[0, 1, 3], edge_costs=[7, 9, 5, 6]
    )
    assert warpshard.evaluate(problem, [1, 0]).cost == 2 + 3 + 9 + 6


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"strategy_offsets": [0, 2, 3]}, "strategy_offsets: ends with 3, expected 4"),
        ({"strategy_offsets": [0, 2, 2, 4]}, "strategy_offsets: part 1 is empty"),
        ({"strategy_offsets": [1, 4]}, "strategy_offsets: expected to begin with 0"),
        ({"usages": [1, 2, 3]}, "usages: expected as many as costs"),
        ({"usages": [1, 2, 3, -4]}, "-4 is below zero"),
        ({"intervals": [[0, 1]]}, "intervals: expected one per node"),
        ({"edge_nodes": [[0, 2]]}, "node 2 is not in [0, 2)"),
        ({"edge_costs": [1, 2, 3]}, "table_offsets: ends with 4, expected 3"),
        ({"costs": [1.0, float("nan"), 3.0, 4.0]}, "node 0, strategy 1: not a number"),
        ({"edge_costs": [1.0, 2.0, 3.0, float("nan")]}, "edge 0, entry 3: not a number"),
        ({"costs": [1.0, 2.0, 3.0, float("-inf")]}, "minus infinity"),
        ({"usage_limit": -1}, "below zero"),
        ({"usage_limit": 2**70}, "usage_limit: 1180591620717411303424 has more than 64 bits"),
        ({"edge_nodes": [[0], [1]]}, "edge_nodes: an array of shape (2, 1), expected (n, 2)"),
        ({"edge_nodes": [0, 1]}, "edge_nodes: an array of shape (2,), expected (n, 2)"),
        ({"intervals": [[0, 5, 9], [1, 6, 9]]}, "intervals: an array of shape (2, 3)"),
        ({"costs": np.array([1, 2, 3, 2**63], dtype=np.uint64)}, "more than 64 bits"),
        ({"strategy_offsets": [[0, 2, 4]]}, "strategy_offsets: an array of 2 dimensions"),
        ({"costs": [[15, 20], [55]]}, "costs: setting an array element"),
        ({"costs": np.ma.array([1, 2, 3, 4], mask=[0, 1, 0, 0])}, "costs: entries are masked"),
        ({"edge_costs": np.zeros((1, 4, 1), int)}, "edge 0: a table of shape (4, 1), expected (2, "),
        ({"forbidden": float("nan")}, "forbidden: not a number"),
    ],
)
def test_what_is_wrong_is_said(changes, message):
    with pytest.raises(ValueError) as error:
        example_arrays(**changes)
    assert message in str(error.value)


def test_numbers_of_the_wrong_kind_are_refused():
    with pytest.raises(TypeError, match="usages: expected integers, not float64"):
        example_arrays(usages=[1.5, 2.0, 3.0, 4.0])
    with pytest.raises(TypeError, match="costs: expected integers or floats, not <U1"):
        example_arrays(costs=["a", "b", "c", "d"])
    with pytest.raises(TypeError, match="usage_limit: expected an integer, not float64"):
        example_arrays(usage_limit=np.float64(30.5))
    with pytest.raises(TypeError, match="usage_limit: expected an integer, not str"):
        example_arrays().usage_limit = "30"
    with pytest.raises(TypeError, match="node 0: expected integers, not float64"):
        example_arrays().allow(0, [0.5])
    with pytest.raises(TypeError, match="name: expected text, not NoneType"):
        example_arrays(name=None)
    with pytest.raises(TypeError, match="forbidden: expected a number, not str"):
        example_arrays(forbidden="1")
    with pytest.raises(TypeError, match="node: expected an integer, not float"):
        example_arrays().allow(0.5, [0])
    with pytest.raises(TypeError, match="as text, bytes or a dict, not list"):
        Problem.from_json([1])
    with pytest.raises(TypeError, match="floats, but the problem's costs are integers"):
        example_arrays().set_node_costs(0, [1.5, 2.0])


def test_the_builder_names_the_place():
    builder = ProblemBuilder()
    builder.add_node([1, 2])
    with pytest.raises(ValueError, match="node 1: 0 costs"):
        builder.add_node([])
    with pytest.raises(ValueError, match="node 1: 1 usages, expected 2"):
        builder.add_node([1, 2], [3])
    with pytest.raises(TypeError, match="node 1: interval: expected an integer, not float"):
        builder.add_node([1, 2], interval=(0.5, 1.5))
    with pytest.raises(ValueError, match=r"node 1: expected an interval .* not \(1,\)"):
        builder.add_node([1, 2], interval=(1,))
    with pytest.raises(TypeError, match="edge 0: expected an integer, not float"):
        builder.add_edge((0, 0.5), [1, 2])
    with pytest.raises(ValueError, match="edge 0: node 1 is not in"):
        builder.add_edge((0, 1), [1, 2])
    with pytest.raises(ValueError, match=r"edge 0: a table of shape \(1, 2\), expected \(2, 2\)"):
        builder.add_edge((0, 0), [[1, 2]])


@pytest.mark.parametrize("name", ["example.json", b"ex\xffample.json", "gr\u00f6\u00dfe.json.gz"])
def test_files_may_have_any_name(name, tmp_path):
    path = os.path.join(os.fsencode(tmp_path), os.fsencode(name))
    example_arrays().save(path)
    assert same(Problem.load(path), example_arrays())
    assert same(Problem.load(os.fsdecode(path)), example_arrays())


def test_arrays_are_taken_as_they_lie_in_memory():
    every_second = np.array([15, 0, 20, 0, 55, 0, 65, 0])[::2]
    columns = np.asfortranarray([[0, 10], [5, 20]])
    table = np.asfortranarray([[30, 40], [0, FORBIDDEN]])
    problem = example_arrays(costs=every_second, intervals=columns, edge_costs=table[None])
    assert same(problem, example_arrays())
    for kind in (np.int8, np.uint8, np.dtype(">i8"), np.uint64):
        assert same(example_arrays(usages=np.array([10, 4, 25, 12], kind)), example_arrays())
    halves = example_arrays(costs=np.array([0.5, 1, 2, 3], np.float16))
    assert halves.node_costs(0).tolist() == [0.5, 1.0]


def test_costs_are_integers_where_there_are_no_edges():
    problem = Problem.from_arrays([0, 2], [2**58 + 1, 2**58 + 2])
    assert not problem.has_floats
    assert warpshard.evaluate(problem, [0]).cost == 2**58 + 1


def test_a_table_is_not_taken_for_its_transpose():
    problem = Problem.from_arrays(
        [0, 2, 5], [0] * 5, edge_nodes=[[0, 1]], edge_costs=np.arange(6).reshape(1, 2, 3)
    )
    problem.set_edge_costs(0, [[0, 1, 2], [3, 4, 5]])
    with pytest.raises(ValueError, match=r"edge 0: a table of shape \(3, 2\), expected \(2, 3\)"):
        problem.set_edge_costs(0, [[0, 1], [2, 3], [4, 5]])


def test_a_missing_file_is_one():
    with pytest.raises(FileNotFoundError, match="nowhere.json"):
        Problem.load("nowhere.json")


def test_costs_and_tables_may_have_their_natural_shapes():
    square = example_arrays(
        costs=[[15, 20], [55, 65]], usages=[[10, 4], [25, 12]], edge_costs=[[[30, 40], [0, 9]]]
    )
    assert same(square, example_arrays(edge_costs=[30, 40, 0, 9]))


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda problem: pickle.loads(pickle.dumps(problem))]
)
@pytest.mark.parametrize("costs", [[15, 20, 55, 65], [15.25, 20, 55, 1e-7]])
def test_copies_remember_the_same_and_go_their_own_way(copied, costs):
    problem = example_arrays(costs=costs, edge_costs=[30, 40, 0, 5])
    problem.allow(0, [0])
    first = warpshard.solve(problem, 10)
    twin = copied(problem)
    twin.set_edge_costs(0, [1, 1, 1, 1])
    twin.allow(0, [1])
    assert warpshard.evaluate(problem, first.strategies).cost == first.cost
    assert warpshard.evaluate(twin, first.strategies).forbidden == 1
    assert problem.node_costs(1).tolist() == twin.node_costs(1).tolist() == costs[2:]
    again = warpshard.solve(copied(problem), 10)
    assert (again.status, again.cost, again.bound) == ("optimal", first.cost, first.bound)
    assert again.visits == 0


def test_json_that_is_wrong_names_the_place():
    broken = json.loads(json.dumps(EXAMPLE))
    broken["problem"]["edges"]["costs"][0].append(1)
    with pytest.raises(ValueError, match=r"^problem.edges.costs\[0\]: 5 entries, expected 4"):
        Problem.from_json(broken)


def test_a_sentinel_forbids():
    problem = example_arrays(costs=[15, 20, 55, 1000], forbidden=1000)
    assert problem.node_costs(1).tolist() == [55, FORBIDDEN]
    floats = example_arrays(costs=[15.0, 20.0, 55.0, 1e13], forbidden=1e13)
    assert warpshard.evaluate(floats, [0, 1]).forbidden == 1


def test_changes_are_what_is_evaluated():
    rng = np.random.default_rng(5)
    for _ in range(50):
        instance = random_instance(rng, draw_integer(rng))
        problem = instance.problem()
        for _ in range(6):
            node = int(rng.integers(len(instance.costs)))
            draw = draw_integer(rng)
            instance.costs[node] = [draw() for _ in instance.costs[node]]
            problem.set_node_costs(node, instance.costs[node])
            if instance.edges:
                edge = int(rng.integers(len(instance.edges)))
                instance.tables[edge] = [draw() for _ in instance.tables[edge]]
                problem.set_edge_costs(edge, instance.tables[edge])
        for plan in list(instance.plans())[:20]:
            found = warpshard.evaluate(problem, plan)
            assert (found.forbidden, found.cost) == instance.cost(plan)


def test_restrictions_come_and_go():
    problem = example_arrays()
    problem.allow(0, [0])
    assert warpshard.evaluate(problem, [1, 0]).forbidden == 1
    problem.set_node_costs(0, [16, 21])
    assert warpshard.evaluate(problem, [1, 0]).forbidden == 1
    assert warpshard.evaluate(problem, [0, 0]).cost == 16 + 55 + 30
    assert problem.node_costs(0).tolist() == [16, 21]
    problem.allow(0, [1])
    assert warpshard.evaluate(problem, [0, 0]).forbidden == 1
    problem.allow(0, np.array([True, False]))
    assert warpshard.evaluate(problem, [1, 0]).forbidden == 1
    problem.allow(0, None)
    assert warpshard.evaluate(problem, [1, 0]).cost == 21 + 55
    with pytest.raises(IndexError):
        problem.allow(0, [2])
    with pytest.raises(IndexError):
        problem.allow(2, [0])
