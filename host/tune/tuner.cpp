#include "host/tune/tuner.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "host/store/keys.h"
#include "host/store/sha256.h"
#include "host/tune/lease.h"
#include "warpshard/load.h"

namespace warpshard::tune {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kTick{200};
constexpr std::chrono::seconds kBeat{10};
/// A slice that is shorter is not worth loading an instance for.
constexpr double kShortestSlice = 0.5;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// What a slice is to do, copied so that its thread shares nothing with the tuner's.
struct SliceTask {
  std::size_t instance = 0;
  std::string file;
  SolverOptions solving;  ///< without `start`; the deadline is how long it may take at most
  SliceLength length;
};

/// What became of it.
struct SliceResult {
  std::size_t instance = 0;
  std::string error;
  std::string name;
  std::string key;
  StoreAnswer before;
  StoreAnswer after;
  double seconds = 0;
  std::vector<StoreFault> faults;
};

/// One slice, in a thread of its own.
class Slice {
 public:
  Slice(const PlanStore& store, SliceTask task, double save_every, const std::atomic<bool>& stop)
      : store_(store), task_(std::move(task)), save_every_(save_every), stop_(stop) {}

  SliceResult run() {
    const auto start = Clock::now();
    SliceResult result;
    result.instance = task_.instance;
    const auto problem =
        load_problem(task_.file, LoadOptions{.memory_limit = task_.solving.memory_limit});
    if (!problem) {
      result.error = problem.error().message;
      return result;
    }
    result.name = problem->name;
    result.key = store::keys_of(*problem).exact;
    result.before = store_.best(*problem);
    if (!result.before.settled(task_.solving.gap)) solve(*problem, result);
    result.after = store_.best(*problem);
    result.seconds = seconds_since(start);
    return result;
  }

 private:
  void solve(const Problem& problem, SliceResult& result) {
    facts_.file = task_.file;
    facts_.seed = task_.solving.seed += static_cast<std::uint64_t>(result.before.attempts);
    facts_.work_limit = task_.solving.work_limit;
    task_.solving.start = saved_ = Clock::now();
    if (facts_.work_limit == 0)
      task_.solving.deadline_seconds =
          std::min(task_.solving.deadline_seconds, task_.length.seconds(result.before.seconds));
    SolverCallbacks callbacks;
    callbacks.should_stop = [this] { return stop_.load(); };
    callbacks.on_progress = [this](const Progress& progress) { bound_ = progress.bound; };
    callbacks.on_incumbent = [&](const Plan& plan, const Evaluation& evaluation) {
      save(problem, plan, evaluation, result);
    };
    const SolverResult solved =
        solve_with_store(store_, problem, task_.solving, callbacks, facts_,
                         [&](const StoreFault& fault) { result.faults.push_back(fault); });
    if (solved.status == SolverStatus::kError || solved.status == SolverStatus::kNoDevice)
      result.error = solved.message;
  }

  /// Writes a plan down in the course of the slice, if the last time was long enough ago.
  void save(const Problem& problem, const Plan& plan, const Evaluation& evaluation,
            SliceResult& result) {
    if (facts_.work_limit > 0 || seconds_since(saved_) < save_every_) return;
    SolverResult sofar;
    sofar.status = SolverStatus::kFeasible;
    sofar.plan = plan;
    sofar.evaluation = evaluation;
    sofar.bound = bound_;
    sofar.source = "checkpoint";
    if (auto error = store_.add(problem, facts_, sofar))
      result.faults.push_back({"", error->message});
    saved_ = Clock::now();
  }

  const PlanStore& store_;
  SliceTask task_;
  const double save_every_;
  const std::atomic<bool>& stop_;
  AttemptFacts facts_;
  std::optional<Cost> bound_;  ///< callbacks come one at a time
  Clock::time_point saved_;
};

/// About as many bytes as the instance takes unpacked.
double size_of(const std::string& file) {
  constexpr double kPacked = 8;
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return 0;
  return static_cast<double>(size) * (file.ends_with(".gz") ? kPacked : 1);
}

double known_gap(const StoreAnswer& answer) {
  const auto gap = answer.gap();
  return gap ? std::min(*gap, 1.0) : 1.0;
}

}  // namespace

