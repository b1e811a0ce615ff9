#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "host/portfolio/pool.h"
#include "host/portfolio/worker.h"
#include "host/portfolio/workers/ascent_worker.h"
#include "host/portfolio/workers/reduce_worker.h"
#include "tests/reduce/random_problem.h"
#include "warpshard/generate.h"

namespace warpshard::testing {

/// Runs a worker's tasks one after the other, on the caller's thread and without a clock, until it
/// has none, it has done so much work, or `until` says so. Returns the number of tasks.
template <typename Until>
int drive(Worker& worker, Pool& pool, Work work, Until until) {
  constexpr Work kSlice = 2'000'000;
  int tasks = 0;
  Work done = 0;
  while (done < work && worker.ready(pool) && !until()) {
    const auto task = worker.task(pool, kSlice);
    if (task == nullptr) break;
    task->run(StopToken{});
    done += std::max<Work>(1, task->work());
    pool.count_work(task->work());
    task->synchronize(pool);
    ++tasks;
  }
  return tasks;
}

inline int drive(Worker& worker, Pool& pool, Work work = 500'000'000) {
  return drive(worker, pool, work, [] { return false; });
}

/// Puts the reduced instance into the pool, and a guide after so many looks.
inline void prepare(Pool& pool, int looks = 4) {
  ReduceWorker reduce({}, 0, 1);
  drive(reduce, pool);
  if (pool.core() == nullptr || pool.core()->model.num_variables() == 0) return;
  AscentWorker ascent(/*seed=*/1);
  GuidePointer last;
  for (int k = 0; k < looks; ++k) {
    drive(ascent, pool, 1'000'000'000, [&] { return pool.guide() != last; });
    last = pool.guide();
  }
}

/// A training step of a transformer with about so many nodes.
inline Problem transformer(std::int32_t nodes, std::uint64_t seed) {
  GeneratorOptions options;
  options.target_nodes = nodes;
  options.seed = seed;
  return *generate(options);
}

/// Seven nodes of three strategies, every two joined, within a limit that rules out a good part of
/// all plans: reductions leave something to search, and brute force is the judge. Where `seed` is
/// odd some entries are forbidden.
inline Problem tiny(std::uint64_t seed) {
  constexpr std::int32_t kNodes = 7;
  constexpr std::int64_t kStrategies = 3;
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t bound) {
    return static_cast<std::int64_t>(random() % bound);
  };
  Problem problem;
  for (std::int32_t node = 0; node < kNodes; ++node) {
    for (std::int64_t strategy = 0; strategy < kStrategies; ++strategy) {
      problem.costs.push_back(below(50));
      problem.usages.push_back(below(10));
    }
    problem.strategy_offsets.push_back(kStrategies * (node + 1));
    const std::int64_t begin = below(4);
    problem.intervals.push_back({begin, begin + 3});
    for (std::int32_t other = 0; other < node; ++other) {
      problem.edge_nodes.insert(problem.edge_nodes.end(), {other, node});
      problem.edge_offsets.push_back(static_cast<std::int64_t>(problem.edge_nodes.size()));
      problem.edge_tables.push_back(static_cast<std::int32_t>(problem.edge_tables.size()));
      for (std::int64_t entry = 0; entry < kStrategies * kStrategies; ++entry)
        problem.entries.push_back(seed % 2 == 1 && below(10) == 0 ? kForbidden : below(100));
      problem.table_offsets.push_back(static_cast<std::int64_t>(problem.entries.size()));
    }
  }
  problem.usage_limit = 20 + below(15);
  return problem;
}

}  // namespace warpshard::testing
