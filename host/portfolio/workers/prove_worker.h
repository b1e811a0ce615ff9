#pragma once

#include <cstdint>
#include <memory>

#include "host/bound/pair_model.h"
#include "host/bound/prover.h"
#include "host/portfolio/worker.h"

namespace warpshard {

/// Raises the bound as far as it goes: a smooth ascent, then branch and bound, of which several
/// nodes may be at work at the same time. Needs a plan to begin with. Where forbidden entries are
/// allowed, it bounds the pair of their number and the finite part. A tree that has grown is not
/// given up for a smaller core.
class ProveWorker final : public Worker {
 public:
  explicit ProveWorker(const ProveParameters& parameters) : parameters_(parameters) {}
  ~ProveWorker() override;

  std::string name() const override { return "prove"; }
  bool ready(const Pool& pool) const override;
  double weight(const Pool& /*pool*/) const override { return parameters_.weight; }
  std::unique_ptr<Task> task(Pool& pool, Work work) override;

 private:
  class Ascent;
  class Node;

  struct Proof;

  bool wants_another(const Pool& pool) const;
  bool begin(const Pool& pool);
  static void share_bound(Proof& proof, Pool& pool);

  const ProveParameters& parameters_;
  std::shared_ptr<Proof> proof_;
  CorePointer unprovable_;  ///< its costs as pairs do not fit
};

}  // namespace warpshard