std::optional<double> TunedInstance::gap() const {
  return cost && bound ? relative_gap(*cost, *bound) : std::nullopt;
}

Tuner::Tuner(const PlanStore& store, std::vector<TunedFile> files, const TunerOptions& options,
             std::string leases)
    : store_(store), options_(options), leases_(std::move(leases)) {
  if (options_.threads == 0)
    options_.threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  // Small ones first: a first plan for most of them comes soonest that way.
  std::ranges::stable_sort(files, {}, [](const TunedFile& file) { return size_of(file.path); });
  for (TunedFile& file : files) {
    instances_.emplace_back();
    instances_.back().file = std::move(file.path);
    instances_.back().standing.weight = file.weight;
  }
}

/// The loop that deals out slices. The threads of slices hand their results over; all else is
/// touched by the thread that called run().
class Tuner::Run {
 public:
  Run(Tuner& tuner, const std::atomic<bool>& stop, const TunerObserver& observer)
      : tuner_(tuner), options_(tuner.options_), stop_(stop), observer_(observer) {
    if (!tuner.leases_.empty() && options_.work_limit == 0) leases_.emplace(tuner.leases_);
  }

  bool run() {
    while (true) {
      if (!ending()) start_slices();
      if (running_ == 0) break;
      wait_a_tick();
      collect();
      if (leases_ && Clock::now() - beaten_ >= kBeat) beat();
    }
    return finished();
  }

 private:
  double seconds_left() const {
    return options_.seconds > 0 ? options_.seconds - seconds_since(start_)
                                : options_.length.longest;
  }

  bool ending() {
    if (stop_.load() || (options_.work_limit == 0 && seconds_left() < kShortestSlice)) quit_ = true;
    return quit_;
  }

  bool finished() const {
    if (stop_.load()) return all_settled();
    if (options_.work_limit > 0 || (options_.seconds > 0 && options_.gap == 0)) return true;
    return all_settled();
  }

  bool all_settled() const {
    return std::ranges::all_of(tuner_.instances_, [](const TunedInstance& instance) {
      return instance.settled || !instance.error.empty();
    });
  }

  std::int64_t open_count() const {
    return std::ranges::count_if(tuner_.instances_, [](const TunedInstance& instance) {
      return instance.standing.open || instance.running;
    });
  }

  /// Threads for an instance: one, unless it is large or there are more threads than instances.
  int width_of(const TunedInstance& instance) const {
    constexpr double kBytesPerThread = 16e6;
    const auto share = options_.threads / std::max<std::int64_t>(1, open_count());
    const double wanted =
        std::max(size_of(instance.file) / kBytesPerThread, static_cast<double>(share));
    return static_cast<int>(std::clamp(wanted, 1.0, static_cast<double>(options_.threads)));
  }

  void start_slices() {
    while (used_threads_ < options_.threads) {
      const auto next = choose();
      if (!next) return;
      TunedInstance& instance = tuner_.instances_[*next];
      const int width = std::min(width_of(instance), options_.threads - used_threads_);
      start(*next, width);
    }
  }

  std::optional<std::size_t> choose() {
    std::vector<Standing> standings;
    for (TunedInstance& instance : tuner_.instances_) {
      instance.standing.aside =
          leases_ && instance.standing.open && leases_->is_taken(lease_key(instance));
      standings.push_back(instance.standing);
    }
    return next_slice(standings);
  }

  /// Leases go by file: the key is not known before the file was read.
  static std::string lease_key(const TunedInstance& instance) {
    return store::hex(store::sha256(instance.file));
  }

