#include <algorithm>
#include <span>
#include <type_traits>

#include "host/reduce/steps.h"

namespace warpshard::reduce {

namespace {

using Pairs = std::vector<std::pair<std::int32_t, std::int32_t>>;

/// Sampled choices of the neighbours' values, against which most pairs fail at once: so many to
/// begin with, and so many more taken from comparisons that failed later.
constexpr std::size_t kFirstSamples = 4;
constexpr std::size_t kMaxSamples = 24;

/// Domains above this size wait for dominance_of_large().
constexpr std::int32_t kLargeDomain = 64;

/// Finds which values of one variable never cost more than another. That is b rather than a if
///
///   unary(b) - unary(a) + sum over links of max over y of (w(b, y) - w(a, y)) <= 0.
///
/// When forbidden entries are hard, b must be allowed beside every y that a is allowed beside, and
/// the maximum is over these.
template <bool kHard>
class CostComparison {
 public:
  CostComparison(State& state, std::int32_t v)
      : variable_(state.variables[v]), tables_(state.tables) {
    state.for_each_link(
        v, [&](std::int32_t id) { links_.push_back(state.table_from(v, state.links[id])); });
    chosen_.resize(links_.size());
    for (std::size_t s = 0; s < (links_.empty() ? 1 : kFirstSamples); ++s) {
      for (std::size_t i = 0; i < links_.size(); ++i)
        chosen_[i] = static_cast<std::size_t>(mix(s * links_.size() + i)) % columns(i);
      add_sample();
    }
  }

  /// Pairs (a, b), sorted by a.
  Pairs never_dearer(StopGlance& stop) {
    Pairs pairs;
    std::vector<std::int32_t> open;
    for (std::int32_t a = 0; a < variable_.domain() && !stop.stopped(); ++a) {
      open.clear();
      for (std::int32_t b = 0; b < variable_.domain(); ++b)
        if (b != a && not_dearer(samples_.front(), b, a)) open.push_back(b);
      for (std::size_t s = 1; s < samples_.size(); ++s) compare(samples_[s], a, open);
      while (!open.empty()) {
        const std::int32_t b = open.back();
        open.pop_back();
        if (never_dearer(b, a)) {
          pairs.emplace_back(a, b);
        } else if (samples_.size() < kMaxSamples && open.size() >= kWorthASample) {
          choose_worst(b, a);
          add_sample();
          compare(samples_.back(), a, open);
        }
      }
    }
    return pairs;
  }

 private:
  /// Sums of forbidden and finite entries compare as pairs do: see entry.h. When hard, a sum that
  /// blocks stays the same.
  using Sum = std::conditional_t<kHard, std::int64_t, Int128>;
  using Sample = std::vector<Sum>;  ///< [domain] cost beside some choice of the neighbours' values

  static constexpr std::size_t kWorthASample = 8;

  std::size_t columns(std::size_t link) const { return tables_.columns(links_[link]); }
  const std::int64_t* row(std::size_t link, std::int32_t value) const {
    return tables_.entries(links_[link]).data() + value * columns(link);
  }

  /// Samples the costs beside the neighbours' values in chosen_.
  void add_sample() {
    Sample sample(variable_.unary.begin(), variable_.unary.end());
    for (std::size_t i = 0; i < links_.size(); ++i) {
      const std::int64_t* entry = tables_.entries(links_[i]).data() + chosen_[i];
      for (std::size_t a = 0; a < sample.size(); ++a, entry += columns(i))
        sample[a] = kHard ? Sum{hard_sum(static_cast<std::int64_t>(sample[a]), *entry)}
                          : sample[a] + *entry;
    }
    samples_.push_back(std::move(sample));
  }

  /// True if b costs no more than a in a sample, or a is not allowed there.
  static bool not_dearer(const Sample& sample, std::int32_t b, std::int32_t a) {
    return sample[b] <= sample[a] || (kHard && sample[a] >= kHalfForbidden);
  }

