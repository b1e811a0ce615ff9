#include "host/portfolio/workers/anneal_worker.h"

#include <algorithm>
#include <utility>

#include "host/search/descent.h"

namespace warpshard {

const Elite& favoured(const std::vector<Elite>& elites, RandomStream& random) {
  const auto count = static_cast<std::uint32_t>(elites.size());
  const auto one = random.below(count);
  const auto other = random.below(count);
  return elites[std::min(one, other)];
}

std::unique_ptr<Job> AnnealWorker::begin(const Pool& pool) {
  const Guide& guide = *pool.guide();
  const auto elites = pool.elites();
  const std::size_t choice = book_.choose(/*fresh_only=*/elites.empty(), random_);
  const DescentPolicy& policy = parameters_.policies[choice];

  SearchStart start;
  if (policy.fresh || elites.empty()) {
    const auto pick = random_.below(static_cast<std::uint32_t>(guide.decodings.size()));
    start = {guide.decodings[pick], guide.prices};
  } else {
    const Elite& elite = favoured(elites, random_);
    start = {elite.values, elite.prices.empty() ? guide.prices : elite.prices};
  }

  const double length = std::min(parameters_.most_visits, parameters_.first_visits * growth_) *
                        (policy.fresh ? 1 : parameters_.following);
  DescentPlan plan;
  plan.visits = static_cast<std::int64_t>(length * std::max(1, guide.core->num_connected));
  plan.epochs = static_cast<std::int32_t>(parameters_.epochs);
  plan.hottest = static_cast<float>(policy.heat * guide.heat_unit);
  plan.coldest = static_cast<float>(plan.hottest / policy.cooling);
  plan.tolerance = static_cast<float>(policy.tolerance);
  plan.free_share = policy.free_share;
  plan.soft_share = parameters_.soft_share;
  plan.quench_visits = parameters_.quench_visits;
  plan.least_log2_tree = random_.below(2) == 0 ? 3 : 4;
  auto job = std::make_unique<Descent>(guide.core, plan, start, seed_, begun_++);
  policies_[job.get()] = choice;
  return job;
}

void AnnealWorker::transfer_job(SearchArchive& archive, std::unique_ptr<Job>& job) {
  transfer_on_core<Descent>(archive, job);
  archive(policies_[job.get()]);
}

void AnnealWorker::transfer_lessons(SearchArchive& archive) {
  archive(book_, random_, begun_, growth_);
}

void AnnealWorker::finished(const Job& job, const Pool& /*pool*/) {
  const auto policy = policies_.extract(&job);
  if (job.best()) book_.reward(policy.mapped(), job.best()->cost);
  if (parameters_.first_visits * growth_ < parameters_.most_visits) growth_ *= parameters_.growth;
}

}  // namespace warpshard
