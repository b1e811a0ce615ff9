import itertools
import math

import numpy as np
import pytest
from warpshard import alpa


def flat(parts):
    return np.array([x for part in parts for x in np.ravel(part)], dtype=np.float64)


def call(nodes, edges=(), aliases=(), live=None, limit=-1.0, follow=None, **options):
    """``nodes``: (c, d, m) rows; ``edges``, ``aliases``: (i, j, table)."""
    count = len(nodes)
    live = [range(count)] * count if live is None else live
    return alpa.call_solver(
        count,
        limit,
        np.array([len(c) for c, _d, _m in nodes], dtype=np.int32),
        np.full(count, -1) if follow is None else follow,
        np.array([(i, j) for i, j, _ in edges], dtype=np.int32).reshape(-1),
        np.array([(i, j) for i, j, _ in aliases], dtype=np.int32).reshape(-1),
        np.array([len(nodes) for nodes in live] + [n for nodes in live for n in nodes]),
        flat(c for c, _d, _m in nodes),
        flat(d for _c, d, _m in nodes),
        flat(m for _c, _d, m in nodes),
        flat(table for *_, table in edges),
        flat(table for *_, table in aliases),
        **{"time_limit": 20, "threads": 1, **options},
    )


TWO = [([1.0, 5.0], [0.5, 0.0], [10.0, 2.0]), ([2.0, 1.0, 4.0], [0.0, 0.0, 0.0], [1.0, 9.0, 1.0])]
JOINED = [(0, 1, [[0.0, 8.0, 1.0], [7.0, 0.0, 2.0]])]


def test_an_example_worked_out_by_hand():
    s_val, e_val, objective, status = call(TWO, JOINED)
    assert (s_val.tolist(), e_val.tolist(), objective, status) == ([0, 0], [0], 3.5, 1)
    assert s_val.dtype == e_val.dtype == np.int32


def test_memory_limits_what_is_live_together():
    s_val, e_val, objective, _ = call(TWO, JOINED, limit=10.5)
    assert (s_val.tolist(), e_val.tolist(), objective) == ([1, 2], [5], 11.0)
    apart = call(TWO, JOINED, live=[[0], [1]], limit=10.5)
    assert apart[0].tolist() == [0, 0]
    with pytest.raises(RuntimeError, match="Please increase the memory budget"):
        call(TWO, JOINED, limit=2.5)


def test_aliases_rule_out_pairs():
    s_val, _, objective, _ = call(TWO, JOINED, aliases=[(0, 1, [[1, 0, 0], [0, 0, 0]])])
    assert (s_val.tolist(), objective) == ([1, 1], 6.0)


def test_followers_share_their_leaders_choice():
    nodes = [*TWO, ([3.0, 0.0], [0.0, 0.0], [0.0, 0.0]), ([4.0, 0.0], [0.0, 0.0], [0.0, 0.0])]
    s_val, _, objective, _ = call(nodes, JOINED, follow=np.array([-1, -1, 3, 0]))
    assert (s_val.tolist(), objective) == ([1, 1, 1, 1], 6.0)


def test_initial_values_can_be_fixed():
    assert call(TWO, JOINED, s_init=np.array([[0, 1, 1]]))[0].tolist() == [1, 1]
    assert call(TWO, JOINED, s_init=np.array([[0, 1, 0]]))[0].tolist() == [0, 0]


