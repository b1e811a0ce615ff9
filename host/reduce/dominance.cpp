#include <algorithm>
#include <type_traits>

#include "host/reduce/steps.h"

namespace warpshard::reduce {

namespace {

/// Worst cost of exchanging value a for b, at [a * domain + b]; the finite sum alone when
/// forbidden entries are hard (anything that blocks is unaffordable), else both as one number.
template <bool kHard>
using Worst = std::conditional_t<kHard, std::int64_t, Int128>;

template <bool kHard>
void add_regrets(std::vector<Worst<kHard>>& worst, std::span<const std::int64_t> regrets) {
  for (std::size_t i = 0; i < regrets.size(); ++i) {
    if constexpr (kHard) {
      const bool unaffordable = blocks(worst[i]) || blocks(regrets[i]) || blocks(-regrets[i]);
      worst[i] = unaffordable ? kForbidden : worst[i] + regrets[i];
    } else {
      worst[i] += regrets[i];
    }
  }
}

template <bool kHard>
std::vector<Worst<kHard>> worst_exchanges(State& state, std::int32_t v) {
  const auto& unary = state.variables[v].unary;
  std::vector<Worst<kHard>> worst;
  worst.reserve(unary.size() * unary.size());
  for (const std::int64_t a : unary)
    for (const std::int64_t b : unary) worst.push_back(Worst<kHard>{b} - a);
  state.for_each_link(v, [&](std::int32_t id) {
    add_regrets<kHard>(worst, state.tables.regrets(state.table_from(v, state.links[id])));
  });
  return worst;
}

/// True if value b uses no more memory than value a, ever.
bool uses_no_more(const Variable& variable, std::int32_t b, std::int32_t a) {
  const auto domain = static_cast<std::size_t>(variable.domain());
  for (const std::int64_t* usage = variable.usage.data();
       usage != variable.usage.data() + variable.usage.size(); usage += domain)
    if (usage[b] > usage[a]) return false;
  return true;
}

template <bool kHard>
bool drop_dominated(State& state, std::int32_t v) {
  state.profile(v);
  const Variable& variable = state.variables[v];
  const std::int32_t domain = variable.domain();
  const auto worst = worst_exchanges<kHard>(state, v);
  std::vector<std::uint8_t> gone(domain, 0);
  bool changed = false;
  // A value that went was dominated by one that stays or went later: dominance is transitive.
  for (std::int32_t a = 0; a < domain; ++a) {
    for (std::int32_t b = 0; b < domain; ++b) {
      if (b == a || gone[b] != 0 || worst[std::int64_t{a} * domain + b] > 0) continue;
      if (!uses_no_more(variable, b, a)) continue;
      gone[a] = 1;
      state.doom(v, a);
      changed = true;
      break;
    }
  }
  return changed;
}

}  // namespace

bool dominance(State& state) {
  bool changed = false;
  while (!state.dominance_variables.empty()) {
    const std::int32_t v = state.dominance_variables.pop();
    const Variable& variable = state.variables[v];
    if (!variable.alive || variable.domain() < 2 || !variable.doomed.empty()) continue;
    if (state.hard ? drop_dominated<true>(state, v) : drop_dominated<false>(state, v))
      changed = true;
  }
  return changed;
}

}  // namespace warpshard::reduce
