#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "host/bound/certificate.h"
#include "host/bound/fixed_point.h"
#include "host/bound/passes.h"
#include "host/bound/price_program.h"
#include "host/bound/step_rule.h"
#include "host/bound/sweeps.h"
#include "host/bound/usage_curvature.h"
#include "host/model/archive.h"
#include "host/model/dispatch.h"
#include "host/model/flat_model.h"
#include "host/model/model.h"
#include "host/model/stop_token.h"

namespace warpshard {

/// The first rounds of a smooth ascent, which are plain: the quickest way to prices of some use.
inline constexpr std::int64_t kFirstPlainRounds = 200;

struct DualOptions {
  SweepOrder order = SweepOrder::kInput;
  /// The gain that the first steps aim at, as a part of the scale; less for a warm start.
  double first_level = 0.05;
  /// That of costs; 0: the model's own, see cost_scale().
  double scale = 0;
  /// Messages are soft and have momentum, but for the first rounds of all. A round takes two to
  /// three times as long; on large models the bound rises much further. Dives and searches do
  /// better from prices and messages found without.
  bool smooth = false;
  /// Price steps of the first rounds of all follow the gradient, those after them are bent by the
  /// curvature of usage: these rounds take up to twice as long and do what four to seventeen of the
  /// others do where prices are nearly right (see benchmarks/bound.md).
  std::int64_t straight_rounds = std::numeric_limits<std::int64_t>::max();
  /// Ascents that would bend from the first round on do not where that takes longer than this, as a
  /// part of what the rest of a round takes.
  double most_bending = std::numeric_limits<double>::infinity();
  /// Of an ascent that this one goes on from; they count as its own.
  std::int64_t rounds_before = 0;
  InstructionSet instructions = best_instruction_set();  ///< results do not depend on it
  /// Where the passes run; empty: on the calling thread.
  MakePasses passes;
};

/// For each value a lower bound on the cost of any plan that uses it: `base` + `above`.
struct ConditionalBounds {
  double base = 0;           ///< cost units, the model's constant included
  std::vector<float> above;  ///< [rows of the FlatModel] cost units; padding holds a huge number
};

/// A variable and some of its values.
struct Part {
  std::int32_t variable = 0;
  std::vector<std::int32_t> values;
};

/// Raises a lower bound on a Model by Lagrangian prices on memory and message passing on the rest:
///
///   bound(prices, messages) = messages' bound on (costs + priced usage) - sum_t price_t *
///   capacity_t
///
/// holds for any prices >= 0 and any messages. Each round is a forward and a backward sweep at the
/// current prices, then one price step along a smoothed gradient, straight or bent by how usage
/// gives way (see UsageCurvature); messages are kept between rounds.
/// Smooth ascents soften the messages, too, ever less so, and let them overshoot in the direction
/// they move; every few rounds a copy is swept with plain minima to see what bound it gives.
/// Bounds are on the finite part of the cost of plans without forbidden entries, include the
/// model's constant, and are computed in floating point; certify() in certificate.h makes them
/// exact. Refers to `model` and `flat`, which must outlive it. One thread at a time, but for
/// bound() and set_incumbent(), which any thread may call at any time.
class DualAscent {
 public:
  DualAscent(const Model& model, const FlatModel& flat, const DualOptions& options);

  /// Works until stopped, for so many rounds at most; may be called again and goes on where it was.
  /// The round that it is at when stopped counts for nothing.
  void run(const StopToken& stop, std::int64_t rounds = std::numeric_limits<std::int64_t>::max());

  /// Does `rounds` rounds; for tests and reproducible runs.
  void run_rounds(std::int64_t rounds) { run(StopToken{}, rounds); }

  /// The work that a round takes, in table entries read.
  std::int64_t work_per_round() const { return work_per_round_; }

  /// The least cost known of a plan without forbidden entries; the ascent's target.
  void set_incumbent(Int128 finite_cost);

  /// The best bound so far; minus infinity before the first round.
  double bound() const { return constant_ + bound_above_constant(); }
  /// The same without the model's constant: as precise whatever that is.
  double bound_above_constant() const { return best_bound_.load(std::memory_order_relaxed); }
  /// What is left to the incumbent; infinite without one.
  double gap() const { return incumbent_.load(std::memory_order_relaxed) - bound_above_constant(); }
  /// That of costs, at which the ascent works.
  double scale() const { return scale_; }

  /// True once the bound is above the cost of every assignment without forbidden entries: then none
  /// of them fits the capacities. A proof once certify() confirms the bound.
  bool exceeds_every_plan() const { return bound_above_constant() > ceiling_; }

