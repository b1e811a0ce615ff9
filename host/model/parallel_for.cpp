#include "host/model/parallel_for.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace warpshard {
namespace {

using Body = std::function<void(std::size_t begin, std::size_t end)>;

/// What the threads of one loop share.
class Blocks {
 public:
  Blocks(std::size_t count, std::size_t block, const StopToken& stop, const Body& body)
      : count_(count), block_(block), stop_(stop), body_(body) {}

  /// Works blocks off until none is left.
  void work() {
    try {
      while (!failed_.load(std::memory_order_relaxed) && !stop_.stopped()) {
        const std::size_t begin = block_ * next_.fetch_add(1, std::memory_order_relaxed);
        if (begin >= count_) return;
        body_(begin, std::min(begin + block_, count_));
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_) error_ = std::current_exception();
      failed_ = true;
    }
  }

  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::size_t count_;
  std::size_t block_;
  const StopToken& stop_;
  const Body& body_;
  std::atomic<std::size_t> next_{0};  ///< block
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::exception_ptr error_;
};

}  // namespace

void parallel_for(int threads, std::size_t count, std::size_t block, const StopToken& stop,
                  const Body& body) {
  Blocks blocks(count, block, stop, body);
  const std::size_t useful = (count + block - 1) / block;
  std::vector<std::jthread> helpers;
  try {
    while (helpers.size() + 1 < std::min(useful, static_cast<std::size_t>(std::max(threads, 1))))
      helpers.emplace_back([&] { blocks.work(); });
  } catch (const std::system_error&) {
    // The others do its share.
  }
  blocks.work();
  helpers.clear();
  blocks.rethrow();
}

}  // namespace warpshard
