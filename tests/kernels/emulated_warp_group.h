#pragma once

#include <ucontext.h>

#include <array>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "kernels/group_place.h"

namespace warpshard::testing {

/// Runs a function as the 32 lanes of a warp on one CPU thread.
///
/// Each lane is a fiber that runs alone until the next point where lanes meet. In which order they
/// run in between is drawn anew every time, so a kernel that lacks a sync() gives other results
/// than with it sooner or later: lane 0 may write long before or long after another lane reads.
class EmulatedWarp {
 public:
  static constexpr std::int32_t kLanes = 32;

  /// `seed` draws the order of the lanes.
  explicit EmulatedWarp(std::uint64_t seed);
  EmulatedWarp(const EmulatedWarp&) = delete;
  EmulatedWarp& operator=(const EmulatedWarp&) = delete;

  /// Calls `lane` on all 32 lanes. Returns what went wrong, or an empty string: lanes that met at
  /// different functions, or some that ended while others waited.
  std::string run(const std::function<void()>& lane);

  /// Meetings of all lanes so far.
  std::int64_t meetings() const { return meetings_; }

  // For EmulatedWarpGroup, inside run():
  static std::int32_t rank() { return current->lane_; }
  /// Waits until all lanes have come to a meeting of the same kind; returns what each brought.
  static const std::array<std::int64_t, kLanes>& meet(const char* kind, std::int64_t brought);

 private:
  struct Fiber {
    ucontext_t context;
    std::vector<char> stack;
    const char* waits_at = nullptr;  ///< kind of the meeting; null while running
    bool ended = false;
  };

  void prepare(Fiber& fiber);
  static void enter();
  bool all_ended() const;
  std::string disagreement() const;

  static EmulatedWarp* current;

  std::mt19937_64 random_;
  std::array<Fiber, kLanes> fibers_;
  /// Lanes read one side while the first of them already bring to the next meeting.
  std::array<std::array<std::int64_t, kLanes>, 2> brought_{};
  std::array<std::uint32_t, kLanes> met_{};  ///< meetings of each lane in this run
  ucontext_t scheduler_{};
  const std::function<void()>* lane_function_ = nullptr;
  std::int32_t lane_ = 0;
  std::int64_t meetings_ = 0;
};

/// WarpGroup's interface on an EmulatedWarp.
struct EmulatedWarpGroup {
  static constexpr std::int32_t kLanes = EmulatedWarp::kLanes;
  static constexpr std::int32_t kStep = kLanes;
  using Float = float;
  using Int = std::int32_t;

  static std::int32_t rank() { return EmulatedWarp::rank(); }
  static constexpr std::int32_t size() { return kLanes; }
  static std::int32_t first() { return rank(); }
  static void sync() { EmulatedWarp::meet("sync", 0); }

  static Float load(const float* from) { return *from; }
  static Int load(const std::int32_t* from) { return *from; }
  static void store(float* to, Float value) { *to = value; }
  static void store(std::int32_t* to, Int value) { *to = value; }
  static Float splat(float value) { return value; }
  static Int splat(std::int32_t value) { return value; }
  static Float min(Float a, Float b) { return a < b ? a : b; }
  static Int min(Int a, Int b) { return a < b ? a : b; }
  static Float max(Float a, Float b) { return a < b ? b : a; }
  static Float to_float(Int value) { return static_cast<float>(value); }
  static Float where_at_most(Int amount, std::int32_t most, Float value, float otherwise) {
    return amount <= most ? value : otherwise;
  }
  static Int inside(std::int32_t at, std::int32_t begin, std::int32_t end, Int value,
                    std::int32_t otherwise) {
    return at >= begin && at < end ? value : otherwise;
  }

  static float reduce_min(Float value);
  static std::int32_t reduce_min(Int value);
  static std::int64_t sum(std::int64_t value);
  static float reduce_sum(Float value);
  static GroupPlace place(bool flag);
  static std::int32_t arg_min(const float* scores, std::int32_t stride);
};

}  // namespace warpshard::testing
