#include <algorithm>

#include "host/model/huge_pages.h"
#include "host/model/parallel_for.h"
#include "host/reduce/steps.h"
#include "host/reduce/time_comparison.h"

namespace warpshard::reduce {

namespace {

/// With how many survivors before it a time point is compared.
constexpr std::size_t kWindow = 256;

/// Points that are compared with those before them at a time, on one thread and on all.
constexpr std::size_t kBlock = 128;
constexpr std::size_t kRound = 1024;

/// By how much a variable's usage differs between two time points, per value.
struct Change {
  std::int32_t variable = 0;
  std::int64_t offset = 0;  ///< into a pool; [domain] memory units
};

using Changes = std::vector<Change>;
using UsagePool = HugePageVector<std::int64_t>;

/// The usage of all variables at one time less that at another, kept as a sum of changes, with the
/// greatest and the least it can be over all assignments.
class Difference {
 public:
  explicit Difference(const State& state) : state_(state), slots_(state.variables.size(), kNone) {}

  void clear() {
    for (const Slot& slot : used_) slots_[slot.variable] = kNone;
    used_.clear();
    values_.clear();
    greatest_ = least_ = 0;
  }

  void add(const Changes& changes, const UsagePool& pool) {
    for (const Change& change : changes) add(change.variable, pool.data() + change.offset);
  }

  void add(std::int32_t variable, const std::int64_t* change) {
    const std::int32_t domain = state_.variables[variable].domain();
    if (slots_[variable] == kNone) {
      slots_[variable] = static_cast<std::int32_t>(used_.size());
      used_.push_back({variable, static_cast<std::int64_t>(values_.size()), 0, 0});
      values_.resize(values_.size() + domain, 0);
    }
    Slot& slot = used_[slots_[variable]];
    std::int64_t* values = values_.data() + slot.offset;
    std::int64_t greatest = values[0] + change[0];
    std::int64_t least = greatest;
    for (std::int32_t a = 0; a < domain; ++a) {
      values[a] += change[a];
      greatest = std::max(greatest, values[a]);
      least = std::min(least, values[a]);
    }
    greatest_ += greatest - slot.greatest;
    least_ += least - slot.least;
    slot.greatest = greatest;
    slot.least = least;
  }

  std::int64_t greatest() const { return greatest_; }
  std::int64_t least() const { return least_; }

  /// Writes the sum down as changes, their numbers at the end of `pool`.
  Changes store(UsagePool& pool) const {
    Changes changes;
    for (const Slot& slot : used_) {
      if (slot.greatest == 0 && slot.least == 0) continue;
      changes.push_back({slot.variable, static_cast<std::int64_t>(pool.size())});
      const auto begin = values_.begin() + slot.offset;
      pool.insert(pool.end(), begin, begin + state_.variables[slot.variable].domain());
    }
    return changes;
  }

 private:
  struct Slot {
    std::int32_t variable = 0;
    std::int64_t offset = 0;
    std::int64_t greatest = 0;
    std::int64_t least = 0;
  };

  const State& state_;
  std::vector<std::int32_t> slots_;  ///< [variables] index into used_
  std::vector<Slot> used_;
  std::vector<std::int64_t> values_;
  std::int64_t greatest_ = 0;
  std::int64_t least_ = 0;
};

/// One pass over a state's time points.
class TimeReduction {
 public:
  TimeReduction(const State& state, StopGlance& stop)
      : state_(state), stop_(stop), capacity_(state.capacity), difference_(state) {}

  /// The time points that must stay, in order; of no use when stopped.
  std::vector<std::int32_t> kept() {
    collect_changes();
    compare_with_last();
    if (!stop_.token().stopped()) compare_in_window();
    std::vector<std::int32_t> times;
    for (const Survivor& survivor : survivors_) times.push_back(survivor.time);
    return times;
  }

 private:
  struct Survivor {
    std::int32_t time = 0;
    Changes changes;  ///< since the survivor before
    bool implied = false;
  };

  /// True if running out of memory at the later of two times, whose usage differs from the
  /// earlier one's by difference_, implies running out at the earlier.
  bool later_implied(std::int32_t earlier, std::int32_t later) const {
    return difference_.greatest() <= capacity_[later] - capacity_[earlier];
  }
  bool earlier_implied(std::int32_t earlier, std::int32_t later) const {
    return difference_.least() >= capacity_[later] - capacity_[earlier];
  }

  /// Changes between each time point and the one before; marks times that can run out of memory.
  void collect_changes() {
    const std::int32_t times = state_.num_times();
    arriving_.resize(times + 1);
    std::size_t amounts = 0;
    for (const Variable& variable : state_.variables) amounts += variable.usage.size();
    pool_.reserve(2 * amounts);
    std::vector<std::int64_t> most(times + 1, 0);
    for (std::int32_t v = 0; v < static_cast<std::int32_t>(state_.variables.size()); ++v) {
      if (stop_.stopped()) break;
      const Variable& variable = state_.variables[v];
      for (std::size_t i = 0; i < variable.pieces.size(); ++i) {
        const auto [begin, end] = variable.pieces[i];
        const auto usage = variable.usage_of(i);
        const std::int64_t greatest = *std::ranges::max_element(usage);
        most[begin] += greatest;
        most[end] -= greatest;
        arriving_[begin].push_back({v, store(usage, 1)});
        arriving_[end].push_back({v, store(usage, -1)});
      }
    }
    can_run_out_.resize(times);
    std::int64_t sum = 0;
    for (std::int32_t t = 0; t < times; ++t) {
      sum += most[t];
      can_run_out_[t] = sum > capacity_[t] ? 1 : 0;
    }
  }

