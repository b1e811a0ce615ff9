#pragma once

#include <cstdint>
#include <memory>

#include "host/bound/prover.h"
#include "host/portfolio/worker.h"

namespace warpshard {

/// Raises the bound as far as it goes: a smooth ascent, then branch and bound, of which several
/// nodes may be at work at the same time. Needs a plan to begin with; speaks only of plans without
/// forbidden entries. A tree that has grown is not given up for a smaller core.
class ProveWorker final : public Worker {
 public:
  explicit ProveWorker(const ProveParameters& parameters) : parameters_(parameters) {}

  std::string name() const override { return "prove"; }
  bool ready(const Pool& pool) const override;
  double weight(const Pool& /*pool*/) const override { return parameters_.weight; }
  std::unique_ptr<Task> task(Pool& pool, Work work) override;

 private:
  class Ascent;
  class Node;

  /// A core and what is known of its bound; tasks in the air keep it alive.
  struct Proof {
    Proof(CorePointer proven, const ProverOptions& options, std::span<const float> prices)
        : core(std::move(proven)), prover(core->model, core->flat, options, prices) {}
    CorePointer core;
    Prover prover;
    int at_work = 0;
  };

  bool wants_another(const Pool& pool) const;
  void begin(const Pool& pool);
  static void share_bound(Proof& proof, Pool& pool);

  const ProveParameters& parameters_;
  std::shared_ptr<Proof> proof_;
};

}  // namespace warpshard
