#include <algorithm>
#include <span>

#include "host/model/parallel_for.h"
#include "host/reduce/cost_comparison.h"
#include "host/reduce/steps.h"

namespace warpshard::reduce {

namespace {

/// Domains above this size wait for dominance_of_large().
constexpr std::int32_t kLargeDomain = 64;

/// Variables that a thread looks at at a time.
constexpr std::size_t kBlock = 32;

/// So many candidates make a comparison that failed worth another sample.
constexpr std::ptrdiff_t kWorthASample = 8;

/// A value that another one can always replace.
struct Replaced {
  std::int32_t value = 0;
  std::int32_t by = 0;
};

/// A variable to look at.
struct Task {
  std::int32_t variable = 0;
  std::vector<std::int32_t> links;  ///< tables with the variable's values as rows
  std::vector<Replaced> doomed;     ///< the result
};

/// Finds variables' values that another one can always replace. Reads nothing that differs between
/// variables of one round, so it does not matter in which order they are looked at.
template <bool kHard>
class Replacement {
 public:
  Replacement(const State& state, StopGlance& stop) : state_(state), stop_(stop) {}

  /// A variable's, in the order in which they go. A value that went was dominated by one that stays
  /// or went later: dominance is transitive.
  std::vector<Replaced> find(const Task& task) {
    variable_ = &state_.variables[task.variable];
    started_ = false;
    gone_.assign(variable_->strategies.size(), 0);
    std::vector<Replaced> found;
    for (std::int32_t a = 0; a < variable_->domain() && !stop_.stopped(); ++a) {
      bad_ = gone_;
      bad_[a] = -1;
      rule_out_by_memory(a);
      if (none_left()) continue;
      const std::int32_t by = replacement(a, task.links);
      if (by == kNone) continue;
      gone_[a] = -1;
      found.push_back({a, by});
    }
    return found;
  }

 private:
  /// Rules out the values that at some time use more memory than a.
  void rule_out_by_memory(std::int32_t a) {
    const std::size_t domain = bad_.size();
    const std::int64_t* end = variable_->usage.data() + variable_->usage.size();
    for (const std::int64_t* usage = variable_->usage.data(); usage != end; usage += domain) {
      for (std::size_t b = 0; b < domain; ++b) bad_[b] |= usage[a] - usage[b];  // the sign tells
      if (none_left()) return;
    }
  }

  bool none_left() const {
    std::int64_t all = -1;
    for (const std::int64_t bad : bad_) all &= bad;
    return all < 0;
  }

  /// One of the values that are not ruled out which never costs more than a, or kNone.
  std::int32_t replacement(std::int32_t a, std::span<const std::int32_t> links) {
    if (!started_) costs_.start(state_.tables, variable_->unary, links);
    started_ = true;
    costs_.rule_out(a, bad_);
    for (std::int32_t b = variable_->domain(); b-- > 0;) {
      if (bad_[b] < 0) continue;
      if (costs_.never_dearer(b, a)) return b;
      const auto open = [](std::int64_t bad) { return bad >= 0; };
      if (std::count_if(bad_.begin(), bad_.begin() + b, open) >= kWorthASample)
        costs_.learn(b, a, bad_);
    }
    return kNone;
  }

  const State& state_;
  StopGlance& stop_;
  const Variable* variable_ = nullptr;  ///< the one looked at
  std::vector<std::int64_t> gone_;      ///< [domain] negative: has been replaced
  std::vector<std::int64_t> bad_;       ///< [domain] negative: cannot replace the value looked at
  CostComparison<kHard> costs_;
  bool started_ = false;  ///< the comparison of its costs
};

template <bool kHard>
void find_replaced(const State& state, std::span<Task> tasks, StopGlance& stop) {
  Replacement<kHard> replacement(state, stop);
  for (Task& task : tasks) task.doomed = replacement.find(task);
}

/// The variables of a worklist that are to be looked at now. Turning tables needs one thread.
std::vector<Task> take_tasks(State& state, Worklist& worklist, bool large, StopGlance& stop) {
  std::vector<Task> tasks;
  while (!worklist.empty() && !stop.stopped()) {
    const std::int32_t v = worklist.pop();
    const Variable& variable = state.variables[v];
    if (!variable.alive || variable.domain() < 2 || !variable.doomed.empty()) continue;
    if (!large && variable.domain() > kLargeDomain) {
      state.large_variables.push(v);
      continue;
    }
    tasks.push_back({v, {}, {}});
    state.for_each_link(v, [&](std::int32_t id) {
      tasks.back().links.push_back(state.table_from(v, state.links[id]));
    });
  }
  return tasks;
}

bool drop_from_all(State& state, Worklist& worklist, bool large, StopGlance& stop) {
  std::vector<Task> tasks = take_tasks(state, worklist, large, stop);
  std::vector<std::int32_t> chosen;
  for (const Task& task : tasks) chosen.push_back(task.variable);
  state.profile(chosen, stop.token());
  const std::size_t block = large ? 1 : kBlock;
  parallel_for(state.threads, tasks.size(), block, stop.token(),
               [&](std::size_t begin, std::size_t end) {
                 StopGlance glance(stop.token());
                 const auto part = std::span(tasks).subspan(begin, end - begin);
                 state.hard ? find_replaced<true>(state, part, glance)
                            : find_replaced<false>(state, part, glance);
               });
  bool changed = false;
  for (const Task& task : tasks) {
    for (const auto& [value, by] : task.doomed)
      state.doom(task.variable, value, ReductionTrace::Kind::kDominated, by);
    changed = changed || !task.doomed.empty();
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
