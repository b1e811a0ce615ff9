#pragma once

#include <array>
#include <cstdint>

namespace warpshard::ptx {

/// A unit that serves so much per cycle, whoever asks. Requests may come out of order by some
/// thousands of cycles, as those of warps do that are simulated a stretch at a time.
class ThroughputLimit {
 public:
  explicit ThroughputLimit(double per_cycle) : per_bucket_(per_cycle * kBucketCycles) {}

  /// When what is asked for at `start` has been served.
  double serve(double start, double amount);

 private:
  static constexpr std::uint64_t kBucketCycles = 32;
  static constexpr std::uint64_t kBuckets = 1 << 12;
  struct Bucket {
    std::uint64_t number = ~std::uint64_t{0};
    double used = 0;
  };

  double per_bucket_;
  std::array<Bucket, kBuckets> buckets_{};
};

}  // namespace warpshard::ptx
