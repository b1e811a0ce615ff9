#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "tests/kernels/fiber.h"

namespace warpshard::testing {

/// Runs a function as the threads of a block, in warps of 32 lanes, on one CPU thread.
///
/// Each thread is a fiber that runs alone until the next point where its warp or its block meets.
/// In which order warps and their lanes run in between is drawn anew every time, so a kernel that
/// lacks a sync gives other results than with it sooner or later: lane 0 may write long before or
/// long after another lane reads.
class EmulatedBlock {
 public:
  static constexpr std::int32_t kLanes = 32;

  /// `seed` draws the order of the threads.
  explicit EmulatedBlock(std::uint64_t seed);
  EmulatedBlock(const EmulatedBlock&) = delete;
  EmulatedBlock& operator=(const EmulatedBlock&) = delete;

  /// Calls `thread` on all threads of so many warps. Returns what went wrong, or an empty string:
  /// threads that met at different functions, or some that ended while others waited.
  std::string run(const std::function<void()>& thread, std::int32_t warps = 1);

  // For what is called inside run():

  /// This thread's number in the block.
  static std::int32_t rank() { return current->thread_; }
  /// Waits until all lanes of the warp have come to a meeting of the same kind; returns what each
  /// brought.
  static const std::array<std::int64_t, kLanes>& meet(const char* kind, std::int64_t brought);
  /// Waits until all threads of the block have come to a meeting like this one.
  static void meet_block();

 private:
  struct Warp {
    /// Kind of the meeting where each lane waits; null: it has ended.
    std::array<const char*, kLanes> places{};
    /// Lanes read one side while the first of them already bring to the next meeting.
    std::array<std::array<std::int64_t, kLanes>, 2> brought{};
    std::array<std::uint32_t, kLanes> met{};  ///< meetings of each lane in this run

    /// Where the lanes are, if they agree.
    const char* place() const { return places[0]; }
    std::string disagreement() const;
  };

  static void enter();
  void step(std::int32_t warp);
  /// Finds the warps that may go on; none: all have ended. Returns what keeps them from it.
  std::string find_ready(std::vector<std::int32_t>& ready);
  /// Suspends the current thread at `kind`.
  void wait_at(const char* kind);
  Fiber& fiber() { return fibers_[static_cast<std::size_t>(thread_)]; }
  Warp& warp() { return warps_[static_cast<std::size_t>(thread_ / kLanes)]; }

  static thread_local EmulatedBlock* current;

  std::mt19937_64 random_;
  std::deque<Fiber> fibers_;
  std::vector<Warp> warps_;
  const std::function<void()>* function_ = nullptr;
  std::int32_t thread_ = 0;
};

}  // namespace warpshard::testing
