"""The tuner on a Ray of several local nodes, one of which dies; skipped where Ray is not there."""

import os
import threading
import time

import pytest

import warpshard
from warpshard import _core

ray = pytest.importorskip("ray", reason="Ray is not installed")

pytestmark = [pytest.mark.cluster, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

WORK = {"work_limit": 20, "slices": 2}
COUNT = 4


@pytest.fixture(scope="module")
def cluster():
    """A head that runs nothing, and two nodes."""
    from ray.cluster_utils import Cluster

    os.environ["RAY_health_check_period_ms"] = "500"
    os.environ["RAY_health_check_failure_threshold"] = "3"
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    started = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    started.nodes_of_test = [started.add_node(num_cpus=1) for _ in range(2)]
    ray.init(address=started.address, log_to_driver=False)
    yield started
    ray.shutdown()
    started.shutdown()


@pytest.fixture(scope="module")
def instances(tmp_path_factory):
    folder = tmp_path_factory.mktemp("instances")
    for seed in range(COUNT):
        problem = warpshard.generate(layers=1, mesh=(2, 2), seed=seed)
        problem.save(folder / f"g{seed}.json")
    return folder


def best(store, instances):
    """Strategies and cost of every instance."""
    found = {}
    for file in sorted(instances.iterdir()):
        result = warpshard.Store(store).best(warpshard.Problem.load(file))
        found[file.name] = (result.cost, result.strategies.tolist())
    return found


def tune_here(store, instances):
    """The same work by this process alone."""
    options = _core.TunerOptions()
    options.work_limit, options.slices = WORK["work_limit"], WORK["slices"]
    roster = _core.roster([str(instances)], [], options, "")
    while (index := roster.next()) is not None:
        result, _ = _core.run_slice(str(store), roster.begin(index, 1))
        roster.end(index, result)


def test_a_lost_node_costs_no_result_and_the_plans_are_those_of_one_process(
    cluster, instances, tmp_path
):
    slices = []

    def kill_a_node():
        while not slices:
            time.sleep(0.05)
        cluster.remove_node(cluster.nodes_of_test.pop(), allow_graceful=False)
        cluster.nodes_of_test.append(cluster.add_node(num_cpus=1))

    killer = threading.Thread(target=kill_a_node)
    killer.start()
    from warpshard.ray import tune

    tuned = tune(tmp_path / "cluster", [instances], on_slice=slices.append, **WORK)
    killer.join()
    assert [each.error for each in tuned] == [""] * COUNT
    assert all(each.slices >= 1 for each in tuned)
    tune_here(tmp_path / "one", instances)
    assert best(tmp_path / "cluster", instances) == best(tmp_path / "one", instances)


def test_broken_files_are_skipped_and_time_ends_it(cluster, instances, tmp_path):
    from warpshard.ray import tune

    broken = tmp_path / "broken.json"
    broken.write_text("{}")
    tuned = tune(tmp_path / "store", [instances, broken], seconds=4, first_slice=1)
    errors = {os.path.basename(each.file): each.error for each in tuned}
    assert errors.pop("broken.json")
    assert not any(errors.values())
    assert any(each.cost is not None for each in tuned)


def test_mistakes_are_told_at_once(tmp_path):
    from warpshard.ray import tune

    with pytest.raises(ValueError, match="not there"):
        tune(tmp_path / "store", [tmp_path / "absent.json"])
    with pytest.raises(ValueError, match="writing"):
        tune(f":{tmp_path}", [])
