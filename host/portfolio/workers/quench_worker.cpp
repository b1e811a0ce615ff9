#include "host/portfolio/workers/quench_worker.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "host/search/descent.h"

namespace warpshard {
namespace {

/// For each variable the value that uses least, over all its time points.
Assignment least_usage(const Model& model) {
  Assignment values;
  for (std::int32_t v = 0; v < model.num_variables(); ++v) {
    std::vector<double> total(static_cast<std::size_t>(model.domain(v)), 0);
    for (const auto& segment : model.segments_of(v)) {
      const auto usage = model.usage_of(v, segment);
      for (std::size_t d = 0; d < total.size(); ++d)
        total[d] += static_cast<double>(usage[d]) * (segment.end - segment.begin);
    }
    values.push_back(static_cast<std::int32_t>(std::ranges::min_element(total) - total.begin()));
  }
  return values;
}

}  // namespace

bool QuenchWorker::may_begin(const Pool& pool) const {
  if (pool.core() == nullptr || pool.core()->model.num_variables() == 0) return false;
  if (generation_ == 0) return true;
  const GuidePointer& guide = pool.guide();
  if (guide == nullptr || guide == last_) return false;
  if (last_ == nullptr || last_->core != guide->core || !pool.has_clean_plan())
    return guide->rounds < 10'000;
  const auto gap = pool.gap();
  return !gap || guide->bound - last_->bound > pool.parameters().quench.better * *gap;
}

void QuenchWorker::transfer_job(SearchArchive& archive, std::unique_ptr<Job>& job) {
  bool unguided = job != nullptr && job.get() == unguided_;
  archive(unguided);
  transfer_on_core<Descent>(archive, job);
  if (archive.reading() && unguided) unguided_ = job.get();
}

void QuenchWorker::transfer_lessons(SearchArchive& archive) {
  archive(begun_, generation_);
  archive.guide(last_);
}

std::unique_ptr<Job> QuenchWorker::begin(const Pool& pool) {
  const QuenchParameters& parameters = pool.parameters().quench;
  const CorePointer core = generation_ == 0 ? pool.core() : pool.guide()->core;
  DescentPlan plan;
  double visits = parameters.visits;
  SearchStart start;
  plan.hottest = 0;
  const bool guided = generation_ > 0;
  if (!guided) {
    start = {least_usage(core->model),
             std::vector<float>(static_cast<std::size_t>(core->model.num_times()), 0.0F)};
  } else {
    const bool hasty = last_ == nullptr;
    last_ = pool.guide();
    if (last_->rounds < lead_rounds(pool.parameters().ascent, *core))
      visits = hasty ? parameters.hasty_visits : parameters.early_visits;
    start = {last_->decodings.front(), last_->prices};
    plan.hottest = static_cast<float>(parameters.heat * last_->heat_unit);
    plan.coldest = static_cast<float>(plan.hottest / parameters.cooling);
    plan.overtime = parameters.overtime;
    plan.relaxations = static_cast<std::int32_t>(parameters.relaxations);
    plan.relaxation = static_cast<float>(parameters.relaxation);
    plan.rule.raise = static_cast<float>(hasty ? parameters.hasty_raise : parameters.raise);
  }
  plan.visits = static_cast<std::int64_t>(visits * std::max(1, core->num_connected));
  generation_ = pool.generation();
  auto job = std::make_unique<Descent>(core, plan, start, seed_, begun_++);
  if (!guided) unguided_ = job.get();
  return job;
}

bool QuenchWorker::wanted(const Job& job) const {
  return &job != unguided_ || last_ == nullptr;
}

void QuenchWorker::finished(const Job& job, const Pool& /*pool*/) {
  if (&job == unguided_) unguided_ = nullptr;
}

}  // namespace warpshard
