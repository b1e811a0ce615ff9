#pragma once

#include <cstdint>

#include "kernels/chain_step.h"
#include "kernels/chain_view.h"
#include "kernels/prices.h"
#include "kernels/tabu_search.h"

namespace warpshard {

/// Sizes of a population of chains. Chains of one island share their prices and stand on one ladder
/// of temperatures; chain c belongs to island c / chains_per_island.
struct PopulationShape {
  std::int32_t num_chains = 0;
  std::int32_t chains_per_island = 1;
  std::int32_t num_variables = 0;
  std::int32_t num_times = 0;
  std::int32_t num_blocks = 0;       ///< of MemoryProfile
  std::int32_t num_rows = 0;         ///< entries of all unary rows
  std::int32_t value_stride = 0;     ///< num_variables, padded so that chains do not share sectors
  std::int32_t score_room = 0;       ///< of MoveScratch
  std::int32_t quad_room = 0;        ///< of TreeRooms
  std::int32_t rooms_per_chain = 1;  ///< trees that a chain grows at a time
  std::int32_t rooms_by_levels = 1;  ///< the same if several lanes may grow them, else 0
  bool tabu = false;                 ///< there is room for tabu searches

  WARPSHARD_HD std::int32_t num_islands() const { return num_chains / chains_per_island; }
  WARPSHARD_HD std::int32_t score_entries() const { return 2 * score_room + MoveScratch::kParts; }
  WARPSHARD_HD std::int32_t padded_times() const { return num_blocks * MemoryProfile::kBlock; }
};

/// Unsigned ints of MoveScratch per chain.
inline constexpr std::int32_t kRowInts = TreeRoom::kMaxTree + TreeRoom::kItemRoom;

/// The small part of a chain's state.
struct ChainStatus {
  CostAccount account;
  MoveCounters counters;
  std::int32_t has_floor = 0;  ///< 0: the chain's floor is 0 everywhere
};

/// What a chain's state is worth.
struct ChainMeasure {
  double energy = 0;        ///< cost at the island's prices, up to a constant of the island
  std::int64_t excess = 0;  ///< usage above capacity, summed over time points, in quanta
};

/// The best state within the limit that an island has held after a chunk.
struct IslandElite {
  CostAccount account;
  std::int32_t found = 0;    ///< 0: none yet
  std::int32_t version = 0;  ///< goes up whenever the elite is replaced
};

/// Many chains' states as arrays over chains, in the memory of the backend that runs them (not
/// owned). Rows of different chains never overlap.
struct PopulationView {
  ModelView model;
  NoiseView noise;
  MovePolicy policy;
  PopulationShape shape;
  std::uint64_t seed = 0;

  std::uint16_t* values = nullptr;      ///< [chains][value_stride]
  std::uint16_t* accounted = nullptr;   ///< [chains][value_stride] what the accounts are for
  std::int32_t* headroom = nullptr;     ///< [chains][padded_times] quanta
  std::int32_t* block_add = nullptr;    ///< [chains][blocks] quanta
  std::int32_t* block_least = nullptr;  ///< [chains][blocks] quanta
  std::int32_t* floor = nullptr;        ///< [chains][times] least slack a move may leave, <= 0
  ChainStatus* status = nullptr;        ///< [chains]
  ChainMeasure* measures = nullptr;     ///< [chains] of the last measure_chain()
  std::int32_t* rungs = nullptr;        ///< [chains] place on the ladder, 0 is the coldest
  std::int32_t* ladder = nullptr;       ///< [islands][chains_per_island] chain at each rung
  float* temperatures = nullptr;        ///< [chains_per_island] by rung, cost units

  float* scores = nullptr;               ///< [chains][score_entries]
  std::uint16_t* tree_values = nullptr;  ///< [chains][kMaxTree]
  std::int32_t* tree_changes = nullptr;  ///< [chains][kMaxTree]
  std::uint32_t* tree_rows = nullptr;    ///< [chains][kRowInts]

  TreeNode* tree_nodes = nullptr;         ///< [chains][rooms][kNodes]
  Arc* tree_items = nullptr;              ///< [chains][rooms][kItemRoom]
  JoinedVariable* joined = nullptr;       ///< [chains][kMaxTree]
  TreeLevel* tree_levels = nullptr;       ///< [chains][rooms][kNodes]
  ScoreQuad* scored_quads = nullptr;      ///< [chains][rooms][2 * quad_room]
  TableQuad* table_quads = nullptr;       ///< [chains][rooms][quad_room]
  SumQuad* sum_quads = nullptr;           ///< [chains][rooms][2 * quad_room]
  ChosenRow* chosen_rows = nullptr;       ///< [chains][rooms][kNodes]
  TreeCandidate* frontiers = nullptr;     ///< [chains][kMaxFrontier]
  std::uint32_t* marks = nullptr;         ///< [chains][variables]
  std::uint32_t* stamps_taken = nullptr;  ///< [chains]