  void start(std::size_t index, int width) {
    TunedInstance& instance = tuner_.instances_[index];
    instance.standing.open = false;
    instance.running = true;
    instance.threads = width;
    used_threads_ += width;
    ++running_;
    if (leases_) leases_->take(lease_key(instance));
    threads_[index] = std::thread([this, task = task_for(index, width)]() mutable {
      SliceResult result;
      const std::size_t at = task.instance;
      try {
        result = Slice(tuner_.store_, std::move(task), options_.save_every, quit_).run();
      } catch (const std::exception& exception) {
        result.instance = at;
        result.error = exception.what();
      }
      const std::lock_guard lock(mutex_);
      done_.push_back(std::move(result));
      wake_.notify_all();
    });
  }

  SliceTask task_for(std::size_t index, int width) const {
    const TunedInstance& instance = tuner_.instances_[index];
    SliceTask task;
    task.instance = index;
    task.file = instance.file;
    task.solving.threads = width;
    task.solving.device = options_.device;
    task.solving.seed = options_.seed;
    task.solving.gap = options_.gap;
    task.solving.work_limit = options_.work_limit;
    task.solving.memory_limit = options_.memory * width / options_.threads;
    constexpr double kNoLimit = 1e8;
    task.length = options_.length;
    task.solving.deadline_seconds = options_.work_limit > 0 ? kNoLimit : seconds_left();
    return task;
  }

  void wait_a_tick() {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, kTick, [this] { return !done_.empty(); });
    lock.unlock();
    if (stop_.load()) quit_ = true;
    if (observer_.on_tick) observer_.on_tick();
  }

  void collect() {
    std::deque<SliceResult> done;
    {
      const std::lock_guard lock(mutex_);
      done.swap(done_);
    }
    for (SliceResult& result : done) take_in(result);
  }

  void take_in(const SliceResult& result) {
    TunedInstance& instance = tuner_.instances_[result.instance];
    threads_.at(result.instance).join();
    threads_.erase(result.instance);
    instance.running = false;
    instance.error = result.error;
    instance.name = result.name;
    instance.key = result.key;
    instance.last_seconds = result.seconds;
    if (result.after.plan) instance.cost = result.after.plan->evaluation.cost;
    if (result.after.bound) instance.bound = result.after.bound->value;
    instance.infeasible = result.after.infeasible;
    instance.settled = result.after.settled(options_.gap);
    Standing& standing = instance.standing;
    ++standing.slices;
    // A gap that was not known before says nothing of how fast it closes.
    const double gain =
        result.before.gap() ? known_gap(result.before) - known_gap(result.after) : 0;
    standing.recent_gain = std::max(0.0, gain) / std::max(result.seconds, kShortestSlice);
    standing.gap = known_gap(result.after);
    standing.seconds = result.after.seconds;
    const bool done = options_.work_limit > 0 && result.after.attempts >= options_.slices;
    standing.open = instance.error.empty() && !instance.settled && !done;
    used_threads_ -= instance.threads;
    --running_;
    if (leases_) leases_->give_back(lease_key(instance));
    if (observer_.on_fault) std::ranges::for_each(result.faults, observer_.on_fault);
    if (observer_.on_slice) observer_.on_slice(instance);
  }

  void beat() {
    leases_->beat();
    beaten_ = Clock::now();
  }

  Tuner& tuner_;
  const TunerOptions& options_;
  const std::atomic<bool>& stop_;
  const TunerObserver& observer_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point beaten_ = start_;
  std::optional<Leases> leases_;
  std::atomic<bool> quit_{false};
  int used_threads_ = 0;
  int running_ = 0;
  std::map<std::size_t, std::thread> threads_;  ///< of running slices, by instance
  std::mutex mutex_;                            ///< guards done_
  std::condition_variable wake_;
  std::deque<SliceResult> done_;
};

bool Tuner::run(const std::atomic<bool>& stop, const TunerObserver& observer) {
  return Run(*this, stop, observer).run();
}

}  // namespace warpshard::tune
