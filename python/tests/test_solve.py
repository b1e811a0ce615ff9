import copy
import pickle
import threading
import time

import numpy as np
import pytest
import warpshard
from oracle import draw_integer, random_instance
from warpshard import Problem


@pytest.fixture(scope="module")
def hard():
    """Not proved optimal within the seconds of a test."""
    return warpshard.generate(layers=16)


def test_finds_and_proves_what_trying_all_plans_finds():
    rng = np.random.default_rng(1)
    for _ in range(60):
        instance = random_instance(rng, draw_integer(rng))
        best = instance.best()
        result = warpshard.solve(instance.problem(), 10, threads=1)
        if best is None:
            assert (result.status, result.strategies) == ("infeasible", None)
            continue
        assert (result.forbidden, result.cost) == best
        assert instance.cost(result.strategies) == best
        assert instance.fits(result.strategies)
        assert isinstance(result.cost, int) and result.strategies.dtype == np.int32
        if result.status == "optimal":
            assert (result.bound, result.gap) == (result.cost, 0.0)


def test_a_problem_remembers_what_still_holds():
    rng = np.random.default_rng(2)
    for _ in range(40):
        instance = random_instance(rng, draw_integer(rng))
        problem = instance.problem()
        warpshard.solve(problem, 5, threads=1)
        for _ in range(3):
            kind = rng.integers(4)
            node = int(rng.integers(len(instance.costs)))
            draw = draw_integer(rng)
            if kind == 0:
                instance.costs[node] = [draw() for _ in instance.costs[node]]
                problem.set_node_costs(node, instance.costs[node])
            elif kind == 1 and instance.edges:
                edge = int(rng.integers(len(instance.edges)))
                instance.tables[edge] = [draw() for _ in instance.tables[edge]]
                problem.set_edge_costs(edge, instance.tables[edge])
            elif kind == 2:
                instance.limit = int(rng.integers(15, 60))
                problem.usage_limit = instance.limit
            else:
                kept = int(rng.integers(len(instance.costs[node])))
                instance.costs[node] = [
                    cost if strategy == kept else warpshard.FORBIDDEN
                    for strategy, cost in enumerate(instance.costs[node])
                ]
                problem.allow(node, [kept])
                problem.set_node_costs(node, instance.costs[node])
                problem.allow(node, None)
            best = instance.best()
            if problem._kept.bound is not None and best is not None and best[0] == 0:
                assert problem._kept.bound <= best[1]
            result = warpshard.solve(problem, 5, threads=1)
            if best is None:
                assert result.status == "infeasible"
            else:
                assert (result.forbidden, result.cost) == best


def test_solved_again_unchanged_it_ends_at_once():
    rng = np.random.default_rng(3)
    while True:
        problem = random_instance(rng, draw_integer(rng)).problem()
        first = warpshard.solve(problem, 60, threads=1)
        if first.status == "optimal" and first.forbidden == 0:
            break
    again = warpshard.solve(problem, 60, threads=1)
    assert (again.status, again.cost, again.bound) == ("optimal", first.cost, first.bound)
    assert again.visits == 0


def test_changed_a_little_it_begins_with_the_prices_of_the_last_solve():
    problem = warpshard.generate(target_nodes=4000, seed=3)
    warpshard.solve(problem, work_limit=200)
    for node in range(0, problem.num_nodes, 97):
        costs = problem.node_costs(node)
        costs[costs < warpshard.FORBIDDEN] *= 2
        problem.set_node_costs(node, costs)
    bounds = [
        max(point.bound for point in found.trace if point.bound is not None)
        for found in (
            warpshard.solve(copy.copy(problem), work_limit=40, warm_start=False),
            warpshard.solve(problem, work_limit=40),
        )
    ]
    assert bounds[0] < bounds[1]


