#pragma once

#include <algorithm>
#include <cstdint>

#include "host/device/storage.h"
#include "kernels/sweep_round.h"
#include "kernels/team.h"

namespace warpshard::testing {

/// What the CUDA backend of SweepRounds does, in host memory. Runner is as for HostBackend, on one
/// thread.
template <typename Runner>
class ReferenceSweepBackend {
 public:
  using Space = HostSpace;
  using Group = typename Runner::Group;

  void select() {}
  void wait() {}
  void price(const SweepRoundView& view) {
    run_.each(view.model.num_variables, [&](Group group, std::int32_t v) {
      price_row(group, view.model, view.prefix, v, view.unary);
    });
  }
  void visit(const SweepRoundView& view, std::int32_t begin, std::int32_t end,
             SweepDirection direction) {
    // Backwards, to show that the order within a class does not matter.
    run_.each(end - begin, [&](Group /*group*/, std::int32_t k) {
      visit_position<Group>(view, end - 1 - k, end - 1 - k - begin, direction);
    });
  }
  void visit_hubs(const SweepRoundView& view, std::int32_t first, std::int32_t count,
                  SweepDirection direction) {
    run_.each(count, [&](Group /*group*/, std::int32_t k) {
      visit_hub<Group>(Alone{}, view, first + k, k, direction);
    });
  }
  void visit_isolated(const SweepRoundView& view) {
    run_.each(view.num_isolated,
              [&](Group /*group*/, std::int32_t k) { warpshard::visit_isolated<Group>(view, k); });
  }
  void overshoot(float* current, float* last, std::int64_t entries, float momentum) {
    for (std::int64_t k = 0; k < entries; ++k) overshoot_message(current[k], last[k], momentum);
  }
  void expect(const SweepRoundView& view, std::int32_t begin, std::int32_t end, float temperature) {
    run_.each(end - begin, [&](Group /*group*/, std::int32_t k) {
      const SweepVariable& variable = view.trws.variables[begin + k];
      expect_variable<Group>(view, variable.id, view.trws.min_marginals + variable.row, k,
                             temperature, add_to);
    });
  }
  void expect_isolated(const SweepRoundView& view, float temperature) {
    run_.each(view.num_isolated, [&](Group /*group*/, std::int32_t k) {
      const std::int32_t v = view.isolated[k];
      expect_variable<Group>(view, v, view.unary + view.model.row_offsets[v], k, temperature,
                             add_to);
    });
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
