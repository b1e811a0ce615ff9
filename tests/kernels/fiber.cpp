#include "tests/kernels/fiber.h"

#include <cstddef>
#include <cstdint>

namespace warpshard::testing {
namespace {

constexpr std::size_t kStackBytes = 64 << 10;

}  // namespace

Fiber::Fiber() : stack_(kStackBytes) {}

void Fiber::prepare(void (*function)()) {
  started_ = false;
  function_ = function;
  getcontext(&start_);
  start_.uc_stack.ss_sp = stack_.data();
  start_.uc_stack.ss_size = stack_.size();
  start_.uc_link = nullptr;
  const auto address = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(this));
  makecontext(&start_, reinterpret_cast<void (*)()>(&Fiber::run), 2,
              static_cast<unsigned>(address >> 32), static_cast<unsigned>(address));
}

// Sanitizers take a jump for the end of all frames below, and a frame that never ends for one that
// lives.
#define WARPSHARD_SWITCHES_STACKS __attribute__((noinline, no_sanitize("address", "thread")))

WARPSHARD_SWITCHES_STACKS void Fiber::run(unsigned high, unsigned low) {
  const std::uint64_t address = std::uint64_t{high} << 32 | low;
  auto* const fiber = reinterpret_cast<Fiber*>(static_cast<std::uintptr_t>(address));
  fiber->function_();
  fiber->suspend();
}

#ifdef __x86_64__

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
