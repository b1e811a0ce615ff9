#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host/bound/pair_model.h"
#include "host/bound/prover.h"
#include "host/device/backend.h"
#include "host/portfolio/worker.h"

namespace warpshard {

/// Raises the bound as far as it goes: a smooth ascent, then branch and bound, of which several
/// nodes may be at work at the same time; on large models the tree begins where ripe prices are.
/// Needs a plan to begin with. Where forbidden entries are allowed, it bounds the pair of their
/// number and the finite part. A tree that has grown is given up for a much smaller core alone.
class ProveWorker final : public Worker {
 public:
  /// Messages of the ascent are passed on the first of `devices` that is a GPU, if there is one.
  ProveWorker(const ProveParameters& parameters, const std::vector<DeviceInfo>& devices);
  ~ProveWorker() override;

  std::string name() const override { return "prove"; }
  bool ready(const Pool& pool) const override;
  double weight(const Pool& pool) const override;
  std::unique_ptr<Task> task(Pool& pool, Work work) override;
  void transfer(SearchArchive& archive, Pool& pool) override;

 private:
  class Ascent;
  class Node;

  struct Proof;

  /// Lines that come from where messages are passed, whatever the thread.
  struct Notes {
    std::mutex mutex;
    std::vector<std::string> lines;
  };

  /// True if there is no proof, or if it had better begin again on the present core.
  bool is_outgrown(const Pool& pool) const;
  bool wants_another(const Pool& pool) const;
  /// True if a proof may end soon.
  bool is_quick(const Core& core) const;
  std::shared_ptr<Proof> new_proof(const CorePointer& core, const Pool& pool,
                                   const WarmStart* start);
  std::optional<WarmStart> best_start(const Pool& pool) const;
  bool begin(const Pool& pool);
  void share_bound(Proof& proof, Pool& pool);

  const ProveParameters& parameters_;
  std::optional<DeviceInfo> gpu_;
  std::shared_ptr<Notes> notes_ = std::make_shared<Notes>();
  std::shared_ptr<Proof> proof_;
  CorePointer unprovable_;  ///< its costs as pairs do not fit
};

}  // namespace warpshard
