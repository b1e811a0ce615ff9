#pragma once

#include <cstdint>
#include <span>

#include "warpshard/problem.h"

namespace warpshard {

/// A problem in which the nodes that a hint names keep only the strategies it gives them: its plans
/// complete the hint.
class HintedProblem {
 public:
  /// `hint` is [nodes] strategies of `problem`, -1 for nodes it says nothing of. Refers to both.
  HintedProblem(const Problem& problem, std::span<const std::int32_t> hint);

  const Problem& problem() const { return hinted_; }

  /// The plan of the whole problem that a plan of this one stands for.
  Plan lift(std::span<const std::int32_t> plan) const;

 private:
  void add_nodes(const Problem& problem);
  void add_edges(const Problem& problem);
  void add_table(const Problem& problem, std::int64_t edge);

  std::span<const std::int32_t> hint_;
  Problem hinted_;
};

/// The hint with the cheapest strategy of its own for every node it says nothing of: where no
/// plan within the limit completes a hint, something to repair.
Plan fill_in(const Problem& problem, std::span<const std::int32_t> hint);

}  // namespace warpshard
