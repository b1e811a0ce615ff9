#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "host/bound/proof_node.h"
#include "host/reduce/trace.h"
#include "warpshard/cost.h"

namespace warpshard {

/// No assignment that is left of a node costs less than its last target.
bool is_bounded(const ProofNode& node);

/// The bound that a tree shows (kNoCost: there is nothing left to bound); what is open counts with
/// its parents' bounds, -kNoCost where there are none.
Int128 bound_shown(const ProofNode& root);

/// Puts a proof together as docs/proofs.md specifies it, section by section.
class ProofText {
 public:
  /// Steps of the reductions, from the `first` one on.
  void add_steps(const ReductionTrace& trace, std::size_t first);
  /// Values go at the root because of the step's target; the reductions go on.
  void add_shrinking(const ProofNode::Step& step);
  void add_tree(const ProofNode& root);
  /// The whole text; no bound: there is no plan without forbidden entries.
  std::string sealed(std::string_view key, const std::optional<Int128>& bound) const;

 private:
  std::string body_;
};

}  // namespace warpshard
