#include "host/model/parallel_for.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <vector>

namespace warpshard {
namespace {

TEST(ParallelFor, VisitsEachIndexOnce) {
  for (const int threads : {-1, 1, 2, 3, 8}) {
    for (const std::size_t count : {0, 1, 9, 100}) {
      std::vector<int> visits(count, 0);
      parallel_for(threads, count, 7, {}, [&](std::size_t begin, std::size_t end) {
        ASSERT_LT(begin, end);
        ASSERT_LE(end - begin, 7U);
        for (std::size_t i = begin; i < end; ++i) ++visits[i];
      });
      EXPECT_EQ(std::ranges::count(visits, 1), static_cast<std::ptrdiff_t>(count));
    }
  }
}

TEST(ParallelFor, HandsOnWhatABodyThrows) {
  for (const int threads : {1, 4}) {
    std::atomic<int> later{0};
    const auto body = [&](std::size_t begin, std::size_t /*end*/) {
      if (begin < 2) throw std::runtime_error("one of the first");
      ++later;
    };
    EXPECT_THROW(parallel_for(threads, 1000, 1, {}, body), std::runtime_error);
    EXPECT_LT(later, threads == 1 ? 1 : 1000);
  }
}

TEST(ParallelFor, BeginsNoBlockOnceStopped) {
  for (const int threads : {1, 4}) {
    std::atomic<bool> flag{false};
    std::atomic<int> blocks{0};
    parallel_for(threads, 1000, 1, StopToken(flag), [&](std::size_t, std::size_t) {
      ++blocks;
      flag = true;
    });
    EXPECT_GE(blocks, 1);
    EXPECT_LE(blocks, threads);  // those that had begun
  }
}

}  // namespace
}  // namespace warpshard
