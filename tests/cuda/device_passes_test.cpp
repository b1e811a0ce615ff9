#include "host/device/device_passes.h"

#include <gtest/gtest.h>

#include <cmath>

#include "host/bound/dual_ascent.h"
#include "tests/cuda/backends.h"
#include "tests/support/random_model.h"

namespace warpshard::testing {
namespace {

Model tight_model(std::uint64_t seed) {
  RandomModelShape shape;
  shape.num_variables = 40;
  shape.max_domain = 12;
  shape.num_times = 30;
  shape.tightness = 0.3;
  return random_model(shape, seed);
}

/// A device that fails at its n-th call.
class FailingSweeps final : public DeviceSweeps {
 public:
  FailingSweeps(std::unique_ptr<DeviceSweeps> inner, int calls)
      : inner_(std::move(inner)), calls_(calls) {}
  Result<SweepBounds> forward_backward(std::span<const double> prefix, float temperature) override {
    if (fails()) return lost();
    return inner_->forward_backward(prefix, temperature);
  }
  Result<std::vector<double>> expected_usage(float temperature) override {
    if (fails()) return lost();
    return inner_->expected_usage(temperature);
  }
  DeviceStatus copy(MessageSet from, MessageSet to) override {
    if (fails()) return lost();
    return inner_->copy(from, to);
  }
  DeviceStatus overshoot(float momentum) override {
    if (fails()) return lost();
    return inner_->overshoot(momentum);
  }
  Result<std::vector<float>> messages(MessageSet set) override {
    if (fails()) return lost();
    return inner_->messages(set);
  }
  DeviceStatus set_messages(MessageSet set, std::span<const float> messages) override {
    if (fails()) return lost();
    return inner_->set_messages(set, messages);
  }
  Result<std::vector<float>> min_marginals() override {
    if (fails()) return lost();
    return inner_->min_marginals();
  }

 private:
  bool fails() { return calls_-- <= 0; }
  static Error lost() { return Error{"the device is lost"}; }

  std::unique_ptr<DeviceSweeps> inner_;
  int calls_;
};

std::vector<std::string>& log_lines() {
  static std::vector<std::string> lines;
  return lines;
}

DualOptions on_backend(BackendKind kind, int fails_after = 1 << 30) {
  log_lines().clear();
  DualOptions options;
  options.order = SweepOrder::kColour;
  options.passes = [kind, fails_after](const FlatModel& flat, const Sweeps& sweeps) {
    const SweepPlan plan{sweeps.variables(), sweeps.arcs(), sweeps.isolated(),
                         sweeps.num_message_entries()};
    return device_passes(
        flat, sweeps, std::make_unique<FailingSweeps>(make_sweeps(kind, flat, plan), fails_after),
        [](const std::string& line) { log_lines().push_back(line); });
  };
  return options;
}

DualOptions on_host() {
  DualOptions options;
  options.order = SweepOrder::kColour;
  return options;
}

/// What an ascent claims is certified, but for a little.
void expect_certified(const Model& model, DualAscent& ascent, double slack) {
  const auto certified = certified_bound(model, ascent.certificate());
  ASSERT_TRUE(certified) << certified.error().message;
  EXPECT_GE(static_cast<double>(certified->bound),
            ascent.bound() - slack * std::abs(ascent.bound()));
}

class DevicePassesTest : public ::testing::TestWithParam<BackendKind> {
 protected:
  void SetUp() override {
    const std::string absence = absence_of(GetParam());
    if (!absence.empty()) GTEST_SKIP() << absence;
  }
};

/// Expected usage is rounded to 1 / 4096 quantum on a device: prices drift apart, the bounds
/// hardly.
TEST_P(DevicePassesTest, RaiseAndProveTheBoundAsTheHostDoes) {
  constexpr std::int64_t kPlainRounds = 60;
  constexpr std::int64_t kSoftRounds = 200;  // until a smooth ascent begins to be one
  for (const bool smooth : {false, true}) {
    const Model model = tight_model(3);
    const FlatModel flat(model);
    DualOptions options = on_backend(GetParam());
    options.smooth = smooth;
    DualAscent ours(model, flat, options);
    options.passes = {};
    DualAscent host(model, flat, options);
    // The emulated warp is slow: enough to see soft rounds and a trial of plain ones.
    const std::int64_t rounds = smooth ? kSoftRounds + 25 : kPlainRounds;
    ours.run_rounds(rounds);
    host.run_rounds(rounds);
    EXPECT_NEAR(ours.bound(), host.bound(), 0.02 * std::abs(host.bound()));
    expect_certified(model, ours, /*slack=*/1e-4);
    EXPECT_TRUE(log_lines().empty());
  }
}

TEST_P(DevicePassesTest, StateCanBeReadAndCarriedOver) {
  const Model model = tight_model(4);
  const FlatModel flat(model);
  DualAscent ours(model, flat, on_backend(GetParam()));
  ours.run_rounds(20);
  DualAscent host(model, flat, on_host());
  host.set_prices(ours.prices());
  DualAscent again(model, flat, on_backend(GetParam()));
  again.set_prices(ours.prices());
  for (std::size_t e = 0; e < model.edges.size(); ++e) {
    for (const bool to_u : {true, false}) {
      const auto edge = static_cast<std::int32_t>(e);
      host.set_message(edge, to_u, ours.message(edge, to_u));
      again.set_message(edge, to_u, ours.message(edge, to_u));
    }
  }
  host.run_rounds(1);
  again.run_rounds(1);
  EXPECT_EQ(again.bound(), host.bound());
  EXPECT_EQ(again.decode(/*noise=*/0, 1), host.decode(/*noise=*/0, 1));
  EXPECT_EQ(again.conditional_bounds().above, host.conditional_bounds().above);
}

INSTANTIATE_TEST_SUITE_P(Backends, DevicePassesTest, ::testing::ValuesIn(all_backends()),
                         [](const auto& backend) { return name_of(backend.param); });

TEST(DevicePasses, GoOnWithoutADeviceThatFails) {
  const Model model = tight_model(5);
  const FlatModel flat(model);
  for (int calls = 0; calls < 40; ++calls) {
    DualOptions options = on_backend(BackendKind::kSerial, calls);
    DualAscent ascent(model, flat, options);
    ascent.run_rounds(60);
    ASSERT_EQ(log_lines().size(), 1U);
    EXPECT_NE(log_lines()[0].find("the device is lost"), std::string::npos);
    // Where the best messages went down with the device, settling makes up for most of it.
    expect_certified(model, ascent, /*slack=*/0.02);
  }
}

TEST(DevicePasses, RunOnTheHostWhereThereIsNoDevice) {
  if (!cuda_devices().devices.empty()) GTEST_SKIP() << "there is a device";
  const Model model = tight_model(6);
  const FlatModel flat(model);
  std::vector<std::string> lines;
  DualOptions options;
  options.order = SweepOrder::kColour;
  options.passes = make_passes_on({}, [&](const std::string& line) { lines.push_back(line); });
  DualAscent ascent(model, flat, options);
  ascent.run_rounds(20);
  EXPECT_EQ(lines.size(), 1U);
  DualAscent host(model, flat, on_host());
  host.run_rounds(20);
  EXPECT_EQ(ascent.bound(), host.bound());
}

}  // namespace
}  // namespace warpshard::testing
