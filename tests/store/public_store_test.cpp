#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>

#include "tests/cli/program.h"
#include "warpshard/builder.h"
#include "warpshard/plan_store.h"
#include "warpshard/solve.h"

// The plan store as a program meets it that has the public headers and the library alone.

namespace warpshard::test {
namespace {

/// [0, 0] costs 100 and peaks at 35; [1, 0] costs 75 and peaks at 29; [1, 1] has a forbidden entry.
Problem small_problem(std::int64_t limit) {
  ProblemBuilder builder;
  const auto matmul = builder.add_node({0, 10}, std::array<std::int64_t, 2>{15, 20},
                                       std::array<std::int64_t, 2>{10, 4});
  const auto relu = builder.add_node({5, 20}, std::array<std::int64_t, 2>{55, 65},
                                     std::array<std::int64_t, 2>{25, 12});
  builder.add_edge(std::array{matmul, relu}, std::array<std::int64_t, 4>{30, 40, 0, kForbidden});
  builder.set_usage_limit(limit);
  return *builder.build();
}

SolverOptions minute() {
  SolverOptions options;
  options.start = std::chrono::steady_clock::now();
  options.deadline_seconds = 60;
  options.device = "cpu";
  return options;
}

void expect_none(const StoreFault& fault) {
  ADD_FAILURE() << fault.path << ": " << fault.reason;
}

TEST(PublicStore, RemembersWhatASolveFound) {
  const TemporaryFolder folder;
  const Problem problem = small_problem(30);
  const KeyedProblem instance(problem);
  const auto store = PlanStore::open(folder.path("store"));
  ASSERT_TRUE(store.ok());
  EXPECT_FALSE(store->best(instance).plan);
  const SolverResult solved = solve_with_store(*store, instance, minute(), {}, "", expect_none);
  EXPECT_EQ(solved.status, SolverStatus::kOptimal);
  EXPECT_NE(solved.source, "store");

  const StoreAnswer known = store->best(instance);
  ASSERT_TRUE(known.plan && known.bound);
  EXPECT_EQ(known.plan->plan, (Plan{1, 0}));
  EXPECT_EQ(known.gap(), 0.0);
  EXPECT_TRUE(known.settled(0));
  const SolverResult again = solve_with_store(*store, instance, minute(), {}, "", expect_none);
  EXPECT_EQ(again.source, "store");
  EXPECT_EQ(again.plan, solved.plan);
  EXPECT_EQ(again.status, SolverStatus::kOptimal);
}

TEST(PublicStore, TakesPlansFromElsewhereIfTheyArePlans) {
  const TemporaryFolder folder;
  const Problem problem = small_problem(30);
  const auto store = PlanStore::open(folder.path("store"));
  ASSERT_TRUE(store.ok());
  SolverResult elsewhere;
  elsewhere.status = SolverStatus::kFeasible;
  elsewhere.source = "elsewhere";
  elsewhere.plan = {0, 0};  // exceeds the limit
  EXPECT_TRUE(store->add(problem, {}, elsewhere));
  elsewhere.plan = {0, 1};
  EXPECT_FALSE(store->add(problem, {}, elsewhere));
  const StoreAnswer known = store->best(problem);
  ASSERT_TRUE(known.plan);
  EXPECT_EQ(known.plan->source, "elsewhere");
  EXPECT_FALSE(known.settled(0));
  EXPECT_EQ(stored_result(known, 0).status, SolverStatus::kFeasible);

  const Problem tighter = small_problem(29);
  const auto neighbour = store->neighbour(tighter);
  ASSERT_TRUE(neighbour);
  EXPECT_TRUE(neighbour->evaluation.within_limit);
}

TEST(PublicStore, SaysWhatIsWrong) {
  EXPECT_FALSE(PlanStore::open("").ok());
  const auto store = PlanStore::open("/proc/no/store");
  ASSERT_TRUE(store.ok());
  int faults = 0;
  const SolverResult solved = solve_with_store(*store, small_problem(30), minute(), {}, "",
                                               [&](const StoreFault& /*fault*/) { ++faults; });
  EXPECT_EQ(solved.status, SolverStatus::kOptimal);
  EXPECT_EQ(faults, 1);
}

}  // namespace
}  // namespace warpshard::test
