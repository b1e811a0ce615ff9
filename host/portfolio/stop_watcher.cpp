#include "host/portfolio/stop_watcher.h"

#include <algorithm>
#include <chrono>

namespace warpshard {

StopToken::Time after(StopToken::Time start, double seconds) {
  constexpr double kForever = 1e9;
  if (!(seconds < kForever)) return StopToken::Time::max();
  return start + std::chrono::duration_cast<StopToken::Time::duration>(
                     std::chrono::duration<double>(std::max(seconds, -kForever)));
}

StopWatcher::StopWatcher(const std::function<bool()>& should_stop, double pause)
    : should_stop_(should_stop), seconds_between_(pause) {
  if (should_stop_) thread_ = std::thread([this] { watch(); });
}

void StopWatcher::finish() {
  end();
  if (thrown_) std::rethrow_exception(thrown_);
}

void StopWatcher::watch() {
  constexpr std::chrono::milliseconds kInterval{10};
  std::unique_lock lock(mutex_);
  StopToken::Time stop_at = StopToken::Time::max();
  while (!over_ && !stop_) {
    try {
      if (!pause_ && should_stop_()) {
        pause_ = true;
        stop_at = after(std::chrono::steady_clock::now(), seconds_between_);
      }
      stop_ = std::chrono::steady_clock::now() >= stop_at;
    } catch (...) {
      thrown_ = std::current_exception();
      stop_ = true;
    }
    wake_.wait_for(lock, kInterval, [this] { return over_; });
  }
}

void StopWatcher::end() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

}  // namespace warpshard
