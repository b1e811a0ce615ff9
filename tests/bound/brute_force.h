#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "host/model/model.h"

namespace warpshard {

/// What trying every assignment of a tiny model shows.
struct BruteForce {
  std::optional<Int128> best;  ///< least cost of an assignment that fits, without forbidden entries
  std::vector<std::optional<Int128>> best_with;  ///< [values] the same among those that use a value
};

inline BruteForce try_all(const Model& model) {
  BruteForce result;
  result.best_with.resize(static_cast<std::size_t>(model.value_offsets.back()));
  Assignment x(static_cast<std::size_t>(model.num_variables()), 0);
  const auto lower = [](std::optional<Int128>& to, Int128 value) {
    if (!to || value < *to) to = value;
  };
  while (true) {
    const Cost cost = cost_of(model, x);
    if (cost.forbidden == 0 && fits(model, x)) {
      lower(result.best, cost.finite);
      for (std::int32_t v = 0; v < model.num_variables(); ++v)
        lower(result.best_with[model.value_offsets[v] + x[v]], cost.finite);
    }
    std::int32_t v = 0;
    while (v < model.num_variables() && ++x[v] == model.domain(v)) x[v++] = 0;
    if (v == model.num_variables()) return result;
  }
}

}  // namespace warpshard
