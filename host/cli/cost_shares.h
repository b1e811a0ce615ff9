#pragma once

#include "warpshard/cost.h"
#include "warpshard/problem.h"

namespace warpshard::cli {

/// A plan's cost by where it comes from; the evaluator's total is the judge.
struct CostShares {
  Cost nodes;
  Cost edges;
};

/// `plan` is a valid one, [nodes].
CostShares cost_shares(const Problem& problem, const Plan& plan);

}  // namespace warpshard::cli
