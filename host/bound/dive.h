#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>

#include "host/bound/partial_ascent.h"
#include "host/bound/restriction.h"
#include "host/model/model.h"
#include "host/model/stop_token.h"

namespace warpshard {

struct DiveOptions {
  std::int64_t rounds = 100;  ///< of price ascent between two steps: more is slower and better
  double share = 0.05;        ///< of the open variables that a step fixes
  bool bent = false;          ///< price steps, see DualOptions::straight_rounds
  double noise = 0;           ///< of the decodings, in units of the scale per open variable
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

  /// Works until all is fixed (true), or until stopped or for so many steps (false); may be called
  /// again then. Also ends when nothing that fits is left of its choices. A step that is stopped
  /// fixes nothing, but what its prices and messages have learnt stays.
  bool run(const StopToken& stop, const FoundCallback& on_found,
           std::int64_t steps = std::numeric_limits<std::int64_t>::max());

  /// For checkpoints, between two calls of run(): the dive in a model that is not part of it.
  void transfer(Archive& archive) {
    archive(options_, state_, removed_, best_, steps_, work_, ended_);
  }

  /// Table entries that its ascents have read so far.
  std::int64_t work() const { return work_; }

 private:
  bool step(const StopToken& stop, const FoundCallback& on_found);
  bool find_part(const StopToken& stop);
  void fix(PartialAscent& partial, const Assignment& decoded, const StopToken& stop);
  bool remove(const Restriction& part, ValueSet values, const StopToken& stop);
  void report(const Assignment& assignment, const FoundCallback& on_found);

  const Model& model_;
  DiveOptions options_;
  AscentState state_;
  ValueSet removed_;
  std::optional<Restriction> part_;  ///< to what is not removed; nothing: not known
  Int128 best_;
  std::uint64_t steps_ = 0;
  std::int64_t work_ = 0;
  bool ended_ = false;
};

}  // namespace warpshard
