#include "host/portfolio/workers/prove_worker.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "host/device/device_passes.h"
#include "host/portfolio/carry_over.h"
#include "host/portfolio/offer.h"

namespace warpshard {

/// A core and what is known of its bound; tasks in the air keep it alive.
struct ProveWorker::Proof {
  /// Costs as pairs, where forbidden entries are allowed.
  struct Pairs {
    explicit Pairs(PairModel pairs) : costs(std::move(pairs)), flat(costs.model) {}
    PairModel costs;
    FlatModel flat;
  };

  Proof(CorePointer proven, std::unique_ptr<Pairs> as_pairs, const ProverOptions& options,
        const WarmStart* start)
      : core(std::move(proven)),
        pairs(std::move(as_pairs)),
        prover(pairs ? pairs->costs.model : core->model, pairs ? pairs->flat : core->flat, options,
               start) {}

  /// A cost as the prover counts it, and back.
  Int128 encode(const Cost& cost) const { return pairs ? pairs->costs.encode(cost) : cost.finite; }
  Cost decode(Int128 cost) const { return pairs ? pairs->costs.decode(cost) : Cost{0, cost}; }

  CorePointer core;
  std::unique_ptr<Pairs> pairs;  ///< null: plain costs
  Prover prover;
  int at_work = 0;
  bool ascending = false;  ///< the task at work is an ascent; nobody else touches the prover then
};

/// A stretch of the ascent that the tree will begin with.
class ProveWorker::Ascent final : public Task {
 public:
  Ascent(ProveWorker& worker, const Pool& pool, std::int64_t rounds)
      : worker_(worker),
        proof_(worker.proof_),
        rounds_(rounds),
        incumbent_(proof_->encode(*pool.cost())) {
    ++proof_->at_work;
    proof_->ascending = true;
  }

  void run(const StopToken& stop) override {
    const std::int64_t before = proof_->prover.rounds();
    const auto bound = proof_->prover.bound();
    proof_->prover.ascend(stop, rounds_);
    done_ = proof_->prover.rounds() - before;
    if (proof_->pairs || stop.stopped() || proof_->prover.bound() == bound) return;
    removable_ = proof_->prover.values_above(incumbent_, stop);
  }

  void synchronize(Pool& pool) override {
    --proof_->at_work;
    proof_->ascending = false;
    worker_.share_bound(*proof_, pool);
    pool.propose_removal(proof_->core, removable_);
  }

  Work work() const override { return done_ * kSmoothRound * proof_->core->rates.round; }

 private:
  /// A smooth round takes so much as long as a plain one.
  static constexpr Work kSmoothRound = 3;

  ProveWorker& worker_;
  std::shared_ptr<Proof> proof_;
  std::int64_t rounds_;
  Int128 incumbent_;
  std::int64_t done_ = 0;
  std::vector<std::pair<std::int32_t, std::int32_t>> removable_;
};

/// Goes on with a node of the tree.
class ProveWorker::Node final : public Task {
 public:
  Node(ProveWorker& worker, const Pool& pool, BranchTask task, std::int64_t rounds)
      : worker_(worker),
        proof_(worker.proof_),
        offer_(pool),
        task_(std::move(task)),
        rounds_(rounds) {
    ++proof_->at_work;
  }

  void run(const StopToken& stop) override {
    result_ = proof_->prover.tree()->expand(std::move(task_), stop, rounds_);
    work_ = result_.work;
    if (result_.finished) work_ += proof_->core->rates.sweep;  // restricted, certified, split
    for (const auto& found : result_.found)
      offer_.consider(*proof_->core, found.assignment, proof_->decode(found.finite_cost));
  }

  void synchronize(Pool& pool) override {
    --proof_->at_work;
    if (!proof_->pairs) pool.propose_removal(proof_->core, result_.removable);
    // Where memory ran out the node is lost: its bound stands for it from now on.
    if (result_.node != nullptr) proof_->prover.tree()->finish(std::move(result_), {});
    offer_.hand_over(pool, "prove");
    worker_.share_bound(*proof_, pool);
  }

  Work work() const override { return work_; }

