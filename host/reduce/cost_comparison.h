#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <type_traits>
#include <vector>

#include "host/reduce/entry.h"
#include "host/reduce/memo.h"
#include "host/reduce/table_store.h"

namespace warpshard::reduce {

/// Finds which values of one variable never cost more than another. That is b rather than a if
///
///   unary(b) - unary(a) + sum over links of max over y of (w(b, y) - w(a, y)) <= 0.
///
/// When forbidden entries are hard, b must be allowed beside every y that a is allowed beside, and
/// the maximum is over these.
///
/// Costs beside sampled choices of the neighbours' values rule out most pairs at once. Where they
/// do not, the exact sum starts from a sample's, in which each y is some y: going on to the worst y
/// of one link after the other it only grows, and ends the comparison once it is above zero.
template <bool kHard>
class CostComparison {
 public:
  /// Turns to another variable. `links`: tables with its values as rows. `unary` is [domain] and
  /// outlives its comparisons.
  void start(const TableStore& tables, std::span<const std::int64_t> unary,
             std::span<const std::int32_t> links) {
    unary_ = unary;
    samples_.clear();
    choices_.clear();
    order_.resize(links.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    tables_.clear();
    for (const std::int32_t table : links)
      tables_.push_back(
          {tables.entries(table).data(), static_cast<std::size_t>(tables.columns(table))});
    chosen_.resize(links.size());
    for (std::size_t s = 0; s < (links.empty() ? 1 : kFirstSamples); ++s) {
      for (std::size_t i = 0; i < links.size(); ++i)
        chosen_[i] = static_cast<std::size_t>(mix(s * links.size() + i)) % tables_[i].columns;
      add_sample();
    }
  }

  /// Makes bad[b] negative for each value b that some sample shows to cost more than a; `bad` is
  /// [domain].
  void rule_out(std::int32_t a, std::span<std::int64_t> bad) const {
    for (std::size_t s = 0; s < num_samples(); ++s) rule_out(s, a, bad);
  }

  /// True if b never costs more than a; not ruled out by any sample.
  bool never_dearer(std::int32_t b, std::int32_t a) {
    const std::size_t s = worst_sample(b, a);
    const bool sampled = s < num_samples();
    Total worst = sampled ? sample(s)[b] - sample(s)[a] : Total{unary_[b]} - unary_[a];
    for (std::size_t k = 0; k < order_.size(); ++k) {
      const std::size_t i = order_[k];
      const std::int64_t greatest = greatest_extra(i, b, a);
      if (kHard && greatest == kIgnored) return true;  // there is no plan with a
      if (!(kHard && blocks(greatest))) {
        worst += greatest;
        if (sampled) worst -= extra_cost(i, choices(s)[i], b, a);
        if (!sampled || worst <= 0) continue;
      }
      std::swap(order_[k], order_.front());  // likely to rule out the next pair too
      return false;
    }
    return worst <= 0;
  }

  /// Samples the neighbours' values beside which exchanging a for b costs most, unless there are
  /// enough samples, and rules out by it as rule_out() does.
  void learn(std::int32_t b, std::int32_t a, std::span<std::int64_t> bad) {
    if (num_samples() >= kMaxSamples) return;
    for (std::size_t i = 0; i < tables_.size(); ++i) {
      std::int64_t greatest = kIgnored;
      chosen_[i] = 0;
      for (std::size_t y = 0; y < tables_[i].columns; ++y) {
        const std::int64_t extra = extra_cost(i, y, b, a);
        if (extra <= greatest) continue;
        greatest = extra;
        chosen_[i] = y;
      }
    }
    add_sample();
    rule_out(num_samples() - 1, a, bad);
  }

 private:
  /// Totals of forbidden and finite entries, and differences between two, compare as pairs do: see
  /// entry.h. When hard, a total that blocks stays the same.
  using Total = std::conditional_t<kHard, std::int64_t, Int128>;

  struct Table {
    const std::int64_t* entries = nullptr;
    std::size_t columns = 0;

    const std::int64_t* row(std::int32_t value) const { return entries + value * columns; }
  };

  static constexpr std::size_t kFirstSamples = 4;
  static constexpr std::size_t kMaxSamples = 24;
  static constexpr std::int64_t kIgnored = std::numeric_limits<std::int64_t>::min();

  std::size_t num_samples() const { return samples_.size() / unary_.size(); }
  const Total* sample(std::size_t s) const { return samples_.data() + s * unary_.size(); }
  const std::size_t* choices(std::size_t s) const { return choices_.data() + s * tables_.size(); }

  /// Samples the costs beside the neighbours' values in chosen_.
  void add_sample() {
    choices_.insert(choices_.end(), chosen_.begin(), chosen_.end());
    const std::size_t start = samples_.size();
    samples_.insert(samples_.end(), unary_.begin(), unary_.end());
    const std::span<Total> sums{samples_.data() + start, unary_.size()};
    for (std::size_t i = 0; i < tables_.size(); ++i) {
      const std::int64_t* entry = tables_[i].entries + chosen_[i];
      for (std::size_t a = 0; a < sums.size(); ++a, entry += tables_[i].columns)
        sums[a] =
            kHard ? Total{hard_sum(static_cast<std::int64_t>(sums[a]), *entry)} : sums[a] + *entry;
    }
  }

  /// What a is not allowed in tells nothing about it.
  bool tells_about(std::size_t s, std::int32_t a) const {
    return !kHard || sample(s)[a] < kForbiddenEntry;
  }

  void rule_out(std::size_t s, std::int32_t a, std::span<std::int64_t> bad) const {
    if (!tells_about(s, a)) return;
    const Total* sums = sample(s);
    const Total most = sums[a];
    for (std::size_t b = 0; b < bad.size(); ++b) bad[b] |= -std::int64_t{sums[b] > most};
  }

  /// The sample in which b saves least, or num_samples() if none tells about a.
  std::size_t worst_sample(std::int32_t b, std::int32_t a) const {
    std::size_t worst = num_samples();
    for (std::size_t s = 0; s < num_samples(); ++s) {
      if (!tells_about(s, a)) continue;
      if (worst == num_samples() ||
          sample(s)[b] - sample(s)[a] > sample(worst)[b] - sample(worst)[a])
        worst = s;
    }
    return worst;
  }

  static std::int64_t extra_cost(std::int64_t entry_b, std::int64_t entry_a) {
    return kHard && blocks(entry_a) ? kIgnored : entry_b - entry_a;
  }
  std::int64_t extra_cost(std::size_t link, std::size_t y, std::int32_t b, std::int32_t a) const {
    return extra_cost(tables_[link].row(b)[y], tables_[link].row(a)[y]);
  }

  std::int64_t greatest_extra(std::size_t link, std::int32_t b, std::int32_t a) const {
    return greatest_extra(tables_[link].row(b), tables_[link].row(a), tables_[link].columns);
  }

  /// A few columns at a time, which compilers take in one. By itself: it has registers to itself.
  [[gnu::noinline]] static std::int64_t greatest_extra(const std::int64_t* row_b,
                                                       const std::int64_t* row_a,
                                                       std::size_t columns) {
    std::array<std::int64_t, 4> greatest;
    greatest.fill(kIgnored);
    std::size_t y = 0;
    for (; y + greatest.size() <= columns; y += greatest.size())
      for (std::size_t k = 0; k < greatest.size(); ++k)
        greatest[k] = std::max(greatest[k], extra_cost(row_b[y + k], row_a[y + k]));
    for (; y < columns; ++y) greatest[0] = std::max(greatest[0], extra_cost(row_b[y], row_a[y]));
    return *std::ranges::max_element(greatest);
  }

  std::span<const std::int64_t> unary_;
  std::vector<Table> tables_;         ///< [links]
  std::vector<std::size_t> order_;    ///< [links] those that ruled out pairs come first
  std::vector<Total> samples_;        ///< [sample][domain] cost beside some choice
  std::vector<std::size_t> choices_;  ///< [sample][link] a value of the neighbour
  std::vector<std::size_t> chosen_;   ///< [links] of the sample being taken
};

}  // namespace warpshard::reduce
