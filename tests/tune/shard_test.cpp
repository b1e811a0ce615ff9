#include "host/tune/shard.h"

#include <gtest/gtest.h>

#include <map>

namespace warpshard::tune {
namespace {

Environment of(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const char* name) -> std::optional<std::string> {
    const auto value = values.find(name);
    return value == values.end() ? std::nullopt : std::optional(value->second);
  };
}

void expect_shard(const Result<Shard>& shard, std::int64_t index, std::int64_t count) {
  ASSERT_TRUE(shard.ok()) << shard.error().message;
  EXPECT_EQ(shard->index, index);
  EXPECT_EQ(shard->count, count);
}

void expect_shard(const std::optional<Shard>& shard, std::int64_t index, std::int64_t count) {
  ASSERT_TRUE(shard);
  expect_shard(Result<Shard>(*shard), index, count);
}

TEST(Shard, IsParsed) {
  expect_shard(parse_shard("0/1", of({})), 0, 1);
  expect_shard(parse_shard("7/8", of({})), 7, 8);
  for (const char* text : {"", "/", "8/8", "-1/2", "1", "1/0", "a/b", "1/2/3", "1/2 "})
    EXPECT_FALSE(parse_shard(text, of({})).ok()) << text;
}

TEST(Shard, TakesItsIndexFromTheLauncherWhereOnlyTheCountIsGiven) {
  expect_shard(parse_shard("/8", of({{"JOB_COMPLETION_INDEX", "3"}})), 3, 8);
  expect_shard(parse_shard("/8", of({{"RANK", "2"}, {"WORLD_SIZE", "8"}})), 2, 8);
  EXPECT_FALSE(parse_shard("/8", of({})).ok());
  EXPECT_FALSE(parse_shard("/8", of({{"JOB_COMPLETION_INDEX", "8"}})).ok());
}

TEST(Shard, ReadsWhatLaunchersSet) {
  expect_shard(shard_from(of({{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "4"}})), 1,
               4);
  expect_shard(shard_from(of({{"PMI_RANK", "0"}, {"PMI_SIZE", "2"}})), 0, 2);
  expect_shard(shard_from(of({{"RANK", "5"}, {"WORLD_SIZE", "6"}})), 5, 6);
  expect_shard(shard_from(of({{"SLURM_PROCID", "1"}, {"SLURM_NTASKS", "2"}})), 1, 2);
  expect_shard(shard_from(of({{"SLURM_ARRAY_TASK_ID", "13"},
                              {"SLURM_ARRAY_TASK_MIN", "10"},
                              {"SLURM_ARRAY_TASK_STEP", "3"},
                              {"SLURM_ARRAY_TASK_COUNT", "2"}})),
               1, 2);
}

TEST(Shard, IgnoresWhatSaysHalfOrNonsense) {
  EXPECT_FALSE(shard_from(of({})));
  EXPECT_FALSE(shard_from(of({{"RANK", "0"}})));
  EXPECT_FALSE(shard_from(of({{"RANK", "3"}, {"WORLD_SIZE", "2"}})));
  EXPECT_FALSE(shard_from(of({{"PMI_RANK", "one"}, {"PMI_SIZE", "2"}})));
}

TEST(Shard, AJobArrayInOneTaskEachIsAnArray) {
  // Slurm sets the step's variables as well.
  expect_shard(shard_from(of({{"SLURM_ARRAY_TASK_ID", "2"},
                              {"SLURM_ARRAY_TASK_COUNT", "4"},
                              {"SLURM_PROCID", "0"},
                              {"SLURM_NTASKS", "1"}})),
               2, 4);
}

TEST(Shard, ShardsOwnEachPlaceOnce) {
  for (std::int64_t place = 0; place < 20; ++place) {
    int owners = 0;
    for (std::int64_t index = 0; index < 3; ++index) owners += Shard{index, 3}.owns(place);
    EXPECT_EQ(owners, 1);
  }
}

}  // namespace
}  // namespace warpshard::tune
