#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "kernels/philox.h"
#include "warpshard/cost.h"

namespace warpshard {

/// Where a descent begins, how hot, and how it treats memory (see AnnealingPlan); or a tabu search.
struct RoundPolicy {
  bool fresh = true;      ///< from a decoding of the bound; otherwise from an elite
  float heat = 1;         ///< times the cost of a plan per connected variable
  float cooling = 100;    ///< hottest / coldest temperature
  float tolerance = 0;    ///< see AnnealingPlan
  double free_share = 0;  ///< see AnnealingPlan
  bool tabu = false;      ///< tabu search instead of a descent; the temperatures do not count
};

/// Which kind of descent comes next.
enum class RoundKind {
  kTrial,     ///< a short fresh one: which way of starting suits this instance?
  kFull,      ///< a long fresh one, the way that did best in trials
  kFollowing  ///< whatever earned most
};

/// Remembers what each policy earned on this instance, across cores, and gives the next descent to
/// those that earned most. Any thread may call any member.
class PolicyBook {
 public:
  static constexpr std::size_t kPolicies = 7;

  static const RoundPolicy& policy(std::size_t choice);

  /// Chooses a policy, an index for policy() and reward().
  std::size_t choose(RoundKind kind, RandomStream& random);

  /// How often choose() was asked for a full descent.
  std::int64_t full_chosen();

  /// Tells what a descent under a policy came to.
  void reward(std::size_t choice, const Cost& cost);

 private:
  struct Record {
    std::int64_t chosen = 0;
    bool had_full = false;  ///< a full descent was given to it
    double merit = 0;       ///< decaying mean of its results' rank among the recent ones, in [0, 1]
  };

  std::mutex mutex_;
  std::array<Record, kPolicies> records_{};
  std::vector<Cost> recent_;
  std::int64_t full_chosen_ = 0;
};

}  // namespace warpshard
