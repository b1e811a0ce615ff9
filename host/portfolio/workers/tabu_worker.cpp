#include "host/portfolio/workers/tabu_worker.h"

#include <algorithm>

#include "host/portfolio/workers/anneal_worker.h"
#include "host/search/tabu_run.h"

namespace warpshard {

bool TabuWorker::may_begin(const Pool& pool) const {
  return pool.guide() != nullptr && pool.has_elites();
}

std::unique_ptr<Job> TabuWorker::begin(const Pool& pool) {
  const auto elites = pool.elites();
  const Elite& elite = favoured(elites, random_);
  const CorePointer& core = pool.core();
  TabuPlan plan;
  const double length = std::min(parameters_.most_visits, parameters_.first_visits * growth_);
  plan.visits = static_cast<std::int64_t>(length * std::max(1, core->num_connected));
  plan.epochs = static_cast<std::int32_t>(parameters_.epochs);
  plan.patience = parameters_.patience;
  const SearchStart start{elite.values, elite.prices.empty() ? pool.guide()->prices : elite.prices};
  return std::make_unique<TabuRun>(core, plan, start, seed_, kSearches + begun_++);
}

void TabuWorker::transfer_job(SearchArchive& archive, std::unique_ptr<Job>& job) {
  transfer_on_core<TabuRun>(archive, job);
}

void TabuWorker::transfer_lessons(SearchArchive& archive) {
  archive(random_, begun_, growth_);
}

void TabuWorker::finished(const Job& /*job*/, const Pool& /*pool*/) {
  if (parameters_.first_visits * growth_ < parameters_.most_visits) growth_ *= parameters_.growth;
}

}  // namespace warpshard
