// Writers that are killed, and disks that are full: no record is ever lost or unreadable.

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <random>
#include <thread>

#include "host/store/layers.h"
#include "host/store/upkeep.h"
#include "tests/cli/program.h"
#include "tests/store/small_instances.h"
#include "warpshard/plan_store.h"

namespace warpshard::test {
namespace {

Problem long_problem() {
  Assembly assembly;
  for (int node = 0; node < 2000; ++node) assembly.node({0, 1}, {2, 1}, {0, 0});
  return assembly.problem();
}

/// The n-th of many different plans.
SolverResult numbered_result(const Problem& problem, std::uint64_t number) {
  SolverResult result;
  result.status = SolverStatus::kFeasible;
  result.plan.assign(static_cast<std::size_t>(problem.num_nodes()), 0);
  for (int bit = 0; bit < 64; ++bit) result.plan[bit] = static_cast<int>(number >> bit & 1);
  return result;
}

/// A process that adds records until it is killed; one byte down `pipe` for each that is safe.
pid_t start_writer(const PlanStore& store, const Problem& problem, std::uint64_t first, int pipe) {
  const pid_t process = fork();
  if (process != 0) return process;
  for (std::uint64_t number = first;; ++number) {
    if (store.add(problem, {}, numbered_result(problem, number))) _exit(1);
    if (write(pipe, "x", 1) != 1) _exit(1);
  }
}

TEST(StoreCrash, KilledWritersLeaveNoUnreadableRecordAndLoseNone) {
  constexpr int kKills = 100;
  constexpr int kLongestLife = 30'000;  // microseconds
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  const Problem problem = long_problem();
  const auto store = PlanStore::open(path);
  std::array<int, 2> safe{};
  ASSERT_EQ(pipe(safe.data()), 0);
  std::mt19937 random(1);
  for (int kill_number = 0; kill_number < kKills; ++kill_number) {
    const pid_t one = start_writer(*store, problem, std::uint64_t(kill_number) << 32, safe[1]);
    const pid_t two =
        start_writer(*store, problem, (std::uint64_t(kill_number) << 32) + (1U << 31), safe[1]);
    std::this_thread::sleep_for(std::chrono::microseconds(random() % (kLongestLife * kSlowdown)));
    for (const pid_t writer : {one, two}) {
      kill(writer, SIGKILL);
      int status = 0;
      waitpid(writer, &status, 0);
      EXPECT_TRUE(WIFSIGNALED(status)) << "a writer gave up";
    }
  }
  close(safe[1]);
  std::int64_t added = 0;
  for (char byte = 0; read(safe[0], &byte, 1) == 1;) ++added;
  close(safe[0]);
  EXPECT_GT(added, 0);

  const auto checked = check(*store::Layers::parse(path));
  EXPECT_TRUE(checked.faults.empty()) << checked.faults[0].path << checked.faults[0].reason;
  EXPECT_GE(checked.records, added);
  EXPECT_TRUE(store->best(problem).plan);
}

TEST(StoreCrash, AFullDiskCostsTheNewRecordOnly) {
  const TemporaryFolder folder;
  const std::string path = folder.path("disk");
  std::filesystem::create_directory(path);
  if (mount("tmpfs", path.c_str(), "tmpfs", 0, "size=128k") != 0)
    GTEST_SKIP() << "a small file system cannot be mounted here";
  const Problem problem = long_problem();
  const auto store = PlanStore::open(path + "/store");
  std::uint64_t number = 0;
  std::optional<Error> error;
  while (!error && number < 1000)
    error = store->add(problem, {}, numbered_result(problem, number++));
  EXPECT_TRUE(error);
  EXPECT_NE(error->message.find("No space left"), std::string::npos) << error->message;
  const auto checked = check(*store::Layers::parse(path + "/store"));
  EXPECT_TRUE(checked.faults.empty());
  EXPECT_EQ(checked.records, static_cast<std::int64_t>(number) - 1);
  EXPECT_EQ(PlanStore::open(path + "/store")->best(problem).attempts, checked.records);
  // Whoever could not write it knows it all the same.
  EXPECT_EQ(store->best(problem).attempts, static_cast<std::int64_t>(number));
  umount(path.c_str());
}

}  // namespace
}  // namespace warpshard::test
