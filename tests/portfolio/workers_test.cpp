#include <gtest/gtest.h>

#include "host/portfolio/workers/anneal_worker.h"
#include "host/portfolio/workers/cross_worker.h"
#include "host/portfolio/workers/dive_worker.h"
#include "host/portfolio/workers/greedy_worker.h"
#include "host/portfolio/workers/prove_worker.h"
#include "host/portfolio/workers/quench_worker.h"
#include "host/portfolio/workers/shrink_worker.h"
#include "host/portfolio/workers/tabu_worker.h"
#include "tests/portfolio/worker_driver.h"

// Each worker by itself, on the caller's thread and without a clock: on tiny instances that brute
// force judges, and on one of real size.

namespace warpshard {
namespace {

using testing::drive;
using testing::prepare;
using testing::tiny;
using testing::transformer;

constexpr int kTinyProblems = 40;

/// What must hold of a pool after anything: the plan is one, its cost is what it costs, and no plan
/// is cheaper than the bound.
void expect_sound(const Pool& pool) {
  const auto optimum = testing::brute_force(pool.problem());
  if (pool.infeasible()) {
    EXPECT_FALSE(optimum);
  }
  if (pool.best()) {
    const auto judged = testing::naive_evaluate(pool.problem(), pool.best()->plan);
    EXPECT_TRUE(judged.within_limit);
    EXPECT_EQ(judged.cost, pool.best()->evaluation.cost);
  }
  if (pool.bound() && optimum) {
    EXPECT_LE(*pool.bound(), optimum->cost);
  }
}

/// Runs `use(pool)` on tiny instances whose core and guide are ready.
template <typename Use>
void on_tiny_problems(const Use& use) {
  const Parameters parameters;
  int used = 0;
  for (std::uint64_t seed = 0; seed < kTinyProblems; ++seed) {
    SCOPED_TRACE(seed);
    const Problem problem = tiny(seed);
    Pool pool(problem, parameters, false);
    prepare(pool, 2);
    if (pool.guide() != nullptr) {
      use(pool);
      ++used;
    }
    expect_sound(pool);
  }
  EXPECT_GT(used, kTinyProblems / 4);
}

/// A real-sized instance whose core and guide are ready.
class OnATransformer : public ::testing::Test {
 protected:
  OnATransformer() : problem_(transformer(1500, 3)), pool_(problem_, parameters_, false) {
    prepare(pool_);
  }

  /// A first plan and elites.
  void anneal(Work work = 200'000'000) {
    AnnealWorker worker(parameters_.anneal, 1);
    drive(worker, pool_, work, [&] { return pool_.has_clean_plan() && pool_.has_elites(); });
    ASSERT_TRUE(pool_.has_clean_plan());
  }