  /// Prices at which the best bound was found: [times] cost units per quantum of the FlatModel.
  std::span<const float> prices() const { return best_prices_; }

  /// Starts (again) from the given prices, [times] as in prices(); those above the ceiling of
  /// prices are lowered to it.
  void set_prices(std::span<const float> prices);

  /// The message along an edge of the model to its end u, or else v, at the best prices: [domain of
  /// that end]. For carrying messages over to a similar model.
  std::span<const float> message(std::int32_t edge, bool to_u) const;
  void set_message(std::int32_t edge, bool to_u, std::span<const float> message);

  /// Lower bounds on the cost of any plan that uses a value, at the best prices; empty when
  /// stopped.
  ConditionalBounds conditional_bounds(const StopToken& stop = {});

  /// By how much the bound rises, in so many plain sweeps at the best prices, where a variable is
  /// left with some of its values: [parts] cost units, for choosing what to split. Less than an
  /// ascent would gain, and not certified. Empty when stopped.
  std::vector<double> probe(std::span<const Part> parts, int sweeps, const StopToken& stop = {});

  /// Values (variable, value) whose every plan costs more than `finite_cost`, the constant
  /// included; proved in integers. Values that are the last of their variable's are among them: if
  /// a variable loses all its values, no plan costs at most `finite_cost`. None when stopped.
  std::vector<std::pair<std::int32_t, std::int32_t>> values_above(Int128 finite_cost,
                                                                  const StopToken& stop = {});

  /// Integer prices and messages that prove the best bound, but for rounding.
  Certificate certificate(const StopToken& stop = {});

  /// Decodes an assignment at the best prices: isolated variables by themselves, the others one
  /// after the other on their earlier neighbours' values and the messages of the later ones.
  /// `noise` (cost units) is the scale of Gumbel noise; 0 for none. May exceed capacities and use
  /// forbidden entries.
  Assignment decode(double noise, std::uint64_t seed, const StopToken& stop = {});

  /// For checkpoints, between two calls of run(): where the ascent stands on a model that is not
  /// part of it. What it goes on to do is the same, what it has settled is settled anew.
  void transfer(Archive& archive);

  double level() const { return rule_.level(); }
  std::int64_t rounds() const { return rounds_; }
  const Sweeps& sweeps() const { return sweeps_; }

 private:
  /// What bends price steps.
  struct Bend {
    Bend(const FlatModel& flat, const Sweeps& sweeps) : curvature(flat, sweeps) {}
    UsageCurvature curvature;
    PriceProgram program{curvature};
  };

  void transfer_messages(Archive& archive);
  void load_prices(std::span<const double> prices);
  double forward_backward(double temperature, const StopToken& stop);
  void overshoot();
  void try_plain_sweeps(const StopToken& stop);
  void take_note(double bound);
  void smoothed_gradient(double temperature);
  void keep(double bound);
  bool settle_at_best(const StopToken& stop);
  const FixedPoint* proof(const StopToken& stop);
  bool one_round(const StopToken& stop);

  const Model* model_;
  const FlatModel* flat_;
  Sweeps sweeps_;
  double constant_;
  double ceiling_;  ///< of the cost of assignments above the constant
  double scale_;
  StepRule rule_;
  bool smooth_;
  std::int64_t straight_rounds_;
  std::unique_ptr<Bend> bend_;      ///< of price steps; null before the first that is bent
  std::vector<double> prices_;      ///< [times] where the ascent stands
  std::vector<float> best_prices_;  ///< [times]
  std::vector<double> prefix_;      ///< [times + 1] running sums of the prices the passes have
  std::vector<double> gradient_;    ///< [times] expected usage - capacity, quanta
  std::unique_ptr<Passes> passes_;  ///< its best messages go with best_prices_
  double forward_bound_ = 0;        ///< of the last forward pass, above the constant
  std::vector<std::uint32_t> edge_messages_;  ///< [edges][to u, to v] where each message starts
  std::unique_ptr<FixedPoint> proof_;         ///< at the best prices; empty if not made yet
  bool settled_ = false;                      ///< the messages are those of the best prices
  bool moving_ = false;  ///< the last round began with the last messages, and nothing since
  double kept_bound_;    ///< of best_prices_ and the best messages; about best_bound_
  std::int64_t rounds_ = 0;
  std::int64_t work_per_round_ = 0;
  std::int64_t next_plain_ = 1;     ///< round after which plain sweeps are tried next
  std::atomic<double> best_bound_;  ///< above the constant, as the next
  std::atomic<double> incumbent_;
};

}  // namespace warpshard
