#include "kernels/trws.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "host/bound/sweeps.h"
#include "kernels/price_step.h"
#include "kernels/serial_group.h"
#include "tests/kernels/emulated_warp_group.h"
#include "tests/support/random_model.h"

namespace warpshard {
namespace {

using testing::EmulatedBlock;
using testing::EmulatedWarpGroup;

/// Everything that a few sweeps and a decoding leave behind.
struct Outcome {
  std::vector<float> messages;
  std::vector<float> min_marginals;
  std::vector<std::int32_t> values;
  std::vector<double> usage;  ///< expected, per segment in the order of the sweep
  double bound = 0;
};

template <class Group>
void run_sweeps(const FlatModel& flat, const Sweeps& sweeps, const std::vector<double>& prefix,
                float temperature, std::vector<float>& priced, std::vector<float>& scratch,
                Outcome& outcome) {
  const ModelView model = flat.view();
  for (std::int32_t v = 0; v < model.num_variables; ++v)
    price_row(Group{}, model, prefix.data(), v, priced.data());
  Group::sync();
  const TrwsView view = sweeps.view(priced.data(), outcome.messages.data(),
                                    outcome.min_marginals.data(), temperature);
  double bound = 0;
  for (int i = 0; i < 3; ++i) {
    sweep<Group>(view, 0, view.num_variables, SweepDirection::kForward, scratch.data());
    bound = sweep<Group>(view, 0, view.num_variables, SweepDirection::kBackward, scratch.data());
  }
  if (Group::rank() == 0) outcome.bound = bound;
  const std::vector<float> no_noise(static_cast<std::size_t>(model.max_stride), 0);
  for (std::int32_t i = 0; i < view.num_variables; ++i) {
    const std::int32_t value =
        decode_variable<Group>(view, i, outcome.values.data(), no_noise.data(), scratch.data());
    if (Group::rank() == 0) outcome.values[i] = value;
    Group::sync();
    const SweepVariable& variable = view.variables[i];
    const float* row = view.min_marginals + variable.row;
    expect_usage<Group>(model, variable.id, row, least_of<Group>(row, variable.stride), 5.0F,
                        scratch.data(), [&](const UsageSegment& /*segment*/, float amount) {
                          if (Group::rank() == 0) outcome.usage.push_back(amount);
                        });
    Group::sync();
  }
}

class TrwsGroups : public ::testing::TestWithParam<SweepOrder> {};

TEST_P(TrwsGroups, AWarpDoesWhatOneThreadDoes) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    RandomModelShape shape;
    shape.num_variables = 30;
    shape.max_domain = 45;  // rows longer than a warp
    shape.edges_per_variable = 2.2;
    shape.max_cost = 1000;
    const Model model = random_model(shape, seed);
    const FlatModel flat(model);
    const Sweeps sweeps(flat, GetParam());
    std::vector<double> prefix{0};
    for (std::size_t t = 0; t < model.capacity.size(); ++t)
      prefix.push_back(prefix.back() + static_cast<double>(t));
    const auto run = [&](const auto& with_group) {
      Outcome outcome;
      outcome.messages.assign(static_cast<std::size_t>(sweeps.num_message_entries()), 0);
      outcome.min_marginals.assign(flat.unary.size(), 0);
      outcome.values.assign(sweeps.variables().size(), 0);
      std::vector<float> priced(flat.unary.size(), 0);
      std::vector<float> scratch(static_cast<std::size_t>(flat.max_stride), 0);
      with_group(priced, scratch, outcome);
      return outcome;
    };
    const float temperature = seed % 2 == 0 ? 0 : 20;  // plain and soft messages
    const Outcome serial = run([&](auto& priced, auto& scratch, Outcome& outcome) {
      run_sweeps<SerialGroup>(flat, sweeps, prefix, temperature, priced, scratch, outcome);
    });
    const Outcome warp = run([&](auto& priced, auto& scratch, Outcome& outcome) {
      EmulatedBlock lanes(seed);
      EXPECT_EQ(lanes.run([&] {
        run_sweeps<EmulatedWarpGroup>(flat, sweeps, prefix, temperature, priced, scratch, outcome);
      }),
                "");
    });
    EXPECT_EQ(serial.values, warp.values);
    EXPECT_NEAR(serial.bound, warp.bound, 1e-3 * std::abs(serial.bound));
    ASSERT_EQ(serial.usage.size(), warp.usage.size());
    for (std::size_t i = 0; i < serial.usage.size(); ++i)
      EXPECT_NEAR(serial.usage[i], warp.usage[i], 0.01) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Orders, TrwsGroups,
                         ::testing::Values(SweepOrder::kInput, SweepOrder::kBreadthFirst,
                                           SweepOrder::kColour));

TEST(SendSoftMessage, ComesCloseToTheDefinition) {
  const std::vector<float> from = {1, 4, 0, 0, 0, 0, 0, 0};
  const std::vector<float> table = {5, 9, 0, 0, 0, 0, 0, 0, 7, 1, 8, 0, 0, 0, 0, 0};
  constexpr float kTemperature = 10;
  // What is left of the edge is its least entry less the message, whatever that is.
  const float least[] = {6, 5, 1};
  const float other[] = {11, 10, 12};
  std::vector<float> to(8, -1);
  const float left =
      send_soft_message<SerialGroup>(from.data(), 2, table.data(), 8, 3, kTemperature, to.data());
  float truly_left = INFINITY;
  float soft[3];
  for (int e = 0; e < 3; ++e) {
    truly_left = std::min(truly_left, least[e] - to[e]);
    soft[e] = least[e] - kTemperature * std::log1p(std::exp((least[e] - other[e]) / kTemperature));
  }
  EXPECT_NEAR(left, truly_left, 1e-4);
  const float lowest = *std::min_element(soft, soft + 3);
  for (int e = 0; e < 3; ++e) EXPECT_NEAR(to[e], soft[e] - lowest, 0.03 * kTemperature) << e;
  for (int e = 3; e < 8; ++e) EXPECT_EQ(to[e], 0) << "padding";
  // Close to zero temperature it is the plain message.
  std::vector<float> plain(8, -1);
  send_message<SerialGroup>(from.data(), 2, table.data(), 8, 3, plain.data());
  send_soft_message<SerialGroup>(from.data(), 2, table.data(), 8, 3, 1e-3F, to.data());
  for (int e = 0; e < 8; ++e) EXPECT_NEAR(to[e], plain[e], 1e-5) << e;
}

TEST(FastLog, IsCloseEnough) {
  for (float x = 1; x < 300; x *= 1.003F)
    EXPECT_NEAR(log_at_least_one<SerialGroup>(SerialGroup::splat(x))[0], std::log(x), 1e-4) << x;
}

TEST(SendMessage, MatchesTheDefinition) {
  // Two values of the sender, three of the receiver, rows padded to eight.
  const std::vector<float> from = {1, 4, 0, 0, 0, 0, 0, 0};
  const std::vector<float> table = {5, 9, 0, 0, 0, 0, 0, 0, 7, 1, 8, 0, 0, 0, 0, 0};
  std::vector<float> to(8, -1);
  // min(1 + 5, 4 + 7) = 6, min(1 + 9, 4 + 1) = 5, min(1 + 0, 4 + 8) = 1.
  EXPECT_EQ(send_message<SerialGroup>(from.data(), 2, table.data(), 8, 3, to.data()), 1);
  EXPECT_EQ(to, (std::vector<float>{5, 4, 0, 0, 0, 0, 0, 0}));
}

TEST(ExpNonpositive, IsCloseToExp) {
  for (float x = 0; x > -80; x -= 0.37F) {
    const auto power = exp_nonpositive<SerialGroup>(SerialGroup::splat(x));
    EXPECT_NEAR(power[3] / std::exp(x), 1, 1e-5) << x;
  }
  EXPECT_LT(exp_nonpositive<SerialGroup>(SerialGroup::splat(-1e30F))[0], 1e-30F);
}

}  // namespace
}  // namespace warpshard
