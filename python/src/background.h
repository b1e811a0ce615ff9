#pragma once

#include <nanobind/nanobind.h>

#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <vector>

namespace warpshard::python {

/// Lets work run on a thread of its own, without the GIL, while the calling thread serves what that
/// thread posts, asks should_stop and looks for signals: Python code runs in the thread of whoever
/// called, and never holds up the search.
class Background {
 public:
  using Event = std::function<void()>;

  /// Set once an exception, a signal or should_stop ended the run.
  const std::atomic<bool>& stop() const { return stop_; }

  /// From any thread: has the calling thread call `event` with the GIL.
  void post(Event event);

  /// Runs `work` to its end, whose exceptions it passes on. `should_stop` may be None. Returns the
  /// exception that a callback or a signal handler raised, or None; nothing is called after it.
  nanobind::object run(const std::function<void()>& work, const nanobind::object& should_stop);

 private:
  /// Waits without the GIL; true once the work is done and nothing more will be posted.
  bool wait(std::vector<Event>& events);
  void serve(const std::vector<Event>& events, const nanobind::object& should_stop);
  void finish(std::exception_ptr failure);

  std::atomic<bool> stop_{false};
  std::mutex mutex_;  ///< guards the next three
  std::condition_variable news_;
  std::vector<Event> events_;
  bool done_ = false;
  std::exception_ptr failure_;  ///< of the work
  nanobind::object raised_ = nanobind::none();
};

}  // namespace warpshard::python
