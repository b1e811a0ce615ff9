#include "host/portfolio/workers/reduce_worker.h"

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "host/portfolio/offer.h"

namespace warpshard {
namespace {

Work work_to_reduce(const Problem& problem) {
  constexpr Work kPerStrategy = 200;
  constexpr Work kPerEntry = 5;
  return kPerStrategy * static_cast<Work>(problem.costs.size()) +
         kPerEntry * static_cast<Work>(problem.entries.size());
}

bool is_early(const CorePointer& core) {
  return core != nullptr && core->origin == CoreOrigin::kEarly;
}

}  // namespace

/// From the instance to a core, or from an early core to what all reductions leave of it.
class ReduceWorker::Reduction final : public Task {
 public:
  Reduction(ReduceWorker& worker, const Pool& pool, bool allow_forbidden)
      : worker_(worker),
        problem_(pool.problem()),
        offer_(pool),
        early_(is_early(pool.core()) ? pool.core() : nullptr),
        hurries_(pool.core() == nullptr && worker.hurries(pool)),
        allow_forbidden_(allow_forbidden) {}

  void run(const StopToken& stop) override {
    if (refused(memory_to_reduce(problem_), "reducing the instance")) return;
    reduce(stop);
    if (is_early(core_) && core_->model.num_variables() == 0) {
      early_ = std::move(core_);
      reduce(stop);
    }
    if (verdict_ == ReductionVerdict::kNoPlanWithoutForbidden) {
      allow_forbidden_ = true;
      reduce(stop);
    }
    if (core_ == nullptr || core_->model.num_variables() > 0) return;
    offer_.consider(core_->reducer.lift({}));
  }

  void synchronize(Pool& pool) override {
    worker_.busy_ = false;
    if (failure_) pool.fail(*failure_);
    if (verdict_ == ReductionVerdict::kInfeasible) pool.set_infeasible();
    if (core_ == nullptr) return;
    const Model& model = core_->model;
    pool.log((is_early(core_) ? "cheap reductions leave " : "reduced to ") +
             std::to_string(model.num_variables()) + " variables, " +
             std::to_string(model.edges.size()) + " edges, " + std::to_string(model.num_times()) +
             " time points");
    if (allow_forbidden_) pool.log("plans with forbidden entries are allowed now");
    worker_.adopt(pool, core_);
    offer_.hand_over(pool, worker_.name());
    if (model.num_variables() == 0 && core_->proves())
      pool.raise_bound(model.constant, worker_.name());
  }

  Work work() const override {
    const Work all = work_to_reduce(problem_);
    return hurries_ || early_ != nullptr ? all / 2 : all;
  }

 private:
  void reduce(const StopToken& stop) {
    const auto extent =
        hurries_ && !allow_forbidden_ ? ReductionExtent::kCheap : ReductionExtent::kAll;
    ReducedInstance reduced =
        early_ != nullptr && !allow_forbidden_
            ? complete_core(*early_, worker_.threads_, stop)
            : reduce_instance(problem_, allow_forbidden_, worker_.threads_, stop, extent);
    verdict_ = reduced.verdict;
    core_ = std::move(reduced.core);
    failure_ = std::move(reduced.failure);
  }

  bool refused(std::int64_t bytes, const char* for_what) {
    if (const auto refusal = refuse_memory(worker_.memory_, bytes, for_what))
      failure_ = refusal->message;
    return failure_.has_value();
  }

