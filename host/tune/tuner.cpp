#include "host/tune/tuner.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace warpshard::tune {
namespace {

constexpr std::chrono::milliseconds kTick{200};

TunerOptions with_threads(TunerOptions options) {
  if (options.threads == 0)
    options.threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return options;
}

}  // namespace

Tuner::Tuner(const PlanStore& store, std::vector<TunedFile> files, TunerOptions options,
             const std::string& leases)
    : store_(store),
      options_(with_threads(std::move(options))),
      roster_(std::move(files), options_, leases) {}

/// The loop that deals out slices. The threads of slices hand their results over; all else is
/// touched by the thread that called run().
class Tuner::Run {
 public:
  Run(Tuner& tuner, const std::atomic<bool>& stop, const TunerObserver& observer)
      : store_(tuner.store_),
        threads_(tuner.options_.threads),
        roster_(tuner.roster_),
        stop_(stop),
        observer_(observer) {}

  bool run() {
    while (true) {
      if (!ending()) start_slices();
      if (running_.empty()) break;
      wait_a_tick();
      collect();
      roster_.beat();
    }
    return roster_.finished(stop_.load());
  }

 private:
  struct Done {
    std::size_t instance = 0;
    SliceResult result;
  };

  bool ending() {
    if (stop_.load() || roster_.time_is_up()) quit_ = true;
    return quit_;
  }

  void start_slices() {
    while (used_threads_ < threads_) {
      const auto next = roster_.next();
      if (!next) return;
      const int width = std::min(roster_.width_of(*next, threads_), threads_ - used_threads_);
      if (auto task = roster_.begin(*next, width)) start(*next, std::move(*task));
    }
  }

  void start(std::size_t index, SliceTask task) {
    used_threads_ += task.threads;
    running_[index] = std::thread([this, index, task = std::move(task)] {
      Done done{index, {}};
      try {
        done.result = run_slice(store_, task, quit_);
      } catch (const std::exception& exception) {
        done.result.error = exception.what();
      }
      const std::lock_guard lock(mutex_);
      done_.push_back(std::move(done));
      wake_.notify_all();
    });
  }

  void wait_a_tick() {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, kTick, [this] { return !done_.empty(); });
    lock.unlock();
    if (stop_.load()) quit_ = true;
    if (observer_.on_tick) observer_.on_tick();
  }

  void collect() {
    std::deque<Done> done;
    {
      const std::lock_guard lock(mutex_);
      done.swap(done_);
    }
    for (const Done& each : done) take_in(each);
  }

  void take_in(const Done& done) {
    running_.at(done.instance).join();
    running_.erase(done.instance);
    roster_.end(done.instance, done.result);
    const TunedInstance& instance = roster_.instances()[done.instance];
    used_threads_ -= instance.threads;
    if (observer_.on_fault) std::ranges::for_each(done.result.faults, observer_.on_fault);
    if (observer_.on_slice) observer_.on_slice(instance);
  }

  const PlanStore& store_;
  const int threads_;
  Roster& roster_;
  const std::atomic<bool>& stop_;
  const TunerObserver& observer_;
  std::atomic<bool> quit_{false};
  int used_threads_ = 0;
  std::map<std::size_t, std::thread> running_;  ///< slices, by instance
  std::mutex mutex_;                            ///< guards done_
  std::condition_variable wake_;
  std::deque<Done> done_;
};

bool Tuner::run(const std::atomic<bool>& stop, const TunerObserver& observer) {
  return Run(*this, stop, observer).run();
}

}  // namespace warpshard::tune