  /// Keeps the values that cost no more than a in a sample.
  static void compare(const Sample& sample, std::int32_t a, std::vector<std::int32_t>& open) {
    std::erase_if(open, [&](std::int32_t b) { return !not_dearer(sample, b, a); });
  }

  bool never_dearer(std::int32_t b, std::int32_t a) {
    Sum worst = Sum{variable_.unary[b]} - variable_.unary[a];
    for (std::size_t i = 0; i < links_.size(); ++i) {
      const std::int64_t* row_b = row(i, b);
      const std::int64_t* row_a = row(i, a);
      std::int64_t greatest = kIgnored;
      for (std::size_t y = 0; y < columns(i); ++y)
        greatest = std::max(greatest, extra_cost(row_b[y], row_a[y]));
      if (kHard && blocks(greatest)) {
        std::swap(links_[i], links_.front());  // likely to rule out the next pair too
        return false;
      }
      worst += greatest;
    }
    return worst <= 0;
  }

  /// Chooses for each neighbour the value beside which exchanging a for b costs most.
  void choose_worst(std::int32_t b, std::int32_t a) {
    for (std::size_t i = 0; i < links_.size(); ++i) {
      chosen_[i] = 0;
      std::int64_t greatest = kIgnored;
      for (std::size_t y = 0; y < columns(i); ++y) {
        const std::int64_t extra = extra_cost(row(i, b)[y], row(i, a)[y]);
        if (extra <= greatest) continue;
        greatest = extra;
        chosen_[i] = y;
      }
    }
  }

  static constexpr std::int64_t kIgnored = -2 * kForbidden;

  static std::int64_t extra_cost(std::int64_t entry_b, std::int64_t entry_a) {
    return kHard && blocks(entry_a) ? kIgnored : entry_b - entry_a;
  }

  const Variable& variable_;
  const TableStore& tables_;
  std::vector<std::int32_t> links_;  ///< tables with the variable's values as rows
  std::vector<std::size_t> chosen_;  ///< [links] a value of each neighbour
  std::vector<Sample> samples_;
};

/// True if value b never uses more memory than value a.
bool uses_no_more(const Variable& variable, std::int32_t b, std::int32_t a) {
  const auto domain = static_cast<std::size_t>(variable.domain());
  for (std::size_t i = 0; i < variable.usage.size(); i += domain)
    if (variable.usage[i + b] > variable.usage[i + a]) return false;
  return true;
}

bool drop_dominated(State& state, std::int32_t v, StopGlance& stop) {
  state.profile(v);
  auto& pairs = state.variables[v].never_dearer;
  if (!pairs)
    pairs = state.hard ? CostComparison<true>(state, v).never_dearer(stop)
                       : CostComparison<false>(state, v).never_dearer(stop);
  std::vector<std::uint8_t> gone(state.variables[v].domain(), 0);
  bool changed = false;
  // A value that went was dominated by one that stays or went later: dominance is transitive.
  for (const auto& [a, b] : *pairs) {
    if (gone[a] != 0 || gone[b] != 0 || !uses_no_more(state.variables[v], b, a)) continue;
    gone[a] = 1;
    state.doom(v, a);
    changed = true;
  }
  return changed;
}

bool drop_from_all(State& state, Worklist& worklist, bool large, StopGlance& stop) {
  bool changed = false;
  while (!worklist.empty() && !stop.stopped()) {
    const std::int32_t v = worklist.pop();
    const Variable& variable = state.variables[v];
    if (!variable.alive || variable.domain() < 2 || !variable.doomed.empty()) continue;
    if (!large && variable.domain() > kLargeDomain) {
      state.large_variables.push(v);
    } else if (drop_dominated(state, v, stop)) {
      changed = true;
    }
  }
  return changed;
}

}  // namespace

bool dominance(State& state, StopGlance& stop) {
  return drop_from_all(state, state.dominance_variables, false, stop);
}

bool dominance_of_large(State& state, StopGlance& stop) {
  return drop_from_all(state, state.large_variables, true, stop);
}

}  // namespace warpshard::reduce
