#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/reduce/map_store.h"
#include "warpshard/problem.h"

namespace warpshard::reduce {

/// How each node that left the problem gets its strategy back from the nodes that stayed.
/// Everything is in original strategy numbers, so that values may go without renumbering records.
class LiftLog {
 public:
  /// The node's other strategies are gone.
  void fixed(std::int32_t node, std::int32_t strategy);
  /// The node's best strategy whatever the others do.
  void chosen(std::int32_t node, std::int32_t strategy);
  /// The node's strategy is a function of the leader's: `map` is [leader's strategies], -1 where
  /// the leader's strategy is gone. `forced`: no other strategy is allowed beside the leader's.
  void follows(std::int32_t node, std::int32_t leader, std::span<const std::int32_t> map,
               bool forced);
  /// The node's best strategy given those of two others: `best` is row-major over the strategies
  /// listed in `first_strategies` and `second_strategies`.
  void follows_two(std::int32_t node, std::int32_t first,
                   std::span<const std::int32_t> first_strategies, std::int32_t second,
                   std::span<const std::int32_t> second_strategies,
                   std::span<const std::int32_t> best);

  /// Fills in the strategies of nodes that left, given those of the nodes that stayed.
  void lift(std::span<std::int32_t> plan) const;

  /// True if the plan gives every node that left a strategy that was not ruled out.
  bool allows(std::span<const std::int32_t> plan) const;

 private:
  enum class Kind : std::uint8_t { kFixed, kChosen, kForced, kBest, kBestOfTwo };
  struct Record {
    Kind kind = Kind::kFixed;
    std::int32_t node = 0;
    std::int32_t first = 0;    ///< a leader
    std::int32_t second = 0;   ///< another one
    std::int32_t content = 0;  ///< a strategy, a map's id, or an index into choices_
  };
  struct Choice {
    std::int32_t first_strategies = 0;  ///< map id
    std::int32_t second_strategies = 0;
    std::int32_t best = 0;
  };

  std::int32_t best_of_two(const Record& record, std::span<const std::int32_t> plan) const;

  std::vector<Record> records_;  ///< in the order in which nodes left
  std::vector<Choice> choices_;
  MapStore maps_;
};

}  // namespace warpshard::reduce
