#include "host/portfolio/workers/cross_worker.h"

#include <utility>
#include <vector>

#include "host/portfolio/offer.h"
#include "host/search/chain.h"

namespace warpshard {

class CrossWorker::Crossing final : public Task {
 public:
  Crossing(CrossWorker& worker, Pool& pool)
      : worker_(worker),
        core_(pool.core()),
        elites_(pool.elites()),
        offer_(pool),
        base_(pool.take_uncrossed()) {}

  void run(const StopToken& stop) override {
    Chain chain(core_->flat.view(), core_->noise, worker_.seed_, 0);
    const std::vector<float> no_prices(static_cast<std::size_t>(core_->model.num_times()), 0.0F);
    chain.start(base_.values, base_.prices.empty() ? no_prices : base_.prices);
    std::int32_t taken = 0;
    for (const Elite& elite : elites_)
      if (!stop.stopped()) taken += chain.absorb(elite.values);
    if (taken == 0 || !chain.fits()) return;
    Cost cost = core_->model.constant;
    cost += Cost{chain.account().forbidden, chain.account().finite};
    offer_.consider(*core_, chain.values(), cost);
  }

  void synchronize(Pool& pool) override {
    worker_.busy_ = false;
    offer_.hand_over(pool, worker_.name());
  }

  Work work() const override {
    return core_->rates.visit * core_->num_connected * static_cast<Work>(1 + elites_.size()) / 4;
  }

 private:
  CrossWorker& worker_;
  CorePointer core_;
  std::vector<Elite> elites_;
  Offer offer_;
  Elite base_;
};

std::unique_ptr<Task> CrossWorker::task(Pool& pool, Work /*work*/) {
  busy_ = true;
  return std::make_unique<Crossing>(*this, pool);
}

}  // namespace warpshard
