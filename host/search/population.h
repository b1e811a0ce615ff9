#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "host/search/annealing.h"
#include "host/search/clock.h"
#include "host/search/core.h"
#include "host/search/elites.h"
#include "host/search/incumbent.h"

namespace warpshard {

/// Where a round begins, and how hot.
struct RoundPolicy {
  bool fresh = true;      ///< from a decoding of the bound; otherwise from an elite
  float heat = 1;         ///< times the cost of a plan per connected variable
  float cooling = 100;    ///< hottest / coldest temperature
  double free_share = 0;  ///< see AnnealingPlan
};

/// Rounds of annealing over one core on the CPU, one chain per thread at a time. Each round starts
/// fresh or from an elite, ends in a crossover with the elites, and policies that brought cheaper
/// plans are chosen more often.
class Population {
 public:
  Population(CorePointer core, IncumbentPool& pool, SearchClock& clock, std::uint64_t seed,
             int threads);

  /// Where fresh rounds begin: decodings, [variables] each, and the bound's prices, [times].
  void set_starts(std::vector<Assignment> decodings, std::vector<float> prices);

  /// Takes over an assignment found elsewhere.
  void add_elite(const Assignment& values);

  void use_threads(int threads) { threads_ = threads; }

  /// Runs rounds on all threads for `seconds`, or one descent per thread if the clock counts
  /// epochs.
  void run(double seconds);

  std::vector<Elite> elites() const { return elites_.all(); }
  MoveCounters counters() const;

 private:
  static constexpr std::size_t kPolicies = 6;
  struct Record {
    std::int64_t rounds = 0;
    double merit = 0;  ///< decaying mean of how well its rounds ended, by rank among the last ones
  };

  void run_thread(int thread, double seconds);
  double full_length(const Chain& chain, double passed, double seconds) const;
  void run_round(Chain& chain, RandomStream& random, double seconds);
  std::size_t choose_policy(RandomStream& random);
  void reward(std::size_t policy, const Cost& cost);
  double reference_cost() const;

  CorePointer core_;
  IncumbentPool& pool_;
  SearchClock& clock_;
  std::uint64_t seed_;
  int threads_;
  std::vector<Assignment> decodings_;
  std::vector<float> prices_;
  Elites elites_;
  mutable std::mutex mutex_;  ///< guards what follows
  std::array<Record, kPolicies> records_{};
  std::vector<Cost> recent_;
  MoveCounters counters_;
  std::uint64_t next_chain_ = 0;
};

}  // namespace warpshard
