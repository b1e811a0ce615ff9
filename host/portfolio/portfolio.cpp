#include "host/portfolio/portfolio.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <system_error>
#include <thread>
#include <utility>

namespace warpshard {
namespace {

/// Work is counted in units of a nanosecond, about.
constexpr double kSecondsPerWork = 1e-9;

}  // namespace

/// A worker with its account.
struct Portfolio::Seat {
  std::unique_ptr<Worker> worker;
  WorkerAccount account;
  bool dropped = false;  ///< it failed
  int running = 0;       ///< tasks in the air
  double pass = 0;       ///< time it had, over its weight: the least is served next
  double typical = 0;    ///< time of a task, seconds; 0: not known yet
  double earned = 0;     ///< lately; decays
  double spent = 0;      ///< lately; decays, seconds
  double updated = 0;    ///< value of clock_ when the two were

  void transfer(Archive& archive) {
    archive(account.worker, account.seconds, account.work, account.tasks, account.offers,
            account.improvements, account.gain, dropped, pass, typical, earned, spent, updated);
  }
};

/// A task in the air.
struct Portfolio::Dealt {
  Seat* seat = nullptr;
  std::unique_ptr<Task> task;
  double charged = 0;  ///< to the seat's pass, in advance
  double weight = 1;   ///< that it was charged by
  double seconds = 0;
  std::string failure;  ///< what it threw

