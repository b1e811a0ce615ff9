#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "host/model/model.h"
#include "host/model/stop_token.h"
#include "host/reduce/trace.h"
#include "warpshard/problem.h"
#include "warpshard/reduce.h"
#include "warpshard/result.h"

namespace warpshard {

/// Which reductions to run.
enum class ReductionExtent {
  kAll,
  /// Those that shrink a model most for their time: neither time points nor large domains are
  /// looked through. What they leave is a model like any other; the rest may be run on it later.
  kCheap,
};

struct ReducerOptions {
  /// False: forbidden entries are hard, and reductions that follow from that run (exact only while
  /// a plan without forbidden entries fits). True: the (forbidden, finite) objective is kept.
  bool allow_forbidden = false;
  /// Threads that create(), run() and model() may use, the caller's among them; what comes out is
  /// the same for any number.
  int threads = 1;
  /// Write the steps down; only where forbidden entries are hard.
  bool traced = false;
};

/// What a model's variables stand for, whatever else they carry.
struct ModelOrigin {
  /// [variables] ascending, helpers last; copies of variables, at the back, have none
  std::vector<std::int32_t> nodes;
  std::vector<std::int32_t> strategies;  ///< [values of those] of the node
};

/// Applies the exact reductions to a common fixed point and lifts assignments back to plans.
/// Copyable: a copy can be reduced further without disturbing the original.
class Reducer {
 public:
  /// Keeps no reference to `problem`. Fails if an edge joins three or more nodes of several
  /// strategies, or if sums of the instance's values would not fit in exact 64-bit arithmetic. When
  /// stopped, so is what run() says.
  static Result<Reducer> create(const Problem& problem, const ReducerOptions& options,
                                const StopToken& stop = {});

  Reducer(const Reducer& other);
  Reducer(Reducer&& other) noexcept;
  Reducer& operator=(const Reducer& other);
  Reducer& operator=(Reducer&& other) noexcept;
  ~Reducer();

  /// Runs the reductions to a common fixed point.
  ReductionVerdict run(const StopToken& stop = {}, ReductionExtent extent = ReductionExtent::kAll);

  /// The steps so far, if they are traced.
  const ReductionTrace& trace() const;

  /// What is left, with variables numbered afresh. Valid after run() returned kOpen.
  Model model(const StopToken& stop = {}) const;

  /// [times of the last model()] the problem's time that each of them was, ascending.
  std::span<const std::int64_t> times() const;

  /// Where the variables and values of the last model() come from.
  ModelOrigin origin() const;

  /// Removes values of the last model() (pairs of variable and value, in its numbering); for
  /// reduced-cost fixing and probing. Call run() afterwards.
  void remove_values(std::span<const std::pair<std::int32_t, std::int32_t>> values);

  /// The plan that an assignment of the last model() stands for; its cost and memory are equal or
  /// better. `assignment` is [variables of the last model()].
  Plan lift(std::span<const std::int32_t> assignment) const;

  /// An assignment of the last model() whose lifted plan is no dearer than `plan`, a plan within
  /// the limit, if the plan's values are all still there; empty if not. For carrying incumbents
  /// across reductions.
  Assignment project(std::span<const std::int32_t> plan) const;

  /// True if no plan within the limit costs less than the best assignment of the model does: false
  /// alone where finite parts of forbidden entries varied so much that some had to be raised.
  bool bounds_plans() const;

  /// Sizes before ("load") and after each kind of step, with the time it took in all rounds.
  const std::vector<ReductionStep>& steps() const;

 private:
  struct State;
  explicit Reducer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace warpshard