 private:
  ProveWorker& worker_;
  std::shared_ptr<Proof> proof_;
  Offer offer_;
  BranchTask task_;
  std::int64_t rounds_;
  BranchResult result_;
  Work work_ = 0;
};

ProveWorker::ProveWorker(const ProveParameters& parameters, const std::vector<DeviceInfo>& devices)
    : parameters_(parameters) {
  const auto gpu = std::ranges::find(devices, DeviceInfo::Kind::kCuda, &DeviceInfo::kind);
  if (gpu != devices.end()) gpu_ = *gpu;
}

void ProveWorker::share_bound(Proof& proof, Pool& pool) {
  {
    const std::lock_guard lock(notes_->mutex);
    for (std::string& line : notes_->lines) pool.log(std::move(line));
    notes_->lines.clear();
  }
  if (const auto bound = proof.prover.bound())
    pool.raise_bound(std::min(proof.decode(*bound), *pool.cost()), "prove");
}

ProveWorker::~ProveWorker() = default;

bool ProveWorker::is_outgrown(const Pool& pool) const {
  if (proof_ == nullptr || proof_->core == pool.core()) return proof_ == nullptr;
  const double round = static_cast<double>(pool.core()->rates.round);
  return proof_->prover.num_nodes() < parameters_.grown_tree ||
         round <= parameters_.much_smaller * static_cast<double>(proof_->core->rates.round);
}

bool ProveWorker::wants_another(const Pool& pool) const {
  return is_outgrown(pool) && (proof_ == nullptr || proof_->at_work == 0);
}

bool ProveWorker::is_quick(const Core& core) const {
  return core.num_connected <= parameters_.small_model;
}

bool ProveWorker::ready(const Pool& pool) const {
  const CorePointer& core = pool.core();
  if (core == nullptr || core == unprovable_ || !core->proves() || core->model.num_variables() == 0)
    return false;
  if (core->allows_forbidden ? pool.best() == nullptr : !pool.has_clean_plan()) return false;
  if (wants_another(pool)) {
    // A proof that cannot end soon begins where the first prices have come some way.
    const GuidePointer& guide = pool.guide();
    return guide != nullptr && (is_quick(*core) || guide->flat || pool.generation() > 1 ||
                                guide->rounds >= parameters_.after_rounds);
  }
  return !is_outgrown(pool) && !proof_->ascending && !proof_->prover.closed() &&
         (proof_->at_work == 0 || proof_->prover.tree()->num_open() > 0);
}

double ProveWorker::weight(const Pool& pool) const {
  const CorePointer& core = pool.core();
  if (core == nullptr || is_quick(*core)) return parameters_.weight;
  const double all = parameters_.grown * static_cast<double>(core->rates.round);
  const double share = std::min(1.0, static_cast<double>(pool.work()) / all);
  return std::max(parameters_.first_weight, share * parameters_.weight);
}

/// Null if the core cannot be proved anything of.
std::shared_ptr<ProveWorker::Proof> ProveWorker::new_proof(const CorePointer& core,
                                                           const Pool& pool,
                                                           const WarmStart* start) {
  ProverOptions options;
  options.part_bytes = pool.part_bytes();
  if (gpu_) {
    options.order = SweepOrder::kColour;
    options.passes = make_passes_on(*gpu_, [notes = notes_](const std::string& line) {
      const std::lock_guard lock(notes->mutex);
      notes->lines.push_back(line);
    });
  }
  std::unique_ptr<Proof::Pairs> pairs;
  if (core->allows_forbidden) {
    auto costs = pair_model(core->model);
    if (!costs) return nullptr;
    pairs = std::make_unique<Proof::Pairs>(*std::move(costs));
  }
  return std::make_shared<Proof>(core, std::move(pairs), options, start);
}

/// The better of where the ascent that leads the searches is and of where the last proof's was.
std::optional<WarmStart> ProveWorker::best_start(const Pool& pool) const {
  const CorePointer& core = pool.core();
  if (core->allows_forbidden) return std::nullopt;
  std::optional<WarmStart> best;
  if (const GuidePointer& guide = pool.guide(); guide != nullptr && guide->core == core) {
    best.emplace();
    best->state = guide->state;
    best->bound = guide->bound;
    best->rounds = std::min(guide->rounds, kFirstPlainRounds);
  }
  if (proof_ == nullptr || proof_->pairs) return best;
  const WarmStart last = proof_->prover.ascent();
  if (best && last.bound <= best->bound) return best;
  return carried_over(*proof_->core, last, *core);
}

/// False if there is nothing that can be proved.
bool ProveWorker::begin(const Pool& pool) {
  const auto start = best_start(pool);
  auto proof = new_proof(pool.core(), pool, start ? &*start : nullptr);
  if (proof == nullptr) {
    unprovable_ = pool.core();
    return false;
  }
  proof_ = std::move(proof);
  // Where a tree's root begins matters less than when: a smooth ascent would only delay it.
  const bool ripe = pool.guide()->rounds >= parameters_.after_rounds;
  if (start && ripe && !is_quick(*proof_->core)) proof_->prover.begin_tree(start->state);
  return true;
}

void ProveWorker::transfer(SearchArchive& archive, Pool& pool) {
  archive.core(unprovable_);
  CorePointer core = proof_ ? proof_->core : nullptr;
  archive.core(core);
  if (core == nullptr) return;
  if (archive.reading()) proof_ = new_proof(core, pool, nullptr);
  if (proof_ == nullptr) throw ArchiveError("a proof of what cannot be proved");
  proof_->prover.transfer(archive);
}

std::unique_ptr<Task> ProveWorker::task(Pool& pool, Work work) {
  if (wants_another(pool) && !begin(pool)) return nullptr;
  Prover& prover = proof_->prover;
  prover.set_incumbent(proof_->encode(*pool.cost()));
  const std::int64_t rounds = std::max<std::int64_t>(1, work / proof_->core->rates.round);
  if (prover.tree() == nullptr) return std::make_unique<Ascent>(*this, pool, rounds);
  auto task = prover.tree()->take();
  if (!task) return nullptr;
  return std::make_unique<Node>(*this, pool, *std::move(task), rounds);
}

}  // namespace warpshard
