#pragma once

#include <cstdint>
#include <utility>

#include "host/device/storage.h"
#include "kernels/island.h"
#include "kernels/island_prices.h"
#include "kernels/population.h"

namespace warpshard {

/// A backend of PopulationSearch in host memory: the kernels' functions over all chains and
/// islands. Runner has a `Group` and calls functions of one: each(count, function(group, number)).
template <typename Runner>
class HostBackend {
 public:
  using Space = HostSpace;
  using Group = typename Runner::Group;

  HostBackend() = default;
  explicit HostBackend(Runner runner) : runner_(std::move(runner)) {}

  void select() {}
  void wait() {}

  void start_chains(const PopulationView& view, std::int32_t first, std::int32_t count) {
    runner_.each(count, [&](Group group, std::int32_t k) { start_chain(group, view, first + k); });
  }
  void run_chains(const PopulationView& view, const ChainWork& work) {
    each_chain(view, [&](Group group, std::int32_t c) {
      ChainView chain = view.chain(c);
      run_chain(group, Alone{}, view, chain, c, work);
    });
  }
  void measure_chains(const PopulationView& view) {
    each_chain(view, [&](Group group, std::int32_t c) { measure_chain(group, view, c); });
  }
  void tighten_chains(const PopulationView& view, float tolerance) {
    each_chain(view,
               [&](Group group, std::int32_t c) { tighten_chain(group, view, c, tolerance); });
  }
  void keep_elites(const PopulationView& view) {
    each_island(view, [&](Group group, std::int32_t i) { keep_elite(group, view, i); });
  }
  void cross_islands(const PopulationView& view, std::uint32_t chunk) {
    each_island(view, [&](Group group, std::int32_t i) { cross_island(group, view, i, chunk); });
  }
  void exchange_islands(const PopulationView& view, std::uint32_t chunk) {
    each_island(view, [&](Group group, std::int32_t i) { exchange_island(group, view, i, chunk); });
  }
  void follow_prices(const PopulationView& view, const PriceRule& rule) {
    each_island(view, [&](Group group, std::int32_t i) {
      if (group.rank() == 0) follow_island_prices(view, rule, i);
      group.sync();
    });
  }
  void sum_prices(const PopulationView& view) {
    each_island(view, [&](Group group, std::int32_t i) {
      if (group.rank() == 0) sum_island_prices(view, i);
      group.sync();
    });
  }
  void price_rows(const PopulationView& view) {
    each_island(view, [&](Group group, std::int32_t i) { price_island_rows(group, view, i); });
  }

 private:
  template <typename Function>
  void each_chain(const PopulationView& view, const Function& function) {
    runner_.each(view.shape.num_chains, function);
  }
  template <typename Function>
  void each_island(const PopulationView& view, const Function& function) {
    runner_.each(view.shape.num_islands(), function);
  }

  Runner runner_;
};

}  // namespace warpshard
