#include "host/portfolio/carry_over.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "tests/portfolio/worker_driver.h"

// What an ascent has reached, on a core that was reduced further.

namespace warpshard {
namespace {

constexpr std::int64_t kRounds = 400;

/// A core, an ascent on it, and a core from which values that cost too much were taken.
class CarryOver : public ::testing::Test {
 protected:
  CarryOver() {
    ascent_.run_rounds(kRounds);
    const double dear = ascent_.bound() + 0.2 * (ascent_.bound() - constant(*core_));
    ValueList values = ascent_.values_above(static_cast<Int128>(dear));
    smaller_ = shrunken_core(*core_, values, {});
  }

  static double constant(const Core& core) {
    return static_cast<double>(core.model.constant.finite);
  }
  WarmStart reached() const { return {core_->model, core_->flat, ascent_}; }

  /// The bound of one round from there, of the part that the first core's constant leaves.
  double bound_from(const Core& core, const WarmStart* start) const {
    DualOptions options;
    options.scale = ascent_.scale();
    DualAscent ascent(core.model, core.flat, start ? start->options(options) : options);
    if (start != nullptr) start->state.hand_to(ascent, core.model, core.flat);
    ascent.run_rounds(1);
    EXPECT_EQ(ascent.rounds(), start ? start->rounds + 1 : 1);
    return ascent.bound() - constant(*core_);
  }

  Problem problem_ = testing::transformer(1500, 3);
  CorePointer core_ = reduce_instance(problem_, /*allow_forbidden=*/false, 1, {}).core;
  DualAscent ascent_{core_->model, core_->flat, {}};
  CorePointer smaller_;
};

/// A variable's value is its node's strategy in what is lifted.
TEST_F(CarryOver, OriginsAreWhatIsLifted) {
  for (const CorePointer& core : {core_, smaller_}) {
    const Model& model = core->model;
    const ModelOrigin origin = core->reducer.origin();
    Assignment assignment;
    for (std::int32_t v = 0; v < model.num_variables(); ++v)
      assignment.push_back(v % model.domain(v));
    const Plan plan = core->reducer.lift(assignment);
    for (std::size_t v = 0; v < origin.nodes.size(); ++v) {
      if (origin.nodes[v] >= problem_.num_nodes()) continue;  // a helper
      EXPECT_EQ(plan[origin.nodes[v]], origin.strategies[model.value_offsets[v] + assignment[v]]);
    }
  }
}

TEST_F(CarryOver, LeavesTheSameCoreAsItIs) {
  const WarmStart start = reached();
  const WarmStart carried = carried_over(*core_, start, *core_);
  EXPECT_EQ(carried.rounds, kRounds);
  EXPECT_EQ(carried.state.level, start.state.level);
  EXPECT_EQ(carried.bound, start.bound);
  EXPECT_EQ(carried.state.messages, start.state.messages);
  ASSERT_EQ(carried.state.prices.size(), start.state.prices.size());
  for (std::size_t t = 0; t < start.state.prices.size(); ++t)
    EXPECT_FLOAT_EQ(carried.state.prices[t], start.state.prices[t]) << t;
}

TEST_F(CarryOver, KeepsTheBoundOfWhatShrinks) {
  ASSERT_NE(smaller_, nullptr);
  ASSERT_LT(smaller_->model.unary.size(), core_->model.unary.size());
  ASSERT_GT(smaller_->model.num_variables(), 0);
  const double bound = ascent_.bound() - constant(*core_);
  const WarmStart carried = carried_over(*core_, reached(), *smaller_);
  EXPECT_GT(bound_from(*smaller_, &carried), 0.98 * bound);
  EXPECT_LT(bound_from(*smaller_, nullptr), 0.9 * bound);
}

/// Every message is where its edge and its strategies are.
TEST_F(CarryOver, KeepsMessagesByStrategy) {
  ASSERT_NE(smaller_, nullptr);
  const ModelOrigin old_origin = core_->reducer.origin();
  const ModelOrigin origin = smaller_->reducer.origin();
  // Each entry says what it is about.
  WarmStart start = reached();
  const auto tag = [](std::int32_t from, std::int32_t to, std::int32_t strategy) {
    return static_cast<float>(((from * 131 + to) * 17 + strategy) % 100'003 + 1);
  };
  const auto for_each_entry = [&](const Model& model, const ModelOrigin& names, auto&& visit) {
    std::size_t at = 0;
    for (const auto& edge : model.edges) {
      const bool named = std::max(edge.u, edge.v) < std::ssize(names.nodes);
      for (const auto& [from, to] : {std::pair(edge.v, edge.u), std::pair(edge.u, edge.v)})
        for (std::int32_t d = 0; d < model.domain(to); ++d, ++at)
          if (named)
            visit(at, tag(names.nodes[from], names.nodes[to],
                          names.strategies[model.value_offsets[to] + d]));
    }
    return at;
  };
  EXPECT_EQ(for_each_entry(core_->model, old_origin,
                           [&](std::size_t at, float value) { start.state.messages[at] = value; }),
            start.state.messages.size());
  const WarmStart carried = carried_over(*core_, start, *smaller_);
  int kept = 0;
  int fresh = 0;
  EXPECT_EQ(for_each_entry(smaller_->model, origin,
                           [&](std::size_t at, float value) {
                             const float entry = carried.state.messages[at];
                             EXPECT_TRUE(entry == value || entry == 0) << at;
                             (entry == value ? kept : fresh) += 1;
                           }),
            carried.state.messages.size());
  EXPECT_GT(kept, 10 * fresh);
}

}  // namespace
}  // namespace warpshard
