#include "host/portfolio/workers/greedy_worker.h"

#include <utility>

#include "host/plan/plan_repair.h"
#include "host/portfolio/offer.h"

namespace warpshard {
namespace {

class GreedyTask final : public Task {
 public:
  explicit GreedyTask(const Pool& pool) : problem_(pool.problem()), offer_(pool) {}

  void run(const StopToken& stop) override {
    RepairedPlan greedy = greedy_plan(problem_, stop);
    if (greedy.within_limit) offer_.consider(std::move(greedy.plan));
  }
  void synchronize(Pool& pool) override { offer_.hand_over(pool, "greedy"); }
  Work work() const override {
    constexpr Work kPerStrategy = 20;
    return kPerStrategy * static_cast<Work>(problem_.costs.size());
  }

 private:
  const Problem& problem_;
  Offer offer_;
};

}  // namespace

std::unique_ptr<Task> GreedyWorker::task(Pool& pool, Work /*work*/) {
  begun_ = true;
  return std::make_unique<GreedyTask>(pool);
}

}  // namespace warpshard
