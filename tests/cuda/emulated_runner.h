#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "tests/kernels/emulated_warp_group.h"

namespace warpshard::testing {

/// HostRunner's likeness that calls functions of a group on all lanes of an emulated warp.
class EmulatedRunner {
 public:
  using Group = EmulatedWarpGroup;

  template <typename Function>
  void each(std::int32_t count, const Function& function) {
    for (std::int32_t number = 0; number < count; ++number) {
      const std::string failure = warp_->run([&] { function(Group{}, number); });
      if (!failure.empty()) throw std::runtime_error(failure);
    }
  }

 private:
  std::unique_ptr<EmulatedBlock> warp_ = std::make_unique<EmulatedBlock>(/*seed=*/1);
};

}  // namespace warpshard::testing