def test_an_infinite_cost_that_cannot_be_avoided_is_a_cost():
    nodes = [([1e13, 1e13], [1.0, 0.0], [0.0, 0.0])]
    with pytest.warns(UserWarning, match="could not be avoided"):
        s_val, _, objective, _ = call(nodes)
    assert (s_val.tolist(), objective) == ([1], 1e13)
    ruled_out = [(0, 1, [[1.0, 0.0]])]
    with pytest.warns(UserWarning):
        s_val, *_ = call(
            [([1.0], [0.0], [0.0]), ([0.0, 1e13], [0.0, 0.0], [0.0, 0.0])], (), ruled_out
        )
    assert s_val.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"edges": JOINED * 2}, "Duplicated edges"),
        ({"aliases": [(0, 1, np.zeros((2, 3))), (1, 0, np.zeros((3, 2)))]}, "Duplicated edges"),
        ({"edges": [(0, 1, [1.0])]}, "r: 1 entries, expected 6"),
        ({"follow": np.array([1, -1])}, "s_follow: nodes 0 and 1"),
        ({"follow": np.array([0, -1])}, "s_follow: node 0 follows nobody"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        call(TWO, **options)


def random_arguments(rng):
    count = int(rng.integers(2, 6))
    sizes = rng.integers(1, 4, count)
    follow = np.full(count, -1)
    if rng.random() < 0.5:
        i, j = rng.choice(count, 2, replace=False)
        sizes[i], follow[i] = sizes[j], j
    nodes = [tuple(rng.uniform(0, 10, size).astype(np.float32) for _ in range(3)) for size in sizes]
    pairs = list(itertools.combinations(range(count), 2))
    rng.shuffle(pairs)
    cut = int(rng.integers(0, len(pairs) + 1))

    def table(i, j):
        return rng.uniform(0, 10, (sizes[i], sizes[j])).astype(np.float32)

    edges = [(i, j, table(i, j)) for i, j in pairs[:cut]]
    aliases = [(i, j, table(i, j) > 8) for i, j in pairs[cut : cut + 1]]
    live = [np.flatnonzero(rng.random(count) < 0.6).tolist() for _ in range(count)]
    return nodes, edges, aliases, live, float(rng.uniform(3, 25)), follow


def best_of_all(nodes, edges, aliases, live, limit, follow):
    def objective(plan):
        if any(leader >= 0 and plan[node] != plan[leader] for node, leader in enumerate(follow)):
            return math.inf
        if any(table[plan[i]][plan[j]] for i, j, table in aliases):
            return math.inf
        if limit > 0 and any(sum(nodes[n][2][plan[n]] for n in there) > limit for there in live):
            return math.inf
        own = sum(float(c[s]) + float(d[s]) for (c, d, _m), s in zip(nodes, plan))
        return own + sum(float(table[plan[i]][plan[j]]) for i, j, table in edges)

    return min(map(objective, itertools.product(*(range(len(c)) for c, _d, _m in nodes))))


def test_random_problems_agree_with_trying_all_plans():
    rng = np.random.default_rng(21)
    for _ in range(40):
        nodes, edges, aliases, live, limit, follow = random_arguments(rng)
        best = best_of_all(nodes, edges, aliases, live, limit, follow)
        if best == math.inf:
            with pytest.raises(RuntimeError):
                call(nodes, edges, aliases, live, limit, follow)
            continue
        s_val, e_val, objective, status = call(nodes, edges, aliases, live, limit, follow)
        assert objective == pytest.approx(best, rel=1e-12)
        assert status == 1
        assert [e // len(nodes[j][0]) for (_i, j, _), e in zip(edges, e_val)] == [
            s_val[i] for i, _j, _ in edges
        ]


def test_colossalai_shares_variables_and_has_one_memory_row():
    rng = np.random.default_rng(22)
    for _ in range(20):
        nodes, edges, _aliases, _live, limit, _follow = random_arguments(rng)
        count = len(nodes)
        shared = {n: 0 for n in range(1, count) if len(nodes[n][0]) == len(nodes[0][0]) > 1}
        follow = np.array([shared.get(node, -1) for node in range(count)])
        best = best_of_all(nodes, edges, [], [range(count)], limit, follow)
        arguments = (
            count,
            limit,
            np.array([len(c) for c, _d, _m in nodes]),
            dict.fromkeys(range(count), -1),
            np.array([(i, j) for i, j, _ in edges], dtype=int).reshape(-1),
            shared,
            None,
            flat(c for c, _d, _m in nodes),
            flat(d for _c, d, _m in nodes),
            flat(m for _c, _d, m in nodes),
            flat(table for *_, table in edges),
            None,
        )
        if best == math.inf:
            with pytest.raises(RuntimeError):
                alpa.call_solver(*arguments, colossalai=True, time_limit=20, threads=1)
        else:
            found = alpa.call_solver(*arguments, colossalai=True, time_limit=20, threads=1)
            assert found[2] == pytest.approx(best, rel=1e-12)
