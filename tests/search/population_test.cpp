#include "host/search/population.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

#include "host/bound/dive.h"
#include "host/bound/dual_ascent.h"
#include "warpshard/generate.h"

namespace warpshard {
namespace {

CorePointer transformer_core(const Problem& problem) {
  auto reducer = Reducer::create(problem, {});
  EXPECT_TRUE(reducer.ok());
  EXPECT_EQ(reducer->run(), ReductionVerdict::kOpen);
  return std::make_shared<const Core>(std::move(*reducer));
}

/// A quick dive's assignment is polished several times: it never becomes dearer, always fits, and
/// the pool and the elites hold what came of it.
TEST(Population, PolishingKeepsTheBetterAssignment) {
  GeneratorOptions generated;
  generated.target_nodes = 400;
  generated.seed = 3;
  const auto problem = generate(generated);
  ASSERT_TRUE(problem.ok());
  const CorePointer core = transformer_core(*problem);
  const std::atomic<bool> stop{false};
  const auto now = std::chrono::steady_clock::now();
  SearchClock clock(now, now + std::chrono::seconds(60), 0, stop);
  IncumbentPool pool(*problem, {});
  PolicyBook book;
  Population population(core, pool, clock, book, 1, 1);

  DualAscent ascent(core->model, core->flat, {});
  ascent.run_rounds(200);
  population.set_starts({ascent.decode(0, 1)}, {ascent.prices().begin(), ascent.prices().end()});
  Assignment start;
  Dive(core->model, AscentState(core->model, core->flat, ascent), {.rounds = 5, .share = 0.3})
      .run(StopToken(stop, clock.end()),
           [&](const Assignment& values, Int128 /*cost*/) { start = values; });
  ASSERT_FALSE(start.empty());

  population.hurry();
  ASSERT_TRUE(pool.has_clean_plan());
  const auto chain = population.make_chain();
  RandomStream random(1, 0);
  Cost best = cost_of(core->model, start);
  for (int k = 0; k < 3; ++k) {
    const Cost cost = population.polish(*chain, random, start);
    EXPECT_LE(cost, cost_of(core->model, start));
    best = std::min(best, cost);
  }
  ASSERT_FALSE(population.elites().empty());
  const Elite elite = population.elites().front();
  EXPECT_TRUE(fits(core->model, elite.values));
  EXPECT_EQ(elite.cost, cost_of(core->model, elite.values));
  EXPECT_LE(elite.cost, best);
  EXPECT_EQ(*pool.cost(), elite.cost);
}

}  // namespace
}  // namespace warpshard
