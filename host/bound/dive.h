#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>

#include "host/bound/partial_ascent.h"
#include "host/bound/restriction.h"
#include "host/model/model.h"
#include "host/model/stop_token.h"

namespace warpshard {

struct DiveOptions {
  std::int64_t rounds = 100;  ///< of price ascent between two steps: more is slower and better
  double share = 0.05;        ///< of the open variables that a step fixes
  double noise = 0;           ///< of the decodings, in units of the bound per open variable
  std::uint64_t seed = 1;
};

/// Looks for a good assignment where the prices point: decodes, fixes those variables whose decoded
/// values are the most certain, lets prices and messages adapt to what is left, and so on until all
/// are fixed. Where capacity leaves no room for a step it fixes fewer, at last forbids one value.
class Dive {
 public:
  /// Called with each decoded assignment that fits, has no forbidden entries and costs less than
  /// any before in this dive.
  using FoundCallback = std::function<void(const Assignment&, Int128 finite_cost)>;

  /// Refers to `model`. `start` is a state of an ascent on it, best a good one.
  Dive(const Model& model, AscentState start, const DiveOptions& options);

  /// Works until all is fixed (true), or until the deadline or `stop` (false); may be called again
  /// then. Also ends when nothing that fits is left of its choices.
  bool run(DualAscent::Time deadline, const std::atomic<bool>& stop, const FoundCallback& on_found);

  /// One step; false once all is fixed or nothing that fits is left of its choices.
  bool step(const StopToken& stop, const FoundCallback& on_found);

  /// What all steps took, in table entries and values that rounds of ascent read, as WorkRates
  /// counts them.
  std::int64_t work() const { return work_; }

 private:
  void fix(PartialAscent& partial, const Assignment& decoded);
  void report(const Assignment& assignment, const FoundCallback& on_found);

  const Model& model_;
  DiveOptions options_;
  AscentState state_;
  ValueSet removed_;
  Int128 best_;
  std::uint64_t steps_ = 0;
  std::int64_t work_ = 0;
  bool ended_ = false;
};

}  // namespace warpshard
