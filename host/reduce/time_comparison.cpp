#include "host/reduce/time_comparison.h"

#include <algorithm>

#include "host/model/parallel_for.h"

namespace warpshard::reduce {

namespace {

/// Excesses are kept for variables with at most so many levels.
constexpr std::int32_t kMostLevels = 48;

/// Variables whose excesses a thread computes at a time.
constexpr std::size_t kBlock = 128;

}  // namespace

TimeComparison::TimeComparison(const State& state, const std::vector<std::int32_t>& points,
                               const StopToken& stop) {
  // How many of the points come before each time.
  std::vector<std::int32_t> position(state.capacity.size() + 1, 0);
  for (const std::int32_t time : points) {
    capacity_.push_back(state.capacity[time]);
    position[time + 1] = 1;
  }
  for (std::size_t t = 1; t < position.size(); ++t) position[t] += position[t - 1];
  StopGlance glance(stop);
  for (const Variable& variable : state.variables) {
    if (glance.stopped()) return;
    add_levels(variable, position);
  }
  collect_changes();
  compute_excesses(state.threads, stop);
}

void TimeComparison::add_levels(const Variable& variable,
                                const std::vector<std::int32_t>& position) {
  Levels levels{variable.domain(), 1, static_cast<std::int64_t>(levels_.size()), -1};
  for (std::size_t i = 0; i < variable.pieces.size(); ++i) {
    const std::int32_t begin = position[variable.pieces[i].begin];
    const std::int32_t end = position[variable.pieces[i].end];
    if (begin == end) continue;
    if (levels.count == 1) levels_.emplace_back();
    levels_.push_back({begin, end, variable.usage_of(i).data()});
    ++levels.count;
  }
  if (levels.count > 1) variables_.push_back(levels);
}

void TimeComparison::collect_changes() {
  std::vector<std::pair<std::int32_t, Change>> changes;
  for (std::int32_t v = 0; v < static_cast<std::int32_t>(variables_.size()); ++v) {
    const Levels& levels = variables_[v];
    for (std::int32_t level = 1; level < levels.count; ++level) {
      const Level& here = levels_[levels.first + level];
      const bool follows = level > 1 && levels_[levels.first + level - 1].end == here.begin;
      const bool followed =
          level + 1 < levels.count && levels_[levels.first + level + 1].begin == here.end;
      changes.push_back({here.begin, {v, follows ? level - 1 : 0, level}});
      if (!followed) changes.push_back({here.end, {v, level, 0}});
    }
  }
  // Those after the last point matter to none.
  change_offsets_.assign(capacity_.size() + 2, 0);
  for (const auto& [point, change] : changes) ++change_offsets_[point + 1];
  for (std::size_t i = 1; i < change_offsets_.size(); ++i)
    change_offsets_[i] += change_offsets_[i - 1];
  changes_.resize(changes.size());
  std::vector<std::int64_t> next(change_offsets_.begin(), change_offsets_.end() - 1);
  for (const auto& [point, change] : changes) changes_[next[point]++] = change;
}

void TimeComparison::compute_excesses(int threads, const StopToken& stop) {
  std::int64_t size = 0;
  for (Levels& levels : variables_) {
    if (levels.count > kMostLevels) continue;
    levels.excesses = size;
    size += std::int64_t{levels.count} * levels.count;
  }
  excesses_.resize(size);
  parallel_for(threads, variables_.size(), kBlock, stop, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v < end; ++v) {
      const Levels& levels = variables_[v];
      if (levels.excesses < 0) continue;
      std::int64_t* excess = excesses_.data() + levels.excesses;
      for (std::int32_t of = 0; of < levels.count; ++of)
        for (std::int32_t over = 0; over < levels.count; ++over)
          *excess++ = computed_excess(levels, of, over);
    }
  });
}

std::int64_t TimeComparison::computed_excess(const Levels& levels, std::int32_t of,
                                             std::int32_t over) const {
  if (of == 0 || of == over) return 0;
  const std::int64_t* usage = levels_[levels.first + of].usage;
  if (over == 0) return *std::max_element(usage, usage + levels.domain);
  const std::int64_t* other = levels_[levels.first + over].usage;
  std::int64_t most = 0;
  for (std::int32_t a = 0; a < levels.domain; ++a) most = std::max(most, usage[a] - other[a]);
  return most;
}

void TimeComparison::Walk::go_to(std::size_t i) {
  for (; next_ <= i; ++next_) {
    for (std::int64_t k = comparison_.change_offsets_[next_];
         k < comparison_.change_offsets_[next_ + 1]; ++k) {
      const Change& change = comparison_.changes_[k];
      levels_[change.variable] = change.after;
    }
  }
}

void TimeComparison::Walk::compare(std::size_t i, std::size_t first,
                                   std::span<const std::uint8_t> skipped,
                                   std::vector<Implication>& found) {
  go_to(i);
  const auto& capacity = comparison_.capacity_;
  std::int64_t most = 0;  // by how much usage at i can exceed that at j
  std::int64_t less = 0;  // the reverse
  for (std::size_t j = i; j-- > first;) {
    for (std::int64_t k = comparison_.change_offsets_[j + 1];
         k < comparison_.change_offsets_[j + 2]; ++k) {
      const Change& change = comparison_.changes_[k];
      const Levels& levels = comparison_.variables_[change.variable];
      const std::int32_t here = levels_[change.variable];
      most += comparison_.excess(levels, here, change.before) -
              comparison_.excess(levels, here, change.after);
      less += comparison_.excess(levels, change.before, here) -
              comparison_.excess(levels, change.after, here);
    }
    if (skipped[j] != 0) continue;
    const std::int64_t room = capacity[i] - capacity[j];
    if (less <= -room || most <= room)
      found.push_back({static_cast<std::int32_t>(j), less <= -room});
  }
}

}  // namespace warpshard::reduce
