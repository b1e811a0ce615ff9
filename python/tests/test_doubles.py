"""Costs that are doubles, judged by exact rationals."""

import math
from fractions import Fraction

import numpy as np
import pytest
import warpshard
from oracle import draw_double, random_instance
from warpshard import _core
from warpshard.doubles import FORBIDDEN, LARGEST_SUM, Doubles


def doubles_of(costs, entries=()):
    """One node per cost, one table per entry."""
    return Doubles(
        np.arange(len(costs) + 1),
        np.array(costs, dtype=float),
        np.arange(len(entries) + 1),
        np.array(entries, dtype=float),
        np.arange(len(entries)),
    )


@pytest.mark.parametrize(
    "costs",
    [[1.0], [0.1, 0.2], [1e300, 1e300, 1e-300], [5e-324], [3.5e17] * 3, [2.0**59, 2.0**58], [0.0]],
)
def test_the_scale_is_the_largest_that_fits(costs):
    doubles = doubles_of(costs)
    total = sum(map(Fraction, costs))
    assert total * Fraction(2) ** doubles.exponent + len(costs) <= LARGEST_SUM
    if total:
        assert (
            total * Fraction(2) ** (doubles.exponent + 1) + len(costs)
            >= LARGEST_SUM - len(costs) - 1
        )


def test_a_scaled_cost_is_never_read_as_forbidden():
    doubles = doubles_of([1.15e18, -1.1e18])
    costs, _entries = doubles.scaled()
    assert (np.abs(costs) < FORBIDDEN).all()


def test_sums_are_rounded_once():
    problem = warpshard.Problem.from_arrays([0, 1, 2, 3], [1e16, 1.0, -1e16])
    assert warpshard.evaluate(problem, [0, 0, 0]).cost == 1.0


def test_costs_and_bounds_hold_for_the_doubles():
    rng = np.random.default_rng(11)
    proved = 0
    for _ in range(60):
        instance = random_instance(rng, draw_double(rng))
        best = instance.best()
        problem = instance.problem()
        result = warpshard.solve(problem, 5, threads=1)
        if best is None:
            assert result.status == "infeasible"
            continue
        forbidden, cost = instance.cost(result.strategies.tolist())
        assert result.forbidden == forbidden
        assert result.cost == (float(cost) if cost else 0.0)
        if result.status == "optimal":
            proved += 1
            assert forbidden == best[0]
            # Integers were compared: equal to within their rounding.
            terms = len(instance.costs) + len(instance.edges)
            unit = Fraction(2) ** -problem._doubles.exponent
            assert best[1] <= cost <= best[1] + terms * unit
            assert Fraction(result.bound) <= best[1]
            assert best[1] - Fraction(result.bound) <= 2 * terms * unit + abs(best[1]) * Fraction(
                1, 2**50
            )
    assert proved > 40


def test_bound_alone_holds_for_the_doubles():
    rng = np.random.default_rng(12)
    for _ in range(20):
        instance = random_instance(rng, draw_double(rng))
        best = instance.best()
        found = warpshard.bound(instance.problem(), 5, threads=1)
        if found.bound is not None:
            assert best is None or best[0] > 0 or Fraction(found.bound) <= best[1]


def test_exact_doubles_give_an_exact_bound():
    problem = warpshard.Problem.from_arrays([0, 2, 4], [0.5, 0.25, 1.5, 2.0])
    result = warpshard.solve(problem, 5)
    assert (result.status, result.cost, result.bound, result.gap) == ("optimal", 1.75, 1.75, 0.0)


def test_changes_may_need_another_scale():
    problem = warpshard.Problem.from_arrays(
        [0, 2, 4], [0.5, 0.25, 1.5, 2.0], edge_nodes=[[0, 1]], edge_costs=[0.1, 0.2, 0.3, 0.4]
    )
    problem.allow(1, [1])
    problem.set_edge_costs(0, [1e30, 0.2, 0.3, 5e29])
    problem.set_node_costs(0, [1e40, math.inf])
    for plan, expected in {
        (0, 0): (1, 1e40 + 1e30),
        (0, 1): (0, 1e40),
        (1, 1): (1, 2 + 5e29),
    }.items():
        found = warpshard.evaluate(problem, plan)
        assert (found.forbidden, found.cost) == (expected[0], pytest.approx(expected[1], rel=1e-15))
    assert problem.node_costs(0).tolist() == [1e40, math.inf]
    assert problem.edge_costs(0).tolist() == [1e30, 0.2, 0.3, 5e29]


