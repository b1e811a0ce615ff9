#include "host/tune/lease.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "tests/cli/program.h"

namespace warpshard::tune {
namespace {

using std::chrono::milliseconds;

TEST(Leases, OneHoldsTheOtherSees) {
  const test::TemporaryFolder folder;
  Leases one(folder.path("leases"));
  Leases two(folder.path("leases"));
  EXPECT_TRUE(one.take("a"));
  EXPECT_TRUE(one.take("a"));
  EXPECT_FALSE(one.is_taken("a"));  // by another
  EXPECT_TRUE(two.is_taken("a"));
  EXPECT_FALSE(two.take("a"));
  EXPECT_TRUE(two.take("b"));
  one.give_back("a");
  EXPECT_FALSE(two.is_taken("a"));
  EXPECT_TRUE(two.take("a"));
}

TEST(Leases, EndWithTheirHolder) {
  const test::TemporaryFolder folder;
  Leases two(folder.path("leases"));
  {
    Leases one(folder.path("leases"));
    EXPECT_TRUE(one.take("a"));
    EXPECT_TRUE(two.is_taken("a"));
  }
  EXPECT_FALSE(two.is_taken("a"));
}

TEST(Leases, OfADeadHolderExpireAndThoseThatBeatDoNot) {
  const test::TemporaryFolder folder;
  Leases living(folder.path("leases"));
  EXPECT_TRUE(living.take("alive"));
  std::ofstream(folder.path("leases/dead")) << "somebody who was killed\n";
  Leases watcher(folder.path("leases"), milliseconds(400));
  EXPECT_TRUE(watcher.is_taken("dead"));
  EXPECT_FALSE(watcher.take("dead"));
  EXPECT_TRUE(watcher.is_taken("alive"));
  std::this_thread::sleep_for(milliseconds(500));
  living.beat();
  EXPECT_TRUE(watcher.is_taken("alive"));
  EXPECT_FALSE(watcher.is_taken("dead"));
  EXPECT_TRUE(watcher.take("dead"));
}

TEST(Leases, WhereNoneCanBeWrittenNobodyIsHeldUp) {
  Leases leases("/proc/no/leases");
  EXPECT_TRUE(leases.take("a"));
  EXPECT_FALSE(leases.is_taken("b"));
  leases.beat();
}

}  // namespace
}  // namespace warpshard::tune
