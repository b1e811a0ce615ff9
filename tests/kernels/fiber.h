#pragma once

#include <ucontext.h>

#include <array>
#include <vector>

namespace warpshard::testing {

/// A function that runs on a stack of its own and can be left and taken up again.
class Fiber {
 public:
  Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /// Lets the next resume() call `function`, which must not return but suspend for good.
  void prepare(void (*function)());
  /// Runs the function from where it stands until it suspends.
  void resume();
  /// Called on the fiber: goes back to who resumed it.
  void suspend();

 private:
  /// What __builtin_setjmp() keeps: no signal masks, hence no calls of the system.
  using Place = std::array<void*, 5>;

  std::vector<char> stack_;
  ucontext_t start_{};
  ucontext_t caller_{};
  Place own_place_{};
  Place caller_place_{};
  bool started_ = false;
};

}  // namespace warpshard::testing
