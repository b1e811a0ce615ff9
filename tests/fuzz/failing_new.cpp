#include "tests/fuzz/failing_new.h"

#include <cstddef>
#include <cstdlib>
#include <new>

namespace warpshard::fuzz {
namespace {

// NOLINTBEGIN(readability-identifier-naming)
thread_local int g_left = -1;  ///< allocations that succeed still; below zero: all do
thread_local bool g_failed = false;
// NOLINTEND(readability-identifier-naming)

void* allocate(std::size_t size, std::size_t alignment) {
  if (g_left == 0) {
    g_failed = true;
    throw std::bad_alloc();
  }
  if (g_left > 0) --g_left;
  const std::size_t whole = (size + alignment - 1) / alignment * alignment;
  void* memory = alignment <= alignof(std::max_align_t)
                     ? std::malloc(size == 0 ? 1 : size)
                     : std::aligned_alloc(alignment, whole == 0 ? alignment : whole);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

FailingNew::FailingNew(int allocations) {
  g_left = allocations;
  g_failed = false;
}

FailingNew::~FailingNew() {
  g_left = -1;
}

bool FailingNew::failed() const {
  return g_failed;
}

}  // namespace warpshard::fuzz

// The program's own, all of them: what is allocated here is freed here.
void* operator new(std::size_t size) {
  return warpshard::fuzz::allocate(size, 1);
}
void* operator new[](std::size_t size) {
  return warpshard::fuzz::allocate(size, 1);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return warpshard::fuzz::allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return warpshard::fuzz::allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t /*alignment*/) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::align_val_t /*alignment*/) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/, std::align_val_t /*alignment*/) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t /*size*/, std::align_val_t /*a*/) noexcept {
  std::free(memory);
}

/// What libraries that are linked dynamically allocate may come from the sanitizer's operators and
/// go through these.
extern "C" const char* __asan_default_options() {  // NOLINT: the name that the sanitizer calls
  return "alloc_dealloc_mismatch=0";
}
