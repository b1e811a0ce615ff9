#pragma once

#include <cstdint>
#include <vector>

#include "host/search/chain.h"
#include "kernels/tabu_search.h"

namespace warpshard {

/// Tabu search on a chain on the CPU: owns what the search keeps beside the chain's state.
class Tabu {
 public:
  /// `chain` must outlive this. The same (seed, number) gives the same random stream.
  Tabu(Chain& chain, const TabuRule& rule, std::uint64_t seed, std::uint64_t number);
  Tabu(const Tabu&) = delete;
  Tabu& operator=(const Tabu&) = delete;

  /// Begins at the chain's present state.
  void start();

  /// Goes on after the chain's prices or limits changed.
  void look_again();

  /// Takes steps until about `visits` variables were scored.
  void run(std::int64_t visits);

  /// Puts the chain back into the best state within the limit since start(), if there is one.
  void settle();

  /// For checkpoints: what the search keeps beside its chain.
  void transfer(Archive& archive);

  const TabuStatus& status() const { return status_; }

 private:
  template <typename Action>
  void with_search(const Action& action);

  Chain& chain_;
  TabuRule rule_;
  RandomStream random_;
  std::vector<float> promise_;
  std::vector<std::uint32_t> free_from_;
  std::vector<std::uint16_t> best_values_;
  TabuStatus status_;
};

}  // namespace warpshard
