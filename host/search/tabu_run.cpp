#include "host/search/tabu_run.h"

#include <algorithm>
#include <utility>

namespace warpshard {
namespace {

/// Visits between two looks at the stop token, a fraction of a millisecond.
constexpr std::int64_t kGlance = 1000;

}  // namespace

TabuRun::TabuRun(CorePointer core, const TabuPlan& plan, const SearchStart& start,
                 std::uint64_t seed, std::uint64_t number)
    : Job(std::move(core)),
      plan_(plan),
      chain_(this->core()->flat.view(), this->core()->noise, seed, number),
      tabu_(chain_, tabu_rule(this->core()->num_connected), seed, ~number) {
  const auto most = plan_.visits / std::max<std::int64_t>(kGlance, this->core()->num_connected);
  plan_.epochs = static_cast<std::int32_t>(std::clamp<std::int64_t>(most, 10, plan_.epochs));
  visits_per_epoch_ = std::max<std::int64_t>(1, plan_.visits / plan_.epochs);
  chain_.start(start.values, start.prices);
  look(chain_);
  tabu_.start();
}

TabuRun::TabuRun(CorePointer core)
    : Job(std::move(core)),
      chain_(this->core()->flat.view(), this->core()->noise, 0, 0),
      tabu_(chain_, tabu_rule(this->core()->num_connected), 0, 0) {}

void TabuRun::transfer(Archive& archive) {
  Job::transfer(archive);
  archive(plan_, chain_, tabu_, visits_per_epoch_, epoch_, idle_);
}

bool TabuRun::run(Work work, const StopToken& stop) {
  const Work end = done() + work;
  while (epoch_ < plan_.epochs && done() < end) {
    if (stop.stopped()) return false;
    epoch(stop);
  }
  if (epoch_ < plan_.epochs) return false;
  tabu_.settle();
  look(chain_);
  return true;
}

void TabuRun::epoch(const StopToken& stop) {
  const TabuStatus before = tabu_.status();
  const std::int64_t begin = chain_.counters().visits();
  for (std::int64_t left = visits_per_epoch_; left > 0 && !stop.stopped(); left -= kGlance)
    tabu_.run(std::min(kGlance, left));
  const std::int64_t now = chain_.counters().visits();
  // To look at all variables again after prices moved counts as visits do.
  add_work((now - begin + core()->num_connected) * core()->rates.visit);
  set_visits(now);
  ++epoch_;
  const TabuStatus& status = tabu_.status();
  const bool found = status.found != 0 && (before.found == 0 || status.best < before.best);
  idle_ = found ? 0 : idle_ + 1;
  if (idle_ % plan_.patience == 0) tabu_.settle();
  if (found) look(chain_);
  chain_.follow_prices(plan_.rule);
  tabu_.look_again();
}

}  // namespace warpshard
