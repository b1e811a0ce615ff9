// Whatever the number of threads, reductions leave the same.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>

#include "host/reduce/reducer.h"
#include "tests/reduce/random_problem.h"
#include "warpshard/generate.h"

namespace warpshard {
namespace {

void expect_same(const Model& a, const Model& b) {
  const auto ends = [](const Model& model) {
    std::vector<std::tuple<std::int32_t, std::int32_t, std::int32_t>> all;
    for (const auto& edge : model.edges) all.emplace_back(edge.u, edge.v, edge.table);
    return all;
  };
  const auto pieces = [](const Model& model) {
    std::vector<std::tuple<std::int32_t, std::int32_t, std::int64_t>> all;
    for (const auto& segment : model.segments)
      all.emplace_back(segment.begin, segment.end, segment.usage_offset);
    return all;
  };
  EXPECT_EQ(a.constant, b.constant);
  EXPECT_EQ(a.value_offsets, b.value_offsets);
  EXPECT_EQ(a.unary, b.unary);
  EXPECT_EQ(ends(a), ends(b));
  EXPECT_EQ(a.table_offsets, b.table_offsets);
  EXPECT_EQ(a.entries, b.entries);
  EXPECT_EQ(a.segment_offsets, b.segment_offsets);
  EXPECT_EQ(pieces(a), pieces(b));
  EXPECT_EQ(a.segment_usage, b.segment_usage);
  EXPECT_EQ(a.capacity, b.capacity);
}

/// The same core and the same lifted plans.
void expect_same(const Reducer& a, const Reducer& b) {
  const Model model = a.model();
  expect_same(model, b.model());
  std::mt19937_64 random(1);
  for (int round = 0; round < 3; ++round) {
    Assignment assignment;
    for (std::int32_t v = 0; v < model.num_variables(); ++v)
      assignment.push_back(static_cast<std::int32_t>(random() % model.domain(v)));
    EXPECT_EQ(a.lift(assignment), b.lift(assignment));
  }
}

/// One value of each fourth variable.
std::vector<std::pair<std::int32_t, std::int32_t>> some_values(const Model& model) {
  std::vector<std::pair<std::int32_t, std::int32_t>> values;
  for (std::int32_t v = 0; v < model.num_variables(); v += 4)
    if (model.domain(v) > 1) values.emplace_back(v, v % model.domain(v));
  return values;
}

/// False if the reductions themselves decide the problem.
bool expect_same_for_all_threads(const Problem& problem, bool allow_forbidden) {
  auto one = Reducer::create(problem, {.allow_forbidden = allow_forbidden});
  EXPECT_TRUE(one.ok());
  const auto verdict = one->run();
  std::vector<Reducer> others;
  for (const int threads : {2, 3, 8}) {
    auto many = Reducer::create(problem, {.allow_forbidden = allow_forbidden, .threads = threads});
    EXPECT_TRUE(many.ok());
    EXPECT_EQ(many->run(), verdict);
    others.push_back(std::move(*many));
  }
  if (verdict != ReductionVerdict::kOpen) return false;
  for (const Reducer& other : others) expect_same(*one, other);
  const auto removed = some_values(one->model());
  one->remove_values(removed);
  const auto again = one->run();
  for (Reducer& other : others) {
    other.remove_values(removed);
    EXPECT_EQ(other.run(), again);
    if (again == ReductionVerdict::kOpen) expect_same(*one, other);
  }
  return true;
}

/// A limit that plans can meet, and that rules some out: most of what all nodes at their most use.
std::int64_t loose_limit(const Problem& problem, std::int64_t times) {
  std::int64_t peak = 0;
  for (std::int64_t t = 0; t < times; ++t) {
    std::int64_t usage = 0;
    for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
      if (problem.intervals[node].lower <= t && t < problem.intervals[node].upper)
        usage += std::ranges::max(problem.node_usages(node));
    peak = std::max(peak, usage);
  }
  return peak * 4 / 5;
}

class Threads : public ::testing::TestWithParam<bool> {};

TEST_P(Threads, ReduceRandomProblemsAlike) {
  std::mt19937_64 random(5);
  testing::Style style;
  style.max_nodes = 900;
  style.max_strategies = 9;
  style.max_edges = 1400;
  style.forbidden_percent = 1;
  style.function_percent = 0;
  style.max_time = 700;
  style.max_cost = 99;
  style.max_usage = 90;
  int open = 0;
  for (int i = 0; i < 30; ++i) {
    Problem problem = testing::random_problem(random, style);
    problem.usage_limit = loose_limit(problem, style.max_time);
    open += expect_same_for_all_threads(problem, GetParam()) ? 1 : 0;
  }
  EXPECT_GT(open, 3);
}

TEST_P(Threads, ReduceAGeneratedProblemAlike) {
  const auto problem = generate({.layers = 2});
  ASSERT_TRUE(problem.ok());
  EXPECT_TRUE(expect_same_for_all_threads(*problem, GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Modes, Threads, ::testing::Bool(), [](const auto& mode) {
  return mode.param ? "ForbiddenCounts" : "ForbiddenIsHard";
});

}  // namespace
}  // namespace warpshard