  ReduceWorker& worker_;
  const Problem& problem_;
  Offer offer_;
  CorePointer early_;  ///< what is to be reduced further; null: the instance
  bool hurries_;
  bool allow_forbidden_;
  ReductionVerdict verdict_ = ReductionVerdict::kOpen;
  CorePointer core_;
  std::optional<std::string> failure_;
};

bool ReduceWorker::ready(const Pool& pool) const {
  if (busy_ || pool.failure() || pool.infeasible()) return false;
  const CorePointer& core = pool.core();
  if (core == nullptr) return true;
  if (core->allows_forbidden) return pool.has_clean_plan() && strict_ != nullptr;
  if (is_early(core) && may_complete(pool)) return true;
  const double patience =
      pool.parameters().reduce.patience * static_cast<double>(core->rates.round);
  const bool done = pool.has_clean_plan() && !is_early(core);
  return !done && static_cast<double>(pool.work_on_core()) > patience;
}

/// First plans come before what keeps a thread for long; if it is the only one, prices that lead
/// do.
bool ReduceWorker::may_complete(const Pool& pool) {
  const GuidePointer& guide = pool.guide();
  if (guide == nullptr || pool.concurrency() > 1) return guide != nullptr;
  return guide->rounds >= lead_rounds(pool.parameters().ascent, *guide->core);
}

bool ReduceWorker::hurries(const Pool& pool) const {
  return !cramped_ &&
         static_cast<double>(work_to_reduce(pool.problem())) > pool.parameters().reduce.early_work;
}

std::unique_ptr<Task> ReduceWorker::task(Pool& pool, Work /*work*/) {
  /// Hands back a core that is there already.
  class Return final : public Task {
   public:
    explicit Return(ReduceWorker& worker) : worker_(worker) {}
    void run(const StopToken& /*stop*/) override {}
    void synchronize(Pool& pool) override {
      worker_.busy_ = false;
      worker_.adopt(pool, worker_.strict_);
    }
    Work work() const override { return 1; }

   private:
    ReduceWorker& worker_;
  };

  busy_ = true;
  if (pool.core() != nullptr && pool.core()->allows_forbidden)
    return std::make_unique<Return>(*this);
  const bool gives_up = pool.core() != nullptr && !is_early(pool.core());
  return std::make_unique<Reduction>(*this, pool, /*allow_forbidden=*/gives_up);
}

void ReduceWorker::transfer(SearchArchive& archive, Pool& pool) {
  archive.core(strict_);
  archive(cramped_);
  const std::size_t part_bytes = pool.part_bytes();
  if (archive.reading() && pool.core() != nullptr) find_room(pool, pool.core()->model);
  pool.set_part_bytes(part_bytes);  // what memory there is now must not change what is found
}

void ReduceWorker::adopt(Pool& pool, CorePointer core) {
  if (is_early(core)) {
    // There must be room for it and for what comes of it; what is in use now must not change what
    // is found.
    const MemoryLimit memory{memory_.allowed, 2 * memory_to_reduce(pool.problem())};
    cramped_ = threads_that_fit(memory, memory_to_search(core->model, num_devices_), 1) == 0;
    if (cramped_) return;
  }
  if (!find_room(pool, core->model)) return;
  if (!core->allows_forbidden) strict_ = core;
  pool.set_core(std::move(core));
}

/// False if not even one thread can search.
bool ReduceWorker::find_room(Pool& pool, const Model& model) {
  const MemoryLimit memory{memory_.allowed, memory_.in_use + memory_after_reducing(pool.problem())};
  const SearchMemory needs = memory_to_search(model, num_devices_);
  const int width = threads_that_fit(memory, needs, threads_);
  if (width == 0) {
    if (const auto refusal = refuse_memory(memory, needs.total(1), "searching the instance"))
      pool.fail(refusal->message);
    return false;
  }
  if (width < threads_)
    pool.log("memory for " + std::to_string(width) + " of " + std::to_string(threads_) +
             " threads");
  pool.set_width(width + static_cast<int>(num_devices_));  // a device's thread waits for it
  if (pool.settles_ties()) {
    // Where work is counted, neither threads nor what else is in memory may decide.
    const MemoryLimit counted{memory_.allowed, memory_to_reduce(pool.problem())};
    pool.set_part_bytes(
        room_for_parts(counted, needs.total(static_cast<int>(pool.parameters().portfolio.batch))));
  } else {
    pool.set_part_bytes(room_for_parts(memory, needs.total(width)));
  }
  return true;
}

}  // namespace warpshard