def test_callbacks_run_in_the_calling_thread_and_tell_of_better_and_better_plans(hard):
    incumbents, news, here = [], [], threading.get_ident()

    def on_incumbent(incumbent):
        assert threading.get_ident() == here
        found = warpshard.evaluate(hard, incumbent.strategies)
        assert (found.cost, found.forbidden) == (incumbent.cost, incumbent.forbidden)
        incumbents.append((incumbent.forbidden, incumbent.cost))

    result = warpshard.solve(
        hard, 2, on_incumbent=on_incumbent, on_progress=news.append, warm_start=False
    )
    assert incumbents == sorted(incumbents, reverse=True)
    assert incumbents[-1] == (result.forbidden, result.cost)
    assert len(news) >= len(result.trace) > 0
    assert result.trace[-1].cost == result.cost


@pytest.mark.parametrize("where", ["on_incumbent", "on_progress", "should_stop"])
def test_an_exception_in_a_callback_ends_the_search_and_comes_out(hard, where):
    calls = []

    def fail(*_arguments):
        calls.append(1)
        raise LookupError("from the callback")

    start = time.monotonic()
    with pytest.raises(LookupError, match="from the callback"):
        warpshard.solve(hard, 60, warm_start=False, **{where: fail})
    assert len(calls) == 1
    assert time.monotonic() - start < 30


def test_should_stop_ends_with_the_plan_so_far(hard):
    start = time.monotonic()
    result = warpshard.solve(hard, 60, should_stop=lambda: time.monotonic() > start + 0.5)
    assert result.status == "feasible"
    assert time.monotonic() - start < 30


def test_should_stop_is_as_true_as_what_it_returns(hard):
    start = time.monotonic()
    answers = iter([None, 0, "", np.bool_(False)])
    result = warpshard.solve(hard, 60, should_stop=lambda: next(answers, np.bool_(True)))
    assert result.status in ("feasible", "no_plan")
    assert time.monotonic() - start < 30


def test_two_solves_from_two_threads(hard):
    results = {}

    def run(seed):
        results[seed] = warpshard.solve(hard, 2, seed=seed, threads=1, warm_start=False)

    crew = [threading.Thread(target=run, args=(seed,)) for seed in (1, 2)]
    for thread in crew:
        thread.start()
    with pytest.raises(RuntimeError, match="is being solved"):
        while True:
            hard.usage_limit = hard.usage_limit
            time.sleep(0.01)
    for thread in crew:
        thread.join()
    assert all(result.strategies is not None for result in results.values())


def test_limited_work_gives_the_same_plan_whatever_the_threads():
    problem = warpshard.generate(layers=1)
    plans = {
        warpshard.solve(
            problem, work_limit=20, threads=threads, warm_start=False
        ).strategies.tobytes()
        for threads in (1, 2, 3)
    }
    assert len(plans) == 1


def test_starts_hints_and_targets_are_taken(hard):
    first = warpshard.solve(hard, 2, warm_start=False)
    again = warpshard.solve(hard, 2, warm_start=first, target=first.cost)
    assert again.cost <= first.cost
    hint = first.strategies.copy()
    hint[::2] = -1
    assert warpshard.solve(hard, 2, hint=hint, warm_start=False).strategies is not None
    with pytest.raises(ValueError, match="hint: 1 strategies, expected"):
        warpshard.solve(hard, 2, hint=[0])
    with pytest.raises(ValueError, match="warm_start: 1 strategies, expected"):
        warpshard.solve(hard, 2, warm_start=[0])
    with pytest.raises(ValueError, match="node 1: strategy 999 is not in"):
        warpshard.solve(hard, 2, warm_start=[0, 999] + [0] * (hard.num_nodes - 2))


@pytest.mark.parametrize(
    "options",
    [
        {"time_limit": 0},
        {"time_limit": float("nan")},
        {"gap": -1},
        {"gap": float("nan")},
        {"threads": -1},
        {"work_limit": -1},
        {"memory_limit": -1},
        {"seed": -1},
        {"seed": 2**64},
        {"threads": 10**6},
        {"params": {"dive": {"growth": float("nan")}}},
        {"target": float("nan")},
        {"target": float("inf")},
        {"interrupt": "ignore"},
    ],
)
def test_options_out_of_range_are_refused(hard, options):
    with pytest.raises(ValueError):
        warpshard.solve(hard, **options)


