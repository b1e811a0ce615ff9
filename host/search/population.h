#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/portfolio/clock.h"
#include "host/portfolio/core.h"
#include "host/portfolio/incumbent.h"
#include "host/search/annealing.h"
#include "host/search/elites.h"
#include "host/search/policy_book.h"

namespace warpshard {

/// Rounds of annealing over one core on the CPU, one chain per thread at a time. Each round starts
/// fresh or from an elite, ends in a crossover with the elites, and policies that brought cheaper
/// plans are chosen more often.
class Population {
 public:
  Population(CorePointer core, IncumbentPool& pool, SearchClock& clock, PolicyBook& book,
             std::uint64_t seed, int threads);

  /// Where fresh rounds begin: decodings, [variables] each, and the bound's prices, [times].
  void set_starts(std::vector<Assignment> decodings, std::vector<float> prices);

  /// Takes over an assignment found elsewhere.
  void add_elite(const Assignment& values);

  /// Makes a first plan in a moment, of whatever quality: from values of little usage downhill.
  void hurry();

  /// A chain on this core with a random stream of its own.
  std::unique_ptr<Chain> make_chain();

  /// Cools an assignment that is good already, such as a dive's, and keeps what comes of it: a
  /// short descent on the caller's thread, gentle enough to stay in its basin. Returns the cost it
  /// came to.
  Cost polish(Chain& chain, RandomStream& random, const Assignment& values);

  void use_threads(int threads) { threads_ = threads; }

  /// Runs descents on all threads for `seconds`, or so many if the clock counts epochs that threads
  /// make no difference.
  /// `trial`: short ones, for a first plan and to see which way of starting suits the instance.
  void run(double seconds, bool trial);

  std::vector<Elite> elites() const { return elites_.all(); }
  MoveCounters counters() const;

 private:
  std::uint64_t next_chain_number();
  void run_chain(std::uint64_t number, double seconds, bool trial);
  double full_length(const Chain& chain, double passed, double seconds) const;
  void run_round(Chain& chain, RandomStream& random, RoundKind kind, double seconds);
  /// A search that shows the chain now and then.
  using Descent = std::function<void(const std::function<void(Chain&)>& look)>;
  /// Runs a search, crosses the best state it shows with `elites` and makes that one of them.
  /// Returns the cost of the best state shown that fits, if any does.
  std::optional<Cost> descend(Chain& chain, std::span<const Elite> elites, const std::string& note,
                              const Descent& run);
  std::int64_t full_descents() const;
  double reference_cost() const;

  CorePointer core_;
  IncumbentPool& pool_;
  SearchClock& clock_;
  PolicyBook& book_;
  std::uint64_t seed_;
  int threads_;
  std::vector<Assignment> decodings_;
  std::vector<float> prices_;
  Elites elites_;
  std::vector<Elite> first_elites_;  ///< when run() was called
  std::atomic<double> rate_{0};      ///< variable visits per second of the last short descent
  mutable std::mutex mutex_;         ///< guards what follows
  MoveCounters counters_;
  std::uint64_t next_chain_ = 0;
};

}  // namespace warpshard
