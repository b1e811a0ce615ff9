#include "host/io/read_ahead.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace warpshard::io {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 18;

}  // namespace

ReadAhead::ReadAhead(Read read) : read_(std::move(read)) {
  for (Block& block : blocks_) block.bytes.resize(kBlock);
  try {
    thread_ = std::thread([this] { fill_blocks(); });
  } catch (const std::system_error&) {
    // Without it, then.
  }
}

ReadAhead::~ReadAhead() {
  {
    const std::lock_guard lock(mutex_);
    unwanted_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ReadAhead::fill_blocks() {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    changed_.wait(lock, [&] { return unwanted_ || filled_ - used_ < blocks_.size(); });
    if (unwanted_) return;
    Block& block = blocks_[filled_ % blocks_.size()];
    lock.unlock();
    std::exception_ptr thrown;
    try {
      block.size = read_(block.bytes.data(), block.bytes.size());
    } catch (...) {
      block.size = 0;
      thrown = std::current_exception();
    }
    lock.lock();
    thrown_ = thrown;
    ended_ = block.size == 0;
    if (!ended_) ++filled_;
    changed_.notify_all();
  }
}

std::size_t ReadAhead::read(char* destination, std::size_t capacity) {
  if (!thread_.joinable()) return read_(destination, capacity);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return ended_ || used_ < filled_; });
  if (used_ == filled_) {
    if (thrown_) std::rethrow_exception(thrown_);
    return 0;
  }
  const Block& block = blocks_[used_ % blocks_.size()];
  lock.unlock();
  const std::size_t count = std::min(capacity, block.size - taken_);
  std::copy_n(block.bytes.data() + taken_, count, destination);
  taken_ += count;
  if (taken_ < block.size) return count;
  taken_ = 0;
  lock.lock();
  ++used_;
  lock.unlock();
  changed_.notify_all();
  return count;
}

}  // namespace warpshard::io
