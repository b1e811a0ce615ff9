#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "host/bound/branch_and_bound.h"
#include "host/bound/certificate.h"
#include "host/bound/dual_ascent.h"
#include "host/bound/partial_ascent.h"

namespace warpshard {

/// Trees over at most so many variables are cheap: no need for stages, and worth an exact search.
inline constexpr std::int32_t kSmallModel = 1000;

struct ProverOptions {
  int threads = 1;                                       ///< for branching; the ascent takes one
  std::size_t part_bytes = BranchOptions{}.state_bytes;  ///< see there
  /// Branch where prices and messages bring no more. The bound is then more than certificate()
  /// shows.
  bool branch = true;
  SweepOrder order = SweepOrder::kInput;  ///< of the ascent, as the next
  MakePasses passes;                      ///< see DualOptions
  ProofNode* record = nullptr;            ///< see BranchOptions
};

/// Raises a certified lower bound as far as it goes: by a smooth ascent while prices and messages
/// bring something, then by branch and bound from where they ended. Speaks only of plans without
/// forbidden entries; bounds include the model's constant. One thread at a time.
class Prover {
 public:
  using FoundCallback = BranchAndBound::FoundCallback;

  /// Refers to `model` and `flat`, which must outlive it. `start`: where its ascent goes on, of a
  /// smooth one or of a plain one of at most as many rounds as smooth ones begin with; null for
  /// zero prices.
  Prover(const Model& model, const FlatModel& flat, const ProverOptions& options,
         const WarmStart* start = nullptr);

  /// Tells of a plan's finite cost; only cheaper ones are of interest from now on.
  void set_incumbent(Int128 finite_cost);

  /// Works until nothing is left to prove, or until stopped. May be called again. `on_found` gets
  /// cheaper assignments that turn up, as BranchAndBound's does.
  void run(const StopToken& stop, const FoundCallback& on_found);

  /// The two parts of run(), for those who deal out the work themselves: ascends as far as it is
  /// certified next, and begins the tree once that is better; the tree, or null before that.
  void ascend(const StopToken& stop,
              std::int64_t most_rounds = std::numeric_limits<std::int64_t>::max());
  BranchAndBound* tree() { return tree_.get(); }
  /// Begins the tree now, if it has not begun: where the ascent is, or at `start`.
  void begin_tree();
  void begin_tree(AscentState start);

  /// Certifies what the ascent has reached since it last was. Done now and then by ascend().
  void certify(const StopToken& stop = {});

  /// The best certified bound, at most the incumbent; nothing before the first is certified, or if
  /// there is no plan at all.
  std::optional<Int128> bound() const;

  /// True once it is proved that there is no plan.
  bool none_allowed() const;
  /// True once the incumbent is proved optimal, or that there is no plan.
  bool closed() const;

  /// The best that certify() made: proves the bound but for what branching added.
  const Certificate& certificate() const { return certificate_; }
  /// For checkpoints, between two tasks. Certificates are not part of it: the next one is made by
  /// certify().
  void transfer(Archive& archive);

  /// See DualAscent.
  std::vector<std::pair<std::int32_t, std::int32_t>> values_above(Int128 finite_cost,
                                                                  const StopToken& stop = {}) {
    return ascent_.values_above(finite_cost, stop);
  }

  std::int64_t rounds() const { return ascent_.rounds(); }  ///< of the ascent
  /// Where the ascent has come to.
  WarmStart ascent() const { return {model_, flat_, ascent_}; }
  std::int64_t num_nodes() const { return tree_ ? tree_->num_nodes() : 0; }

 private:
  /// True if an ascent that gained so much lately is to make room for the tree.
  bool is_flat(double gain) const;

  const Model& model_;
  const FlatModel& flat_;
  ProverOptions options_;
  DualAscent ascent_;
  std::unique_ptr<BranchAndBound> tree_;  ///< once branching has begun
  std::optional<Int128> incumbent_;
  std::optional<Int128> certified_;  ///< of the ascent
  Certificate certificate_;          ///< proves certified_, or that nothing is allowed
  bool none_allowed_ = false;        ///< as a certificate says
  std::int64_t next_look_;           ///< rounds after which the ascent is looked at next
  double bound_at_look_;
};

}  // namespace warpshard
