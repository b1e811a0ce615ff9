#include "host/portfolio/workers/shrink_worker.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "host/portfolio/offer.h"

namespace warpshard {

class ShrinkWorker::Shrinking final : public Task {
 public:
  Shrinking(ShrinkWorker& worker, const Pool& pool)
      : worker_(worker), core_(pool.core()), values_(pool.removable()), offer_(pool) {}

  void run(const StopToken& stop) override {
    smaller_ = shrunken_core(*core_, values_, stop);
    if (smaller_ != nullptr && smaller_->model.num_variables() == 0)
      offer_.consider(smaller_->reducer.lift({}));
  }

  void synchronize(Pool& pool) override {
    worker_.busy_ = false;
    if (pool.core() != core_) return;
    pool.drop_removable();
    if (smaller_ == nullptr) return;
    const Model& model = smaller_->model;
    pool.log("reduced costs leave " + std::to_string(model.num_variables()) + " variables, " +
             std::to_string(model.unary.size()) + " values, " + std::to_string(model.num_times()) +
             " time points");
    offer_.hand_over(pool, worker_.name());
    pool.set_core(smaller_);
    if (model.num_variables() == 0)
      pool.raise_bound(std::min(model.constant, *pool.cost()), worker_.name());
  }

  Work work() const override {
    constexpr Work kRounds = 50;
    return kRounds * core_->rates.round;
  }

 private:
  ShrinkWorker& worker_;
  CorePointer core_;
  ValueList values_;
  Offer offer_;
  CorePointer smaller_;
};

bool ShrinkWorker::ready(const Pool& pool) const {
  if (busy_ || pool.core() == nullptr || pool.removable().empty()) return false;
  // What is left of an early core comes by itself.
  if (pool.core()->allows_forbidden || pool.core()->origin == CoreOrigin::kEarly) return false;
  return static_cast<double>(pool.removable().size()) >=
         pool.parameters().shrink.worthwhile * static_cast<double>(pool.core()->model.unary.size());
}

std::unique_ptr<Task> ShrinkWorker::task(Pool& pool, Work /*work*/) {
  busy_ = true;
  return std::make_unique<Shrinking>(*this, pool);
}

}  // namespace warpshard
