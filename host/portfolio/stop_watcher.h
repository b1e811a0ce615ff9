#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

#include "host/model/stop_token.h"

namespace warpshard {

/// So many seconds after a point in time; never where that is too far.
StopToken::Time after(StopToken::Time start, double seconds);

/// How a run is told to end: between two batches of tasks where there are such, or at once.
struct StopFlags {
  const std::atomic<bool>& pause;
  const std::atomic<bool>& stop;
};

/// Turns a callback that is asked into the flags that the search watches: one at once, the other
/// after a time.
class StopWatcher {
 public:
  /// `should_stop`, which may be empty, must outlive the watcher; `pause`: seconds between the
  /// flags.
  StopWatcher(const std::function<bool()>& should_stop, double pause);
  ~StopWatcher() { end(); }
  StopWatcher(const StopWatcher&) = delete;
  StopWatcher& operator=(const StopWatcher&) = delete;

  StopFlags flags() const { return {pause_, stop_}; }

  /// Asks no more; what the callback threw comes out here.
  void finish();

 private:
  void watch();
  void end();

  const std::function<bool()>& should_stop_;
  double seconds_between_;
  std::atomic<bool> pause_{false};
  std::atomic<bool> stop_{false};
  std::exception_ptr thrown_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace warpshard
