#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host/portfolio/pool.h"
#include "host/portfolio/worker.h"
#include "warpshard/solve.h"

namespace warpshard {

/// What became known: a better plan, a better bound, or a line for a person to read.
struct News {
  std::shared_ptr<const VerifiedPlan> best;  ///< null: none yet
  std::optional<Cost> bound;
  std::int64_t visits = 0;
  std::string source;  ///< who brought it; empty with a note
  std::string note;
};

/// How a portfolio runs.
struct PortfolioOptions {
  int threads = 1;
  /// Ends after so much work, done in an order that does not depend on threads or time; 0: work is
  /// not counted.
  Work work_limit = 0;
  const std::atomic<bool>* stop = nullptr;  ///< set from outside; null: never
  StopToken::Time deadline = StopToken::Time::max();
  StopToken pause;  ///< where work is counted: ends the run between two batches
  /// Asked after every change: nothing is left to do. Called by one thread at a time.
  std::function<bool(const Pool&)> finished;
  /// Called by one thread at a time, while the others work on; what it throws ends the run and
  /// comes out of it.
  std::function<void(const News&)> on_news;
  /// Called between two batches where work is counted, while nothing is in the air; never once a
  /// task was told to stop.
  std::function<void()> between_batches;
};

/// Gives threads' time to workers. Two loops over the same workers: a timed one, in which each
/// thread takes the next task as soon as it is free, and a counted one, in which tasks are dealt in
/// batches of fixed size and taken back in the order in which they were dealt.
///
/// Workers have shares by weight; what a worker earned lately by the time it took (how much of the
/// gap it closed, from above or below) raises or lowers its weight, within limits.
class Portfolio {
 public:
  /// `pool` must outlive the portfolio.
  Portfolio(Pool& pool, std::vector<std::unique_ptr<Worker>> workers, PortfolioOptions options);
  ~Portfolio();

  /// Until nothing is ready, all is finished, the work is done or it is told to stop.
  void run();

  /// For checkpoints, before run() and between batches: the pool, all workers, and what they
  /// earned. The same workers must have been given.
  void transfer(SearchArchive& archive);

  /// True as long as no task was told to stop: what the run has come to, others come to as well.
  bool whole() const { return whole_; }

  /// Per worker, in the order given.
  std::vector<WorkerAccount> accounts() const;
  Work work() const { return work_; }

 private:
  struct Seat;
  struct Dealt;
  struct Standing;

  void run_timed();
  void run_counted();
  void serve(int thread);
  std::unique_ptr<Dealt> deal();
  void take_back(Dealt& dealt);
  void reward(Seat& seat, const Standing& before, double spent);
  double factor(const Seat& seat) const;
  /// The seat to be served next but for those passed over; null: none is ready.
  Seat* next_seat(const std::vector<const Seat*>& passed);
  Work slice() const;
  bool over() const { return token_.stopped(); }
  int width() const;
  void note_news(const Standing& before);
  void tell_news();

  Pool& pool_;
  PortfolioOptions options_;
  std::atomic<bool> never_{false};
  std::atomic<bool> ended_{false};  ///< nothing is left to do
  StopToken token_;
  std::vector<std::unique_ptr<Seat>> seats_;
  mutable std::mutex mutex_;  ///< guards what follows, the pool and the workers
  std::condition_variable changed_;
  int running_ = 0;
  bool whole_ = true;
  Work work_ = 0;
  double clock_ = 0;    ///< time (or work) of all workers together, seconds
  double virtual_ = 0;  ///< pass of the seat that was served last
  std::deque<News> news_;
  std::mutex telling_;         ///< held while on_news runs; guards thrown_
  std::exception_ptr thrown_;  ///< by on_news
};

}  // namespace warpshard
