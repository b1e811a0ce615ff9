#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "host/bound/certificate.h"
#include "host/model/flat_model.h"
#include "host/model/model.h"

namespace warpshard {

/// A way to split a problem: a variable takes one of the values of one of the parts.
struct Branching {
  std::int32_t variable = -1;  ///< -1: every variable has one value
  std::vector<std::vector<std::int32_t>> parts;
  double score = 0;  ///< how much it should bring, cost units, without what splits have brought
};

/// What is known about a model where a split is chosen.
struct BranchingView {
  const Model& model;
  const FlatModel& flat;
  const Certificate& certificate;
  std::span<const float> above;           ///< [rows of flat] see ConditionalBounds
  std::span<const std::int32_t> decoded;  ///< an assignment, good but perhaps not allowed
  std::span<const double> factors;        ///< [variables] of scores; see BranchHistory
  double gap = 0;                         ///< incumbent - bound, cost units
  double spread = 0;  ///< values this far above their variable's best count 1/e as much
};

/// Splits in two where the bound loses most: either at the variable whose nearly best values differ
/// most in the price of their memory (between small and big ones: linear prices let it take a
/// mixture), or at the one around which the decoded assignment costs most above the certificate's
/// minima; both corrected by what earlier splits have brought.
Branching choose_branching(const BranchingView& view);

/// Splits a variable into its single values, the nearest to the best first; without a score.
Branching split_into_values(const BranchingView& view, std::int32_t variable);

/// The `most` variables with the most neighbours, of those with a choice of few values.
std::vector<std::int32_t> most_connected(const Model& model, std::size_t most);

}  // namespace warpshard
