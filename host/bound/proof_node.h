#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "host/bound/certificate.h"
#include "host/bound/restriction.h"
#include "host/verify/part.h"

namespace warpshard {

/// What is written down of a node of branch and bound, as the check of proofs will go through it:
/// prices and messages one after the other on what is left each time, then a split. Everything is
/// concluded by the check's own means (verify::Part), so that it will come to the same. Used by
/// whoever works on the node; the root owns all nodes and outlives the work.
class ProofNode {
 public:
  struct Step {
    Int128 target = 0;  ///< plans that cost as much are of no interest
    verify::Dual dual;
    Int128 bound = 0;
    bool dropped = false;  ///< values went because of the target
  };
  struct Split {
    std::int32_t variable = 0;
    std::vector<std::int32_t> values;  ///< of the first child, which is not written before
    std::array<std::unique_ptr<ProofNode>, 2> children;
  };

  explicit ProofNode(verify::Part part) : part_(std::move(part)) {}

  /// Adds what does not follow to hold any more to `removed`, [values of the model]; false if
  /// nothing is left.
  bool propagate(ValueSet& removed);

  /// Writes down prices and messages of a restriction of the model, as coarsely as does no harm.
  /// Values that cost the target go. Returns the bound; nothing if there is none.
  std::optional<Int128> add(const Model& model, const Restriction& restriction,
                            const Certificate& certificate, Int128 target);
  /// The same without prices and messages: for an only assignment.
  std::optional<Int128> add(const Model& model, Int128 target);

  /// The nodes for one variable's value among `first`, and not; null where no value is left. If
  /// that is so for one of them, the other is this node.
  std::array<ProofNode*, 2> split(std::int32_t variable, const std::vector<std::int32_t>& first);

  bool nothing_left() const { return nothing_left_; }
  const std::vector<Step>& steps() const { return steps_; }
  const std::optional<Split>& children() const { return split_; }

 private:
  std::optional<Int128> add(verify::Dual dual, Int128 target);

  verify::Part part_;
  std::vector<Step> steps_;
  std::optional<Split> split_;
  bool nothing_left_ = false;
};

}  // namespace warpshard
