#include "host/portfolio/workers/neighbourhood_worker.h"

#include <algorithm>

#include "host/portfolio/workers/anneal_worker.h"

namespace warpshard {

bool NeighbourhoodWorker::may_begin(const Pool& pool) const {
  if (pool.guide() == nullptr || pool.core()->allows_forbidden || !pool.has_elites()) return false;
  return pool.elites().front().cost.forbidden == 0;
}

std::unique_ptr<Job> NeighbourhoodWorker::begin(const Pool& pool) {
  const auto elites = pool.elites();
  const Elite& base = favoured(elites, random_);
  const Elite& other = elites[random_.below(static_cast<std::uint32_t>(elites.size()))];
  const int kind = static_cast<int>(begun_++ % kNeighbourhoodKinds);
  const auto size = static_cast<std::int32_t>(sizes_[kind]);
  const CorePointer& core = pool.core();
  const auto free =
      choose_neighbourhood(static_cast<NeighbourhoodKind>(kind), core->model, core->flat,
                           base.values, other.values, size, parameters_.nearly_full, random_);
  const NeighbourhoodLimits limits{parameters_.most_nodes, parameters_.first_rounds,
                                   parameters_.rounds};
  auto job = std::make_unique<NeighbourhoodRun>(pool.guide(), base.values, free, limits);
  kinds_[job.get()] = kind;
  return job;
}

void NeighbourhoodWorker::transfer_job(SearchArchive& archive, std::unique_ptr<Job>& job) {
  transfer_with_guide<NeighbourhoodRun>(archive, job);
  archive(kinds_[job.get()]);
}

void NeighbourhoodWorker::transfer_lessons(SearchArchive& archive) {
  archive(random_, sizes_, begun_);
}

void NeighbourhoodWorker::finished(const Job& job, const Pool& /*pool*/) {
  const int kind = kinds_.extract(&job).mapped();
  const bool exhausted = static_cast<const NeighbourhoodRun&>(job).exhausted();
  sizes_[kind] = std::clamp(sizes_[kind] * (exhausted ? parameters_.growth : parameters_.shrink),
                            parameters_.least_size, parameters_.most_size);
}

}  // namespace warpshard
