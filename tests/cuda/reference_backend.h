#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "host/device/storage.h"
#include "kernels/island.h"
#include "kernels/island_prices.h"
#include "kernels/message_sets.h"
#include "kernels/population.h"
#include "kernels/serial_group.h"
#include "kernels/sweep_round.h"
#include "tests/kernels/emulated_warp_group.h"

namespace warpshard::testing {

/// Calls a function of a group on the CPU's group.
class SerialRunner {
 public:
  using Group = SerialGroup;
  template <typename Function>
  void operator()(const Function& function) {
    function(Group{});
  }
};

/// Calls a function of a group on all lanes of an emulated warp.
class EmulatedRunner {
 public:
  using Group = EmulatedWarpGroup;
  template <typename Function>
  void operator()(const Function& function) {
    const std::string failure = warp_->run([&] { function(Group{}); });
    if (!failure.empty()) throw std::runtime_error(failure);
  }

 private:
  std::unique_ptr<EmulatedBlock> warp_ = std::make_unique<EmulatedBlock>(/*seed=*/1);
};

/// What CudaBackend does, in host memory: the kernels' functions over all chains, one after the
/// other, on a group of Runner's kind.
template <typename Runner>
class ReferenceBackend {
 public:
  using Space = HostSpace;
  using Group = typename Runner::Group;

  void select() {}
  void wait() {}

  void start_chains(const PopulationView& view, std::int32_t first, std::int32_t count) {
    for (std::int32_t c = first; c < first + count; ++c)
      run_([&](Group group) { start_chain(group, view, c); });
  }
  void run_chains(const PopulationView& view, const ChainWork& work,
                  std::int64_t /*shared_bytes_per_chain*/) {
    for_each_chain(view, [&](Group group, std::int32_t c) {
      ChainView chain = view.chain(c);
      run_chain(group, view, chain, c, work);
    });
  }
  void measure_chains(const PopulationView& view) {
    for_each_chain(view, [&](Group group, std::int32_t c) { measure_chain(group, view, c); });
  }
  void tighten_chains(const PopulationView& view, float tolerance) {
    for_each_chain(view,
                   [&](Group group, std::int32_t c) { tighten_chain(group, view, c, tolerance); });
  }
  void keep_elites(const PopulationView& view) {
    for (std::int32_t i = 0; i < view.shape.num_islands(); ++i)
      run_([&](Group group) { keep_elite(group, view, i); });
  }
  void cross_islands(const PopulationView& view, std::uint32_t chunk) {
    for (std::int32_t i = 0; i < view.shape.num_islands(); ++i)
      run_([&](Group group) { cross_island(group, view, i, chunk); });
  }
  void exchange_islands(const PopulationView& view, std::uint32_t chunk) {
    for (std::int32_t i = 0; i < view.shape.num_islands(); ++i)
      run_([&](Group group) { exchange_island(group, view, i, chunk); });
  }
  void follow_prices(const PopulationView& view, const PriceRule& rule) {
    const std::int32_t times = view.shape.num_times;
    for (std::int32_t i = 0; i < view.shape.num_islands(); ++i) {
      float* const prices = view.prices + PopulationView::row(i, times);
      double sum = 0;
      for (std::int32_t t = 0; t < times; ++t) sum += prices[t];
      const auto mean = static_cast<float>(sum / times);
      for (std::int32_t t = 0; t < times; ++t) prices[t] = followed_price(view, rule, i, t, mean);
    }
    sum_prices(view);
  }
  void sum_prices(const PopulationView& view) {
    const std::int32_t times = view.shape.num_times;
    for (std::int32_t i = 0; i < view.shape.num_islands(); ++i) {
      const float* const prices = view.prices + PopulationView::row(i, times);
      double* const prefix = view.prefix + PopulationView::row(i, times + 1);
      prefix[0] = 0;
      for (std::int32_t t = 0; t < times; ++t) prefix[t + 1] = prefix[t] + prices[t];
    }
  }
  void price_rows(const PopulationView& view) {
    for (std::int32_t i = 0; i < view.shape.num_islands(); ++i)
      run_([&](Group group) {
        for (std::int32_t v = 0; v < view.shape.num_variables; ++v)
          price_row(group, view.model,
                    view.prefix + PopulationView::row(i, view.shape.num_times + 1), v,
                    view.priced_unary + PopulationView::row(i, view.shape.num_rows));
      });
  }

 private:
  template <typename Function>
  void for_each_chain(const PopulationView& view, const Function& function) {
    for (std::int32_t c = 0; c < view.shape.num_chains; ++c)
      run_([&](Group group) { function(group, c); });
  }

  Runner run_;
};

/// What the CUDA backend of SweepRounds does, in host memory.
template <typename Runner>
class ReferenceSweepBackend {
 public:
  using Space = HostSpace;
  using Group = typename Runner::Group;

  void select() {}
  void wait() {}
  void price(const SweepRoundView& view) {
    run_([&](Group /*group*/) {
      for (std::int32_t v = 0; v < view.model.num_variables; ++v)
        price_row(Group{}, view.model, view.prefix, v, view.unary);
    });
  }
  void visit(const SweepRoundView& view, std::int32_t begin, std::int32_t end,
             SweepDirection direction) {
    // Backwards, to show that the order within a class does not matter.
    for (std::int32_t i = end - 1; i >= begin; --i)
      run_([&](Group /*group*/) { visit_position<Group>(view, i, i - begin, direction); });
  }
  void visit_isolated(const SweepRoundView& view) {
    for (std::int32_t k = 0; k < view.num_isolated; ++k)
      run_([&](Group /*group*/) { warpshard::visit_isolated<Group>(view, k); });
  }
  void overshoot(float* current, float* last, std::int64_t entries, float momentum) {
    for (std::int64_t k = 0; k < entries; ++k) overshoot_message(current[k], last[k], momentum);
  }
  void expect(const SweepRoundView& view, std::int32_t begin, std::int32_t end, float temperature) {
    for (std::int32_t i = begin; i < end; ++i) {
      const SweepVariable& variable = view.trws.variables[i];
      run_([&](Group /*group*/) {
        expect_variable<Group>(view, variable.id, view.trws.min_marginals + variable.row, i - begin,
                               temperature, add_to);
      });
    }
  }
  void expect_isolated(const SweepRoundView& view, float temperature) {
    for (std::int32_t k = 0; k < view.num_isolated; ++k) {
      const std::int32_t v = view.isolated[k];
      run_([&](Group /*group*/) {
        expect_variable<Group>(view, v, view.unary + view.model.row_offsets[v], k, temperature,
                               add_to);
      });
    }
  }
  void copy_isolated(const SweepRoundView& view) {
    for (std::int32_t k = 0; k < view.num_isolated; ++k) {
      const std::int32_t v = view.isolated[k];
      const float* const row = view.unary + view.model.row_offsets[v];
      std::copy(row, row + view.model.stride(v),
                view.trws.min_marginals + view.model.row_offsets[v]);
    }
  }

 private:
  static void add_to(std::int64_t* entry, std::int64_t amount) { *entry += amount; }

  Runner run_;
};

}  // namespace warpshard::testing
