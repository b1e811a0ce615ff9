#pragma once

#include <cstdint>

#include "kernels/commit.h"
#include "kernels/score.h"

namespace warpshard {

/// How a tabu search chooses its moves.
struct TabuRule {
  /// A value that was left may be taken again after least_tenure to least_tenure + spread - 1
  /// steps.
  std::int32_t least_tenure = 4;
  std::int32_t spread = 8;
  std::int32_t window = 1024;    ///< variables that a step chooses among; a multiple of kRowPad
  std::int32_t most_looks = 16;  ///< of these, how many are looked at closely at most
  /// Variables looked at anew after each step, besides the neighbours of the one that changed: what
  /// was tabu or did not fit may do so now. At least one.
  std::int32_t refreshed = 2;
};

/// Tenures in proportion to how many variables there are to move meanwhile.
WARPSHARD_HD inline TabuRule tabu_rule(std::int32_t num_connected) {
  constexpr std::int32_t kLeast = 4;
  constexpr std::int32_t kShare = 4;
  constexpr std::int32_t kMost = 256;
  TabuRule rule;
  const std::int32_t share = num_connected / kShare;
  rule.least_tenure = kLeast + (share < kMost ? share : kMost);
  rule.spread = 2 * rule.least_tenure;
  return rule;
}

/// Where a tabu search stands.
struct TabuStatus {
  CostAccount best;        ///< of best_values
  std::int32_t found = 0;  ///< 0: no state within the limit so far
  std::uint32_t step = 0;
};

/// What a tabu search keeps beside the chain's state, in the memory of the backend that runs it
/// (not owned).
struct TabuView {
  /// [promise_entries(variables)] what the best change of a variable adds to its score, as of the
  /// last look at it; kPadCost: nothing, and in padding. Cost units.
  float* promise = nullptr;
  std::uint32_t* free_from = nullptr;    ///< [rows] first step at which a value may be taken
  std::uint16_t* best_values = nullptr;  ///< [variables] the cheapest state within the limit
  /// [times] least slack a move may leave, <= 0; null if that is 0 everywhere
  const std::int32_t* floor = nullptr;
  TabuStatus* status = nullptr;  ///< [1]

  WARPSHARD_HD static std::int32_t promise_entries(std::int32_t num_variables) {
    return (num_variables + kRowPad - 1) / kRowPad * kRowPad;
  }
};

/// Tabu search over single variables (Glover: "Tabu search, part I", ORSA Journal on Computing 1,
/// 1989): takes the best admissible change at every step, even if it makes the state dearer. A
/// value that was left is tabu for a while, unless taking it gives a state cheaper than any before.
///
/// Scores are those of the annealing chains, at the chain's prices and without noise; so is the
/// limit on memory. Scores are floats, costs and aspiration are exact. Looking at every variable
/// anew for each step would be slow: `promise` tells which are worth it.
template <typename Group>
class TabuSearch {
 public:
  /// The chain's temperature must be 0.
  WARPSHARD_HD TabuSearch(Group group, const ModelView& model, ChainView& chain,
                          const TabuView& tabu, const TabuRule& rule)
      : group_(group),
        model_(model),
        chain_(chain),
        tabu_(tabu),
        rule_(rule),
        status_(*tabu.status) {}

  /// Begins at the chain's state: nothing is tabu, and it is the best so far if it fits.
  WARPSHARD_HD void start() {
    status_ = {};
    for (std::int32_t k = group_.rank(); k < model_.row_offsets[model_.num_variables];
         k += group_.size())
      tabu_.free_from[k] = 0;
    look_at_all();
    keep_best();
    save();
  }

  /// Looks at every variable; needed after the chain's prices, limits or values changed elsewhere.
  WARPSHARD_HD void look_at_all() {
    const std::int32_t n = model_.num_variables;
    group_.sync();
    for (std::int32_t v = n + group_.rank(); v < TabuView::promise_entries(n); v += group_.size())
      tabu_.promise[v] = kPadCost;
    for (std::int32_t v = 0; v < n; ++v) look(v);
  }

