// Instances in which no choice is free: every strategy uses memory, and what uses little at one
// time uses much at another. Brute force judges.

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "tests/reduce/random_problem.h"
#include "tests/reduce/small_problem.h"
#include "tests/support/counted.h"
#include "warpshard/solve.h"

namespace warpshard {
namespace {

/// How memory and costs of an instance are drawn.
struct TradeShape {
  int tensors = 4;
  int strategies = 3;
  int phases = 2;               ///< times at which a tensor's strategies use different amounts
  double tightness = 0.5;       ///< limit, from the least that any tensor uses to the most
  std::int64_t cost_unit = 1;   ///< all costs are multiples of this
  std::int64_t constant = 0;    ///< added to all costs of a node
  std::int64_t usage_unit = 1;  ///< all usages are multiples of this
  int forbidden_percent = 0;    ///< of pairs of strategies of two tensors
};

/// Each tensor is a chain of nodes, one per phase, that share one decision.
class Trades {
 public:
  Trades(const TradeShape& shape, std::uint64_t seed) : shape_(shape), random_(seed) {
    for (int tensor = 0; tensor < shape.tensors; ++tensor) add_tensor();
    for (int a = 0; a < shape.tensors; ++a)
      for (int b = a + 1; b < shape.tensors; ++b) join(a, b);
    const auto span = static_cast<double>(most_ - least_);
    problem_.limit(shape.usage_unit * (least_ + static_cast<std::int64_t>(shape.tightness * span)));
  }

  const Problem& problem() const { return problem_.problem(); }

 private:
  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(bound));
  }

  void add_tensor() {
    constexpr std::int64_t kMost = 20;
    std::int64_t least = kMost;
    std::int64_t most = 0;
    for (int phase = 0; phase < shape_.phases; ++phase) {
      std::vector<std::int64_t> costs;
      std::vector<std::int64_t> usages;
      for (int s = 0; s < shape_.strategies; ++s) {
        costs.push_back(shape_.constant + shape_.cost_unit * below(30));
        const std::int64_t usage = 1 + below(kMost);
        least = std::min(least, usage);
        most = std::max(most, usage);
        usages.push_back(shape_.usage_unit * usage);
      }
      problem_.node(costs, usages, {phase, phase + 1});
      if (phase > 0) problem_.edge({nodes_, nodes_ - 1}, same());
      ++nodes_;
    }
    least_ += least;
    most_ += most;
  }

  std::vector<std::int64_t> same() const {
    std::vector<std::int64_t> table;
    for (int s = 0; s < shape_.strategies; ++s)
      for (int t = 0; t < shape_.strategies; ++t) table.push_back(s == t ? 0 : kForbidden);
    return table;
  }

  void join(int a, int b) {
    std::vector<std::int64_t> table;
    for (int k = 0; k < shape_.strategies * shape_.strategies; ++k)
      table.push_back(below(100) < shape_.forbidden_percent ? kForbidden + below(3)
                                                            : shape_.cost_unit * below(30));
    problem_.edge({a * shape_.phases, b * shape_.phases}, table);
  }

  TradeShape shape_;
  std::mt19937_64 random_;
  testing::SmallProblem problem_;
  std::int32_t nodes_ = 0;
  std::int64_t least_ = 0;
  std::int64_t most_ = 0;
};

/// The tensors' first nodes decide; the other nodes of a tensor follow.
std::optional<testing::Optimum> best_of(const Problem& problem, const TradeShape& shape) {
  std::optional<testing::Optimum> best;
  const std::vector<std::int32_t> sizes(static_cast<std::size_t>(shape.tensors), shape.strategies);
  testing::for_each_choice(sizes, [&](const std::vector<std::int32_t>& choice) {
    Plan plan;
    for (const std::int32_t s : choice) plan.insert(plan.end(), shape.phases, s);
    const auto judged = testing::naive_evaluate(problem, plan);
    if (judged.within_limit && (!best || judged.cost < best->cost))
      best = testing::Optimum{judged.cost, plan};
  });
  return best;
}

/// Solved by counted work, so that no clock decides: the optimum, proved, or proved to be none.
void expect_optimum(const TradeShape& shape, std::uint64_t seed, int& fitting) {
  SCOPED_TRACE(seed);
  const Trades trades(shape, seed);
  const SolverResult result = testing::solve_quietly(trades.problem(), testing::counted(5000));
  const auto optimum = best_of(trades.problem(), shape);
  const bool follows = optimum && optimum->cost.forbidden == 0;
  if (!follows) {
    // Tearing the nodes of a tensor apart, or another forbidden pair, may do.
    const auto any = testing::brute_force(trades.problem());
    ASSERT_EQ(!result.plan.empty(), any.has_value());
    if (any) {
      EXPECT_EQ(result.evaluation.cost, any->cost);
      EXPECT_EQ(result.status, SolverStatus::kOptimal);
      EXPECT_EQ(result.bound, any->cost);
    } else {
      EXPECT_EQ(result.status, SolverStatus::kInfeasible) << result.message;
    }
    return;
  }
  ++fitting;
  EXPECT_EQ(result.evaluation.cost, optimum->cost);
  EXPECT_EQ(result.status, SolverStatus::kOptimal);
  EXPECT_EQ(result.bound, optimum->cost);
  const auto judged = testing::naive_evaluate(trades.problem(), result.plan);
  EXPECT_TRUE(judged.within_limit);
  EXPECT_EQ(judged.cost, result.evaluation.cost);
}

/// Of the limits, some let most plans fit, some one in a hundred, some none.
void expect_optima(TradeShape shape) {
  constexpr int kSeeds = 12;
  int fitting = 0;
  for (const double tightness : {0.1, 0.3, 0.5, 0.7}) {
    SCOPED_TRACE(tightness);
    shape.tightness = tightness;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) expect_optimum(shape, seed, fitting);
  }
  EXPECT_GT(fitting, kSeeds);
}

TEST(MemoryTrade, BetweenTwoTimes) {
  expect_optima({});
}

TEST(MemoryTrade, BetweenThreeTimes) {
  expect_optima({.tensors = 3, .strategies = 3, .phases = 3});
}

TEST(MemoryTrade, WithDearCosts) {
  expect_optima({.cost_unit = 3'000'000'000'000'000});
}

TEST(MemoryTrade, WithConstantsFarFromZero) {
  expect_optima({.constant = -400'000'000'000'000'000});
  expect_optima({.constant = 400'000'000'000'000'000});
}

TEST(MemoryTrade, WithUsagesNearTheEndOfTheirRange) {
  expect_optima({.usage_unit = 25'000'000'000'000'000});
}

TEST(MemoryTrade, WithForbiddenPairs) {
  expect_optima({.tensors = 3, .strategies = 3, .phases = 2, .forbidden_percent = 40});
}

}  // namespace
}  // namespace warpshard
