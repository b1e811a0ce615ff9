#include "host/reduce/reducer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <limits>

#include "tests/reduce/random_problem.h"
#include "tests/reduce/small_problem.h"

namespace warpshard {
namespace {

using testing::brute_force;
using testing::for_each_choice;
using testing::naive_evaluate;
using testing::Optimum;
using testing::SmallProblem;

std::vector<std::int32_t> domains_of(const Model& model) {
  std::vector<std::int32_t> domains;
  domains.reserve(model.value_offsets.size());
  for (std::int32_t v = 0; v < model.num_variables(); ++v) domains.push_back(model.domain(v));
  return domains;
}

/// The cheapest assignment of a model that fits; plan holds the assignment.
std::optional<Optimum> brute_force_model(const Model& model) {
  std::optional<Optimum> best;
  for_each_choice(domains_of(model), [&](const Assignment& assignment) {
    const Cost cost = cost_of(model, assignment);
    if (fits(model, assignment) && (!best || cost < best->cost)) best = Optimum{cost, assignment};
  });
  return best;
}

/// Everything that model.h promises about a model's form.
void expect_well_formed(const Model& model) {
  for (std::size_t i = 0; i < model.edges.size(); ++i) {
    const auto& edge = model.edges[i];
    EXPECT_LT(edge.u, edge.v);
    EXPECT_EQ(model.table_of(edge).size(),
              static_cast<std::size_t>(model.domain(edge.u)) * model.domain(edge.v));
    if (i == 0) continue;
    EXPECT_LT(std::pair(model.edges[i - 1].u, model.edges[i - 1].v), std::pair(edge.u, edge.v));
  }
  for (const std::int64_t capacity : model.capacity) EXPECT_GE(capacity, 0);
  for (std::int32_t v = 0; v < model.num_variables(); ++v) {
    std::int32_t end = 0;
    for (const auto& segment : model.segments_of(v)) {
      EXPECT_GE(segment.begin, end);
      EXPECT_LT(segment.begin, segment.end);
      EXPECT_LE(segment.end, model.num_times());
      end = segment.end;
      const auto usage = model.usage_of(v, segment);
      EXPECT_EQ(*std::ranges::min_element(usage), 0);
      EXPECT_GT(*std::ranges::max_element(usage), 0);
    }
  }
}

/// Every assignment that fits lifts to a plan within the limit that is no dearer.
void expect_lifts_well(const Problem& problem, const Reducer& reducer, const Model& model,
                       bool hard) {
  for_each_choice(domains_of(model), [&](const Assignment& assignment) {
    const Cost cost = cost_of(model, assignment);
    if (hard && cost.forbidden > 0) return;
    const Plan plan = reducer.lift(assignment);
    const auto evaluation = naive_evaluate(problem, plan);
    EXPECT_EQ(evaluation.within_limit, fits(model, assignment));
    EXPECT_LE(evaluation.cost, cost);
  });
}

void expect_projects_well(const Problem& problem, const Reducer& reducer, const Plan& plan) {
  const auto before = naive_evaluate(problem, plan);
  if (!before.within_limit) return;
  const Assignment projected = reducer.project(plan);
  if (projected.empty()) return;
  const auto after = naive_evaluate(problem, reducer.lift(projected));
  EXPECT_LE(after.cost, before.cost);
  EXPECT_TRUE(after.within_limit);
}

void check(const Problem& problem, bool hard, std::mt19937_64& random) {
  std::optional<Optimum> expected = brute_force(problem);
  if (hard && expected && expected->cost.forbidden > 0) expected.reset();
  auto created = Reducer::create(problem, {.allow_forbidden = !hard});
  ASSERT_TRUE(created.ok()) << created.error().message;
  Reducer& reducer = *created;
  const ReductionVerdict verdict = reducer.run();
  if (verdict != ReductionVerdict::kOpen) {
    EXPECT_FALSE(expected.has_value());
    EXPECT_TRUE(hard || verdict == ReductionVerdict::kInfeasible);
    EXPECT_TRUE(verdict != ReductionVerdict::kInfeasible || !brute_force(problem).has_value());
    return;
  }
  const Model model = reducer.model();
  expect_well_formed(model);
  std::optional<Optimum> found = brute_force_model(model);
  if (hard && found && found->cost.forbidden > 0) found.reset();
  ASSERT_EQ(found.has_value(), expected.has_value());
  if (found) {
    EXPECT_EQ(found->cost, expected->cost);
    const Plan plan = reducer.lift(found->plan);
    EXPECT_EQ(naive_evaluate(problem, plan).cost, expected->cost);
    EXPECT_TRUE(naive_evaluate(problem, plan).within_limit);
    expect_projects_well(problem, reducer, expected->plan);
  }
  expect_lifts_well(problem, reducer, model, hard);
  Plan any;
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
    any.push_back(static_cast<std::int32_t>(random() % problem.num_strategies(node)));
  expect_projects_well(problem, reducer, any);
}

class RandomInstances : public ::testing::TestWithParam<bool> {};

TEST_P(RandomInstances, KeepTheirOptimum) {
  std::mt19937_64 random(GetParam() ? 1 : 2);
  for (int i = 0; i < 6000; ++i) {
    const auto style = testing::random_style(random);
    const Problem problem = testing::random_problem(random, style);
    check(problem, GetParam(), random);
    if (HasFailure()) FAIL() << "instance " << i;
  }
}

/// Sums of finite parts go up to 2^62. Finite costs must not come up to what is forbidden, so most
/// of the range lies below zero.
TEST_P(RandomInstances, KeepTheirOptimumAtTheGreatestRange) {
  std::mt19937_64 random(GetParam() ? 5 : 6);
  for (int i = 0; i < 6000; ++i) {
    auto style = testing::random_style(random);
    style.lowest_costs = true;
    Problem problem = testing::random_problem(random, style);
    testing::stretch(problem);
    check(problem, GetParam(), random);
    if (HasFailure()) FAIL() << "instance " << i;
  }
}

/// The least cost of an assignment that fits and has none of the removed values.
std::optional<Cost> best_without(const Model& model,
                                 const std::vector<std::pair<std::int32_t, std::int32_t>>& removed,
                                 bool hard) {
  std::optional<Cost> best;
  for_each_choice(domains_of(model), [&](const Assignment& assignment) {
    for (const auto& [variable, value] : removed)
      if (assignment[variable] == value) return;
    const Cost cost = cost_of(model, assignment);
    if (!fits(model, assignment) || (hard && cost.forbidden > 0)) return;
    if (!best || cost < *best) best = cost;
  });
  return best;
}

TEST_P(RandomInstances, AreReducedFurtherAfterValuesGo) {
  const bool hard = GetParam();
  std::mt19937_64 random(hard ? 3 : 4);
  for (int i = 0; i < 6000; ++i) {
    const Problem problem = testing::random_problem(random, testing::random_style(random));
    auto created = Reducer::create(problem, {.allow_forbidden = !hard});
    ASSERT_TRUE(created.ok());
    if (created->run() != ReductionVerdict::kOpen) continue;
    const Model before = created->model();
    if (before.num_variables() == 0) continue;
    std::vector<std::pair<std::int32_t, std::int32_t>> removed;
    for (int r = 0; r < 2; ++r) {
      const auto variable = static_cast<std::int32_t>(random() % before.num_variables());
      const auto value = static_cast<std::int32_t>(random() % before.domain(variable));
      removed.emplace_back(variable, value);
    }
    Reducer further = *created;
    further.remove_values(removed);
    const auto expected = best_without(before, removed, hard);
    std::optional<Cost> found;
    if (further.run() == ReductionVerdict::kOpen) {
      const auto optimum = brute_force_model(further.model());
      if (optimum && !(hard && optimum->cost.forbidden > 0)) found = optimum->cost;
      Plan any;
      for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
        any.push_back(static_cast<std::int32_t>(random() % problem.num_strategies(node)));
      expect_projects_well(problem, further, any);
    }
    if (hard) {
      EXPECT_EQ(found, expected);
    } else if (expected) {  // values of copied variables may have stayed
      ASSERT_TRUE(found.has_value());
      EXPECT_LE(*found, *expected);
      EXPECT_GE(*found, brute_force(problem)->cost);
    }
    EXPECT_EQ(created->model().unary, before.unary);
    if (HasFailure()) FAIL() << "instance " << i;
  }
}

/// What the cheap reductions leave is a model as good as any, and the others may follow.
TEST_P(RandomInstances, MayBeReducedInTwoSteps) {
  const bool hard = GetParam();
  std::mt19937_64 random(hard ? 7 : 8);
  int open = 0;
  for (int i = 0; i < 6000; ++i) {
    const Problem problem = testing::random_problem(random, testing::random_style(random));
    std::optional<Optimum> expected = brute_force(problem);
    if (hard && expected && expected->cost.forbidden > 0) expected.reset();
    auto created = Reducer::create(problem, {.allow_forbidden = !hard});
    ASSERT_TRUE(created.ok());
    Reducer reducer = *std::move(created);
    for (const auto extent : {ReductionExtent::kCheap, ReductionExtent::kAll}) {
      if (reducer.run({}, extent) != ReductionVerdict::kOpen) {
        EXPECT_FALSE(expected.has_value());
        break;
      }
      const Model model = reducer.model();
      expect_well_formed(model);
      const auto found = brute_force_model(model);
      const bool counts = found && !(hard && found->cost.forbidden > 0);
      ASSERT_EQ(counts, expected.has_value());
      if (!counts) continue;
      EXPECT_EQ(found->cost, expected->cost);
      EXPECT_EQ(naive_evaluate(problem, reducer.lift(found->plan)).cost, expected->cost);
      expect_projects_well(problem, reducer, expected->plan);
      ++open;
    }
    if (HasFailure()) FAIL() << "instance " << i;
  }
  EXPECT_GT(open, 0);
}

INSTANTIATE_TEST_SUITE_P(Modes, RandomInstances, ::testing::Bool(), [](const auto& mode) {
  return mode.param ? "ForbiddenIsHard" : "ForbiddenCounts";
});

TEST(Reducer, RefusesEdgesOfThreeNodes) {
  const auto problem = testing::SmallProblem()
                           .node({0, 0})
                           .node({0, 0})
                           .node({0, 0})
                           .edge({0, 1}, {0, 0, 0, 0})
                           .edge({0, 1, 2}, {0, 0, 0, 0, 0, 0, 0, 0})
                           .problem();
  const auto reducer = Reducer::create(problem, {});
  ASSERT_FALSE(reducer.ok());
  EXPECT_EQ(reducer.error().message,
            "edge 1 joins 3 nodes of several strategies; edges of at most two can be solved");
}

TEST(Reducer, RefusesSumsThatDoNotFit) {
  constexpr std::int64_t kMost = (std::int64_t{1} << 62) - 1;
  const auto greatest = testing::SmallProblem().node({-kMost, 0}).problem();
  EXPECT_TRUE(Reducer::create(greatest, {}).ok());
  const auto too_great = testing::SmallProblem().node({-kMost, 0}).node({0, 1}).problem();
  EXPECT_FALSE(Reducer::create(too_great, {}).ok());
  EXPECT_FALSE(Reducer::create(too_great, {.allow_forbidden = true}).ok());
  const std::int64_t huge = std::int64_t{1} << 61;
  const auto usages =
      testing::SmallProblem().node({0}, {huge}, {0, 1}).node({0}, {huge}, {0, 1}).problem();
  EXPECT_FALSE(Reducer::create(usages, {}).ok());
  // Large offsets alone are no trouble: they go to the constant.
  const auto offsets = testing::SmallProblem()
                           .node({kForbidden - 1, kForbidden - 2})
                           .node({kForbidden - 1, -4 * kForbidden})
                           .problem();
  EXPECT_FALSE(Reducer::create(offsets, {}).ok());
  const auto lifted = testing::SmallProblem()
                          .node({kForbidden - 1, kForbidden - 2})
                          .node({kForbidden - 1, kForbidden - 5})
                          .problem();
  auto reducer = Reducer::create(lifted, {});
  ASSERT_TRUE(reducer.ok());
  ASSERT_EQ(reducer->run(), ReductionVerdict::kOpen);
  EXPECT_EQ(reducer->model().constant, (Cost{0, 2 * Int128{kForbidden} - 7}));
}

TEST(Reducer, CutsOffExcessOverForbiddenThatDoesNotFit) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const auto equal = testing::SmallProblem().node({kMost, kMost, kMost}).problem();
  auto exact = Reducer::create(equal, {.allow_forbidden = true});
  ASSERT_TRUE(exact.ok());
  ASSERT_EQ(exact->run(), ReductionVerdict::kOpen);
  EXPECT_EQ(exact->model().constant, (Cost{1, kMost - kForbidden}));
  EXPECT_TRUE(exact->bounds_plans());