def test_arguments_of_the_wrong_kind_are_refused(hard):
    with pytest.raises(TypeError, match="threads: expected an integer, not float"):
        warpshard.solve(hard, threads=2.5)
    for option in ("time_limit", "gap", "target", "checkpoint_seconds"):
        with pytest.raises(TypeError, match=f"{option}: expected a number, not str"):
            warpshard.solve(hard, **{option: "1"})
    for option in ("on_incumbent", "on_progress", "should_stop", "on_checkpoint"):
        with pytest.raises(TypeError, match=f"{option}: expected a callable, not bool"):
            warpshard.solve(hard, **{option: True})
    for option in ("hint", "warm_start"):
        with pytest.raises(TypeError, match=f"{option}: expected integers, not float64"):
            warpshard.solve(hard, **{option: [0.5]})
    with pytest.raises(TypeError, match="device: expected text, not int"):
        warpshard.solve(hard, device=0)
    with pytest.raises(TypeError, match="checkpoint: expected bytes, not str"):
        warpshard.solve(hard, checkpoint="file")
    with pytest.raises(TypeError):
        warpshard.solve(hard, params=0)  # no file descriptor
    for call in (warpshard.bound, warpshard.reduce_info, lambda it: warpshard.evaluate(it, [0])):
        with pytest.raises(TypeError, match="expected a Problem, not NoneType"):
            call(None)
    with pytest.raises(TypeError, match="expected a Problem, not str"):
        warpshard.solve("problem.json")
    with pytest.raises(ValueError, match="threads: -1 is below zero"):
        warpshard.bound(hard, threads=-1)


def test_numbers_may_be_numpys_and_larger_than_any_that_matters():
    problem = Problem.from_arrays([0, 2, 4], [3, 1, 2, 5], usage_limit=np.int64(7))
    for options in (
        {"seed": 2**64 - 1, "threads": np.int32(1), "time_limit": np.float32(5)},
        {"time_limit": float("inf"), "target": -(10**400), "gap": 10**400},
        {"time_limit": 10**400, "work_limit": np.int64(50), "gap": np.float64(0)},
        {"params": {"dive": {"growth": np.float32(2)}}, "warm_start": np.array([0, 1], np.uint8)},
    ):
        assert warpshard.solve(problem, **{"warm_start": False, **options}).cost == 3
    assert warpshard.solve(problem, target=10**400, warm_start=False).cost <= 8
    assert warpshard.bound(problem, 5, incumbent=10**400).bound == 3
    with pytest.raises(ValueError, match="incumbent: nan is not a cost"):
        warpshard.bound(problem, incumbent=float("nan"))


def test_results_can_be_compared_and_sent_elsewhere(tmp_path):
    result = warpshard.solve(Problem.from_arrays([0, 2], [3, 1]), 5)
    assert result == result
    assert result != copy.deepcopy(result)
    interrupted = pickle.loads(pickle.dumps(warpshard.Interrupted(result)))
    assert interrupted.result.strategies.tolist() == [1]
    assert "result so far" in str(interrupted)
    store = warpshard.Store(tmp_path / "store")
    assert pickle.loads(pickle.dumps(store)).layers == store.layers


def test_what_cannot_be_solved_is_an_error(hard):
    with pytest.raises(warpshard.SolverError):
        warpshard.solve(Problem.from_arrays([0, 1, 2], [9 * 10**17] * 2, [2**62] * 2), 2)
    with pytest.raises(warpshard.DeviceError):
        warpshard.solve(hard, 2, device="cuda:99")


def test_a_gap_is_reached():
    problem = warpshard.generate(layers=1)
    result = warpshard.solve(problem, 20, gap=0.5)
    assert result.gap <= 0.5
    assert result.status in ("gap_reached", "optimal")


def test_batches_come_complete():
    problems = [warpshard.generate(layers=1, seed=seed) for seed in range(4)]
    results = dict(warpshard.solve_batch(problems, 3, workers=2, gap=0.2))
    assert sorted(results) == [0, 1, 2, 3]
    for index, result in results.items():
        assert warpshard.evaluate(problems[index], result.strategies).cost == result.cost


