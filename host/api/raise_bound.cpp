#include "warpshard/bound.h"

#include <algorithm>
#include <memory>
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
  BoundRun(const BoundOptions& options, const BoundCallback& on_progress, Model model)
      : options_(options), on_progress_(on_progress), model_(std::move(model)) {}

  /// Builds the prover; says why if a device or memory is missing.
  std::optional<Error> prepare() {
    const auto choice = parse_device_choice(options_.device);
    if (!choice) return choice.error();
    const auto devices = choose_devices(*choice);
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
      proof.passes =
          make_passes_on(devices->gpus.front(), [this](const std::string& line) { tell(line); });
    }
    flat_ = std::make_unique<FlatModel>(model_);
    prover_ = std::make_unique<Prover>(model_, *flat_, proof);
    if (options_.incumbent) prover_->set_incumbent(*options_.incumbent);
    return std::nullopt;
  }

  /// Until `stop`, or earlier if to certify once more takes long.
  void raise(const StopToken& stop) {
    constexpr std::chrono::seconds kInterval{1};
    const auto begin = std::chrono::steady_clock::now();
    prover_->certify(stop);
    const StopToken end =
        stop.until(stop.deadline() - 2 * (std::chrono::steady_clock::now() - begin));
    const auto found = [&](const Assignment& /*values*/, Int128 finite_cost) {
      incumbent_ = finite_cost;
    };
    while (!end.stopped() && !prover_->closed()) {
      prover_->run(end.until(std::chrono::steady_clock::now() + kInterval), found);
      tell({});
    }
    prover_->certify(stop);
  }

  BoundResult result() const {
    BoundResult result;
    result.bound = prover_->bound();
    result.closed = prover_->closed();
    if (prover_->none_allowed()) result.verdict = ReductionVerdict::kNoPlanWithoutForbidden;
    return result;
  }

 private:
  void tell(const std::string& note) const {
    if (!on_progress_) return;
    BoundProgress progress;
    progress.note = note;
    progress.seconds = seconds_since(options_.start);
    progress.incumbent = incumbent_;
    if (prover_ != nullptr) {
      progress.bound = prover_->bound();
      progress.rounds = prover_->rounds();
      progress.parts = prover_->num_nodes();
    }
    on_progress_(progress);
  }

  const BoundOptions& options_;
  const BoundCallback& on_progress_;
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
  result.closed = result.verdict != ReductionVerdict::kStopped;
  return result;
}

Result<BoundResult> bound_reduced(const Reduction& reduction, const BoundOptions& options,
                                  const StopToken& stop, const BoundCallback& on_progress) {
  if (reduction.verdict != ReductionVerdict::kOpen || reduction.allow_forbidden)
    return nothing_to_bound(reduction);
  BoundRun run(options, on_progress, reduction.reducer.model(stop));
  if (stop.stopped()) return BoundResult{};
  if (auto refusal = run.prepare()) return *std::move(refusal);
  run.raise(stop);
  return run.result();
}

/// `seconds` after `start`, or never where that is too far for the clock.
Time end_of(double seconds, Time start) {
  constexpr double kFar = 1e9;
  if (!(seconds < kFar)) return Time::max();
  return start + std::chrono::duration_cast<Time::duration>(std::chrono::duration<double>(seconds));
}

}  // namespace

Result<BoundResult> raise_bound(const Problem& problem, const BoundOptions& options,
                                const std::atomic<bool>& stop, const BoundCallback& on_progress) {
  const MemoryLimit memory{options.memory_limit, options.memory_in_use};
  if (auto refusal = refuse_memory(memory, memory_to_reduce(problem), "reducing the instance"))
    return *std::move(refusal);
  const StopToken token(stop, end_of(options.deadline_seconds, options.start));
  const auto reduction = reduce_problem(problem, token);
  if (!reduction) return reduction.error();
  auto result = bound_reduced(*reduction, options, token, on_progress);
  if (result) result->seconds = seconds_since(options.start);
  return result;
}

}  // namespace warpshard
