// The CUDA backend's own sources on two devices of the stand-in: failures, threads, whole solves.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "host/bound/sweeps.h"
#include "host/search/noise_table.h"
#include "tests/cuda/backends.h"
#include "tests/cuda/emulated_cuda.h"
#include "tests/support/dense_problem.h"
#include "tests/support/random_model.h"
#include "warpshard/generate.h"
#include "warpshard/solve.h"

namespace warpshard::testing {
namespace {

struct Population {
  std::int32_t chains = 0;
  std::int32_t chains_per_island = 0;
};
/// Each island fills a block, whose chains grow trees together; islands share a block, each chain
/// grows its own.
constexpr Population kTogether{64, 32};
constexpr Population kApart{6, 2};

class EmulatedDevices : public ::testing::Test {
 protected:
  void TearDown() override {
    emulated::repair();
    EXPECT_EQ(emulated::live_allocations(), 0);
  }
};

Model small_model(std::uint64_t seed = 5) {
  RandomModelShape shape;
  shape.num_variables = 20 * static_cast<std::int32_t>(seed);
  shape.num_times = 300;   // more than prices.cu has threads in a block
  shape.tightness = 0.05;  // some are above the limit, so that prices rise
  return random_model(shape, seed);
}

ChunkOptions small_chunk() {
  ChunkOptions options;
  options.visits = 40;
  options.hottest = 20;
  options.tabu_share = 0.4F;
  options.rule.nudge = 3;  // so that a wrong mean of the prices shows
  return options;
}

template <typename Object>
using Calls = std::vector<std::function<DeviceStatus(Object&)>>;

template <typename T>
DeviceStatus status_of(const Result<T>& result) {
  return result.ok() ? DeviceStatus() : DeviceStatus(result.error());
}

/// Every function of a search in turn.
Calls<DeviceSearch> search_calls(const Model& model) {
  const std::vector<Assignment> states = {random_assignment(model, 1), random_assignment(model, 2)};
  const std::vector<float> prices(model.capacity.size(), 0.2F);
  return {[=](DeviceSearch& search) { return search.start(states, prices); },
          [=](DeviceSearch& search) { return search.run_chunk(small_chunk()); },
          [=](DeviceSearch& search) { return search.inject(states); },
          [=](DeviceSearch& search) { return search.run_chunk(small_chunk()); },
          [=](DeviceSearch& search) { return search.set_prices(prices); },
          [=](DeviceSearch& search) { return search.run_chunk(small_chunk()); },
          [=](DeviceSearch& search) { return status_of(search.harvest(9)); },
          [=](DeviceSearch& search) { return status_of(search.snapshot(1)); },
          [=](DeviceSearch& search) { return status_of(search.counters()); }};
}

void expect_same(DeviceSearch& ours, DeviceSearch& serial) {
  for (std::int32_t c = 0; c < serial.plan().shape.num_chains; ++c) {
    const auto a = ours.snapshot(c);
    const auto b = serial.snapshot(c);
    ASSERT_TRUE(a.ok() && b.ok());
    EXPECT_EQ(a->values, b->values) << "chain " << c;
    EXPECT_EQ(a->slack, b->slack);
    EXPECT_EQ(a->rung, b->rung);
    EXPECT_EQ(a->account.finite, b->account.finite);
  }
}

constexpr std::uint64_t kSeed = 7;

Result<std::unique_ptr<DeviceSearch>> search_on(std::int32_t device, const Population& population,
                                                const FlatModel& flat) {
  DeviceSearchOptions options;
  options.device = device;
  options.seed = kSeed;
  options.chains = population.chains;
  options.chains_per_island = population.chains_per_island;
  options.rooms_per_chain = 2;  // growing is most of the time here
  options.tabu = true;
  return make_device_search(flat, NoiseTable(flat.max_stride).values(), options);
}

std::unique_ptr<DeviceSearch> serial_search(const Population& population, const FlatModel& flat) {
  return make_search(BackendKind::kSerial, flat, population.chains, population.chains_per_island,
                     kSeed);
}

TEST_F(EmulatedDevices, ListsThoseThatThisBuildCanUse) {
  const DeviceList list = cuda_devices();
  ASSERT_EQ(list.devices.size(), 2U);
  EXPECT_EQ(list.devices[0].number, emulated::kFirst);
}

/// Prices too: here both sides use the same power function.
TEST_F(EmulatedDevices, AgreeWithTheSerialGroupWhicheverThreadCalls) {
  const Model model = small_model();
  const FlatModel flat(model);
  for (const Population& population : {kTogether, kApart}) {
    const std::array searches = {search_on(emulated::kFirst, population, flat),
                                 search_on(emulated::kSecond, population, flat)};
    const auto serial = serial_search(population, flat);
    for (const auto& call : search_calls(model)) {
      EXPECT_FALSE(call(*serial));
      for (const auto& ours : searches) {
        ASSERT_TRUE(ours.ok()) << ours.error().message;
        std::thread([&] {
          const auto status = call(**ours);
          EXPECT_FALSE(status) << status->message;
        }).join();
        EXPECT_EQ(emulated::pending(), 0);
        expect_same(**ours, *serial);
      }
    }
  }
}

TEST_F(EmulatedDevices, WorkForSeveralThreadsAtATime) {
  std::vector<std::thread> threads;
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    threads.emplace_back([seed] {
      const Model model = small_model(seed);
      const FlatModel flat(model);
      const auto device = seed % 2 == 0 ? emulated::kFirst : emulated::kSecond;
      const auto ours = search_on(device, kApart, flat);
      const auto serial = serial_search(kApart, flat);
      ASSERT_TRUE(ours.ok()) << ours.error().message;
      for (const auto& call : search_calls(model)) {
        EXPECT_FALSE(call(**ours));
        EXPECT_FALSE(call(*serial));
      }
      expect_same(**ours, *serial);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

/// The first error of an object's whole life, and how many calls of the runtime came before its
/// end.
struct Life {
  std::string error;
  std::int64_t calls = 0;
};

template <typename Object, typename Make>
Life live(const Make& make, const Calls<Object>& calls) {
  const std::int64_t before = emulated::calls();
  Life life;
  const Result<std::unique_ptr<Object>> object = make();
  if (!object) life.error = object.error().message;
  for (const auto& call : calls) {
    if (!life.error.empty()) break;
    if (const auto failure = call(**object)) life.error = failure->message;
  }
  life.calls = emulated::calls() - before;
  return life;
}

Life life_of_search(std::int32_t device) {
  const Model model = random_model({}, 1);
  const FlatModel flat(model);
  return live<DeviceSearch>([&] { return search_on(device, {2, 1}, flat); }, search_calls(model));
}

Life life_of_sweeps(std::int32_t device) {
  const Model model = random_model({}, 1);
  const FlatModel flat(model);
  const Sweeps sweeps(flat, SweepOrder::kColour);
  const SweepPlan plan{sweeps.variables(), sweeps.arcs(), sweeps.isolated(),
                       sweeps.num_message_entries()};
  const std::vector<double> prefix(model.capacity.size() + 1, 0);
  const std::vector<float> messages(static_cast<std::size_t>(plan.num_message_entries), 0);
  return live<DeviceSweeps>(
      [&] { return make_device_sweeps(flat, plan, device); },
      {[&](DeviceSweeps& s) { return status_of(s.forward_backward(prefix, 0)); },
       [&](DeviceSweeps& s) { return status_of(s.expected_usage(2)); },
       [&](DeviceSweeps& s) { return s.copy(MessageSet::kCurrent, MessageSet::kLast); },
       [&](DeviceSweeps& s) { return s.overshoot(0.5F); },
       [&](DeviceSweeps& s) { return status_of(s.messages(MessageSet::kCurrent)); },
       [&](DeviceSweeps& s) { return s.set_messages(MessageSet::kCurrent, messages); },
       [&](DeviceSweeps& s) { return status_of(s.min_marginals()); }});
}

TEST_F(EmulatedDevices, ReportEveryFailureAndFreeTheirMemory) {
  for (const auto& life_on : {life_of_search, life_of_sweeps}) {
    for (const auto error : {cudaErrorMemoryAllocation, cudaErrorLaunchFailure}) {
      // A fault stays with a device.
      const std::int32_t next =
          error == cudaErrorLaunchFailure ? emulated::kSecond : emulated::kFirst;
      for (std::int64_t n = 0;; ++n) {
        emulated::fail_call(n, error);
        const Life life = life_on(emulated::kFirst);
        ASSERT_EQ(emulated::live_allocations(), 0) << "call " << n;
        ASSERT_EQ(life.error.empty(), n >= life.calls) << "call " << n;
        if (n >= life.calls) break;
        if (n % 16 == 0) {
          ASSERT_EQ(life_on(next).error, "") << "after call " << n;
        }
        emulated::repair();
      }
      emulated::repair();
    }
  }
}

/// A device that cannot be described is passed over.
TEST_F(EmulatedDevices, AreListedInSpiteOfFailures) {
  const std::int64_t before = emulated::calls();
  EXPECT_EQ(cuda_devices().devices.size(), 2U);
  const std::int64_t calls = emulated::calls() - before;
  for (std::int64_t n = 0; n < calls; ++n) {
    emulated::fail_call(n, cudaErrorInvalidValue);
    const DeviceList list = cuda_devices();
    EXPECT_NE(list.devices.empty(), list.absence.empty());
    EXPECT_EQ(life_of_search(emulated::kFirst).error, "") << "after call " << n;
  }
}

Problem transformer() {
  GeneratorOptions options;
  options.target_nodes = 400;
  auto problem = generate(options);
  EXPECT_TRUE(problem.ok());
  return std::move(*problem);
}

/// Patience is for the slowest machine that runs tests.
SolverOptions on_both_devices() {
  SolverOptions options;
  options.start = std::chrono::steady_clock::now();
  options.deadline_seconds = 600;
  options.threads = 2;
  options.device = "cuda";
  return options;
}

/// Solves until all of `expected` is among the notes; true if that came to pass, with a plan at the
/// end.
bool solve_until(const std::vector<std::string>& expected, std::string& notes) {
  std::atomic<bool> stop{false};
  const auto complete = [&] {
    return std::ranges::all_of(
        expected, [&](const auto& note) { return notes.find(note) != std::string::npos; });
  };
  const auto result = solve(transformer(), on_both_devices(), stop, [&](const Progress& progress) {
    if (!progress.note.empty()) notes += progress.note + "\n";
    if (progress.incumbent && complete()) stop = true;
  });
  return complete() && !result.plan.empty();
}

TEST_F(EmulatedDevices, TakePartInASolve) {
  std::string notes;
  EXPECT_TRUE(
      solve_until({"cuda:1: 64 chains", "cuda:2: 64 chains", "cuda:1 passes messages"}, notes))
      << notes;
  EXPECT_EQ(notes.find("drops out"), std::string::npos) << notes;
}

/// Threads and devices work side by side, but nothing of the plan depends on which is the faster.
TEST_F(EmulatedDevices, GiveTheSamePlanForTheSameWork) {
  const Problem problem = dense_problem(16, 1000);
  const std::atomic<bool> never{false};
  SolverOptions options = on_both_devices();
  options.work_limit = 1;
  options.threads = 1;
  const Plan plan = solve(problem, options, never, {}).plan;
  ASSERT_FALSE(plan.empty());
  options.threads = 3;
  EXPECT_EQ(solve(problem, options, never, {}).plan, plan);
}

TEST_F(EmulatedDevices, MayBeLostInTheMiddleOfASolve) {
  for (const std::int64_t n : {300, 1000}) {
    emulated::fail_call(n, cudaErrorLaunchFailure);
    std::string notes;
    EXPECT_TRUE(solve_until({"launch failure"}, notes)) << notes;
    emulated::repair();
  }
}

}  // namespace
}  // namespace warpshard::testing