def test_a_batch_that_is_closed_or_fails_ends_early(hard):
    problems = [warpshard.generate(layers=1), hard, hard]
    start = time.monotonic()
    batch = warpshard.solve_batch(problems, 60, workers=2, target=10**18)
    next(batch)
    batch.close()

    def with_fault():
        yield hard
        raise LookupError("no more problems")

    with pytest.raises(LookupError):
        list(warpshard.solve_batch(with_fault(), 60, workers=2))
    assert time.monotonic() - start < 50


def test_reductions_and_bounds_agree_with_the_optimum():
    problem = warpshard.generate(layers=1)
    info = warpshard.reduce_info(problem)
    assert info.verdict == "open"
    assert (info.steps[0].name, info.steps[0].variables) == ("load", problem.num_nodes)
    assert info.steps[-1].variables < problem.num_nodes
    news = []
    proved = warpshard.bound(problem, 10, on_progress=news.append)
    result = warpshard.solve(problem, 20, warm_start=False)
    assert proved.bound <= result.cost
    if proved.closed and result.status == "optimal":
        assert proved.bound == result.cost
    assert all(point.bound is None or point.bound <= proved.bound for point in news)


def test_verdicts_are_words():
    tight = Problem.from_arrays([0, 1], [1], [5], usage_limit=4)
    assert warpshard.reduce_info(tight).verdict == "infeasible"
    assert warpshard.bound(tight, 2).verdict == "infeasible"
    forced = Problem.from_arrays([0, 1], [warpshard.FORBIDDEN])
    assert warpshard.bound(forced, 2).verdict == "forbidden"


def test_the_generator_is_reproducible():
    a, b = (
        warpshard.generate(target_nodes=300, seed=3),
        warpshard.generate(target_nodes=300, seed=3),
    )
    assert a.num_nodes == 300
    assert a.to_json() == b.to_json()
    with pytest.raises(TypeError, match="no option 'leyers'"):
        warpshard.generate(leyers=3)
    with pytest.raises(TypeError, match="mesh cannot be 4"):
        warpshard.generate(mesh=4)
    with pytest.raises(TypeError, match="seed cannot be -1"):
        warpshard.generate(seed=-1)
    with pytest.raises(ValueError):
        warpshard.generate(mesh=(0,))


def test_results_can_be_drawn(hard):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    from warpshard import plot

    result = warpshard.solve(hard, 1.5, warm_start=False)
    lines = plot.plot_progress(result).get_lines()
    assert list(lines[0].get_ydata())[-1] == float(result.cost)
    memory = plot.plot_memory(hard, result)
    assert max(memory.get_lines()[0].get_ydata()) == float(result.peak_usage)
    assert memory.get_lines()[1].get_ydata()[0] == float(hard.usage_limit)


def test_a_solve_goes_on_from_a_checkpoint(hard):
    unbroken = warpshard.solve(hard, work_limit=60, warm_start=False)
    saved = []
    broken = warpshard.solve(
        hard,
        work_limit=60,
        on_checkpoint=saved.append,
        checkpoint_seconds=0,
        should_stop=lambda: len(saved) >= 2,
    )
    assert len(saved) >= 2 and all(isinstance(state, bytes) for state in saved)
    assert broken.cost >= unbroken.cost
    for state in (saved[0], saved[-1]):
        resumed = warpshard.solve(hard, work_limit=60, checkpoint=state)
        assert np.array_equal(resumed.strategies, unbroken.strategies)
        assert resumed.bound == unbroken.bound
    with pytest.raises(warpshard.SolverError, match="checkpoint"):
        warpshard.solve(hard, work_limit=60, checkpoint=saved[0], seed=2)
    with pytest.raises(warpshard.SolverError, match="work limit"):
        warpshard.solve(hard, 1, checkpoint=saved[0])
    with pytest.raises(ValueError, match="checkpoint_seconds"):
        warpshard.solve(hard, work_limit=60, on_checkpoint=saved.append, checkpoint_seconds=-1)