  SmallProblem forced;
  forced.node({0, 5}, {2, 1}, {0, 1}).node({0, 5}, {2, 1}, {0, 1}).limit(2);
  const auto lower = SmallProblem(forced).edge({0, 1}, {kMost, 0, 0, kMost}).problem();
  auto cut = Reducer::create(lower, {.allow_forbidden = true});
  ASSERT_TRUE(cut.ok());
  ASSERT_EQ(cut->run(), ReductionVerdict::kOpen);
  EXPECT_EQ(cut->model().constant.forbidden, 1);
  EXPECT_LT(cut->model().constant.finite, kMost - kForbidden);
  EXPECT_TRUE(cut->bounds_plans());

  const auto higher = SmallProblem(forced).edge({0, 1}, {kForbidden, 1, 1, kMost}).problem();
  EXPECT_FALSE(Reducer::create(higher, {.allow_forbidden = true})->bounds_plans());
}

TEST(Reducer, ReportsSizesOfEachStep) {
  const auto problem = testing::SmallProblem()
                           .node({0, 1}, {0, 1}, {0, 2})
                           .node({0, 1})
                           .edge({0, 1}, {0, 1, 2, 3})
                           .limit(5)
                           .problem();
  auto reducer = Reducer::create(problem, {});
  ASSERT_TRUE(reducer.ok());
  reducer->run();
  const auto& steps = reducer->steps();
  ASSERT_GE(steps.size(), 6U);
  EXPECT_EQ(steps.front().name, "load");
  EXPECT_EQ(steps.front().variables, 2);
  EXPECT_EQ(steps.front().values, 4);
  EXPECT_EQ(steps.front().edges, 1);
  EXPECT_EQ(steps.front().times, 1);
  EXPECT_EQ(steps.back().variables, 0);
}

TEST(Reducer, SolvesTheEmptyProblem) {
  auto reducer = Reducer::create(Problem{}, {});
  ASSERT_TRUE(reducer.ok());
  EXPECT_EQ(reducer->run(), ReductionVerdict::kOpen);
  EXPECT_EQ(reducer->model().num_variables(), 0);
  EXPECT_TRUE(reducer->lift({}).empty());
}

TEST(Reducer, SaysThatItWasStopped) {
  const std::atomic<bool> told = true;
  SmallProblem small;
  for (int i = 0; i < 100; ++i) small.node({0, 5, 9}, {4, 3, 2}, {i, i + 10});
  for (int i = 0; i + 1 < 100; ++i) small.edge({i, i + 1}, {0, 3, 1, 4, 1, 5, 9, 2, 6});
  small.limit(30);
  auto stopped_at_once = Reducer::create(small.problem(), {}, StopToken(told));
  ASSERT_TRUE(stopped_at_once);
  EXPECT_EQ(stopped_at_once->run(), ReductionVerdict::kStopped);
  auto stopped_later = Reducer::create(small.problem(), {});
  ASSERT_TRUE(stopped_later);
  EXPECT_EQ(stopped_later->run(StopToken(told)), ReductionVerdict::kStopped);
  EXPECT_EQ(stopped_later->run(), ReductionVerdict::kStopped);
}

}  // namespace
}  // namespace warpshard
