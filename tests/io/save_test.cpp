#include "warpshard/save.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/io/odd_problem.h"
#include "tests/io/temporary_file.h"
#include "warpshard/load.h"

namespace warpshard {
namespace {

void expect_equal(const Problem& a, const Problem& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.strategy_offsets, b.strategy_offsets);
  EXPECT_EQ(a.costs, b.costs);
  EXPECT_EQ(a.usages, b.usages);
  EXPECT_TRUE(std::ranges::equal(a.intervals, b.intervals, [](const auto& x, const auto& y) {
    return x.lower == y.lower && x.upper == y.upper;
  }));
  EXPECT_EQ(a.edge_offsets, b.edge_offsets);
  EXPECT_EQ(a.edge_nodes, b.edge_nodes);
  EXPECT_EQ(a.edge_tables, b.edge_tables);
  EXPECT_EQ(a.table_offsets, b.table_offsets);
  EXPECT_EQ(a.entries, b.entries);
  EXPECT_EQ(a.usage_limit, b.usage_limit);
}

void expect_round_trip(const Problem& problem, const std::string& suffix) {
  const test::TemporaryFile file(suffix);
  const auto error = save_problem(problem, file.path());
  ASSERT_FALSE(error) << error->message;
  const auto loaded = load_problem(file.path());
  ASSERT_TRUE(loaded) << loaded.error().message;
  expect_equal(problem, *loaded);
}

TEST(Save, RandomInstancesComeBack) {
  test::Random random(3);
  for (int round = 0; round < 100; ++round)
    expect_round_trip(test::odd_problem(random), round % 2 == 0 ? ".json" : ".json.gz");
}

TEST(Save, AnyNameComesBack) {
  Problem problem;
  problem.intervals = {{0, 1}};
  problem.strategy_offsets = {0, 1};
  problem.costs = {1};
  problem.usages = {1};
  problem.name = std::string("a \"quoted\\ \n\t\x01 n\u00e4me") + '\0' + "!";
  expect_round_trip(problem, ".json");
}

TEST(Save, ATableBeyondTheBuffersComesBack) {
  Problem problem;
  problem.intervals = {{0, 1}};
  problem.strategy_offsets = {0, 700};
  problem.costs.assign(700, -1);
  problem.usages.assign(700, 2);
  problem.edge_offsets = {0, 2};
  problem.edge_nodes = {0, 0};
  problem.edge_tables = {0};
  problem.table_offsets = {0, 490000};
  for (std::int64_t entry = 0; entry < 490000; ++entry)
    problem.entries.push_back(entry * 1000003 % kForbidden);
  expect_round_trip(problem, ".json");
  expect_round_trip(problem, ".json.gz");
}

TEST(Save, CompressesByExtension) {
  const test::TemporaryFile file(".json.gz");
  ASSERT_FALSE(save_problem(Problem{}, file.path()));
  std::ifstream in(file.path(), std::ios::binary);
  EXPECT_EQ(in.get(), 0x1f);
  EXPECT_EQ(in.get(), 0x8b);
}

TEST(Save, NamesTheFileThatCannotBeWritten) {
  const auto missing = save_problem(Problem{}, "/nonexistent/x.json");
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->message, "/nonexistent/x.json: No such file or directory");
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  const auto full = save_problem(Problem{}, "/dev/full");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->message, "/dev/full: No space left on device");
}

/// The contest's instances, if the environment says where they are.
TEST(Save, RealInstancesComeBack) {
  const char* folder = std::getenv("WARPSHARD_INSTANCES");
  if (folder == nullptr) GTEST_SKIP() << "WARPSHARD_INSTANCES is not set";
  int instances = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string path = entry.path().string();
    if (!path.ends_with(".json") && !path.ends_with(".json.gz")) continue;
    const auto loaded = load_problem(path);
    ASSERT_TRUE(loaded) << loaded.error().message;
    expect_round_trip(*loaded, ".json");
    ++instances;
  }
  EXPECT_GT(instances, 0) << folder;
}

}  // namespace
}  // namespace warpshard
