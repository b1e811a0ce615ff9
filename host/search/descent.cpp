#include "host/search/descent.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace warpshard {
namespace {

/// Visits between two looks at the stop token, a fraction of a millisecond.
constexpr std::int64_t kGlance = 1000;

/// Visits per connected variable after each relaxation.
constexpr double kRelaxedVisits = 2;

}  // namespace

float tolerance_at(const DescentPlan& plan, double share) {
  if (share < plan.free_share) return kFreeTolerance;
  return share < plan.soft_share
             ? static_cast<float>(plan.tolerance * (1 - share / plan.soft_share))
             : 0.0F;
}

Descent::Descent(CorePointer core, const DescentPlan& plan, const SearchStart& start,
                 std::uint64_t seed, std::uint64_t number)
    : Job(std::move(core)),
      plan_(plan),
      chain_(this->core()->flat.view(), this->core()->noise, seed, number) {
  // To price all rows afresh must not take longer than the visits in between.
  const auto most = std::max<std::int64_t>(
      1, plan_.visits / std::max<std::int64_t>(kGlance, this->core()->num_connected));
  plan_.epochs = static_cast<std::int32_t>(std::clamp<std::int64_t>(most, 10, plan_.epochs));
  visits_per_epoch_ = std::max<std::int64_t>(1, plan_.visits / plan_.epochs);
  chain_.policy().least_log2_tree = plan_.least_log2_tree;
  chain_.start(start.values, start.prices);
  look(chain_);
  chain_.limit_memory(tolerance_at(plan_, 0));
}

Descent::Descent(CorePointer core)
    : Job(std::move(core)), chain_(this->core()->flat.view(), this->core()->noise, 0, 0) {}

void Descent::transfer(Archive& archive) {
  Job::transfer(archive);
  archive(plan_);
  archive(chain_, visits_per_epoch_, epoch_, settled_, settled_prices_, relaxed_);
}

bool Descent::run(Work work, const StopToken& stop) {
  const Work end = done() + work;
  while (!cold() && done() < end) {
    if (stop.stopped()) return false;
    epoch(stop);
  }
  if (!cold()) return false;
  if (!settled_) settle(stop);
  while (relaxed_ < plan_.relaxations && chain_.fits()) {
    if (done() >= end || stop.stopped()) return false;
    relax(stop);
  }
  return true;
}

/// Only what makes it cheaper at the prices that it has come to.
void Descent::settle(const StopToken& stop) {
  settled_ = true;
  settled_prices_.assign(chain_.prices().begin(), chain_.prices().end());
  chain_.sweep_loners(0);
  const auto visits = static_cast<std::int64_t>(plan_.quench_visits * chain_.policy().num_roots);
  if (visit(0, visits, stop)) look(chain_);
}

/// Where memory is met it stays met, whatever the prices: as these fall, moves that they were too
/// high for make the plan cheaper.
void Descent::relax(const StopToken& stop) {
  ++relaxed_;
  std::vector<float> lowered = settled_prices_;
  const double factor = std::pow(plan_.relaxation, relaxed_);
  for (float& price : lowered) price *= static_cast<float>(factor);
  chain_.set_prices(lowered);
  chain_.sweep_loners(0);
  const auto visits = static_cast<std::int64_t>(kRelaxedVisits * chain_.policy().num_roots);
  if (visit(0, visits, stop)) look(chain_, settled_prices_);
}

bool Descent::cold() const {
  if (epoch_ < plan_.epochs) return false;
  return best() || epoch_ >= plan_.epochs * (1 + plan_.overtime);
}

void Descent::epoch(const StopToken& stop) {
  const double share = std::min(1.0, static_cast<double>(epoch_) / plan_.epochs);
  const double ratio = static_cast<double>(plan_.coldest) / plan_.hottest;
  const float temperature =
      plan_.hottest > 0 ? static_cast<float>(plan_.hottest * std::pow(ratio, share)) : 0.0F;
  chain_.sweep_loners(temperature);
  if (!visit(temperature, visits_per_epoch_, stop)) return;
  ++epoch_;
  look(chain_);
  if (share >= plan_.free_share) chain_.follow_prices(plan_.rule);
  const float tolerance = tolerance_at(plan_, share);
  if (tolerance > 0) chain_.limit_memory(tolerance);
}

/// False if it was told to stop before the end.
bool Descent::visit(float temperature, std::int64_t visits, const StopToken& stop) {
  const std::int64_t begin = chain_.counters().visits();
  while (chain_.counters().visits() < begin + visits) {
    if (stop.stopped()) break;
    chain_.run(temperature, std::min(kGlance, begin + visits - chain_.counters().visits()));
    if (chain_.policy().num_roots == 0) break;
  }
  const std::int64_t now = chain_.counters().visits();
  add_work((now - begin + core()->num_loners()) * core()->rates.visit);
  set_visits(now);
  return !stop.stopped();
}

}  // namespace warpshard
