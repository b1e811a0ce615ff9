#include "tests/ptx/architecture.h"

#include <algorithm>
#include <array>

namespace warpshard::ptx {
namespace {

constexpr Architecture kH100{.name = "sm_90",
                             .product = "H100 SXM",
                             .clock_hz = 1.755e9,
                             .multiprocessors = 132,
                             .arithmetic = 5,
                             .wide = 9,
                             .shuffle = 24,
                             .vote = 12,
                             .branch = 6,
                             .divide = 60,
                             .shared = 29,
                             .l1 = 41,
                             .l2 = 263,
                             .dram = 560,
                             .l1_bytes = 256 << 10,
                             .l2_bytes = 50'000'000,
                             .l2_bytes_per_cycle = 24,
                             .dram_bytes_per_second = 3.35e12};

/// The same processor with another clock and memory.
constexpr Architecture kH200 = [] {
  Architecture h200 = kH100;
  h200.product = "H200 SXM";
  h200.clock_hz = 1.98e9;
  h200.l2_bytes = 60'000'000;
  h200.dram_bytes_per_second = 4.8e12;
  return h200;
}();

}  // namespace

std::int64_t Architecture::l1_beside(int blocks, std::int64_t shared_bytes) const {
  constexpr std::int64_t kReserved = 1 << 10;
  constexpr std::array<std::int64_t, 10> kSteps{0, 8, 16, 32, 64, 100, 132, 164, 196, 228};
  const std::int64_t wanted = blocks * (shared_bytes + kReserved);
  const auto step = std::ranges::lower_bound(kSteps, (wanted + 1023) >> 10);
  return l1_bytes - (*(step == kSteps.end() ? step - 1 : step) << 10);
}

std::span<const Architecture> architectures() {
  static constexpr std::array<Architecture, 4> kAll{{
      {.name = "sm_80",
       .product = "A100 SXM 40 GB",
       .clock_hz = 1.41e9,
       .multiprocessors = 108,
       .arithmetic = 4,
       .wide = 8,
       .shuffle = 23,
       .vote = 12,
       .branch = 6,
       .divide = 60,
       .shared = 29,
       .l1 = 38,
       .l2 = 262,
       .dram = 466,
       .l1_bytes = 192 << 10,
       .l2_bytes = 40'000'000,
       .l2_bytes_per_cycle = 28,
       .dram_bytes_per_second = 1.555e12},
      kH100,
      kH200,
      {.name = "sm_100",
       .product = "B200",
       .clock_hz = 1.965e9,
       .multiprocessors = 148,
       .arithmetic = 5,
       .wide = 9,
       .shuffle = 24,
       .vote = 12,
       .branch = 6,
       .divide = 60,
       .shared = 29,
       .l1 = 39,
       .l2 = 295,
       .dram = 700,
       .l1_bytes = 256 << 10,
       .l2_bytes = 126'000'000,
       .l2_bytes_per_cycle = 24,
       .dram_bytes_per_second = 8e12},
  }};
  return kAll;
}

}  // namespace warpshard::ptx
