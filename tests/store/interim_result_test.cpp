#include "host/store/interim_result.h"

#include <gtest/gtest.h>

#include <chrono>
#include <utility>

#include "tests/cli/program.h"
#include "tests/store/small_instances.h"

namespace warpshard::test {
namespace {

class InterimResultTest : public ::testing::Test {
 protected:
  SolverResult interim(const Plan& plan, std::optional<Cost> bound = {}) {
    SolverCallbacks callbacks;
    InterimResult result;
    result.join(callbacks);
    callbacks.on_incumbent(plan, *evaluate(problem_, plan));
    callbacks.on_progress({.incumbent = {}, .bound = bound, .source = "", .note = ""});
    return result.get();
  }

  const Problem problem_ = small_problem();
  const KeyedProblem instance_{problem_};
  const TemporaryFolder folder_;
  const PlanStore store_ = std::move(*PlanStore::open(folder_.path("store")));
};

const Plan kBest{0, 0, 2, 1, 0};
const Plan kDearer{0, 1, 2, 1, 0};

TEST_F(InterimResultTest, IsStoredWhileTheSearchIsAtWork) {
  InterimResult interim;
  int added = 0;
  SolverCallbacks callbacks;
  callbacks.on_incumbent = [&](const Plan& plan, const Evaluation& evaluation) {
    EXPECT_EQ(interim.get().plan, plan);
    EXPECT_FALSE(add_interim(store_, instance_, {}, interim.get()));
    EXPECT_EQ(store_.best(instance_).plan->evaluation.cost, evaluation.cost);
    EXPECT_EQ(store_.best(instance_).attempts, ++added);
  };
  interim.join(callbacks);
  SolverOptions options;
  options.start = std::chrono::steady_clock::now();
  options.deadline_seconds = 60;
  options.device = "cpu";
  EXPECT_EQ(solve_with_store(store_, instance_, options, callbacks, {}, {}).plan, kBest);
  EXPECT_GT(added, 0);
}

TEST_F(InterimResultTest, IsStoredWithItsBound) {
  EXPECT_FALSE(add_interim(store_, instance_, {}, interim(kDearer, Cost{0, 430})));
  EXPECT_EQ(store_.best(instance_).plan->plan, kDearer);
  EXPECT_EQ(store_.best(instance_).bound->value, (Cost{0, 430}));
}

TEST_F(InterimResultTest, IsNotStoredWithoutNews) {
  EXPECT_FALSE(add_interim(store_, instance_, {}, SolverResult{}));
  EXPECT_EQ(store_.best(instance_).attempts, 0);
  EXPECT_FALSE(add_interim(store_, instance_, {}, interim(kBest)));
  EXPECT_FALSE(add_interim(store_, instance_, {}, interim(kBest)));
  EXPECT_FALSE(add_interim(store_, instance_, {}, interim(kDearer)));
  EXPECT_EQ(store_.best(instance_).attempts, 1);
}

TEST_F(InterimResultTest, OfACountedRunIsNotStored) {
  AttemptFacts counted;
  counted.work_limit = 10;
  EXPECT_FALSE(add_interim(store_, instance_, counted, interim(kBest)));
  EXPECT_EQ(store_.best(instance_).attempts, 0);
}

TEST_F(InterimResultTest, BeyondTheLimitIsRefused) {
  EXPECT_TRUE(add_interim(store_, instance_, {}, interim({0, 0, 1, 1, 0})));
  EXPECT_EQ(store_.best(instance_).attempts, 0);
}

}  // namespace
}  // namespace warpshard::test
