#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace warpshard {

/// When a search ends: at a point in time, after a number of epochs (for reproducible runs), when
/// asked to stop, or when nothing is left to find. Read by all threads.
class SearchClock {
 public:
  using Time = std::chrono::steady_clock::time_point;

  SearchClock(Time start, Time end, std::int64_t epoch_limit, const std::atomic<bool>& stop)
      : start_(start), end_(end), epoch_limit_(epoch_limit), stop_(&stop) {}

  double seconds() const { return to_seconds(std::chrono::steady_clock::now() - start_); }
  double seconds_left() const { return to_seconds(end_ - std::chrono::steady_clock::now()); }
  Time end() const { return end_; }

  /// Epochs that each chain may run; 0: as many as time allows.
  std::int64_t epoch_limit() const { return epoch_limit_; }
  bool timed() const { return epoch_limit_ == 0; }

  /// Ends the search early, for instance because the incumbent is proved optimal.
  void finish() { finished_.store(true, std::memory_order_relaxed); }

  bool stopped() const {
    return finished_.load(std::memory_order_relaxed) || stop_->load(std::memory_order_relaxed);
  }
  /// Set from outside; finish() does not set it.
  const std::atomic<bool>& stop_flag() const { return *stop_; }
  bool expired() const { return stopped() || std::chrono::steady_clock::now() >= end_; }

  /// So many seconds after a point in time.
  static Time after(double seconds, Time start = std::chrono::steady_clock::now()) {
    const auto length = std::chrono::duration<double>(seconds);
    return start + std::chrono::duration_cast<Time::duration>(length);
  }
  static double to_seconds(std::chrono::steady_clock::duration duration) {
    return std::chrono::duration<double>(duration).count();
  }

 private:
  Time start_;
  Time end_;
  std::int64_t epoch_limit_;
  const std::atomic<bool>* stop_;
  std::atomic<bool> finished_{false};
};

}  // namespace warpshard
