#include "host/device/harvest_check.h"

#include <utility>

namespace warpshard {
namespace {

bool well_formed(const Model& model, const Assignment& values) {
  if (values.size() != static_cast<std::size_t>(model.num_variables())) return false;
  for (std::int32_t v = 0; v < model.num_variables(); ++v)
    if (values[v] < 0 || values[v] >= model.domain(v)) return false;
  return true;
}

}  // namespace

std::optional<VerifiedState> verified(const Model& model, Assignment values) {
  if (!well_formed(model, values) || !fits(model, values)) return std::nullopt;
  const Cost cost = cost_of(model, values);
  return VerifiedState{std::move(values), cost};
}

}  // namespace warpshard
