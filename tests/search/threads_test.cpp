#include "host/portfolio/threads.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace warpshard {
namespace {

/// Control groups of a machine that does not exist.
class ControlGroup : public testing::Test {
 protected:
  ControlGroup() { std::filesystem::create_directories(folder_); }
  ~ControlGroup() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path) << text << '\n';
  }

  ControlGroupPlaces places() const { return {folder_ / "membership", folder_ / "root"}; }
  int threads() const { return default_threads(places()); }

  const std::filesystem::path folder_ =
      testing::TempDir() + "warpshard-groups-" + std::to_string(getpid());
  const int cores_ = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
};

TEST_F(ControlGroup, FoldersFromTheInnermostOutwards) {
  write("membership", "0::/a/b");
  const auto root = folder_ / "root";
  EXPECT_EQ(control_group_folders("cpu", places()),
            (std::vector<std::filesystem::path>{root / "a/b", root / "a", root}));
}

TEST_F(ControlGroup, OfVersionOneAreThoseOfTheController) {
  write("membership", "7:cpuset:/x\n4:cpu,cpuacct:/y\n2:memory:/z");
  const auto root = folder_ / "root";
  EXPECT_EQ(control_group_folders("cpu", places()),
            (std::vector<std::filesystem::path>{root / "cpu/y", root / "cpu"}));
}

TEST_F(ControlGroup, WithoutAnyThereIsAThreadPerCore) {
  EXPECT_EQ(threads(), cores_);
  write("membership", "0::/a");
  write("root/a/cpu.max", "max 100000");
  EXPECT_EQ(threads(), cores_);
}

TEST_F(ControlGroup, QuotaLimitsThreads) {
  write("membership", "0::/a");
  write("root/a/cpu.max", "150000 100000");
  EXPECT_EQ(threads(), 1);
  write("root/a/cpu.max", "1000 100000");
  EXPECT_EQ(threads(), 1);
  write("root/a/cpu.max", "100000000 100000");
  EXPECT_EQ(threads(), std::min(cores_, 1000));
}

TEST_F(ControlGroup, QuotaOfAnOuterGroupLimitsThreadsToo) {
  write("membership", "0::/a/b");
  write("root/a/b/cpu.max", "max 100000");
  write("root/a/cpu.max", "100000 100000");
  EXPECT_EQ(threads(), 1);
}

TEST_F(ControlGroup, QuotaOfVersionOneLimitsThreads) {
  write("membership", "4:cpu,cpuacct:/y");
  write("root/cpu/y/cpu.cfs_quota_us", "-1");
  write("root/cpu/y/cpu.cfs_period_us", "100000");
  EXPECT_EQ(threads(), cores_);
  write("root/cpu/y/cpu.cfs_quota_us", "120000");
  EXPECT_EQ(threads(), 1);
}

}  // namespace
}  // namespace warpshard
