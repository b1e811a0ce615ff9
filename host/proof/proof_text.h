#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "host/bound/proof_node.h"
#include "host/reduce/trace.h"
#include "warpshard/cost.h"

namespace warpshard {

/// The bound that a tree shows (kNoCost: there is nothing left to bound); what is open counts with
/// its parents' bounds, -kNoCost where there are none.
Int128 bound_shown(const ProofNode& root);

/// A proof as docs/proofs.md specifies it. `root` is null where the reductions leave nothing.
std::string proof_text(std::string_view key, const ReductionTrace& trace, const ProofNode* root,
                       const std::optional<Int128>& bound);

}  // namespace warpshard
