#include <algorithm>
#include <string>

#include "host/device/device_sweeps.h"
#include "host/device/storage.h"
#include "kernels/sweep_round.h"

namespace warpshard {

std::vector<std::int32_t> sweep_classes(const SweepPlan& plan) {
  std::vector<std::int32_t> begins{0};
  const auto count = static_cast<std::int32_t>(plan.variables.size());
  for (std::int32_t i = 0; i < count; ++i) {
    const SweepVariable& variable = plan.variables[i];
    for (std::int32_t a = 0; a < variable.num_earlier; ++a) {
      if (plan.arcs[variable.first_arc + a].neighbour < begins.back()) continue;
      begins.push_back(i);
      break;
    }
  }
  if (count > 0) begins.push_back(count);
  return begins;
}

SweepHubs sweep_hubs(const SweepPlan& plan) {
  SweepHubs hubs;
  const auto classes = sweep_classes(plan);
  for (std::size_t k = 0; k + 1 < classes.size(); ++k) {
    hubs.begins.push_back(static_cast<std::int32_t>(hubs.positions.size()));
    for (std::int32_t i = classes[k]; i < classes[k + 1]; ++i)
      if (is_hub(plan.variables[i])) hubs.positions.push_back(i);
  }
  hubs.begins.push_back(static_cast<std::int32_t>(hubs.positions.size()));
  return hubs;
}

std::int32_t most_groups(const SweepPlan& plan) {
  const auto begins = sweep_classes(plan);
  const SweepHubs hubs = sweep_hubs(plan);
  auto most = static_cast<std::int32_t>(plan.isolated.size());
  for (std::size_t k = 0; k + 1 < begins.size(); ++k)
    most = std::max(
        {most, begins[k + 1] - begins[k], kHubGroups * (hubs.begins[k + 1] - hubs.begins[k])});
  return most;
}

std::int64_t sweep_bytes(const FlatModel& model, const SweepPlan& plan) {
  const auto bytes = [](auto count, std::size_t size) {
    return static_cast<std::int64_t>(count) * static_cast<std::int64_t>(size);
  };
  std::int64_t total = 0;
  const ModelStorage<HostSpace> empty;
  ModelStorage<HostSpace>::each(empty, model, [&](const auto& /*array*/, const auto& source) {
    total += bytes(source.size(), sizeof(source[0]));
  });
  total += bytes(plan.variables.size(), sizeof(SweepVariable) + 2 * sizeof(double));
  total += bytes(plan.arcs.size(), sizeof(SweepArc));
  total += bytes(plan.isolated.size(), sizeof(std::int32_t) + sizeof(double));
  total += bytes(plan.num_message_entries, kMessageSets * sizeof(float));
  total += bytes(model.unary.size(), 2 * sizeof(float));
  total += bytes(model.capacity.size() + 1, sizeof(double) + sizeof(std::int64_t));
  const auto hubs = sweep_hubs(plan).positions.size();
  total +=
      bytes(hubs, sizeof(std::int32_t)) + bytes(hubs > 0 ? plan.arcs.size() : 0, sizeof(float));
  return total + bytes(most_groups(plan), sizeof(float)) * model.max_stride;
}

DeviceStatus refuse_sweeps(const FlatModel& model, const SweepPlan& plan, std::int64_t free_bytes) {
  constexpr double kShare = 0.9;
  const std::int64_t needed = sweep_bytes(model, plan);
  if (static_cast<double>(needed) <= kShare * static_cast<double>(free_bytes)) return std::nullopt;
  return Error{"message passing takes " + std::to_string(needed) + " bytes of device memory, and " +
               std::to_string(free_bytes) + " are free"};
}

}  // namespace warpshard