  Parameters parameters_;
  Problem problem_;
  Pool pool_;
};

TEST(GreedyWorker, OffersOnePlan) {
  const Parameters parameters;
  for (std::uint64_t seed = 0; seed < kTinyProblems; ++seed) {
    const Problem problem = tiny(seed);
    Pool pool(problem, parameters, false);
    GreedyWorker worker;
    EXPECT_EQ(drive(worker, pool), 1);
    expect_sound(pool);
    EXPECT_EQ(pool.best() != nullptr, testing::brute_force(problem).has_value());
  }
}

TEST(ReduceWorker, GivesACoreOrDecides) {
  const Parameters parameters;
  for (std::uint64_t seed = 0; seed < kTinyProblems; ++seed) {
    const Problem problem = tiny(seed);
    Pool pool(problem, parameters, false);
    ReduceWorker worker({}, 0, 1);
    EXPECT_EQ(drive(worker, pool), 1);
    EXPECT_TRUE(pool.core() != nullptr || pool.infeasible());
    EXPECT_FALSE(pool.failure());
    expect_sound(pool);
  }
}

TEST(ReduceWorker, RefusesWhatMemoryDoesNotHold) {
  const Problem problem = transformer(300, 1);
  const Parameters parameters;
  Pool pool(problem, parameters, false);
  ReduceWorker worker({.allowed = 1000, .in_use = 0}, 0, 1);
  drive(worker, pool);
  EXPECT_TRUE(pool.failure());
  EXPECT_EQ(pool.core(), nullptr);
}

/// Without a plan for long, plans with forbidden entries are looked for; with one, no more.
TEST(ReduceWorker, ChangesItsMindAndBack) {
  const Problem problem = transformer(300, 3);
  Parameters parameters;
  parameters.reduce.patience = 10;
  Pool pool(problem, parameters, false);
  ReduceWorker worker({}, 0, 1);
  drive(worker, pool);
  const CorePointer strict = pool.core();
  ASSERT_NE(strict, nullptr);
  EXPECT_FALSE(strict->allows_forbidden);
  pool.count_work(11 * strict->rates.round);
  EXPECT_EQ(drive(worker, pool), 1);
  EXPECT_TRUE(pool.core()->allows_forbidden);
  pool.offer(*verified_plan(problem, generate_with_plan([] {
                                       GeneratorOptions options;
                                       options.target_nodes = 300;
                                       options.seed = 3;
                                       return options;
                                     }())
                                         ->plan),
             "test");
  EXPECT_EQ(drive(worker, pool), 1);
  EXPECT_EQ(pool.core(), strict);
}

/// A large instance is searched before it is wholly reduced; the rest waits for first prices.
TEST(ReduceWorker, HurriesAndCompletes) {
  const Problem problem = transformer(1500, 3);
  Parameters parameters;
  parameters.reduce.early_work = 0;
  Pool pool(problem, parameters, false);
  ReduceWorker worker({}, 0, 1);
  EXPECT_EQ(drive(worker, pool), 1);
  const CorePointer early = pool.core();
  ASSERT_NE(early, nullptr);
  EXPECT_EQ(early->origin, CoreOrigin::kEarly);
  AscentWorker ascent(1);
  drive(ascent, pool, 1'000'000'000, [&] { return pool.guide() != nullptr; });
  EXPECT_FALSE(worker.ready(pool)) << "the only thread has better to do";
  pool.set_concurrency(2);
  EXPECT_EQ(drive(worker, pool), 1);
  EXPECT_EQ(pool.core()->origin, CoreOrigin::kCompleted);
  EXPECT_LT(pool.core()->model.num_times(), early->model.num_times());
  EXPECT_LT(pool.core()->model.unary.size(), early->model.unary.size());
  EXPECT_FALSE(worker.ready(pool));
}

TEST(ReduceWorker, HurriesOnlyWhereThereIsRoom) {
  const Problem problem = transformer(1500, 3);
  Parameters parameters;
  Pool pool(problem, parameters, false);
  prepare(pool);
  const std::int64_t enough =
      memory_to_reduce(problem) + memory_to_search(pool.core()->model).total(1);
  parameters.reduce.early_work = 0;
  Pool cramped(problem, parameters, false);
  ReduceWorker worker({.allowed = enough, .in_use = 0}, 0, 1);
  EXPECT_EQ(drive(worker, cramped), 2);
  EXPECT_FALSE(cramped.failure());
  ASSERT_NE(cramped.core(), nullptr);
  EXPECT_EQ(cramped.core()->origin, CoreOrigin::kReduced);
}

TEST(ReduceWorker, IsSoundWhereItHurries) {
  Parameters parameters;
  parameters.reduce.early_work = 0;
  for (std::uint64_t seed = 0; seed < kTinyProblems; ++seed) {
    SCOPED_TRACE(seed);
    const Problem problem = tiny(seed);
    Pool pool(problem, parameters, false);
    pool.set_concurrency(2);
    ReduceWorker worker({}, 0, 1);
    AscentWorker ascent(1);
    for (int k = 0; k < 3; ++k) {
      drive(worker, pool);
      if (pool.core() == nullptr) break;
      drive(ascent, pool, 1'000'000);
    }
    ASSERT_TRUE(pool.core() != nullptr || pool.infeasible());
    if (pool.core() != nullptr) {
      EXPECT_NE(pool.core()->origin, CoreOrigin::kEarly);
    }
    expect_sound(pool);
  }
}

/// Prices of an early core are where the ascent on what is left of it begins.
TEST(AscentWorker, KeepsThePricesOfAnEarlyCore) {
  const Problem problem = transformer(1500, 3);
  Parameters parameters;
  parameters.reduce.early_work = 0;
  Pool pool(problem, parameters, false);
  ReduceWorker reduce({}, 0, 1);
  AscentWorker ascent(1);
  drive(reduce, pool);
  drive(ascent, pool, 1'000'000'000,
        [&] { return pool.guide() != nullptr && pool.guide()->rounds >= 200; });
  pool.set_concurrency(2);
  drive(reduce, pool);
  ASSERT_EQ(pool.core()->origin, CoreOrigin::kCompleted);
  const auto first_bound = [&](AscentWorker& worker) {
    GuidePointer before = pool.guide();
    drive(worker, pool, 1'000'000'000, [&] { return pool.guide() != before; });
    return pool.guide()->bound;
  };
  const double with = first_bound(ascent);
  AscentWorker without(1);
  EXPECT_GT(with, first_bound(without));
}

TEST(AscentWorker, BoundsAreSound) {
  on_tiny_problems([](Pool& pool) { EXPECT_EQ(pool.guide()->core, pool.core()); });
}

TEST_F(OnATransformer, AscentRaisesTheBoundLookByLook) {
  const auto first = *pool_.bound();
  const double before = pool_.guide()->bound;
  AscentWorker worker(1);
  drive(worker, pool_);
  EXPECT_GE(*pool_.bound(), first);
  EXPECT_GE(pool_.guide()->bound, before);
  EXPECT_GE(pool_.guide()->decodings.size(), 2U);
  EXPECT_GT(pool_.guide()->heat_unit, 0);
}

/// A cheaper plan alone shows more values to be too dear.
TEST_F(OnATransformer, AscentLooksForValuesOnceAPlanIsCheaper) {
  AscentWorker worker(1);
  GreedyWorker greedy;
  drive(greedy, pool_);
  if (!pool_.has_clean_plan()) anneal(1);
  drive(worker, pool_, 1'000'000'000, [&] { return pool_.guide()->rounds >= 300; });
  drive(worker, pool_, 1, [] { return false; });  // what follows from the last look
  const std::int64_t rounds = pool_.guide()->rounds;
  const std::size_t before = pool_.removable().size();
  const Cost dear = *pool_.cost();
  AnnealWorker annealing(parameters_.anneal, 1);
  drive(annealing, pool_, 3'000'000'000, [&] {
    return static_cast<double>(pool_.cost()->finite) - pool_.guide()->bound <
           0.5 * (static_cast<double>(dear.finite) - pool_.guide()->bound);
  });
  drive(worker, pool_, 1, [] { return false; });
  EXPECT_EQ(pool_.guide()->rounds, rounds);
  EXPECT_GT(pool_.removable().size(), before);
}

/// On a core that has shrunk, the ascent goes on where it was.
TEST_F(OnATransformer, AscentGoesOnOnASmallerCore) {
  AscentWorker worker(1);
  drive(worker, pool_, 1'000'000'000, [&] { return pool_.guide()->rounds >= 300; });
  const GuidePointer before = pool_.guide();
  anneal();
  DualAscent ascent(pool_.core()->model, pool_.core()->flat, {});
  ascent.run_rounds(300);
  pool_.propose_removal(pool_.core(), ascent.values_above(pool_.cost()->finite));
  parameters_.shrink.worthwhile = 0;
  ShrinkWorker shrink;
  drive(shrink, pool_);
  ASSERT_NE(pool_.core(), before->core);
  ASSERT_EQ(pool_.guide(), nullptr);
  drive(worker, pool_, 1'000'000'000, [&] { return pool_.guide() != nullptr; });
  EXPECT_GT(pool_.guide()->rounds, before->rounds);
  EXPECT_LE(pool_.guide()->rounds, before->rounds + parameters_.ascent.first_rounds);
  const auto constant = static_cast<double>(before->core->model.constant.finite);
  EXPECT_GT(pool_.guide()->bound - constant, 0.98 * (before->bound - constant));
}

TEST(QuenchWorker, IsSoundAndEnds) {
  on_tiny_problems([](Pool& pool) {
    QuenchWorker worker(1);
    drive(worker, pool);
    EXPECT_FALSE(worker.ready(pool));
  });
}

TEST_F(OnATransformer, QuenchFindsAPlan) {
  QuenchWorker worker(1);
  drive(worker, pool_);
  EXPECT_TRUE(pool_.has_clean_plan());
  EXPECT_EQ(pool_.source(), "quench");
}

TEST(DiveWorker, IsSound) {
  on_tiny_problems([&](Pool& pool) {
    DiveWorker worker(pool.parameters().dive, 1);
    drive(worker, pool, 5'000'000);
  });
}

TEST_F(OnATransformer, DivesFindPlansAndElites) {
  DiveWorker worker(parameters_.dive, 1);
  drive(worker, pool_, 4'000'000'000, [&] { return pool_.has_elites(); });
  EXPECT_TRUE(pool_.has_clean_plan());
  EXPECT_TRUE(pool_.has_uncrossed());
}

/// Prices that have not become flat lead one dive for every two tasks at a time, then none until
/// they are of twice the rounds.
TEST_F(OnATransformer, DivesWaitForNewPrices) {
  auto guide = std::make_shared<Guide>(*pool_.guide());
  guide->flat = false;
  pool_.set_guide(guide);
  parameters_.dive.first = 0;
  pool_.set_concurrency(4);
  DiveWorker worker(parameters_.dive, 1);
  for (int k = 0; k < 2; ++k) {
    ASSERT_TRUE(worker.ready(pool_));
    EXPECT_NE(worker.task(pool_, 1), nullptr);
  }
  EXPECT_FALSE(worker.ready(pool_));
  EXPECT_EQ(worker.task(pool_, 1), nullptr);
  guide = std::make_shared<Guide>(*guide);
  guide->rounds = 2 * guide->rounds - 1;
  pool_.set_guide(guide);
  EXPECT_FALSE(worker.ready(pool_));
  guide = std::make_shared<Guide>(*guide);
  ++guide->rounds;
  pool_.set_guide(guide);
  EXPECT_TRUE(worker.ready(pool_));
  guide = std::make_shared<Guide>(*guide);
  guide->rounds -= 1;
  guide->flat = true;
  pool_.set_guide(guide);
  EXPECT_TRUE(worker.ready(pool_));
}

TEST_F(OnATransformer, DivesThatFindNothingLoseWeight) {
  DiveParameters& dive = parameters_.dive;
  dive.kinds = 1;
  dive.behind = 1e6;
  auto guide = std::make_shared<Guide>(*pool_.guide());
  guide->flat = true;
  pool_.set_guide(guide);
  DiveWorker worker(dive, 1);
  const auto light = [&] { return worker.weight(pool_) < dive.weight / 4; };
  drive(worker, pool_, 50'000'000'000, light);
  EXPECT_TRUE(light());
  EXPECT_TRUE(worker.ready(pool_));
}

/// Short descents on tiny instances find the optimum nearly always.
TEST(AnnealWorker, FindsOptima) {
  int optimal = 0;
  int open = 0;
  on_tiny_problems([&](Pool& pool) {
    AnnealWorker worker(pool.parameters().anneal, 1);
    drive(worker, pool, 30'000'000);
    const auto optimum = testing::brute_force(pool.problem());
    if (!optimum || pool.core()->allows_forbidden) return;
    ++open;
    if (pool.cost() == optimum->cost) ++optimal;
  });
  EXPECT_GE(optimal, open - 2);
}

TEST_F(OnATransformer, AnnealingGetsBetterWithWork) {
  anneal();
  const Cost first = *pool_.cost();
  AnnealWorker worker(parameters_.anneal, 2);
  drive(worker, pool_, 1'000'000'000, [&] { return *pool_.cost() < first; });
  EXPECT_LT(*pool_.cost(), first);
}

TEST_F(OnATransformer, TabuGoesOnFromElites) {
  TabuWorker worker(parameters_.tabu, 1);
  EXPECT_FALSE(worker.ready(pool_));
  anneal();
  const Cost first = *pool_.cost();
  EXPECT_TRUE(worker.ready(pool_));
  drive(worker, pool_, 300'000'000);
  EXPECT_LE(*pool_.cost(), first);
}

TEST_F(OnATransformer, CrossingTakesEachElite) {
  anneal();
  CrossWorker worker(1);
  const Cost first = *pool_.cost();
  EXPECT_GE(drive(worker, pool_), 1);
  EXPECT_FALSE(worker.ready(pool_));
  EXPECT_LE(*pool_.cost(), first);
}

/// The proof closes every tiny instance, at the optimum.
void expect_proofs(const ProveParameters& parameters) {
  on_tiny_problems([&](Pool& pool) {
    AnnealWorker anneal(pool.parameters().anneal, 1);
    drive(anneal, pool, 5'000'000);
    ProveWorker worker(parameters, {});
    drive(worker, pool, 2'000'000'000, [&] { return pool.closed(0); });
    if (pool.has_clean_plan() && !pool.core()->allows_forbidden) {
      EXPECT_TRUE(pool.closed(0));
    }
  });
}

TEST(ProveWorker, ClosesTinyInstances) {
  expect_proofs(ProveParameters());
}

TEST(ProveWorker, ClosesThemFromARipeGuide) {
  ProveParameters parameters;
  parameters.small_model = 0;
  parameters.after_rounds = 1;
  expect_proofs(parameters);
}

TEST_F(OnATransformer, ATreeRaisesTheBoundOfARipeGuide) {
  parameters_.prove.small_model = 0;
  parameters_.prove.after_rounds = 1;
  anneal();
  const Cost first = *pool_.bound();
  ProveWorker worker(parameters_.prove, {});
  drive(worker, pool_, 3'000'000'000, [&] { return *pool_.bound() > first; });
  EXPECT_GT(*pool_.bound(), first);
}

TEST_F(OnATransformer, ProofRaisesTheBound) {
  anneal();
  const Cost first = *pool_.bound();
  ProveWorker worker(parameters_.prove, {});
  drive(worker, pool_, 3'000'000'000, [&] { return *pool_.bound() > first; });
  EXPECT_GT(*pool_.bound(), first);
}

/// A proof that has grown is given up where a core is much smaller, not where it is a little so.
TEST_F(OnATransformer, AGrownProofIsGivenUpForAMuchSmallerCore) {
  anneal();
  ProveParameters& prove = parameters_.prove;
  prove.small_model = 0;
  prove.after_rounds = 1;
  prove.grown_tree = 1;
  ProveWorker worker(prove, {});
  int nodes = 0;
  drive(worker, pool_, 3'000'000'000, [&] { return nodes++ == 10; });
  ASSERT_TRUE(worker.ready(pool_));
  DualAscent ascent(pool_.core()->model, pool_.core()->flat, {});
  ascent.run_rounds(300);
  pool_.set_core(shrunken_core(*pool_.core(), ascent.values_above(pool_.cost()->finite), {}));
  // There is no guide yet: only what has been begun can go on.
  prove.much_smaller = 0;
  EXPECT_TRUE(worker.ready(pool_));
  prove.much_smaller = 1;
  EXPECT_FALSE(worker.ready(pool_));
}

TEST_F(OnATransformer, ProofsShareGrowsWithTheRun) {
  ProveParameters& prove = parameters_.prove;
  const ProveWorker worker(prove, {});
  prove.small_model = pool_.core()->num_connected;
  EXPECT_EQ(worker.weight(pool_), prove.weight);
  prove.small_model = 0;
  const Work round = pool_.core()->rates.round;
  prove.grown = 2 * static_cast<double>(pool_.work()) / static_cast<double>(round);
  prove.first_weight = prove.weight / 4;
  EXPECT_NEAR(worker.weight(pool_), prove.weight / 2, 1e-9);
  prove.first_weight = prove.weight * 3 / 4;
  EXPECT_NEAR(worker.weight(pool_), prove.weight * 3 / 4, 1e-9);
  pool_.count_work(2 * pool_.work());
  EXPECT_EQ(worker.weight(pool_), prove.weight);
}

/// A smaller core holds the incumbent, and nothing cheaper is lost.
TEST(ShrinkWorker, KeepsTheOptimum) {
  on_tiny_problems([&](Pool& pool) {
    AnnealWorker anneal(pool.parameters().anneal, 1);
    drive(anneal, pool, 5'000'000);
    AscentWorker ascent(1);
    drive(ascent, pool, 5'000'000);
    ShrinkWorker worker;
    drive(worker, pool);
    EXPECT_FALSE(worker.ready(pool));
    const auto optimum = testing::brute_force(pool.problem());
    if (!pool.has_clean_plan() || pool.core()->model.num_variables() == 0) return;
    const auto values = pool.core()->reducer.project(optimum->plan);
    if (!values.empty()) {
      EXPECT_EQ(pool.core()->reducer.lift(values).size(), optimum->plan.size());
    } else {
      EXPECT_LE(*pool.cost(), optimum->cost);
    }
  });
}

}  // namespace
}  // namespace warpshard
