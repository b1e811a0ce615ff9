#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "host/device/backend.h"
#include "host/model/flat_model.h"
#include "kernels/message_sets.h"
#include "kernels/trws.h"

namespace warpshard {

/// The fixed part of message passing, in host memory; see Sweeps in host/bound/sweeps.h. A device
/// works on whole classes of variables at once, so an order by colour suits it.
struct SweepPlan {
  std::span<const SweepVariable> variables;
  std::span<const SweepArc> arcs;
  std::span<const std::int32_t> isolated;  ///< variables without edges
  std::int64_t num_message_entries = 0;
};

/// Message passing by TRW-S and the gradient of the prices, on one device. Messages stay there
/// between rounds. Calls block; one thread at a time.
///
/// The passes give the same messages as the same passes on the CPU, bit for bit.
class DeviceSweeps {
 public:
  virtual ~DeviceSweeps() = default;

  /// Prices memory by `prefix`, [times + 1] running sums of prices, then one forward and one
  /// backward pass over the current messages; soft ones at a `temperature` (cost units) above 0.
  virtual Result<SweepBounds> forward_backward(std::span<const double> prefix,
                                               float temperature) = 0;

  /// Expected usage at each time point, [times] quanta, where values weigh exp(-(min-marginal -
  /// least) / temperature) after the last backward pass; to 1 / 4096 quantum.
  virtual Result<std::vector<double>> expected_usage(float temperature) = 0;

  virtual DeviceStatus copy(MessageSet from, MessageSet to) = 0;

  /// overshoot_message() of all entries of the current messages and the last ones.
  virtual DeviceStatus overshoot(float momentum) = 0;

  /// [num_message_entries] cost units.
  virtual Result<std::vector<float>> messages(MessageSet set) = 0;
  virtual DeviceStatus set_messages(MessageSet set, std::span<const float> messages) = 0;

  /// [rows] cost units; variables without edges hold their priced unary.
  virtual Result<std::vector<float>> min_marginals() = 0;
};

/// Positions at which classes begin, and the end: no two variables of a class are neighbours, so
/// that all of it can be visited at once. Classes are as long as the order allows.
std::vector<std::int32_t> sweep_classes(const SweepPlan& plan);

/// Variables that a team of groups visits.
struct SweepHubs {
  std::vector<std::int32_t> positions;  ///< in order
  std::vector<std::int32_t> begins;     ///< by class: its first of them; then how many there are
};
SweepHubs sweep_hubs(const SweepPlan& plan);

/// Groups that work at the same time at most.
std::int32_t most_groups(const SweepPlan& plan);

/// Bytes of device memory that message passing takes, the model included.
std::int64_t sweep_bytes(const FlatModel& model, const SweepPlan& plan);

/// Why it does not fit in so much free memory, with the figures; nothing if it does.
DeviceStatus refuse_sweeps(const FlatModel& model, const SweepPlan& plan, std::int64_t free_bytes);

/// Prepares message passing on one GPU; messages start at zero. Everything is copied. Fails with
/// the figures if it does not fit in the device's free memory.
Result<std::unique_ptr<DeviceSweeps>> make_device_sweeps(const FlatModel& model,
                                                         const SweepPlan& plan,
                                                         std::int32_t device);

}  // namespace warpshard
