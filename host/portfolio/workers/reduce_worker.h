#pragma once

#include <cstdint>
#include <vector>

#include "host/portfolio/memory_needs.h"
#include "host/portfolio/worker.h"

namespace warpshard {

/// Reduces the instance to the core that all others search: first for plans without forbidden
/// entries; where none was found for long, for plans with as few as possible. Once such a search
/// has found one without after all, the first core comes back. Large instances are searched as soon
/// as the cheap reductions are through; the others go on meanwhile.
class ReduceWorker final : public Worker {
 public:
  /// `num_devices`: how many GPUs will hold a copy.
  ReduceWorker(MemoryLimit memory, std::size_t num_devices, int threads)
      : memory_(memory), num_devices_(num_devices), threads_(threads) {}

  std::string name() const override { return "reduce"; }
  bool ready(const Pool& pool) const override;
  bool urgent(const Pool& /*pool*/) const override { return true; }
  double weight(const Pool& /*pool*/) const override { return 1; }
  std::unique_ptr<Task> task(Pool& pool, Work work) override;
  void transfer(SearchArchive& archive, Pool& pool) override;

 private:
  class Reduction;

  /// True if the search should not wait for all reductions.
  bool hurries(const Pool& pool) const;
  static bool may_complete(const Pool& pool);
  void adopt(Pool& pool, CorePointer core);
  bool find_room(Pool& pool, const Model& model);

  MemoryLimit memory_;
  std::size_t num_devices_;
  int threads_;
  bool busy_ = false;
  bool cramped_ = false;  ///< there is no room for an early core
  CorePointer strict_;    ///< kept for the case that it is wanted again
};

}  // namespace warpshard
