#include "host/bound/dive.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace warpshard {
namespace {

/// The first steps of each ascent, as a part of the scale: prices are nearly right.
constexpr double kWarmLevel = 0.003;

/// A dive does better with more rounds than with dear ones.
constexpr double kMostBending = 0.5;

/// How much the decoded value of a variable is better than the best other one.
struct Certainty {
  double margin = 0;
  std::int32_t variable = 0;
};

/// For an ascent that has settled: quick.
std::vector<Certainty> by_certainty(PartialAscent& partial, const Assignment& decoded) {
  const Model& part = partial.part();
  const auto bounds = partial.ascent().conditional_bounds();
  const std::vector<float>& above = bounds.above;
  std::vector<Certainty> result;
  for (std::int32_t v = 0; v < part.num_variables(); ++v) {
    const float* row = above.data() + partial.flat().row_offsets[v];
    double other = INFINITY;
    for (std::int32_t d = 0; d < part.domain(v); ++d)
      if (d != decoded[v]) other = std::min(other, static_cast<double>(row[d]));
    result.push_back({other - row[decoded[v]], v});
  }
  std::ranges::stable_sort(result, std::greater{}, &Certainty::margin);
  return result;
}

}  // namespace

Dive::Dive(const Model& model, AscentState start, const DiveOptions& options)
    : model_(model),
      options_(options),
      state_(std::move(start)),
      removed_(model.unary.size(), false),
      best_(Int128{1} << 120) {}

bool Dive::run(const StopToken& stop, const FoundCallback& on_found, std::int64_t steps) {
  for (; !ended_ && steps > 0 && !stop.stopped(); --steps) ended_ = !step(stop, on_found);
  return ended_;
}

void Dive::report(const Assignment& assignment, const FoundCallback& on_found) {
  const Cost cost = cost_of(model_, assignment);
  if (cost.forbidden > 0 || cost.finite >= best_ || !fits(model_, assignment)) return;
  best_ = cost.finite;
  if (on_found) on_found(assignment, cost.finite);
}

/// What is left after the step before, or anew after a stop. False if nothing is, or if stopped.
bool Dive::find_part(const StopToken& stop) {
  if (!part_) part_ = restrict_model(model_, removed_, stop);
  return part_.has_value();
}

/// False if that was the last step.
bool Dive::step(const StopToken& stop, const FoundCallback& on_found) {
  if (!find_part(stop)) return stop.stopped();
  if (part_->model.num_variables() == 0) {
    report(extend(*part_, {}), on_found);
    return false;
  }
  DualOptions options;
  options.first_level = kWarmLevel;
  if (options_.bent) {
    options.straight_rounds = 0;
    options.most_bending = kMostBending;
  }
  PartialAscent partial(model_, *std::exchange(part_, std::nullopt), state_, options, stop);
  partial.ascent().run(stop, options_.rounds);
  work_ += partial.ascent().rounds() * partial.ascent().work_per_round();
  if (partial.ascent().rounds() > 0) partial.save(state_);
  if (stop.stopped()) return true;
  const double unit = partial.ascent().scale() / partial.part().num_variables();
  const Assignment decoded =
      partial.ascent().decode(options_.noise * unit, options_.seed + 1000 * (steps_ + 1), stop);
  if (stop.stopped()) return true;
  ++steps_;
  report(extend(partial.restriction(), decoded), on_found);
  fix(partial, decoded, stop);
  return true;
}

void Dive::fix(PartialAscent& partial, const Assignment& decoded, const StopToken& stop) {
  const auto candidates = by_certainty(partial, decoded);
  const Restriction& restriction = partial.restriction();
  const Model& part = partial.part();
  auto count = static_cast<std::size_t>(options_.share * static_cast<double>(candidates.size()));
  for (count = std::max<std::size_t>(count, 1); count > 0; count /= 2) {
    ValueSet values(part.unary.size(), false);
    for (std::size_t i = 0; i < count; ++i) {
      const std::int32_t v = candidates[i].variable;
      for (std::int32_t d = 0; d < part.domain(v); ++d)
        if (d != decoded[v]) values[part.value_offsets[v] + d] = true;
    }
    if (remove(restriction, std::move(values), stop) || stop.stopped()) return;
  }
  const std::int32_t v = candidates[0].variable;
  const std::int32_t last = restriction.values[part.value_offsets[v] + decoded[v]];
  removed_[model_.value_offsets[restriction.variables[v]] + last] = true;
}

/// Takes away a part's `values` ([the part's values]) and what follows. False, and nothing has
/// changed, if nothing is left then, or if stopped.
bool Dive::remove(const Restriction& part, ValueSet values, const StopToken& stop) {
  auto rest = restrict_further(part, values, stop);
  if (!rest) return false;
  part_ = std::move(rest);
  for (std::int32_t v = 0; v < part.model.num_variables(); ++v) {
    const std::int32_t first = model_.value_offsets[part.variables[v]];
    for (std::int32_t i = part.model.value_offsets[v]; i < part.model.value_offsets[v + 1]; ++i)
      if (values[i]) removed_[first + part.values[i]] = true;
  }
  return true;
}

}  // namespace warpshard
