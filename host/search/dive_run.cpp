#include "host/search/dive_run.h"

#include <algorithm>
#include <utility>

namespace warpshard {

DiveRun::DiveRun(GuidePointer guide, const DiveOptions& dive, const Polish& polish,
                 std::uint64_t seed, std::uint64_t number)
    : Job(guide->core),
      guide_(std::move(guide)),
      dive_(core()->model, guide_->state, dive),
      polish_(polish),
      seed_(seed),
      number_(number) {}

void DiveRun::transfer(Archive& archive) {
  Job::transfer(archive);
  bool polishes = descent_ != nullptr;
  archive(dive_, polish_, seed_, number_, dived_, polishes);
  if (archive.reading() && polishes) descent_ = std::make_unique<Descent>(guide_->core);
  if (polishes) descent_->transfer(archive);
}

bool DiveRun::run(Work work, const StopToken& stop) {
  const Work end = done() + work;
  while (!dived_ && done() < end) {
    if (stop.stopped()) return false;
    const Work before = dive_.work();
    const auto found = [&](const Assignment& values, Int128 finite_cost) {
      keep({values, {}, Cost{core()->model.constant.forbidden, finite_cost}});
    };
    dived_ = dive_.run(stop, found, /*steps=*/1);
    add_work(dive_.work() - before + core()->rates.round);  // to restrict the model takes a round
  }
  if (!dived_ || stop.stopped()) return false;
  if (!best()) return true;
  if (descent_ == nullptr) begin_polish();
  if (done() >= end) return false;
  const Work before = descent_->done();
  const bool ended = descent_->run(end - done(), stop);
  add_work(descent_->done() - before);
  set_visits(descent_->visits());
  if (descent_->best()) keep(*descent_->best());
  return ended;
}

void DiveRun::begin_polish() {
  DescentPlan plan;
  plan.visits = static_cast<std::int64_t>(polish_.visits * std::max(1, core()->num_connected));
  plan.hottest = static_cast<float>(polish_.heat * guide_->heat_unit);
  plan.coldest = static_cast<float>(plan.hottest / polish_.cooling);
  descent_ = std::make_unique<Descent>(guide_->core, plan,
                                       SearchStart{best()->values, guide_->prices}, seed_, number_);
}

}  // namespace warpshard