def test_a_target_is_kept_to_in_doubles():
    rng = np.random.default_rng(13)
    problem = random_instance(rng, lambda: float(rng.random())).problem()
    best = warpshard.solve(problem, 5, warm_start=False)
    found = warpshard.solve(problem, 5, target=best.cost * 2 + 1)
    assert found.cost <= best.cost * 2 + 1


def test_sums_may_be_larger_than_any_double():
    problem = warpshard.Problem.from_arrays([0, 2, 4], [1e308, 1.1e308, 1.5e308, 1.6e308])
    result = warpshard.solve(problem, 5)
    assert (result.strategies.tolist(), result.cost) == ([0, 0], math.inf)
    assert 1.7e308 < result.bound < math.inf
    back = warpshard.Problem.from_arrays([0, 1, 2, 3, 4], [1e308, 1.5e308, -1.5e308, 0.5])
    assert warpshard.evaluate(back, [0, 0, 0, 0]).cost == 1e308


EXTREMES = [0.0, -0.0, 5e-324, -5e-324, 2.2e-308, 1e-300, 0.1, 1.0, 1e300, 1.7e308, math.inf]


@pytest.mark.parametrize("exponent", [-1080, -966, -60, -1, 0, 1, 57, 1022, 1023, 1131])
def test_scaled_costs_are_the_nearest_integers(exponent):
    rng = np.random.default_rng(exponent % 1000)
    drawn = [draw_double(rng)() for _ in range(200)] + EXTREMES
    factor = Fraction(2) ** exponent
    costs = [c for c in drawn if math.isinf(c) or abs(Fraction(c) * factor) < 2**62]
    scaled, rounded = _core.scale(np.array(costs), np.arange(len(costs) + 1), exponent)
    for cost, units, inexact in zip(costs, scaled.tolist(), rounded.tolist()):
        if math.isinf(cost):
            assert (units, inexact) == (FORBIDDEN, False)
        else:
            exact = Fraction(cost) * factor
            assert abs(units - exact) <= Fraction(1, 2)
            assert inexact == (units != exact)


def test_largest_costs_leave_out_what_is_forbidden():
    costs = np.array([1.0, -3.0, math.inf, math.inf, -0.5])
    assert _core.largest_finite(costs, np.array([0, 3, 4, 5])).tolist() == [3.0, 0.0, 0.5]
    for offsets in ([0, 3], [1, 5], [0, 3, 2, 5], []):
        with pytest.raises(ValueError, match="offsets"):
            _core.largest_finite(costs, np.array(offsets, dtype=np.int64))
        with pytest.raises(ValueError, match="offsets"):
            _core.scale(costs, np.array(offsets, dtype=np.int64), 0)


@pytest.mark.parametrize(("cost", "kind"), [(math.nan, "not a number"), (-math.inf, "minus inf")])
def test_what_is_no_cost_is_refused_with_its_place(cost, kind):
    nodes = {"strategy_offsets": [0, 2, 4], "costs": [1.0, 2.0, 3.0, 4.0]}
    edges = {"edge_nodes": [[0, 1], [1, 0]], "table_offsets": [0, 4, 8]}
    table = [0.0] * 6 + [cost] + [math.nan]
    with pytest.raises(ValueError, match=f"edge 1, entry 2: {kind}"):
        warpshard.Problem.from_arrays(**nodes, **edges, edge_costs=table)
    with pytest.raises(ValueError, match=f"table 1, entry 2: {kind}"):
        warpshard.Problem.from_arrays(**nodes, **edges, edge_costs=table, edge_tables=[1, 0])
    problem = warpshard.Problem.from_arrays(**nodes)
    with pytest.raises(ValueError, match=f"node 1, entry 1: {kind}"):
        problem.set_node_costs(1, [0.0, cost])


def test_costs_belong_to_the_problem():
    costs, table = np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0])
    problem = warpshard.Problem.from_arrays([0, 2, 3], costs, edge_nodes=[[0, 1]], edge_costs=table)
    costs[:] = table[:] = 100.0
    assert warpshard.evaluate(problem, [1, 0]).cost == 2.0 + 3.0 + 2.0


def test_a_sentinel_is_compared_exactly_with_integers():
    sentinel = 10**17 + 1  # as a double it is 10^17
    problem = warpshard.Problem.from_arrays(
        [0, 3], [10**17, sentinel, 1], edge_nodes=[[0]], edge_offsets=[0, 1],
        edge_costs=[0.0, 0.0, 0.5], forbidden=sentinel,
    )  # fmt: skip
    assert problem.node_costs(0).tolist() == [1e17, math.inf, 1.0]
