#pragma once

#include <memory>
#include <string>

#include "host/model/stop_token.h"
#include "host/model/work.h"
#include "host/portfolio/pool.h"

namespace warpshard {

/// A short piece of work. What it comes to depends on how it was made alone, unless it is stopped.
class Task {
 public:
  virtual ~Task() = default;

  /// Does the work, on any thread, and touches nothing that others may change. Returns within
  /// milliseconds once told to stop.
  virtual void run(const StopToken& stop) = 0;

  /// Hands over what came of it: to the pool, and to the worker that made it. Called once, after
  /// run(), whatever became of that; one task at a time.
  virtual void synchronize(Pool& pool) = 0;

  /// What it took; between run() and synchronize().
  virtual Work work() const = 0;
};

/// One kind of search: proposes tasks and learns from what they come to. All members are called by
/// one thread at a time. A worker may have several tasks in the air.
class Worker {
 public:
  virtual ~Worker() = default;

  virtual std::string name() const = 0;

  /// True if it has a task for what the pool holds now.
  virtual bool ready(const Pool& pool) const = 0;

  /// The next task, of about so much work (tasks that cannot be divided may take longer); null if
  /// there is none after all.
  virtual std::unique_ptr<Task> task(Pool& pool, Work work) = 0;

  /// Share of the time that it should have beside the other workers'.
  virtual double weight(const Pool& pool) const = 0;

  /// For checkpoints, while none of its tasks is in the air: what it knows beside the pool, which
  /// has been transferred before. Throws ArchiveError where that cannot be done.
  virtual void transfer(SearchArchive& archive, Pool& pool) = 0;

  /// Comes first whenever it is ready: what others wait for.
  virtual bool urgent(const Pool& /*pool*/) const { return false; }
};

}  // namespace warpshard
