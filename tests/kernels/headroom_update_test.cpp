// Many changes of a memory profile at once, on an emulated warp, against sums over time points.

#include "kernels/headroom_update.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "kernels/memory_profile.h"
#include "tests/kernels/emulated_warp_group.h"

namespace warpshard::testing {
namespace {

using Update = HeadroomUpdate<EmulatedWarpGroup>;

/// A profile and what it should hold.
class Profile {
 public:
  Profile(std::int32_t num_times, std::uint64_t seed)
      : num_times_(num_times), blocks_(MemoryProfile::blocks_for(num_times)), random_(seed) {
    headroom_.assign(static_cast<std::size_t>(blocks_) * MemoryProfile::kBlock,
                     MemoryProfile::kUnlimited);
    for (std::int32_t t = 0; t < num_times; ++t) headroom_[t] = draw(-1000, 1000);
    right_ = headroom_;
    add_.assign(static_cast<std::size_t>(blocks_), 0);
    least_.assign(static_cast<std::size_t>(blocks_), 0);
    run([&] { view().rebuild(EmulatedWarpGroup{}); });
  }

  /// Changes over short and long stretches; some begin or end together.
  std::vector<HeadroomChange> changes(std::int32_t count) {
    std::vector<HeadroomChange> drawn;
    for (std::int32_t i = 0; i < count; ++i) {
      const std::int32_t begin = i % 4 == 3 ? drawn.back().begin : draw(0, num_times_ - 1);
      const std::int32_t most = i % 2 == 0 ? num_times_ : std::min(num_times_, begin + 5);
      drawn.push_back({begin, i % 5 == 4 ? num_times_ : draw(begin + 1, most), draw(-90, 90), 0});
      for (std::int32_t t = begin; t < drawn.back().end; ++t) right_[t] += drawn.back().amount;
    }
    return drawn;
  }

  void run(const std::function<void()>& lanes) {
    EmulatedBlock warp(random_());
    ASSERT_EQ(warp.run(lanes), "");
  }

  MemoryProfile view() { return {blocks_, headroom_.data(), add_.data(), least_.data()}; }

  void expect_right() {
    const MemoryProfile profile = view();
    for (std::int32_t b = 0; b < blocks_; ++b) {
      std::int32_t least = MemoryProfile::kUnlimited;
      for (std::int32_t t = b * MemoryProfile::kBlock; t < (b + 1) * MemoryProfile::kBlock; ++t) {
        ASSERT_EQ(profile.at(t), right_[t]) << t;
        least = std::min(least, right_[t]);
      }
      ASSERT_EQ(least_[b], least) << b;
    }
  }

 private:
  std::int32_t draw(std::int32_t least, std::int32_t most) {
    return std::uniform_int_distribution(least, most)(random_);
  }

  std::int32_t num_times_;
  std::int32_t blocks_;
  std::mt19937_64 random_;
  std::vector<std::int32_t> headroom_, right_, add_, least_;
};

TEST(HeadroomUpdate, AddsAnyNumberOfChanges) {
  std::uint64_t seed = 0;
  for (const std::int32_t num_times : {1, 31, 256, 257, 1095, 3000}) {
    for (const std::int32_t count : {0, 1, 2, 5, 31, 32, 33, 200}) {
      SCOPED_TRACE(::testing::Message() << count << " changes of " << num_times << " times");
      Profile profile(num_times, ++seed);
      // The second time some of the blocks have something added to all of them.
      for (int round = 0; round < 2; ++round) {
        const auto changes = profile.changes(count);
        std::vector<std::uint32_t> sums(Update::kSpan, 77);
        MemoryProfile view = profile.view();
        profile.run(
            [&] { Update(EmulatedWarpGroup{}, view, sums.data()).add(changes.data(), count); });
        ASSERT_NO_FATAL_FAILURE(profile.expect_right());
      }
    }
  }
}

TEST(HeadroomUpdate, AddsOneByOne) {
  Profile profile(700, 3);
  const auto changes = profile.changes(50);
  MemoryProfile view = profile.view();
  profile.run(
      [&] { Update(EmulatedWarpGroup{}, view, nullptr).add_one_by_one(changes.data(), 50); });
  profile.expect_right();
}

/// What begins and ends at one time may pass 2^31 together; headroom does not.
TEST(HeadroomUpdate, SumsMayWrapAround) {
  constexpr std::int32_t kMost = 1'000'000'000;
  constexpr std::int32_t kLeast = -1'500'000'000;
  std::vector<std::int32_t> headroom(256, 0), add(8, 0), least(8, 0);
  std::vector<std::uint32_t> sums(Update::kSpan);
  MemoryProfile view{8, headroom.data(), add.data(), least.data()};
  const std::vector<HeadroomChange> changes{
      {0, 40, kMost, 0}, {40, 200, kLeast, 0}, {200, 256, kMost, 0}};
  ASSERT_EQ(EmulatedBlock(1).run(
                [&] { Update(EmulatedWarpGroup{}, view, sums.data()).add(changes.data(), 3); }),
            "");
  for (std::int32_t t = 0; t < 256; ++t)
    ASSERT_EQ(view.at(t), t >= 40 && t < 200 ? kLeast : kMost) << t;
  EXPECT_EQ(least, (std::vector<std::int32_t>{kMost, kLeast, kLeast, kLeast, kLeast, kLeast, kLeast,
                                              kMost}));
}

}  // namespace
}  // namespace warpshard::testing
