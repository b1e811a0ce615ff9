#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "cuda/attempt.h"
#include "cuda/device_sweeps.h"
#include "cuda/storage.h"
#include "kernels/sweep_round.h"

namespace warpshard {

/// DeviceSweeps over any backend: what is uploaded, launched and read back, in which order.
template <typename BackendType>
class SweepRounds final : public DeviceSweeps {
 public:
  using Backend = BackendType;
  using Space = typename Backend::Space;

  SweepRounds(Backend backend, const FlatModel& model, const SweepPlan& plan)
      : backend_(std::move(backend)), classes_(sweep_classes(plan)) {
    model_.upload(model);
    assign(variables_, plan.variables);
    assign(arcs_, plan.arcs);
    assign(isolated_, plan.isolated);
    messages_.resize(static_cast<std::size_t>(plan.num_message_entries));
    assign(unary_, std::span<const float>(model.unary));
    assign(min_marginals_, std::span<const float>(model.unary));
    prefix_.resize(model.capacity.size() + 1);
    usage_.resize(model.capacity.size() + 1);
    shares_.resize(plan.variables.size());
    scratch_.resize(static_cast<std::size_t>(widest_class(plan)) * model.max_stride);

    view_.model = model_.view(model);
    view_.trws = {static_cast<std::int32_t>(plan.variables.size()),
                  Space::pointer(variables_),
                  Space::pointer(arcs_),
                  view_.model.tables,
                  Space::pointer(unary_),
                  Space::pointer(messages_),
                  Space::pointer(min_marginals_)};
    view_.isolated = Space::pointer(isolated_);
    view_.num_isolated = static_cast<std::int32_t>(plan.isolated.size());
    view_.prefix = Space::pointer(prefix_);
    view_.unary = Space::pointer(unary_);
    view_.shares = Space::pointer(shares_);
    view_.scratch = Space::pointer(scratch_);
    view_.usage = Space::pointer(usage_);
  }

  Result<SweepBounds> forward_backward(std::span<const double> prefix) override {
    return attempt(backend_, [&] {
      SweepBounds bounds;
      Space::write(prefix, prefix_, 0);
      backend_.price(view_);
      const std::size_t classes = classes_.size() - 1;
      for (std::size_t k = 0; k < classes; ++k)
        backend_.visit(view_, classes_[k], classes_[k + 1], SweepDirection::kForward);
      bounds.forward = sum_of_shares(/*backwards=*/false);
      for (std::size_t k = classes; k > 0; --k)
        backend_.visit(view_, classes_[k - 1], classes_[k], SweepDirection::kBackward);
      bounds.backward = sum_of_shares(/*backwards=*/true);
      return bounds;
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

  Result<std::vector<float>> messages() override {
    return attempt(backend_, [&] { return read_all(messages_); });
  }
  Result<std::vector<float>> min_marginals() override {
    return attempt(backend_, [&] {
      backend_.copy_isolated(view_);
      return read_all(min_marginals_);
    });
  }
  DeviceStatus set_messages(std::span<const float> messages) override {
    return attempt(backend_, [&] { Space::write(messages, messages_, 0); });
  }

  /// For tests: bytes that the arrays take.
  std::int64_t allocated_bytes() const {
    std::int64_t bytes = 0;
    const auto add = [&bytes](const auto& array) {
      bytes += static_cast<std::int64_t>(array.size() * sizeof(array[0]));
    };
    ModelStorage<Space>::each(model_, FlatModel(Model{}),
                              [&](const auto& array, const auto&) { add(array); });
    add(variables_), add(arcs_), add(isolated_), add(messages_), add(unary_), add(min_marginals_);
    add(scratch_), add(prefix_), add(shares_), add(usage_);
    return bytes;
  }

 private:
  template <typename T>
  static void assign(typename Space::template Array<T>& array, std::span<const T> from) {
    array.resize(from.size());
    Space::write(from, array, 0);
  }

  template <typename Array>
  static auto read_all(const Array& array) {
    return Space::read(array, 0, static_cast<std::int64_t>(array.size()));
  }

  /// In the order in which one thread would have added them up.
  double sum_of_shares(bool backwards) {
    const auto shares = read_all(shares_);
    return backwards ? std::accumulate(shares.rbegin(), shares.rend(), 0.0)
                     : std::accumulate(shares.begin(), shares.end(), 0.0);
  }

  Backend backend_;
  std::vector<std::int32_t> classes_;
  ModelStorage<Space> model_;
  typename Space::template Array<SweepVariable> variables_;
  typename Space::template Array<SweepArc> arcs_;
  typename Space::template Array<std::int32_t> isolated_;
  typename Space::template Array<float> messages_, unary_, min_marginals_, scratch_;
  typename Space::template Array<double> prefix_, shares_;
  typename Space::template Array<std::int64_t> usage_;
  SweepRoundView view_;
};

}  // namespace warpshard
