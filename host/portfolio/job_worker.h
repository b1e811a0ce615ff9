#pragma once

#include <deque>
#include <memory>
#include <string>

#include "host/portfolio/offer.h"
#include "host/portfolio/worker.h"
#include "host/search/job.h"

namespace warpshard {

/// A worker whose searches take longer than a task: each task goes on with a job that waits, or
/// begins one. Plans are offered after tasks, as often as that costs little, elites when a job is
/// at its end.
class JobWorker : public Worker {
 public:
  bool ready(const Pool& pool) const override { return !waiting_.empty() || may_begin(pool); }
  std::unique_ptr<Task> task(Pool& pool, Work work) override;
  void transfer(SearchArchive& archive, Pool& pool) override;

 protected:
  /// True if begin() has a job to give.
  virtual bool may_begin(const Pool& pool) const = 0;
  virtual std::unique_ptr<Job> begin(const Pool& pool) = 0;
  /// False: the job is given up.
  virtual bool wanted(const Job& /*job*/) const { return true; }
  /// A job is at its end, or was given up since what it searches is no longer of interest.
  virtual void finished(const Job& /*job*/, const Pool& /*pool*/) {}

  /// For checkpoints: a job that waits, null when reading, with what the worker knows of it; then
  /// what the worker has learnt.
  virtual void transfer_job(SearchArchive& archive, std::unique_ptr<Job>& job) = 0;
  virtual void transfer_lessons(SearchArchive& archive) = 0;

 private:
  class Piece;

  std::deque<std::unique_ptr<Job>> waiting_;
};

}  // namespace warpshard
