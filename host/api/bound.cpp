#include "warpshard/bound.h"

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>

#include "host/bound/prover.h"
#include "host/device/device_choice.h"
#include "host/device/device_passes.h"
#include "host/model/stop_token.h"
#include "host/portfolio/memory_needs.h"
#include "host/portfolio/threads.h"
#include "host/reduce/reduction.h"

namespace warpshard {
namespace {

using Time = StopToken::Time;

double seconds_since(Time start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// A prover on the reduced instance, with what it refers to.
class BoundRun {
 public:
  BoundRun(const BoundOptions& options, Model model)
      : options_(options), model_(std::move(model)) {}

  /// Builds the prover; says why if a device or memory is missing.
  std::optional<Error> prepare() {
    const auto choice = parse_device_choice(options_.device);
    if (!choice) return choice.error();
    const auto devices = choose_devices(*choice, cuda_devices());
    if (!devices) return devices.error();
    const MemoryLimit memory{options_.memory_limit, options_.memory_in_use};
    const SearchMemory needs =
        memory_to_prove(model_, std::min<std::size_t>(devices->gpus.size(), 1));
    if (auto refusal = refuse_memory(memory, needs.total(0), "bounding the instance"))
      return refusal;
    ProverOptions proof;
    proof.threads = threads_that_fit(memory, needs,
                                     options_.threads > 0 ? options_.threads : default_threads());
    proof.part_bytes = room_for_parts(memory, needs.total(proof.threads));
    proof.branch = proof.threads > 0;
    if (!devices->gpus.empty()) {
      proof.order = SweepOrder::kColour;
      proof.passes = make_passes_on(devices->gpus.front(), [](const std::string& /*line*/) {});
    }
    flat_ = std::make_unique<FlatModel>(model_);
    prover_ = std::make_unique<Prover>(model_, *flat_, proof);
    if (options_.incumbent) prover_->set_incumbent(*options_.incumbent);
    return std::nullopt;
  }

  /// Until `end`, or earlier if to certify once more takes long.
  void raise(Time end, const std::atomic<bool>& stop, const BoundCallback& on_progress) {
    constexpr std::chrono::seconds kInterval{1};
    const auto begin = std::chrono::steady_clock::now();
    prover_->certify();
    end -= 2 * (std::chrono::steady_clock::now() - begin);
    const auto found = [&](const Assignment& /*values*/, Int128 finite_cost) {
      incumbent_ = finite_cost;
    };
    const StopToken whole(stop, end);
    while (!whole.stopped() && !prover_->closed()) {
      prover_->run(whole.until(std::chrono::steady_clock::now() + kInterval), found);
      if (on_progress) on_progress(progress());
    }
    prover_->certify();
  }

  BoundResult result() const {
    BoundResult result;
    result.bound = prover_->bound();
    result.closed = prover_->closed();
    if (prover_->none_allowed()) result.verdict = ReductionVerdict::kNoPlanWithoutForbidden;
    return result;
  }

 private:
  BoundProgress progress() const {
    BoundProgress progress;
    progress.seconds = seconds_since(options_.start);
    progress.bound = prover_->bound();
    progress.incumbent = incumbent_;
    progress.rounds = prover_->rounds();
    progress.parts = prover_->num_nodes();
    return progress;
  }

  const BoundOptions& options_;
  Model model_;
  std::unique_ptr<FlatModel> flat_;
  std::unique_ptr<Prover> prover_;
  std::optional<Int128> incumbent_;
};

BoundResult nothing_to_bound(const Reduction& reduction) {
  BoundResult result;
  result.verdict = reduction.verdict == ReductionVerdict::kOpen
                       ? ReductionVerdict::kNoPlanWithoutForbidden
                       : reduction.verdict;
  result.closed = true;
  result.description = reduction.description();
  return result;
}

Result<BoundResult> bound_reduced(const Reduction& reduction, const BoundOptions& options,
                                  const std::atomic<bool>& stop, const BoundCallback& on_progress) {
  if (reduction.verdict != ReductionVerdict::kOpen || reduction.allow_forbidden)
    return nothing_to_bound(reduction);
  BoundRun run(options, reduction.reducer.model());
  if (auto refusal = run.prepare()) return *std::move(refusal);
  const auto length = std::chrono::duration_cast<Time::duration>(
      std::chrono::duration<double>(options.deadline_seconds));
  run.raise(options.start + length, stop, on_progress);
  BoundResult result = run.result();
  result.description = result.verdict == ReductionVerdict::kOpen ? reduction.description()
                                                                 : "there is no plan without "
                                                                   "forbidden entries";
  return result;
}

}  // namespace

Result<BoundResult> raise_bound(const Problem& problem, const BoundOptions& options,
                                const std::atomic<bool>& stop, const BoundCallback& on_progress) {
  const MemoryLimit memory{options.memory_limit, options.memory_in_use};
  if (auto refusal = refuse_memory(memory, memory_to_reduce(problem), "reducing the instance"))
    return *std::move(refusal);
  const auto reduction = reduce_problem(problem);
  if (!reduction) return reduction.error();
  auto result = bound_reduced(*reduction, options, stop, on_progress);
  if (result) result->seconds = seconds_since(options.start);
  return result;
}

}  // namespace warpshard
