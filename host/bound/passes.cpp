#include "host/bound/passes.h"

#include <algorithm>

#include "kernels/price_step.h"
#include "kernels/serial_group.h"

namespace warpshard {
namespace {

/// Variables that a pass visits between two looks at the token.
constexpr std::int32_t kStretch = 64;

}  // namespace

HostPasses::HostPasses(const FlatModel& flat, const Sweeps& sweeps, InstructionSet instructions)
    : flat_(&flat),
      sweeps_(&sweeps),
      instructions_(instructions),
      priced_(flat.unary),
      min_marginals_(flat.unary),
      scratch_(static_cast<std::size_t>(flat.max_stride)) {
  for (const MessageSet set : {MessageSet::kCurrent, MessageSet::kBest})
    set_of(set).assign(static_cast<std::size_t>(sweeps.num_message_entries()), 0);
}

void HostPasses::price(std::span<const double> prefix) {
  const ModelView model = flat_->view();
  dispatch(instructions_, [&] {
    for (std::int32_t v = 0; v < model.num_variables; ++v)
      price_row(SerialGroup{}, model, prefix.data(), v, priced_.data());
  });
}

SweepBounds HostPasses::forward_backward(float temperature, const StopToken& stop) {
  const ModelView model = flat_->view();
  double isolated = 0;
  for (const std::int32_t v : sweeps_->isolated())
    isolated += least_of<SerialGroup>(priced_.data() + model.row_offsets[v], model.stride(v));
  TrwsView view = this->view();
  view.temperature = temperature;
  const std::int32_t stretches = (view.num_variables + kStretch - 1) / kStretch;
  const auto pass = [&](SweepDirection direction) {
    double bound = 0;
    for (std::int32_t i = 0; i < stretches && !stop.stopped(); ++i) {
      const std::int32_t begin =
          kStretch * (direction == SweepDirection::kForward ? i : stretches - 1 - i);
      const std::int32_t end = std::min(begin + kStretch, view.num_variables);
      bound = dispatch(instructions_, [&] {
        return sweep<SerialGroup>(view, begin, end, direction, scratch_.data(), bound);
      });
    }
    return isolated + bound;
  };
  SweepBounds bounds;
  bounds.forward = pass(SweepDirection::kForward);
  bounds.backward = pass(SweepDirection::kBackward);
  return bounds;
}

void HostPasses::expect_usage(float temperature, std::span<double> usage) {
  const ModelView model = flat_->view();
  // Steps first; what ends at the last time point needs none.
  std::ranges::fill(usage, 0.0);
  const auto add = [&](const UsageSegment& segment, float amount) {
    usage[segment.begin] += amount;
    if (segment.end < model.num_times) usage[segment.end] -= amount;
  };
  const auto expect = [&](std::int32_t v, const float* row) {
    if (model.segment_offsets[v] == model.segment_offsets[v + 1]) return;
    warpshard::expect_usage<SerialGroup>(model, v, row, least_of<SerialGroup>(row, model.stride(v)),
                                         temperature, scratch_.data(), add);
  };
  dispatch(instructions_, [&] {
    for (const SweepVariable& variable : sweeps_->variables())
      expect(variable.id, min_marginals_.data() + variable.row);
    for (const std::int32_t v : sweeps_->isolated())
      expect(v, priced_.data() + model.row_offsets[v]);
  });
  double level = 0;
  for (double& at : usage) at = level += at;
}

void HostPasses::copy(MessageSet from, MessageSet to) {
  set_of(to) = set_of(from);
}

void HostPasses::overshoot(float momentum) {
  auto& current = set_of(MessageSet::kCurrent);
  auto& last = set_of(MessageSet::kLast);
  for (std::size_t i = 0; i < current.size(); ++i) overshoot_message(current[i], last[i], momentum);
}

void HostPasses::set_messages(std::int64_t at, std::span<const float> messages) {
  std::ranges::copy(messages, set_of(MessageSet::kCurrent).begin() + at);
}

TrwsView HostPasses::view() {
  return sweeps_->view(priced_.data(), set_of(MessageSet::kCurrent).data(), min_marginals_.data());
}

}  // namespace warpshard