  void run(const StopToken& stop) {
    const auto begin = std::chrono::steady_clock::now();
    try {
      task->run(stop);
    } catch (const std::exception& error) {
      failure = error.what();
      if (failure.empty()) failure = "unknown error";
    }
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
};

/// Where the run stands before a task is taken back.
struct Portfolio::Standing {
  explicit Standing(const Pool& pool) : best(pool.best()), bound(pool.bound()), gap(pool.gap()) {}
  std::shared_ptr<const VerifiedPlan> best;
  std::optional<Cost> bound;
  std::optional<double> gap;
};

Portfolio::Portfolio(Pool& pool, std::vector<std::unique_ptr<Worker>> workers,
                     PortfolioOptions options)
    : pool_(pool),
      options_(std::move(options)),
      token_(options_.stop != nullptr ? *options_.stop : never_, ended_, options_.deadline) {
  const std::int64_t tasks =
      options_.work_limit > 0 ? pool.parameters().portfolio.batch : options_.threads;
  pool.set_concurrency(static_cast<int>(tasks));
  for (auto& worker : workers) {
    auto seat = std::make_unique<Seat>();
    seat->account.worker = worker->name();
    seat->worker = std::move(worker);
    seats_.push_back(std::move(seat));
  }
}

Portfolio::~Portfolio() = default;

void Portfolio::run() {
  if (options_.work_limit > 0) {
    run_counted();
  } else {
    run_timed();
  }
  tell_news();
  if (thrown_) std::rethrow_exception(thrown_);
}

void Portfolio::transfer(SearchArchive& archive) {
  std::vector<std::string> workers;
  for (const auto& seat : seats_) workers.push_back(seat->worker->name());
  auto theirs = workers;
  archive(theirs);
  if (theirs != workers) throw ArchiveError("it is of other workers or devices");
  pool_.transfer(archive);
  archive(work_, clock_, virtual_);
  for (const auto& seat : seats_) {
    archive(*seat);
    seat->worker->transfer(archive, pool_);
  }
  if (archive.reading() && options_.finished && options_.finished(pool_)) ended_ = true;
}

std::vector<WorkerAccount> Portfolio::accounts() const {
  const std::lock_guard lock(mutex_);
  std::vector<WorkerAccount> accounts;
  for (const auto& seat : seats_) accounts.push_back(seat->account);
  return accounts;
}

int Portfolio::width() const {
  return std::max(1, std::min(options_.threads, pool_.width()));
}

void Portfolio::run_timed() {
  std::vector<std::thread> helpers;
  for (int k = 1; k < options_.threads; ++k) {
    try {
      helpers.emplace_back([this, k] { serve(k); });
    } catch (const std::system_error&) {
      break;  // fewer threads, then
    }
  }
  serve(0);
  for (std::thread& helper : helpers) helper.join();
}

void Portfolio::serve(int thread) {
  std::unique_lock lock(mutex_);
  while (!over()) {
    // Always the same threads where there is memory for a few: allocators keep some for each.
    const bool serves = thread < width();
    auto dealt = serves ? deal() : nullptr;
    if (!dealt) {
      if (serves && running_ == 0) {
        ended_ = true;  // nothing is ready, and nobody will make anything ready
        continue;
      }
      // Where nobody tells of an end, the clock may.
      constexpr std::chrono::milliseconds kGlance{5};
      changed_.wait_for(lock, kGlance);
      continue;
    }
    ++running_;
    lock.unlock();
    dealt->run(token_);
    lock.lock();
    --running_;
    take_back(*dealt);
    lock.unlock();
    dealt.reset();
    changed_.notify_all();
    tell_news();
    lock.lock();
  }
  lock.unlock();
  changed_.notify_all();
}

void Portfolio::run_counted() {
  while (!over() && !options_.pause.stopped() && work_ < options_.work_limit) {
    std::vector<std::unique_ptr<Dealt>> batch;
    for (std::int64_t k = 0; k < pool_.parameters().portfolio.batch; ++k)
      if (auto dealt = deal()) batch.push_back(std::move(dealt));
    if (batch.empty()) break;
    std::atomic<std::size_t> next{0};
    const auto serve = [&] {
      for (std::size_t k = next++; k < batch.size(); k = next++) batch[k]->run(token_);
    };
    std::vector<std::thread> helpers;
    const int threads = std::min(width(), static_cast<int>(batch.size()));
    try {
      for (int k = 1; k < threads; ++k) helpers.emplace_back(serve);
    } catch (const std::system_error&) {
      // Fewer threads, then.
    }
    serve();
    for (std::thread& helper : helpers) helper.join();
    whole_ = whole_ && !over();
    for (auto& dealt : batch) take_back(*dealt);
    tell_news();
    if (whole_ && options_.between_batches) options_.between_batches();
  }
}

Work Portfolio::slice() const {
  const PortfolioParameters& parameters = pool_.parameters().portfolio;
  return static_cast<Work>(std::clamp(parameters.slice_share * static_cast<double>(work_),
                                      parameters.first_slice, parameters.longest_slice));
}

double Portfolio::factor(const Seat& seat) const {
  const PortfolioParameters& parameters = pool_.parameters().portfolio;
  double earned = 0;
  double spent = 0;
  for (const auto& other : seats_) {
    earned += other->earned;
    spent += other->spent;
  }
  if (earned <= 0 || seat.spent <= 0) return 1;
  return std::clamp(seat.earned / seat.spent / (earned / spent), parameters.floor,
                    parameters.ceiling);
}

Portfolio::Seat* Portfolio::next_seat(const std::vector<const Seat*>& passed) {
  const double credit = pool_.parameters().portfolio.credit * clock_;
  Seat* best = nullptr;
  double least = 0;
  Seat* urgent = nullptr;
  for (const auto& seat : seats_) {
    if (seat->dropped || std::ranges::find(passed, seat.get()) != passed.end()) continue;
    if (!seat->worker->ready(pool_)) continue;
    if (seat->worker->urgent(pool_)) {
      // Everybody's first task before anybody's second.
      if (seat->running == 0) return seat.get();
      if (urgent == nullptr) urgent = seat.get();
    }
    const double pass = std::max(seat->pass, virtual_ - credit);
    if (best != nullptr && pass >= least) continue;
    best = seat.get();
    least = pass;
  }
  if (urgent != nullptr) return urgent;
  if (best != nullptr) best->pass = virtual_ = least;
  return best;
}

std::unique_ptr<Portfolio::Dealt> Portfolio::deal() {
  const Work length = slice();
  std::vector<const Seat*> passed;
  while (Seat* const seat = next_seat(passed)) {
    passed.push_back(seat);
    auto task = seat->worker->task(pool_, length);
    if (task == nullptr) continue;
    auto dealt = std::make_unique<Dealt>();
    dealt->seat = seat;
    dealt->task = std::move(task);
    dealt->weight = std::max(1e-6, seat->worker->weight(pool_) * factor(*seat));
    dealt->charged =
        seat->typical > 0 ? seat->typical : static_cast<double>(length) * kSecondsPerWork;
    seat->pass += dealt->charged / dealt->weight;
    ++seat->running;
    ++seat->account.tasks;
    return dealt;
  }
  return nullptr;
}

void Portfolio::take_back(Dealt& dealt) {
  Seat& seat = *dealt.seat;
  --seat.running;
  const Standing before(pool_);
  const std::int64_t offers = pool_.num_offers();
  const Work work = dealt.task->work();
  work_ += work;
  pool_.count_work(work);
  try {
    dealt.task->synchronize(pool_);
  } catch (const std::exception& error) {
    dealt.failure = error.what();
  }
  seat.account.offers += pool_.num_offers() - offers;
  const double spent =
      options_.work_limit > 0 ? static_cast<double>(work) * kSecondsPerWork : dealt.seconds;
  clock_ += spent;
  const double latest = pool_.parameters().portfolio.latest;
  seat.typical = seat.typical > 0 ? (1 - latest) * seat.typical + latest * spent : spent;
  seat.pass += (spent - dealt.charged) / dealt.weight;
  seat.account.seconds += dealt.seconds;
  seat.account.work += work;
  reward(seat, before, spent);
  if (!dealt.failure.empty()) {
    seat.dropped = true;
    pool_.log(seat.account.worker + " drops out: " + dealt.failure);
  }
  note_news(before);
  if (options_.finished && options_.finished(pool_)) ended_ = true;
}

void Portfolio::reward(Seat& seat, const Standing& before, double spent) {
  const double memory = pool_.parameters().portfolio.memory * clock_;
  const double kept = memory > 0 ? std::exp((seat.updated - clock_) / memory) : 0;
  seat.updated = clock_;
  seat.spent = kept * seat.spent + spent;
  seat.earned *= kept;
  const auto gap = pool_.gap();
  if (before.gap && gap && *before.gap > 0) {
    const double closed = pool_.parameters().portfolio.closed;
    seat.earned += std::log((1 + closed) / (*gap / *before.gap + closed));
  } else if (pool_.best() != before.best) {
    seat.earned += 1;
  }
  if (pool_.best() == before.best) return;
  ++seat.account.improvements;
  if (before.best && before.best->evaluation.cost.forbidden == pool_.cost()->forbidden)
    seat.account.gain +=
        static_cast<double>(before.best->evaluation.cost.finite - pool_.cost()->finite);
}

void Portfolio::note_news(const Standing& before) {
  for (std::string& note : pool_.take_notes())
    news_.push_back({pool_.best(), pool_.bound(), pool_.visits(), "", std::move(note)});
  if (pool_.best() != before.best)
    news_.push_back({pool_.best(), pool_.bound(), pool_.visits(), pool_.source(), ""});
  else if (pool_.bound() != before.bound)
    news_.push_back({pool_.best(), pool_.bound(), pool_.visits(), pool_.bound_source(), ""});
}

void Portfolio::tell_news() {
  const std::unique_lock telling(telling_, std::try_to_lock);
  if (!telling) return;  // whoever is at it tells this, too
  for (;;) {
    News news;
    {
      const std::lock_guard lock(mutex_);
      if (news_.empty()) return;
      news = std::move(news_.front());
      news_.pop_front();
    }
    if (!options_.on_news || thrown_) continue;
    try {
      options_.on_news(news);
    } catch (...) {
      thrown_ = std::current_exception();
      ended_ = true;
    }
  }
}

}  // namespace warpshard
