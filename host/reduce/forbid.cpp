#include "host/reduce/steps.h"

namespace warpshard::reduce {

namespace {

/// Dooms the values of both ends that a table allows no partner.
void doom_dead_lines(State& state, const Link& link) {
  const auto entries = state.tables.entries(link.table);
  const std::int32_t rows = state.tables.rows(link.table);
  const std::int32_t columns = state.tables.columns(link.table);
  std::vector<std::uint8_t> column_lives(columns, 0);
  for (std::int32_t a = 0; a < rows; ++a) {
    bool row_lives = false;
    for (std::int32_t b = 0; b < columns; ++b) {
      if (blocks(entries[std::int64_t{a} * columns + b])) continue;
      row_lives = true;
      column_lives[b] = 1;
    }
    if (!row_lives) state.doom(link.u, a, ReductionTrace::Kind::kNotAllowed);
  }
  for (std::int32_t b = 0; b < columns; ++b)
    if (column_lives[b] == 0) state.doom(link.v, b, ReductionTrace::Kind::kNotAllowed);
}

}  // namespace

bool forbid(State& state, StopGlance& stop) {
  const std::int64_t before = state.num_values;
  while (!state.forbid_links.empty() || !state.doomed_variables.empty()) {
    while (!state.forbid_links.empty()) {
      if (stop.stopped()) return true;
      const Link link = state.links[state.forbid_links.pop()];
      if (state.hard && link.alive() && state.tables.traits(link.table).has_dead_line)
        doom_dead_lines(state, link);
    }
    if (!state.remove_doomed(stop)) return true;
  }
  return state.num_values != before;
}

}  // namespace warpshard::reduce
