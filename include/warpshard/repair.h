#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "warpshard/problem.h"

namespace warpshard {

/// What became of a plan from outside.
struct RepairedPlan {
  Plan plan;                 ///< [nodes] a strategy that exists for every node
  std::int64_t surplus = 0;  ///< entries beyond the last node, ignored
  std::int64_t missing = 0;  ///< nodes beyond the last entry
  std::int64_t unknown = 0;  ///< nodes whose entry was no strategy of theirs
  std::int64_t lowered = 0;  ///< nodes moved to a strategy of less usage to get within the limit
  bool within_limit = true;  ///< false only if no plan is

  bool changed() const { return surplus + missing + unknown + lowered > 0; }
  /// "2 entries missing, 5 nodes moved to use less memory"; empty if nothing had to be done.
  std::string description() const;
};

/// Makes any list of numbers a plan within the limit, if there is one: nodes without a strategy get
/// the one that uses least, and wherever the limit is exceeded nodes that are live move to
/// strategies that use less, those first that cost least per unit saved. What fits already is kept.
RepairedPlan repair_plan(const Problem& problem, std::span<const std::int32_t> entries);

}  // namespace warpshard