  std::int64_t store(std::span<const std::int64_t> usage, std::int64_t sign) {
    const auto offset = static_cast<std::int64_t>(pool_.size());
    for (const std::int64_t amount : usage) pool_.push_back(sign * amount);
    return offset;
  }

  /// Compares each time point with the last survivor, which may in turn give way to it.
  void compare_with_last() {
    for (std::int32_t t = 0; t < state_.num_times() && !stop_.token().stopped(); ++t) {
      difference_.add(arriving_[t], pool_);
      if (can_run_out_[t] == 0) continue;
      if (!survivors_.empty() && later_implied(survivors_.back().time, t)) continue;
      while (!survivors_.empty() && earlier_implied(survivors_.back().time, t)) {
        difference_.add(survivors_.back().changes, pool_);
        survivors_.pop_back();
      }
      survivors_.push_back({t, difference_.store(pool_)});
      difference_.clear();
    }
  }

  /// Compares each survivor with kWindow survivors before it: in rounds, what they imply on all
  /// threads, then what follows from it in order, so that nothing depends on rounds and threads.
  void compare_in_window() {
    std::vector<std::int32_t> points;
    for (const Survivor& survivor : survivors_) points.push_back(survivor.time);
    const TimeComparison comparison(state_, points, stop_.token());
    std::vector<std::uint8_t> implied(points.size(), 0);
    std::vector<std::vector<Implication>> found(std::min(kRound, points.size()));
    for (std::size_t start = 0; start < points.size() && !stop_.stopped(); start += kRound) {
      const std::size_t count = std::min(kRound, points.size() - start);
      parallel_for(state_.threads, count, kBlock, stop_.token(),
                   [&](std::size_t begin, std::size_t end) {
                     TimeComparison::Walk walk(comparison);
                     for (std::size_t k = begin; k < end; ++k) {
                       const std::size_t i = start + k;
                       found[k].clear();
                       walk.compare(i, i < kWindow ? 0 : i - kWindow, implied, found[k]);
                     }
                   });
      for (std::size_t k = 0; k < count; ++k) conclude(start + k, found[k], implied);
    }
    for (std::size_t i = 0; i < points.size(); ++i) survivors_[i].implied = implied[i] != 0;
    std::erase_if(survivors_, [](const Survivor& survivor) { return survivor.implied; });
  }

  /// Drops points by what was found between point i and those before it.
  static void conclude(std::size_t i, const std::vector<Implication>& found,
                       std::vector<std::uint8_t>& implied) {
    for (const auto& [earlier, earlier_goes] : found) {
      if (implied[i] != 0) return;
      if (implied[earlier] == 0) implied[earlier_goes ? static_cast<std::size_t>(earlier) : i] = 1;
    }
  }

  const State& state_;
  StopGlance& stop_;
  const std::vector<std::int64_t>& capacity_;
  Difference difference_;
  UsagePool pool_;
  std::vector<Changes> arriving_;  ///< [times + 1] changes from the time before
  std::vector<std::uint8_t> can_run_out_;
  std::vector<Survivor> survivors_;
};

/// Keeps only the given time points.
void keep_times(State& state, const std::vector<std::int32_t>& kept, const StopToken& stop) {
  std::vector<std::int32_t> renumbered(state.num_times() + 1, 0);
  for (const std::int32_t t : kept) renumbered[t + 1] = 1;
  for (std::size_t t = 1; t < renumbered.size(); ++t) renumbered[t] += renumbered[t - 1];
  for (std::size_t i = 0; i < kept.size(); ++i) {
    state.capacity[i] = state.capacity[kept[i]];
    state.times[i] = state.times[kept[i]];
  }
  state.capacity.resize(kept.size());
  state.times.resize(kept.size());
  state.drawn.assign(kept.size() + 1, 0);
  std::vector<std::int32_t> chosen;
  std::vector<std::size_t> pieces;  // of the chosen ones before
  for (std::int32_t v = 0; v < static_cast<std::int32_t>(state.variables.size()); ++v) {
    Variable& variable = state.variables[v];
    if (variable.pieces.empty()) continue;
    chosen.push_back(v);
    pieces.push_back(variable.pieces.size());
    for (Piece& piece : variable.pieces) piece = {renumbered[piece.begin], renumbered[piece.end]};
    variable.profiled = false;
  }
  state.profile(chosen, stop);
  for (std::size_t i = 0; i < chosen.size(); ++i)
    if (state.variables[chosen[i]].pieces.size() < pieces[i]) state.wake_for_memory(chosen[i]);
}

}  // namespace

bool reduce_times(State& state, StopGlance& stop) {
  state.times_stale = false;
  state.profile_all(stop.token());
  if (stop.token().stopped()) return true;
  state.settle_capacity();
  if (state.emptied) return true;
  const auto kept = TimeReduction(state, stop).kept();
  if (stop.token().stopped()) return true;
  if (static_cast<std::int32_t>(kept.size()) == state.num_times()) return false;
  if (state.traced) state.trace.steps.push_back({ReductionTrace::Kind::kTimes, 0, 0, 0, kept});
  keep_times(state, kept, stop.token());
  return true;
}

}  // namespace warpshard::reduce
