#include "host/store/carry_over.h"

#include <algorithm>
#include <utility>

#include "host/store/answer.h"
#include "host/store/keys.h"
#include "warpshard/repair.h"

namespace warpshard::store {
namespace {

/// Instances that are asked for a plan: each costs a repair.
constexpr std::size_t kMostDonors = 16;

bool cheaper(const std::optional<StoredPlan>& plan, const std::optional<StoredPlan>& than) {
  return plan && (!than || plan->evaluation.cost < than->evaluation.cost);
}

/// Of an instance's records the one whose plan is said to be cheapest; null if there is none.
const ReadRecord* cheapest(const std::vector<ReadRecord>& records) {
  const ReadRecord* best = nullptr;
  for (const ReadRecord& read : records)
    if (read.record.plan && (best == nullptr || read.record.plan->cost < best->record.plan->cost))
      best = &read;
  return best;
}

bool are_values_of(const Model& model, const Assignment& values) {
  if (std::ssize(values) != model.num_variables()) return false;
  for (std::int32_t v = 0; v < model.num_variables(); ++v)
    if (values[v] >= model.domain(v)) return false;
  return true;
}

}  // namespace

std::optional<Core> core_of(const Problem& problem, const StopToken& stop) {
  auto reducer = Reducer::create(problem, {.allow_forbidden = false}, stop);
  if (!reducer || reducer->run(stop) != ReductionVerdict::kOpen) return std::nullopt;
  const Model model = reducer->model(stop);
  if (stop.stopped()) return std::nullopt;
  std::string key = core_key(model);
  return Core{std::move(*reducer), std::move(key)};
}

std::optional<StoredPlan> from_shape(const Problem& problem, const std::string& shape,
                                     const std::vector<RecordFolder>& folders,
                                     const StopToken& stop) {
  std::optional<StoredPlan> best;
  std::vector<StoreFault> ignored;  // told of when their own instance is asked for
  for (const RecordFolder& folder : folders) {
    auto keys = folder.keys_of_shape(shape);
    if (keys.size() > kMostDonors) keys.resize(kMostDonors);
    for (const std::string& key : keys) {
      if (stop.stopped()) return best;
      const auto records = folder.read(key, ignored);
      const ReadRecord* donor = cheapest(records);
      if (donor == nullptr) continue;
      const auto strategies = RecordFolder::strategies(*donor);
      if (!strategies) continue;
      auto plan = verified(problem, repair_plan(problem, *strategies).plan, "neighbour",
                           donor->record.version);
      if (cheaper(plan, best)) best = std::move(plan);
    }
  }
  return best;
}

std::optional<StoredPlan> from_core(const Problem& problem, const Core& core,
                                    const std::vector<RecordFolder>& folders) {
  std::optional<StoredPlan> best;
  std::vector<StoreFault> ignored;
  const Model model = core.reducer.model();
  for (const RecordFolder& folder : folders) {
    auto keys = folder.keys_of_core(core.key);
    if (keys.size() > kMostDonors) keys.resize(kMostDonors);
    for (const std::string& key : keys)
      for (const ReadRecord& donor : folder.read(key, ignored)) {
        if (donor.record.core != core.key) continue;
        const auto values = RecordFolder::core(donor);
        if (!values || !are_values_of(model, *values)) continue;
        auto plan =
            verified(problem, core.reducer.lift(*values), "same core", donor.record.version);
        if (cheaper(plan, best)) best = std::move(plan);
      }
  }
  return best;
}

}  // namespace warpshard::store