  /// Takes steps until about `visits` variables were scored.
  WARPSHARD_HD void run(std::int64_t visits, RandomStream& random) {
    if (model_.num_variables == 0) return;
    group_.sync();
    const std::int64_t stop = chain_.counters->flip_visits + visits;
    // All lanes have read the counter once the step's first sync is over.
    while (chain_.counters->flip_visits < stop) {
      group_.sync();
      step(random);
    }
    save();
  }

  /// Goes back to the best state, if there is one; forgets nothing.
  WARPSHARD_HD void settle() {
    if (status_.found == 0) return;
    for (std::int32_t v = 0; v < model_.num_variables; ++v) {
      const std::int32_t from = chain_.values[v];
      const std::int32_t to = tabu_.best_values[v];
      if (from == to) continue;
      move_memory(group_, model_, chain_, v, from, to);
      move_value(group_, model_, chain_, v, to);
    }
    group_.sync();
  }

 private:
  /// A change of one variable.
  struct Candidate {
    float rise = kPadCost;  ///< what it adds to the score
    std::int32_t variable = -1;
    std::int32_t value = -1;  ///< negative: nothing admissible
  };

  WARPSHARD_HD void step(RandomStream& random) {
    const std::int32_t entries = TabuView::promise_entries(model_.num_variables);
    std::int32_t begin = 0;
    std::int32_t length = entries;
    if (rule_.window < entries) {
      length = rule_.window;
      const auto places = static_cast<std::uint32_t>((entries - length) / kRowPad + 1);
      begin = static_cast<std::int32_t>(random.below(places)) * kRowPad;
    }
    const Candidate best = best_of(begin, length);
    ++status_.step;
    if (best.value >= 0) take(best, random);
    const auto there = static_cast<std::uint32_t>(
        begin + length < model_.num_variables ? length : model_.num_variables - begin);
    for (std::int32_t k = 0; k < rule_.refreshed; ++k)
      look(begin + static_cast<std::int32_t>(random.below(there)));
  }

  /// The best admissible change among variables [begin, begin + length). Looks closely at the most
  /// promising ones, until what one holds is better than what any other promises.
  WARPSHARD_HD Candidate best_of(std::int32_t begin, std::int32_t length) {
    Candidate best;
    for (std::int32_t looks = 0; looks < rule_.most_looks; ++looks) {
      const std::int32_t v = begin + Group::arg_min(tabu_.promise + begin, length);
      if (tabu_.promise[v] >= best.rise) break;
      const Candidate here = look_closely(v, best.rise);
      if (group_.rank() == 0) tabu_.promise[v] = here.rise;
      group_.sync();
      if (here.value >= 0) best = here;
    }
    return best;
  }

  /// Scores v and finds the best change of it, whether admissible or not.
  WARPSHARD_HD void look(std::int32_t v) {
    const float present = score(v);
    const std::int32_t to = Group::arg_min(chain_.scratch.scores, model_.stride(v));
    const float rise = chain_.scratch.scores[to] - present;
    group_.sync();
    if (group_.rank() == 0) tabu_.promise[v] = rise < kPadCost / 2 ? rise : kPadCost;
    group_.sync();
  }

  /// Scores v and finds its best admissible change below `most`. Without one, `rise` says what the
  /// first one that was not looked at would add at least.
  WARPSHARD_HD Candidate look_closely(std::int32_t v, float most) {
    const float present = score(v);
    const std::int32_t stride = model_.stride(v);
    const std::int32_t from = chain_.values[v];
    for (;;) {
      const std::int32_t to = Group::arg_min(chain_.scratch.scores, stride);
      const float rise = chain_.scratch.scores[to] - present;
      if (!(rise < kPadCost / 2)) return {kPadCost, v, -1};
      if (rise >= most) return {rise, v, -1};
      if (admissible(v, from, to)) return {rise, v, to};
      hide(to);
    }
  }

