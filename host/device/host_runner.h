#pragma once

#include <atomic>
#include <cstdint>
#include <system_error>
#include <thread>
#include <vector>

#include "host/model/dispatch.h"
#include "kernels/serial_group.h"

namespace warpshard {

/// Runs functions of a group on the CPU's group, on several threads. Calls that run at the same
/// time must not touch the same state; then results do not depend on the threads.
class HostRunner {
 public:
  using Group = SerialGroup;

  explicit HostRunner(std::int32_t threads = 1) : threads_(threads) {}

  /// Calls function(group, number) for every number in [0, count), in any order.
  template <typename Function>
  void each(std::int32_t count, const Function& function) {
    std::atomic<std::int32_t> next{0};
    const auto work = [&] {
      dispatch(instructions_, [&] {
        for (std::int32_t number = next++; number < count; number = next++)
          function(Group{}, number);
      });
    };
    std::vector<std::thread> helpers;
    try {
      for (std::int32_t k = 1; k < threads_ && k < count; ++k) helpers.emplace_back(work);
    } catch (const std::system_error&) {
      // Those that could start do it all.
    }
    work();
    for (std::thread& helper : helpers) helper.join();
  }

 private:
  std::int32_t threads_;
  InstructionSet instructions_ = best_instruction_set();
};

}  // namespace warpshard
