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

  /// Lets the next resume() call `function`.
  void prepare(void (*function)());
  /// Runs the function from where it stands until it suspends or returns.
  void resume();
  /// Called on the fiber: goes back to who resumed it.
  void suspend();

 private:
  /// Calls the function of the fiber at an address, given in halves.
  static void run(unsigned high, unsigned low);

  /// What __builtin_setjmp() keeps: no signal masks, hence no calls of the system.
  using Place = std::array<void*, 5>;

  std::vector<char> stack_;
  void (*function_)() = nullptr;
  ucontext_t start_{};
  ucontext_t caller_{};
  Place own_place_{};
  Place caller_place_{};
  bool started_ = false;
};

}  // namespace warpshard::testing