  /// Fills the scores of v's values, all but the present one's, which is returned.
  WARPSHARD_HD float score(std::int32_t v) {
    group_.sync();  // the scores may still be read
    score_values(
        group_, model_, chain_, v, chain_.noise.window(0), [](std::int32_t) { return false; },
        chain_.scratch.scores);
    const std::int32_t from = chain_.values[v];
    const float present = chain_.scratch.scores[from];
    if (group_.rank() == 0) {
      ++chain_.counters->flip_visits;
      chain_.counters->deltas += model_.domains[v] - 1;
    }
    hide(from);
    return present;
  }

  WARPSHARD_HD void hide(std::int32_t value) {
    group_.sync();
    if (group_.rank() == 0) chain_.scratch.scores[value] = kPadCost;
    group_.sync();
  }

  WARPSHARD_HD bool admissible(std::int32_t v, std::int32_t from, std::int32_t to) const {
    const bool tabu = tabu_.free_from[model_.row_offsets[v] + to] > status_.step;
    if (tabu && !aspires(v, to)) return false;
    return change_fits(group_, model_, chain_, v, from, to);
  }

  /// True if the change makes a state cheaper than the best so far.
  WARPSHARD_HD bool aspires(std::int32_t v, std::int32_t to) const {
    if (status_.found == 0) return false;
    CostAccount after = exact_change(group_, model_, chain_, v, to);
    after += *chain_.account;
    return after < status_.best;
  }

  WARPSHARD_HD void take(const Candidate& change, RandomStream& random) {
    const std::int32_t v = change.variable;
    const std::int32_t from = chain_.values[v];
    const std::uint32_t tenure = static_cast<std::uint32_t>(rule_.least_tenure) +
                                 random.below(static_cast<std::uint32_t>(rule_.spread));
    move_memory(group_, model_, chain_, v, from, change.value);
    move_value(group_, model_, chain_, v, change.value);
    if (group_.rank() == 0) {
      tabu_.free_from[model_.row_offsets[v] + from] = status_.step + tenure;
      ++chain_.counters->accepted;
    }
    // The best is written down when the search leaves it for something that is not.
    const bool at_best = at_best_;
    at_best_ = false;
    keep_best();
    if (at_best && !at_best_) save_best(v, from);
    look(v);
    for (std::int32_t a = model_.arc_offsets[v]; a < model_.arc_offsets[v + 1]; ++a)
      look(model_.arcs[a].neighbour);
  }

  WARPSHARD_HD void keep_best() {
    const CostAccount account = *chain_.account;
    if (status_.found != 0 && !(account < status_.best)) return;
    if (!within_limit()) return;
    status_.best = account;
    status_.found = 1;
    at_best_ = true;
  }

  WARPSHARD_HD bool within_limit() const {
    if (tabu_.floor == nullptr) return true;
    std::int64_t violations = 0;
    for (std::int32_t t = group_.rank(); t < model_.num_times; t += group_.size()) {
      const std::int32_t slack = chain_.memory.headroom[t] +
                                 chain_.memory.block_add[t / MemoryProfile::kBlock] +
                                 tabu_.floor[t];
      violations += slack < 0 ? 1 : 0;
    }
    return group_.sum(violations) == 0;
  }

  /// Writes down the present values, but for one variable's.
  WARPSHARD_HD void save_best(std::int32_t other, std::int32_t value) {
    for (std::int32_t v = group_.rank(); v < model_.num_variables; v += group_.size())
      tabu_.best_values[v] = v == other ? static_cast<std::uint16_t>(value) : chain_.values[v];
    group_.sync();
  }

  WARPSHARD_HD void save() {
    if (at_best_) save_best(/*other=*/-1, 0);
    at_best_ = false;
    group_.sync();
    if (group_.rank() == 0) *tabu_.status = status_;
    group_.sync();
  }

  Group group_;
  const ModelView& model_;
  ChainView& chain_;
  const TabuView& tabu_;
  const TabuRule& rule_;
  TabuStatus status_;     ///< every lane has the same
  bool at_best_ = false;  ///< the present state is the best, and not in best_values yet
};

}  // namespace warpshard
