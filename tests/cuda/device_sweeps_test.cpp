// One source for all backends: message passing by classes of variables.

#include "host/device/device_sweeps.h"

#include <gtest/gtest.h>

#include <cmath>

#include "host/bound/passes.h"
#include "host/device/host_runner.h"
#include "host/device/sweep_rounds.h"
#include "tests/cuda/backends.h"
#include "tests/cuda/reference_sweeps.h"
#include "tests/support/random_model.h"

namespace warpshard::testing {
namespace {

Model wide_model(std::uint64_t seed, std::int32_t hubs = 0) {
  RandomModelShape shape;
  shape.hubs = hubs;
  shape.num_variables = 80;
  shape.max_domain = 45;
  shape.num_times = 60;
  shape.forbidden_probability = 0.05;
  return random_model(shape, seed);
}

/// A model, its sweeps by colour, and prices that vary over time.
struct Case {
  explicit Case(std::uint64_t seed, std::int32_t hubs = 0)
      : model(wide_model(seed, hubs)), flat(model), sweeps(flat, SweepOrder::kColour), prefix{0} {
    for (std::size_t t = 0; t < model.capacity.size(); ++t)
      prefix.push_back(prefix.back() + 0.01 * static_cast<double>(1 + t % 7));
  }
  SweepPlan plan() const {
    return {sweeps.variables(), sweeps.arcs(), sweeps.isolated(), sweeps.num_message_entries()};
  }
  Model model;
  FlatModel flat;
  Sweeps sweeps;
  std::vector<double> prefix;
};

class DeviceSweepsTest : public ::testing::TestWithParam<BackendKind> {
 protected:
  void SetUp() override {
    const std::string absence = absence_of(GetParam());
    if (!absence.empty()) GTEST_SKIP() << absence;
  }
};

/// Plain rounds, then soft ones with momentum.
TEST_P(DeviceSweepsTest, PassesAgreeBitForBitWithOneThread) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const std::int32_t hubs = seed == 3 ? 2 : 0;
    const Case c(seed, hubs);
    ASSERT_EQ(std::ssize(sweep_hubs(c.plan()).positions), hubs);
    const auto device = make_sweeps(GetParam(), c.flat, c.plan());
    ASSERT_NE(device, nullptr);
    HostPasses host(c.flat, c.sweeps);
    host.price(c.prefix);
    host.copy(MessageSet::kCurrent, MessageSet::kLast);
    for (int round = 0; round < 8; ++round) {
      const float temperature = round < 4 ? 0.0F : 3.0F;
      if (round > 5) {
        host.overshoot(0.9F);
        ASSERT_FALSE(device->overshoot(0.9F));
      }
      const SweepBounds expected = host.forward_backward(temperature, {});
      const auto bounds = device->forward_backward(c.prefix, temperature);
      ASSERT_TRUE(bounds.ok()) << bounds.error().message;
      EXPECT_EQ(bounds->forward, expected.forward);
      EXPECT_EQ(bounds->backward, expected.backward);
      const auto messages = host.messages(MessageSet::kCurrent);
      EXPECT_EQ(*device->messages(MessageSet::kCurrent),
                std::vector<float>(messages.begin(), messages.end()));
    }
    const auto min_marginals = device->min_marginals();
    ASSERT_TRUE(min_marginals.ok());
    const TrwsView view = host.view();
    for (const SweepVariable& variable : c.sweeps.variables())
      for (std::int32_t d = 0; d < variable.domain; ++d)
        ASSERT_EQ((*min_marginals)[variable.row + d], view.min_marginals[variable.row + d]);
    for (const std::int32_t v : c.sweeps.isolated())
      ASSERT_EQ((*min_marginals)[c.flat.row_offsets[v]], view.unary[c.flat.row_offsets[v]]);
  }
}

TEST_P(DeviceSweepsTest, ContinuesFromGivenMessages) {
  const Case c(3);
  const auto one = make_sweeps(GetParam(), c.flat, c.plan());
  const auto two = make_sweeps(GetParam(), c.flat, c.plan());
  ASSERT_TRUE(one && two);
  ASSERT_TRUE(one->forward_backward(c.prefix, 0).ok());
  ASSERT_FALSE(two->set_messages(MessageSet::kCurrent, *one->messages(MessageSet::kCurrent)));
  EXPECT_EQ(two->forward_backward(c.prefix, 0)->backward,
            one->forward_backward(c.prefix, 0)->backward);
}

