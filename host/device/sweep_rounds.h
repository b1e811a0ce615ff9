#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "host/device/attempt.h"
#include "host/device/device_sweeps.h"
#include "host/device/storage.h"
#include "kernels/sweep_round.h"

namespace warpshard {

/// DeviceSweeps over any backend: what is uploaded, launched and read back, in which order.
template <typename BackendType>
class SweepRounds final : public DeviceSweeps {
 public:
  using Backend = BackendType;
  using Space = typename Backend::Space;

  SweepRounds(Backend backend, const FlatModel& model, const SweepPlan& plan)
      : backend_(std::move(backend)), classes_(sweep_classes(plan)), hubs_(sweep_hubs(plan)) {
    model_.upload(model);
    assign<Space>(variables_, plan.variables);
    assign<Space>(arcs_, plan.arcs);
    assign<Space>(isolated_, plan.isolated);
    for (auto& set : messages_) set.resize(static_cast<std::size_t>(plan.num_message_entries));
    assign<Space>(unary_, std::span<const float>(model.unary));
    assign<Space>(min_marginals_, std::span<const float>(model.unary));
    prefix_.resize(model.capacity.size() + 1);
    usage_.resize(model.capacity.size() + 1);
    shares_.resize(2 * plan.variables.size() + plan.isolated.size());
    scratch_.resize(static_cast<std::size_t>(most_groups(plan)) * model.max_stride);
    assign<Space>(hub_positions_, std::span<const std::int32_t>(hubs_.positions));
    if (!hubs_.positions.empty()) sent_.resize(plan.arcs.size());

    view_.model = model_.view(model);
    view_.trws = {static_cast<std::int32_t>(plan.variables.size()),
                  Space::pointer(variables_),
                  Space::pointer(arcs_),
                  view_.model.tables,
                  Space::pointer(unary_),
                  Space::pointer(set_of(MessageSet::kCurrent)),
                  Space::pointer(min_marginals_)};
    view_.isolated = Space::pointer(isolated_);
    view_.num_isolated = static_cast<std::int32_t>(plan.isolated.size());
    view_.prefix = Space::pointer(prefix_);
    view_.unary = Space::pointer(unary_);
    view_.shares = Space::pointer(shares_);
    view_.scratch = Space::pointer(scratch_);
    view_.usage = Space::pointer(usage_);
    view_.hubs = Space::pointer(hub_positions_);
    view_.sent = Space::pointer(sent_);
    backend_.wait();
  }

  /// Memory is freed on the device that it belongs to.
  ~SweepRounds() override {
    attempt(backend_, [] {});
  }
  SweepRounds(const SweepRounds&) = delete;
  SweepRounds& operator=(const SweepRounds&) = delete;

  Result<SweepBounds> forward_backward(std::span<const double> prefix, float temperature) override {
    return attempt(backend_, [&] {
      view_.trws.temperature = temperature;
      Space::write(prefix, prefix_, 0);
      backend_.price(view_);
      backend_.visit_isolated(view_);
      const std::size_t classes = classes_.size() - 1;
      for (std::size_t k = 0; k < classes; ++k) visit_class(k, SweepDirection::kForward);
      for (std::size_t k = classes; k > 0; --k) visit_class(k - 1, SweepDirection::kBackward);
      return sum_of_shares();
    });
  }

  Result<std::vector<double>> expected_usage(float temperature) override {
    return attempt(backend_, [&] {
      std::vector<double> expected;
      const std::vector<std::int64_t> nothing(usage_.size(), 0);
      Space::write(std::span<const std::int64_t>(nothing), usage_, 0);
      for (std::size_t k = 0; k + 1 < classes_.size(); ++k)
        backend_.expect(view_, classes_[k], classes_[k + 1], temperature);
      backend_.expect_isolated(view_, temperature);
      const auto steps = Space::read(usage_, 0, static_cast<std::int64_t>(usage_.size()) - 1);
      std::int64_t level = 0;
      for (const std::int64_t step : steps) {
        level += step;
        expected.push_back(static_cast<double>(level) / kUsageFraction);
      }
      return expected;
    });
  }

  DeviceStatus copy(MessageSet from, MessageSet to) override {
    return attempt(backend_, [&] {
      Space::copy(set_of(from), set_of(to));
      backend_.wait();
    });
  }
  DeviceStatus overshoot(float momentum) override {
    return attempt(backend_, [&] {
      auto& last = set_of(MessageSet::kLast);
      backend_.overshoot(view_.trws.messages, Space::pointer(last),
                         static_cast<std::int64_t>(last.size()), momentum);
      backend_.wait();
    });
  }
  Result<std::vector<float>> messages(MessageSet set) override {
    return attempt(backend_, [&] { return read_all(set_of(set)); });
  }
  Result<std::vector<float>> min_marginals() override {
    return attempt(backend_, [&] {
      backend_.copy_isolated(view_);
      return read_all(min_marginals_);
    });
  }
  DeviceStatus set_messages(MessageSet set, std::span<const float> messages) override {
    return attempt(backend_, [&] { Space::write(messages, set_of(set), 0); });
  }

  /// For tests: bytes that the arrays take.
  std::int64_t allocated_bytes() const {
    std::int64_t bytes = 0;
    const auto add = [&bytes](const auto& array) {
      bytes += static_cast<std::int64_t>(array.size() * sizeof(array[0]));
    };
    ModelStorage<Space>::each(model_, FlatModel(Model{}),
                              [&](const auto& array, const auto&) { add(array); });
    for (const auto& set : messages_) add(set);
    add(variables_), add(arcs_), add(isolated_), add(unary_), add(min_marginals_);
    add(scratch_), add(prefix_), add(shares_), add(usage_), add(hub_positions_), add(sent_);
    return bytes;
  }

 private:
  template <typename Array>
  static auto read_all(const Array& array) {
    return Space::read(array, 0, static_cast<std::int64_t>(array.size()));
  }

  void visit_class(std::size_t k, SweepDirection direction) {
    const std::int32_t hubs = hubs_.begins[k + 1] - hubs_.begins[k];
    if (hubs > 0) backend_.visit_hubs(view_, hubs_.begins[k], hubs, direction);
    backend_.visit(view_, classes_[k], classes_[k + 1], direction);
  }

  auto& set_of(MessageSet set) { return messages_[static_cast<std::size_t>(set)]; }

  /// In the order in which one thread would have added them up.
  SweepBounds sum_of_shares() {
    const auto shares = read_all(shares_);
    const auto backward = shares.begin() + view_.trws.num_variables;
    const auto isolated = backward + view_.trws.num_variables;
    const double fixed = std::accumulate(isolated, shares.end(), 0.0);
    return {fixed + std::accumulate(shares.begin(), backward, 0.0),
            fixed + std::accumulate(std::make_reverse_iterator(isolated),
                                    std::make_reverse_iterator(backward), 0.0)};
  }

  Backend backend_;
  std::vector<std::int32_t> classes_;
  SweepHubs hubs_;
  ModelStorage<Space> model_;
  typename Space::template Array<SweepVariable> variables_;
  typename Space::template Array<SweepArc> arcs_;
  typename Space::template Array<std::int32_t> isolated_, hub_positions_;
  typename Space::template Array<float> unary_, min_marginals_, scratch_, sent_;
  std::array<typename Space::template Array<float>, kMessageSets> messages_;
  typename Space::template Array<double> prefix_, shares_;
  typename Space::template Array<std::int64_t> usage_;
  SweepRoundView view_;
};

}  // namespace warpshard
