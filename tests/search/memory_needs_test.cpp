#include "host/portfolio/memory_needs.h"

#include <gtest/gtest.h>

#include "host/bound/branch_and_bound.h"
#include "host/model/bytes.h"
#include "tests/support/random_model.h"

namespace warpshard {
namespace {

TEST(Memory, BytesAreWrittenForPeople) {
  EXPECT_EQ(describe_bytes(0), "0 bytes");
  EXPECT_EQ(describe_bytes(999), "999 bytes");
  EXPECT_EQ(describe_bytes(1000), "1.0 kB");
  EXPECT_EQ(describe_bytes(52'428'800), "52 MB");
  EXPECT_EQ(describe_bytes(8.6e9), "8.6 GB");
  EXPECT_EQ(describe_bytes(9e18), "9000000 TB");
}

TEST(Memory, NoLimitAdmitsEverything) {
  EXPECT_TRUE((MemoryLimit{0, 1000}).admits(std::int64_t{1} << 60));
  EXPECT_EQ(threads_that_fit({}, {1000, 1000}, 64), 64);
}

TEST(Memory, RefusalsNameBothFigures) {
  const MemoryLimit limit{2'000'000, 500'000};
  EXPECT_FALSE(refuse_memory(limit, 1'500'000, "it"));
  const auto refusal = refuse_memory(limit, 1'600'000, "it");
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->message, "it needs about 2.1 MB of memory, allowed are 2.0 MB");
}

TEST(Memory, ThreadsGiveWayBeforeTheRunDoes) {
  const SearchMemory needs{100, 50};
  EXPECT_EQ(threads_that_fit({1000, 0}, needs, 8), 8);
  EXPECT_EQ(threads_that_fit({310, 0}, needs, 8), 4);
  EXPECT_EQ(threads_that_fit({310, 100}, needs, 8), 2);
  EXPECT_EQ(threads_that_fit({149, 0}, needs, 8), 0);
}

TEST(Memory, EstimatesGrowWithTheModel) {
  RandomModelShape shape;
  shape.num_variables = 10;
  shape.edges_per_variable = 2;
  const SearchMemory small = memory_to_search(random_model(shape, 1));
  shape.num_variables = 40;
  shape.edges_per_variable = 8;
  const SearchMemory large = memory_to_search(random_model(shape, 1));
  EXPECT_GT(small.shared, 0);
  EXPECT_GT(small.per_thread, 0);
  EXPECT_GT(large.shared, 4 * small.shared);
  EXPECT_GT(large.per_thread, 4 * small.per_thread);
}

TEST(Memory, ProofsTakeLessThanSearches) {
  const Model model = random_model({}, 1);
  EXPECT_LT(memory_to_prove(model).total(0), memory_to_search(model).total(0));
  EXPECT_GT(memory_to_prove(model).total(1), memory_to_prove(model).total(0));
}

TEST(Memory, EachGpuTakesSomeOfTheHosts) {
  const Model model = random_model({}, 1);
  const std::int64_t per_gpu = memory_to_search(model, 1).shared - memory_to_search(model).shared;
  EXPECT_GT(per_gpu, 0);
  EXPECT_EQ(memory_to_search(model, 3).shared, memory_to_search(model).shared + 3 * per_gpu);
  EXPECT_EQ(memory_to_prove(model, 1).shared, memory_to_prove(model).shared + per_gpu);
}

TEST(Memory, OpenPartsGetWhatIsLeft) {
  const std::size_t most = BranchOptions{}.state_bytes;
  EXPECT_EQ(room_for_parts({0, 0}, 100), most);
  EXPECT_EQ(room_for_parts({1000, 200}, 300), 500);
  EXPECT_EQ(room_for_parts({1000, 200}, 900), 0);
  EXPECT_EQ(room_for_parts({std::int64_t{1} << 40, 0}, 0), most);
}

}  // namespace
}  // namespace warpshard
