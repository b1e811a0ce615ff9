#include "tests/kernels/fiber.h"

#include <cstddef>

namespace warpshard::testing {
namespace {

constexpr std::size_t kStackBytes = 64 << 10;

}  // namespace

Fiber::Fiber() : stack_(kStackBytes) {}

void Fiber::prepare(void (*function)()) {
  started_ = false;
  getcontext(&start_);
  start_.uc_stack.ss_sp = stack_.data();
  start_.uc_stack.ss_size = stack_.size();
  start_.uc_link = nullptr;
  makecontext(&start_, function, 0);
}

#ifdef __x86_64__

// Sanitizers take a jump for the end of all frames below.
#define WARPSHARD_SWITCHES_STACKS __attribute__((noinline, no_sanitize("address", "thread")))

namespace {

WARPSHARD_SWITCHES_STACKS void go_on(void** place) {
  __builtin_longjmp(place, 1);
}

}  // namespace

WARPSHARD_SWITCHES_STACKS void Fiber::resume() {
  if (__builtin_setjmp(caller_place_.data()) != 0) return;
  if (started_) go_on(own_place_.data());
  started_ = true;
  swapcontext(&caller_, &start_);
}

WARPSHARD_SWITCHES_STACKS void Fiber::suspend() {
  if (__builtin_setjmp(own_place_.data()) == 0) go_on(caller_place_.data());
}

#else

void Fiber::resume() {
  swapcontext(&caller_, &start_);
}

void Fiber::suspend() {
  swapcontext(&start_, &caller_);
}

#endif

}  // namespace warpshard::testing
