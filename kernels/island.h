#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/absorb.h"
#include "kernels/population.h"

namespace warpshard {

/// Numbers of random streams that no chain has.
inline constexpr std::uint64_t kExchangeStream = std::uint64_t{1} << 63;
inline constexpr std::uint64_t kIslandStream = std::uint64_t{1} << 62;

/// Chance of swapping two replicas' temperatures: detailed balance over the pair (Swendsen, Wang:
/// "Replica Monte Carlo simulation of spin glasses", Phys. Rev. Lett. 57, 1986).
WARPSHARD_HD inline double swap_chance(double energy_cold, double energy_hot, float cold,
                                       float hot) {
  const double gain =
      (energy_cold - energy_hot) * (1 / static_cast<double>(cold) - 1 / static_cast<double>(hot));
  return gain >= 0 ? 1 : std::exp(gain);
}

/// Replica exchange between temperature neighbours of one island, after measure_chain() of all its
/// chains. Temperatures move, states stay. Even chunks pair rungs (0,1), (2,3), ..., odd ones
/// (1,2), (3,4), ...
template <typename Group>
WARPSHARD_HD void exchange_island(Group group, const PopulationView& population,
                                  std::int32_t island, std::uint32_t chunk) {
  const std::int32_t rungs = population.shape.chains_per_island;
  std::int32_t* const ladder = population.ladder + PopulationView::row(island, rungs);
  const auto parity = static_cast<std::int32_t>(chunk % 2);
  for (std::int32_t r = parity + 2 * group.rank(); r + 1 < rungs; r += 2 * group.size()) {
    const std::int32_t cold = ladder[r];
    const std::int32_t hot = ladder[r + 1];
    const double chance =
        swap_chance(population.measures[cold].energy, population.measures[hot].energy,
                    population.temperatures[r], population.temperatures[r + 1]);
    const Philox draw = Philox::block(
        chunk, kExchangeStream | static_cast<std::uint64_t>(island * rungs + r), population.seed);
    if (static_cast<double>(draw.words[0]) >= chance * 4294967296.0) continue;
    ladder[r] = hot;
    ladder[r + 1] = cold;
    population.rungs[hot] = r;
    population.rungs[cold] = r + 1;
  }
  group.sync();
}

/// Keeps the island's best state within the limit, after measure_chain() of all its chains.
template <typename Group>
WARPSHARD_HD void keep_elite(Group group, const PopulationView& population, std::int32_t island) {
  const std::int32_t first = island * population.shape.chains_per_island;
  IslandElite best = population.elites[island];
  std::int32_t winner = -1;
  for (std::int32_t c = first; c < first + population.shape.chains_per_island; ++c) {
    if (population.measures[c].excess != 0) continue;
    const CostAccount& account = population.status[c].account;
    if (best.found != 0 && !(account < best.account)) continue;
    best.account = account;
    best.found = 1;
    winner = c;
  }
  group.sync();
  if (winner < 0) return;
  const std::int32_t stride = population.shape.value_stride;
  const std::uint16_t* const from = population.values + PopulationView::row(winner, stride);
  std::uint16_t* const to = population.elite_values + PopulationView::row(island, stride);
  for (std::int32_t v = group.rank(); v < stride; v += group.size()) to[v] = from[v];
  if (group.rank() == 0) {
    ++best.version;
    population.elites[island] = best;
  }
  group.sync();
}

/// Crossover between islands, after keep_elite() of all: the coldest chain takes over what is
/// cheaper in the elite of another island, drawn at random.
template <typename Group>
WARPSHARD_HD void cross_island(Group group, const PopulationView& population, std::int32_t island,
                               std::uint32_t chunk) {
  const PopulationShape& shape = population.shape;
  const auto others = static_cast<std::uint32_t>(shape.num_islands() - 1);
  if (others == 0) return;
  RandomStream random(population.seed, kIslandStream | static_cast<std::uint64_t>(island),
                      std::uint64_t{chunk} << 32);
  const auto step = static_cast<std::int32_t>(1 + random.below(others));
  const std::int32_t other = (island + step) % shape.num_islands();
  if (population.elites[other].found == 0) return;
  ChainView chain =
      population.chain(population.ladder[PopulationView::row(island, shape.chains_per_island)]);
  Absorb<Group>(group, population.model, chain)
      .run(population.elite_values + PopulationView::row(other, shape.value_stride),
           population.queues + PopulationView::row(island, 2 * shape.num_variables));
  group.sync();
}

}  // namespace warpshard