TEST_P(DeviceSweepsTest, KeepsItsSetsOfMessagesApart) {
  const Case c(7);
  const auto device = make_sweeps(GetParam(), c.flat, c.plan());
  ASSERT_NE(device, nullptr);
  ASSERT_TRUE(device->forward_backward(c.prefix, 0).ok());
  const auto first = device->messages(MessageSet::kCurrent);
  ASSERT_FALSE(device->copy(MessageSet::kCurrent, MessageSet::kBest));
  ASSERT_TRUE(device->forward_backward(c.prefix, 0).ok());
  EXPECT_NE(*device->messages(MessageSet::kCurrent), *first);
  EXPECT_EQ(*device->messages(MessageSet::kBest), *first);
  ASSERT_FALSE(device->copy(MessageSet::kBest, MessageSet::kCurrent));
  EXPECT_EQ(*device->messages(MessageSet::kCurrent), *first);
}

TEST_P(DeviceSweepsTest, ExpectsUsageByBoltzmannWeights) {
  const Case c(4);
  const auto device = make_sweeps(GetParam(), c.flat, c.plan());
  ASSERT_NE(device, nullptr);
  ASSERT_TRUE(device->forward_backward(c.prefix, 0).ok());
  constexpr double kTemperature = 12;
  const auto usage = device->expected_usage(static_cast<float>(kTemperature));
  const auto min_marginals = device->min_marginals();
  ASSERT_TRUE(usage.ok() && min_marginals.ok());
  std::vector<double> expected(c.model.capacity.size(), 0);
  for (std::int32_t v = 0; v < c.model.num_variables(); ++v) {
    const float* const row = min_marginals->data() + c.flat.row_offsets[v];
    double total = 0;
    for (std::int32_t d = 0; d < c.model.domain(v); ++d) total += std::exp(-row[d] / kTemperature);
    for (const Model::Segment& segment : c.model.segments_of(v))
      for (std::int32_t d = 0; d < c.model.domain(v); ++d)
        for (std::int32_t t = segment.begin; t < segment.end; ++t)
          expected[t] += std::exp(-row[d] / kTemperature) / total *
                         static_cast<double>(c.model.usage_of(v, segment)[d]);
  }
  ASSERT_EQ(usage->size(), expected.size());
  for (std::size_t t = 0; t < expected.size(); ++t)
    EXPECT_NEAR((*usage)[t], expected[t], 0.05 + 1e-4 * expected[t]);
}

INSTANTIATE_TEST_SUITE_P(Backends, DeviceSweepsTest, ::testing::ValuesIn(all_backends()),
                         [](const auto& backend) { return name_of(backend.param); });

TEST(SweepClasses, HoldNoNeighboursAndCoverTheOrder) {
  for (const SweepOrder order : {SweepOrder::kInput, SweepOrder::kColour}) {
    const Model model = wide_model(5);
    const FlatModel flat(model);
    const Sweeps sweeps(flat, order);
    const SweepPlan plan{sweeps.variables(), sweeps.arcs(), sweeps.isolated(),
                         sweeps.num_message_entries()};
    const auto begins = sweep_classes(plan);
    EXPECT_EQ(begins.front(), 0);
    EXPECT_EQ(begins.back(), static_cast<std::int32_t>(plan.variables.size()));
    for (std::size_t k = 0; k + 1 < begins.size(); ++k) {
      ASSERT_LT(begins[k], begins[k + 1]);
      for (std::int32_t i = begins[k]; i < begins[k + 1]; ++i) {
        const SweepVariable& variable = plan.variables[i];
        for (std::int32_t a = 0; a < variable.num_earlier + variable.num_later; ++a) {
          const std::int32_t other = plan.arcs[variable.first_arc + a].neighbour;
          EXPECT_TRUE(other < begins[k] || other >= begins[k + 1]);
        }
      }
    }
    if (order == SweepOrder::kColour) {
      EXPECT_LT(begins.size(), plan.variables.size() / 4);
    }
  }
}

TEST(SweepClasses, BudgetCountsEveryByteAndRefusesWithTheFigures) {
  const Case c(6, /*hubs=*/2);
  const SweepRounds<ReferenceSweepBackend<HostRunner>> rounds({}, c.flat, c.plan());
  EXPECT_EQ(rounds.allocated_bytes(), sweep_bytes(c.flat, c.plan()));
  EXPECT_FALSE(refuse_sweeps(c.flat, c.plan(), std::int64_t{1} << 30));
  const auto refusal = refuse_sweeps(c.flat, c.plan(), 1000);
  ASSERT_TRUE(refusal);
  EXPECT_NE(refusal->message.find(std::to_string(sweep_bytes(c.flat, c.plan()))),
            std::string::npos);
}

}  // namespace
}  // namespace warpshard::testing
