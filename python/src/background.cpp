#include "python/src/background.h"

#include <chrono>
#include <thread>
#include <utility>

namespace warpshard::python {

namespace nb = nanobind;

namespace {

/// Joins a thread without the GIL, for which it may be waiting.
class Joiner {
 public:
  explicit Joiner(std::thread& thread) : thread_(thread) {}
  ~Joiner() {
    const nb::gil_scoped_release release;
    thread_.join();
  }
  Joiner(const Joiner&) = delete;
  Joiner& operator=(const Joiner&) = delete;

 private:
  std::thread& thread_;
};

nb::object exception_of(const nb::python_error& error) {
  nb::object exception = nb::borrow(error.value());
  if (const nb::handle traceback = error.traceback(); traceback.is_valid())
    PyException_SetTraceback(exception.ptr(), traceback.ptr());
  return exception;
}

}  // namespace

void Background::post(Event event) {
  {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
  }
  news_.notify_one();
}

void Background::finish(std::exception_ptr failure) {
  {
    const std::lock_guard lock(mutex_);
    failure_ = std::move(failure);
    done_ = true;
  }
  news_.notify_one();
}

bool Background::wait(std::vector<Event>& events) {
  constexpr std::chrono::milliseconds kInterval{50};
  const nb::gil_scoped_release release;
  std::unique_lock lock(mutex_);
  news_.wait_for(lock, kInterval, [this] { return done_ || !events_.empty(); });
  events.swap(events_);
  return done_;
}

void Background::serve(const std::vector<Event>& events, const nb::object& should_stop) {
  if (!raised_.is_none()) return;
  try {
    for (const Event& event : events) event();
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    if (!should_stop.is_none() && !stop_ && nb::bool_(should_stop())) stop_ = true;
  } catch (const nb::python_error& error) {
    raised_ = exception_of(error);
    stop_ = true;
  }
}

nb::object Background::run(const std::function<void()>& work, const nb::object& should_stop) {
  std::thread thread([&] {
    std::exception_ptr failure;
    try {
      work();
    } catch (...) {
      failure = std::current_exception();
    }
    finish(failure);
  });
  {
    const Joiner joiner(thread);
    bool done = false;
    while (!done) {
      std::vector<Event> events;
      done = wait(events);
      serve(events, should_stop);
    }
  }
  if (failure_) std::rethrow_exception(failure_);
  return raised_;
}

}  // namespace warpshard::python
