#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "host/model/archive.h"
#include "kernels/philox.h"
#include "warpshard/cost.h"
#include "warpshard/parameters.h"

namespace warpshard {

/// Remembers what each policy of descents earned on this instance and gives the next descent to
/// those that earned most. One thread at a time.
class PolicyBook {
 public:
  /// `parameters` must outlive the book.
  explicit PolicyBook(const AnnealParameters& parameters)
      : parameters_(parameters), records_(parameters.policies.size()) {}

  /// Chooses a policy, an index for reward(): those first that were not tried yet (fresh ones
  /// before others), then the one of greatest merit, now and then one at random. `fresh_only`:
  /// there is nothing yet that others could go on from.
  std::size_t choose(bool fresh_only, RandomStream& random);

  /// Tells what a descent under a policy came to.
  void reward(std::size_t policy, const Cost& cost);

  /// For checkpoints: what was earned so far.
  void transfer(Archive& archive) { archive(records_, recent_); }

 private:
  struct Record {
    std::int64_t chosen = 0;
    bool rewarded = false;
    double merit = 0;  ///< decaying mean of its results' rank among the recent ones, in [0, 1]
  };

  bool eligible(std::size_t policy, bool fresh_only) const {
    return !fresh_only || parameters_.policies[policy].fresh;
  }

  const AnnealParameters& parameters_;
  std::vector<Record> records_;  ///< [policies]
  std::vector<Cost> recent_;
};

}  // namespace warpshard