  float* promise = nullptr;            ///< [chains][TabuView::promise_entries]; these if shape.tabu
  std::uint32_t* free_from = nullptr;  ///< [chains][rows]
  std::uint16_t* tabu_best = nullptr;  ///< [chains][value_stride]
  TabuStatus* tabu_status = nullptr;   ///< [chains]

  float* prices = nullptr;        ///< [islands][times] cost units per usage quantum
  double* prefix = nullptr;       ///< [islands][times + 1] sums of the prices before a time point
  float* priced_unary = nullptr;  ///< [islands][rows]

  std::int32_t* queues = nullptr;         ///< [islands][2 * variables] see Absorb
  std::uint16_t* elite_values = nullptr;  ///< [islands][value_stride]
  IslandElite* elites = nullptr;          ///< [islands]

  WARPSHARD_HD std::int32_t island_of(std::int32_t chain) const {
    return chain / shape.chains_per_island;
  }
  /// Start of a chain's or island's row in an array of rows of `length`.
  WARPSHARD_HD static std::int64_t row(std::int32_t index, std::int32_t length) {
    return static_cast<std::int64_t>(index) * length;
  }
  /// Capacity less usage at a time point, in quanta.
  WARPSHARD_HD std::int32_t slack(std::int32_t chain, std::int32_t t) const {
    return profile(chain).at(t) + floor[row(chain, shape.num_times) + t];
  }
  /// Headroom: slack above the chain's floor.
  WARPSHARD_HD MemoryProfile profile(std::int32_t chain) const {
    return {shape.num_blocks, headroom + row(chain, shape.padded_times()),
            block_add + row(chain, shape.num_blocks), block_least + row(chain, shape.num_blocks)};
  }
  /// The chain as the moves see it.
  WARPSHARD_HD ChainView chain(std::int32_t c) const {
    ChainView chain;
    chain.values = values + row(c, shape.value_stride);
    chain.accounted = accounted + row(c, shape.value_stride);
    chain.priced_unary = priced_unary + row(island_of(c), shape.num_rows);
    chain.memory = profile(c);
    chain.account = &status[c].account;
    chain.counters = &status[c].counters;
    chain.noise = noise;
    chain.temperature = temperatures[rungs[c]];
    chain.scratch = scratch(c);
    return chain;
  }
  WARPSHARD_HD MoveScratch scratch(std::int32_t c) const {
    MoveScratch scratch;
    scratch.scores = scores + row(c, shape.score_entries());
    scratch.messages = scratch.scores + shape.score_room;
    scratch.parts = scratch.messages + shape.score_room;
    scratch.tree_values = tree_values + row(c, TreeRoom::kMaxTree);
    scratch.tree_changes = tree_changes + row(c, TreeRoom::kMaxTree);
    scratch.noise_words = tree_rows + row(c, kRowInts);
    scratch.rows = scratch.noise_words + TreeRoom::kMaxTree;
    scratch.num_rooms = shape.rooms_per_chain;
    const std::int64_t before = row(c, shape.rooms_per_chain);
    TreeRooms& rooms = scratch.rooms;
    rooms.nodes = tree_nodes + before * TreeRoom::kNodes;
    rooms.items = tree_items + before * TreeRoom::kItemRoom;
    rooms.joined = joined + row(c, TreeRoom::kMaxTree);
    rooms.levels = tree_levels + before * TreeRoom::kNodes;
    rooms.scored = scored_quads + 2 * before * shape.quad_room;
    rooms.tables = table_quads + before * shape.quad_room;
    rooms.sums = sum_quads + 2 * before * shape.quad_room;
    rooms.chosen = chosen_rows + before * TreeRoom::kNodes;
    rooms.waiting = scratch.rows;  // which nothing needs while a tree grows
    rooms.frontier = frontiers + row(c, TreeRoom::kMaxFrontier);
    rooms.marks = marks + row(c, shape.num_variables);
    rooms.stamps_taken = stamps_taken + c;
    rooms.score_room = shape.score_room;
    rooms.quad_room = shape.quad_room;
    return scratch;
  }
  /// What a tabu search on the chain keeps.
  WARPSHARD_HD TabuView tabu(std::int32_t c) const {
    TabuView tabu;
    tabu.promise = promise + row(c, TabuView::promise_entries(shape.num_variables));
    tabu.free_from = free_from + row(c, shape.num_rows);
    tabu.best_values = tabu_best + row(c, shape.value_stride);
    if (status[c].has_floor != 0) tabu.floor = floor + row(c, shape.num_times);
    tabu.status = tabu_status + c;
    return tabu;
  }
};

/// Usage never exceeds so many times a capacity, in 32 bits of quanta; see ModelView.
inline constexpr float kMostTolerance = 6;

/// Lets usage limits tighten to the present usage: from here on no move may raise usage above
/// max(capacity * (1 + tolerance), usage now).
template <typename Group>
WARPSHARD_HD void tighten_chain(Group group, const PopulationView& population, std::int32_t c,
                                float tolerance) {
  const PopulationShape& shape = population.shape;
  MemoryProfile memory = population.chain(c).memory;
  std::int32_t* const floor = population.floor + PopulationView::row(c, shape.num_times);
  const float share = tolerance < kMostTolerance ? tolerance : kMostTolerance;
  std::int64_t below = 0;
  for (std::int32_t t = group.rank(); t < shape.num_times; t += group.size()) {
    const std::int32_t slack = population.slack(c, t);
    const auto allowed =
        -static_cast<std::int32_t>(share * static_cast<float>(population.model.capacity[t]));
    floor[t] = slack < allowed ? slack : allowed;
    memory.headroom[t] = slack - floor[t];
    below += floor[t] < 0 ? 1 : 0;
  }
  below = group.sum(below);
  if (group.rank() == 0) population.status[c].has_floor = below > 0 ? 1 : 0;
  memory.rebuild(group);
}

/// The exact cost of a chain's values; every lane holds the result.
template <typename Group>
WARPSHARD_HD CostAccount account_of(Group group, const ModelView& model,
                                    const std::uint16_t* values) {
  CostAccount account;
  for (std::int32_t v = group.rank(); v < model.num_variables; v += group.size()) {
    const std::int32_t value = values[v];
    account.add(model.exact_unary[model.row_offsets[v] + value]);
    for (std::int32_t a = model.arc_offsets[v]; a < model.arc_offsets[v + 1]; ++a) {
      const Arc& arc = model.arcs[a];
      if (arc.neighbour > v) continue;  // counted once, from the later end
      account.add(model.exact_tables[arc.at(values[arc.neighbour]) + value]);
    }
  }
  account.finite = group.sum(account.finite);
  account.forbidden = group.sum(account.forbidden);
  return account;
}

/// Makes `memory` the capacities less the usage of `values`. block_least is left to rebuild().
template <typename Group>
WARPSHARD_HD void lay_out_usage(Group group, const ModelView& model, const std::uint16_t* values,
                                MemoryProfile& memory) {
  constexpr std::int32_t kBlock = MemoryProfile::kBlock;
  std::int32_t* const steps = memory.headroom;  // usage here less usage just before, at first
  for (std::int32_t t = group.rank(); t < memory.num_blocks * kBlock; t += group.size())
    steps[t] = 0;
  group.sync();
  for (std::int32_t v = 0; group.rank() == 0 && v < model.num_variables; ++v) {
    for (std::int32_t s = model.segment_offsets[v]; s < model.segment_offsets[v + 1]; ++s) {
      const UsageSegment& segment = model.segments[s];
      const std::int32_t amount = model.usage[segment.row + values[v]];
      steps[segment.begin] += amount;
      if (segment.end < model.num_times) steps[segment.end] -= amount;
    }
  }
  group.sync();
  // A lane per block: first what usage rises by in each, then from where it rises.
  for (std::int32_t b = group.rank(); b < memory.num_blocks; b += group.size()) {
    std::int32_t rise = 0;
    for (std::int32_t t = b * kBlock; t < (b + 1) * kBlock; ++t) rise += steps[t];
    memory.block_add[b] = rise;
  }
  group.sync();
  std::int32_t level = 0;
  for (std::int32_t b = 0; group.rank() == 0 && b < memory.num_blocks; ++b) {
    const std::int32_t rise = memory.block_add[b];
    memory.block_add[b] = level;
    level += rise;
  }
  group.sync();
  for (std::int32_t b = group.rank(); b < memory.num_blocks; b += group.size()) {
    std::int32_t usage = memory.block_add[b];
    for (std::int32_t t = b * kBlock; t < (b + 1) * kBlock; ++t) {
      usage += steps[t];
      memory.headroom[t] =
          t < model.num_times ? model.capacity[t] - usage : MemoryProfile::kUnlimited;
    }
    memory.block_add[b] = 0;
  }
  group.sync();
}

/// Takes over the values in population.values: accounts for their cost and memory.
template <typename Group>
WARPSHARD_HD void start_chain(Group group, const PopulationView& population, std::int32_t c) {
  const PopulationShape& shape = population.shape;
  ChainView chain = population.chain(c);
  const CostAccount account = account_of(group, population.model, chain.values);
  if (group.rank() == 0) *chain.account = account;
  for (std::int32_t v = group.rank(); v < shape.num_variables; v += group.size())
    chain.accounted[v] = chain.values[v];
  std::int32_t* const floor = population.floor + PopulationView::row(c, shape.num_times);
  for (std::int32_t t = group.rank(); t < shape.num_times; t += group.size()) floor[t] = 0;
  lay_out_usage(group, population.model, chain.values, chain.memory);
  tighten_chain(group, population, c, /*tolerance=*/0);
}

/// One chunk of all chains' work.
struct ChainWork {
  std::int64_t visits = 0;  ///< variables that each chain scores, about
  std::uint32_t chunk = 0;
  std::int32_t tabu_chains = 0;  ///< so many, the first ones, search with tabu
  TabuRule rule;
};

/// Random streams of islands, far from those of chains.
inline constexpr std::uint64_t kIslandStreams = std::uint64_t{1} << 40;

/// A chunk of annealing, after one sweep over the loners. `chain` is population.chain(c), small
/// parts of it perhaps in faster memory; the team's chains are of its island. The random streams
/// depend on the seed, the chain, its island and the chunk alone: chains of an island visit the
/// same trees.
template <typename Group, typename Team>
WARPSHARD_HD void anneal_chain(Group group, Team team, const PopulationView& population,
                               ChainView& chain, std::int32_t c, const ChainWork& work) {
  const std::uint64_t position = std::uint64_t{work.chunk} << 32;
  RandomStream random(population.seed, static_cast<std::uint64_t>(c), position);
  sweep_loners(group, population.model, chain, population.policy, random);
  if (population.policy.num_roots > 0) {
    const auto island = static_cast<std::uint64_t>(population.island_of(c));
    RandomStream shared(population.seed, kIslandStreams + island, position);
    run_steps(group, team, population.model, chain, population.policy, shared.seed(), random.seed(),
              work.visits);
  }
  settle_account(group, population.model, chain);
}

/// A chunk of tabu search from the chain's state; the chain ends in the best state within the
/// limit, if there was one. Looking at all variables first counts as work, but at least a quarter
/// of the visits is for steps. Otherwise as anneal_chain().
template <typename Group>
WARPSHARD_HD void tabu_chain(Group group, const PopulationView& population, ChainView& chain,
                             std::int32_t c, const ChainWork& work) {
  RandomStream random(population.seed, static_cast<std::uint64_t>(c),
                      std::uint64_t{work.chunk} << 32);
  chain.temperature = 0;
  const TabuView tabu = population.tabu(c);
  TabuSearch<Group> search(group, population.model, chain, tabu, work.rule);
  search.start();
  const std::int64_t least = work.visits / 4;
  const std::int64_t left = work.visits - population.shape.num_variables;
  search.run(left > least ? left : least, random);
  search.settle();
}

/// A chain's part of a chunk.
template <typename Group, typename Team>
WARPSHARD_HD void run_chain(Group group, Team team, const PopulationView& population,
                            ChainView& chain, std::int32_t c, const ChainWork& work) {
  if (c < work.tabu_chains) {
    tabu_chain(group, population, chain, c, work);
  } else {
    anneal_chain(group, team, population, chain, c, work);
  }
}

/// A chain's usage above capacity, summed over time points, in quanta; every lane holds the result.
template <typename Group>
WARPSHARD_HD std::int64_t excess_of(Group group, const PopulationView& population, std::int32_t c) {
  std::int64_t excess = 0;
  for (std::int32_t t = group.rank(); t < population.shape.num_times; t += group.size()) {
    const std::int32_t slack = population.slack(c, t);
    if (slack < 0) excess -= slack;
  }
  return group.sum(excess);
}

/// What all slack together is worth at most in a chain's energy, so that it fits in 64 bits.
inline constexpr double kMostSpare = 4e18;

/// Measures a chain's energy and excess. Sums of integers, so the lanes' order does not matter.
template <typename Group>
WARPSHARD_HD void measure_chain(Group group, const PopulationView& population, std::int32_t c) {
  const std::int32_t times = population.shape.num_times;
  const float* const prices =
      population.prices + PopulationView::row(population.island_of(c), times);
  const double most = kMostSpare / (times + 1);
  std::int64_t spare = 0;
  for (std::int32_t t = group.rank(); t < times; t += group.size()) {
    const double worth = static_cast<double>(prices[t]) * population.slack(c, t);
    spare += static_cast<std::int64_t>(worth < -most ? -most : worth > most ? most : worth);
  }
  spare = group.sum(spare);
  const std::int64_t excess = excess_of(group, population, c);
  if (group.rank() == 0) {
    const CostAccount& account = population.status[c].account;
    const double forbidden = static_cast<double>(population.model.forbidden_cost);
    population.measures[c].energy = static_cast<double>(account.finite) +
                                    forbidden * static_cast<double>(account.forbidden) -
                                    static_cast<double>(spare);
    population.measures[c].excess = excess;
  }
  group.sync();
}

}  // namespace warpshard
