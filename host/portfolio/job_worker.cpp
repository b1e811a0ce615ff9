#include "host/portfolio/job_worker.h"

#include <cstdint>
#include <deque>
#include <utility>

namespace warpshard {
namespace {

/// Looks at what a job has found take this share of its work at most.
constexpr double kLookShare = 0.1;

}  // namespace

class JobWorker::Piece final : public Task {
 public:
  Piece(JobWorker& worker, std::unique_ptr<Job> job, const Pool& pool, Work work)
      : worker_(worker), job_(std::move(job)), offer_(pool), length_(work) {}

  void run(const StopToken& stop) override {
    before_ = job_->done();
    visits_before_ = job_->visits();
    ended_ = job_->run(length_, stop);
    const auto& best = job_->best();
    if (!best || !(ended_ || stop.stopped() || worth_a_look())) return;
    if (offer_.consider(*job_->core(), best->values, best->cost)) job_->note_offer();
  }

  void synchronize(Pool& pool) override {
    pool.count_visits(job_->visits() - visits_before_);
    offer_.hand_over(pool, worker_.name());
    if (!ended_ && worker_.wanted(*job_)) {
      worker_.waiting_.push_back(std::move(job_));
      return;
    }
    if (job_->best()) pool.add_elite(job_->core(), *job_->best());
    worker_.finished(*job_, pool);
  }

  Work work() const override { return job_ ? job_->done() - before_ : length_; }

 private:
  /// Of a job that gets better all the time, not every step is worth lifting and evaluating.
  bool worth_a_look() const {
    return offer_.lacks_plan() || kLookShare * static_cast<double>(job_->since_offer()) >=
                                      static_cast<double>(offer_.work_of_look());
  }

  JobWorker& worker_;
  std::unique_ptr<Job> job_;
  Offer offer_;
  Work length_;
  Work before_ = 0;
  std::int64_t visits_before_ = 0;
  bool ended_ = false;
};

void JobWorker::transfer(SearchArchive& archive, Pool& /*pool*/) {
  transfer_lessons(archive);
  std::uint64_t count = waiting_.size();
  archive(count);
  if (archive.reading()) waiting_.clear();
  for (std::uint64_t k = 0; k < count; ++k) {
    if (archive.reading()) waiting_.emplace_back();
    transfer_job(archive, waiting_[static_cast<std::size_t>(k)]);
  }
}

std::unique_ptr<Task> JobWorker::task(Pool& pool, Work work) {
  std::unique_ptr<Job> job;
  std::erase_if(waiting_, [&](const auto& waiting) {
    if (wanted(*waiting)) return false;
    finished(*waiting, pool);
    return true;
  });
  if (waiting_.empty() && !may_begin(pool)) return nullptr;
  if (waiting_.empty()) {
    job = begin(pool);
  } else {
    job = std::move(waiting_.front());
    waiting_.pop_front();
  }
  return std::make_unique<Piece>(*this, std::move(job), pool, work);
}

}  // namespace warpshard
