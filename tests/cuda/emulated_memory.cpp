#include "tests/cuda/emulated_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <new>
#include <utility>

namespace warpshard::testing {
namespace {

std::size_t rounded_up(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

}  // namespace

/// One allocation: its pages, and the one behind them.
class EmulatedMemory::Pages {
 public:
  explicit Pages(std::size_t bytes)
      : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))), bytes_(rounded_up(bytes, page_)) {
    void* const pages =
        mmap(nullptr, bytes_ + page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc();
    pages_ = static_cast<std::byte*>(pages);
    constexpr std::size_t kAlignment = 16;
    first_ = pages_ + bytes_ - rounded_up(bytes, kAlignment);
  }
  ~Pages() { munmap(pages_, bytes_ + page_); }
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  std::byte* first() const { return first_; }
  std::size_t bytes() const { return bytes_; }
  std::span<const std::byte> usable() const { return {first_, pages_ + bytes_}; }
  bool holds(const void* address) const {
    const auto* const at = static_cast<const std::byte*>(address);
    return at >= pages_ && at < pages_ + bytes_ + page_;
  }
  void set_open(bool open) const {
    mprotect(pages_, bytes_, open ? PROT_READ | PROT_WRITE : PROT_NONE);
  }

 private:
  std::size_t page_;
  std::size_t bytes_;
  std::byte* pages_ = nullptr;
  std::byte* first_ = nullptr;
};

void* EmulatedMemory::allocate(std::size_t bytes) {
  auto pages = std::make_shared<const Pages>(bytes);
  if (pages->bytes() > free_bytes_) return nullptr;
  free_bytes_ -= pages->bytes();
  allocations_.push_back(std::move(pages));
  return allocations_.back()->first();
}

bool EmulatedMemory::free(const void* memory) {
  const auto found = std::find_if(allocations_.begin(), allocations_.end(),
                                  [&](const auto& pages) { return pages->first() == memory; });
  if (found == allocations_.end()) return false;
  free_bytes_ += (*found)->bytes();
  allocations_.erase(found);
  return true;
}

std::vector<std::span<const std::byte>> EmulatedMemory::all() const {
  std::vector<std::span<const std::byte>> all;
  for (const auto& pages : allocations_) all.push_back(pages->usable());
  return all;
}

bool EmulatedMemory::holds(const void* address) const {
  return std::any_of(allocations_.begin(), allocations_.end(),
                     [&](const auto& pages) { return pages->holds(address); });
}

void EmulatedMemory::set_open(bool open) const {
  for (const auto& pages : allocations_) pages->set_open(open);
}

}  // namespace warpshard::testing
