#include "tests/ptx/throughput_limit.h"

#include <algorithm>

namespace warpshard::ptx {

double ThroughputLimit::serve(double start, double amount) {
  if (amount <= 0) return start;
  auto number = static_cast<std::uint64_t>(start / kBucketCycles);
  for (;; ++number) {
    Bucket& bucket = buckets_[number % kBuckets];
    if (bucket.number != number) bucket = {number, 0};
    const double taken = std::min(per_bucket_ - bucket.used, amount);
    bucket.used += taken;
    amount -= taken;
    if (amount > 0) continue;
    const double begin = static_cast<double>(number * kBucketCycles);
    // Within the first bucket there was room at once.
    if (begin <= start) return start;
    return begin + kBucketCycles * bucket.used / per_bucket_;
  }
}

}  // namespace warpshard::ptx
