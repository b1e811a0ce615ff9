import numpy as np
import pytest

import warpshard


@pytest.fixture
def problem():
    return warpshard.generate(layers=1, mesh=(2,))


def test_a_solved_problem_is_answered_from_the_store(problem, tmp_path):
    store = warpshard.Store(tmp_path / "store")
    assert store.best(problem).status == "no_plan"
    found = warpshard.solve(problem, 60, gap=0.05, store=store)
    assert found.status in ("optimal", "gap_reached")
    again = warpshard.solve(problem, 60, gap=0.05, store=tmp_path / "store", warm_start=False)
    assert again.source == "store"
    assert again.cost == found.cost and again.bound == found.bound
    known = store.best(problem)
    assert np.array_equal(known.strategies, found.strategies)
    assert known.cost == found.cost
    assert warpshard.evaluate(problem, known.strategies).cost == known.cost


def test_what_cannot_be_written_is_a_warning_and_costs_no_plan(problem):
    with pytest.warns(warpshard.StoreWarning, match="nothing was stored"):
        result = warpshard.solve(problem, 60, gap=0.05, store="/proc/no/store")
    assert result.strategies is not None


def test_a_store_has_a_name(tmp_path):
    with pytest.raises(ValueError):
        warpshard.Store("")
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError):
        warpshard.Store(tmp_path / "file")
