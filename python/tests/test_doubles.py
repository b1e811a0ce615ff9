"""Costs that are doubles, judged by exact rationals."""

import math
from fractions import Fraction

import numpy as np
import pytest
import warpshard
from oracle import draw_double, random_instance
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
