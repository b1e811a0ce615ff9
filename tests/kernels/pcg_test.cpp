#include "kernels/pcg.h"

#include <gtest/gtest.h>

#include <array>

namespace warpshard::testing {
namespace {

/// By another program, which gives the words that the authors publish for their increment.
TEST(Pcg, GivesTheWordsOfTheAuthorsProgram) {
  Pcg random(12345);
  for (const std::uint32_t word : {0x703543C9U, 0x5B7E0B52U, 0x70F35605U, 0x96B3B12FU})
    EXPECT_EQ(random.word(), word);
}

TEST(Pcg, DrawsEachNumberBelowABoundAboutAsOften) {
  Pcg random(7);
  constexpr int kDraws = 100'000;
  std::array<int, 10> counts{};
  for (int k = 0; k < kDraws; ++k) ++counts.at(random.below(10));
  for (const int count : counts) EXPECT_NEAR(count, kDraws / 10, 500);
}

}  // namespace
}  // namespace warpshard::testing
