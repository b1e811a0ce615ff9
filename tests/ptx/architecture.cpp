#include "tests/ptx/architecture.h"

#include <array>

namespace warpshard::ptx {

std::span<const Architecture> architectures() {
  static constexpr std::array<Architecture, 3> kAll{{
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
      {.name = "sm_90",
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
       .dram_bytes_per_second = 3.35e12},
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
