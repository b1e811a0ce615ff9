#include "host/device/population_plan.h"

#include <gtest/gtest.h>

#include "host/device/backend.h"
#include "host/device/host_backend.h"
#include "host/device/host_runner.h"
#include "host/device/population_search.h"
#include "host/search/noise_table.h"
#include "tests/support/random_model.h"

namespace warpshard::testing {
namespace {

DeviceLimits roomy() {
  DeviceLimits limits;
  limits.free_bytes = std::int64_t{8} << 30;
  limits.multiprocessors = 10;
  limits.resident_warps = 32;
  return limits;
}

FlatModel model_with(std::int32_t variables, std::int32_t times) {
  RandomModelShape shape;
  shape.num_variables = variables;
  shape.num_times = times;
  return FlatModel(random_model(shape, 1));
}

TEST(Plan, FillsTheDeviceWhenNothingElseIsAsked) {
  const auto plan = plan_population(model_with(50, 40), 9000, roomy(), {});
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->shape.num_chains, 320);
  EXPECT_EQ(plan->shape.num_islands(), 10);
}

TEST(Plan, LeavesPlacesToOthersWhereAsked) {
  DeviceSearchOptions options;
  options.place_share = 0.5;
  const auto plan = plan_population(model_with(50, 40), 9000, roomy(), options);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->shape.num_chains, 160);
}

TEST(Plan, ShrinksToWhatFits) {
  DeviceLimits limits = roomy();
  limits.free_bytes = 24 << 20;
  const FlatModel model = model_with(2000, 1000);
  const auto plan = plan_population(model, 9000, limits, {});
  ASSERT_TRUE(plan.ok());
  EXPECT_LT(plan->shape.num_chains, 320);
  EXPECT_GE(plan->shape.num_chains, 32);
  EXPECT_LE(plan->total_bytes, limits.free_bytes * 9 / 10);
  // One more island would not have fitted.
  EXPECT_GT(plan->total_bytes + plan->island_bytes + 32 * plan->chain_bytes,
            limits.free_bytes * 9 / 10);
}

TEST(Plan, GrowsFewerTreesAtATimeRatherThanFewerChains) {
  DeviceLimits limits = roomy();
  limits.rooms_per_chain = 32;
  const FlatModel model = model_with(2000, 1000);
  const auto whole = plan_population(model, 9000, limits, {});
  ASSERT_TRUE(whole.ok());
  EXPECT_EQ(whole->shape.rooms_per_chain, 32);
  limits.free_bytes = whole->total_bytes * 2 / 3;
  const auto plan = plan_population(model, 9000, limits, {});
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->shape.num_chains, whole->shape.num_chains);
  EXPECT_GT(plan->shape.rooms_per_chain, 1);
  EXPECT_LT(plan->shape.rooms_per_chain, 32);
  EXPECT_LE(plan->total_bytes, limits.free_bytes * 9 / 10);
}

TEST(Plan, RefusesWithTheFigures) {
  DeviceLimits limits = roomy();
  limits.free_bytes = 1 << 20;
  const auto plan = plan_population(model_with(2000, 1000), 9000, limits, {});
  ASSERT_FALSE(plan.ok());
  EXPECT_NE(plan.error().message.find("1.0 MiB free"), std::string::npos) << plan.error().message;
  EXPECT_NE(plan.error().message.find("32 chains"), std::string::npos) << plan.error().message;
}

TEST(Plan, RefusesNonsense) {
  DeviceSearchOptions options;
  options.chains_per_island = 0;
  EXPECT_FALSE(plan_population(model_with(5, 5), 9000, roomy(), options).ok());
  options.chains_per_island = 1;
  options.rooms_per_chain = -1;
  EXPECT_FALSE(plan_population(model_with(5, 5), 9000, roomy(), options).ok());
}

/// What was budgeted is what is allocated.
TEST(Plan, CountsEveryByte) {
  const FlatModel model = model_with(200, 100);
  const NoiseTable noise(model.max_stride);
  DeviceSearchOptions options;
  options.chains = 96;
  const auto plan =
      plan_population(model, static_cast<std::int64_t>(noise.values().size()), roomy(), options);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->shape.num_chains, 96);
  const PopulationSearch<HostBackend<HostRunner>> search({}, model, noise.values(), *plan, 1);
  EXPECT_EQ(search.allocated_bytes(), plan->total_bytes);
  EXPECT_EQ(plan->total_bytes, plan->model_bytes + plan->shape.num_islands() * plan->island_bytes +
                                   96 * plan->chain_bytes + 32 * std::int64_t{sizeof(float)});
}

TEST(Devices, AreListedOrTheirAbsenceExplained) {
  const DeviceList list = cuda_devices();
  EXPECT_EQ(list.devices.empty(), !list.absence.empty());
  if (!built_with_cuda()) {
    EXPECT_EQ(list.absence, "this build has no CUDA backend");
  }
}

TEST(Devices, SearchOnAnAbsentDeviceFailsWithAReason) {
  DeviceSearchOptions options;
  options.device = 999;
  const FlatModel model = model_with(5, 5);
  const auto search = make_device_search(model, NoiseTable(model.max_stride).values(), options);
  ASSERT_FALSE(search.ok());
  EXPECT_FALSE(search.error().message.empty());
}

}  // namespace
}  // namespace warpshard::testing
