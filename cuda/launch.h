#pragma once

#include <cstdint>

#include "host/device/population_plan.h"
#include "kernels/population.h"

// Kernel launches on the calling thread's stream of the current device. They return at once; a
// failed launch throws std::runtime_error. Views hold device pointers.

namespace warpshard::cuda {

/// start_chain() for chains [first, first + count).
void start_chains(const PopulationView& view, std::int32_t first, std::int32_t count);

/// run_chain() for all chains.
void run_chains(const PopulationView& view, const ChainWork& work);

/// measure_chain(), tighten_chain() for all chains.
void measure_chains(const PopulationView& view);
void tighten_chains(const PopulationView& view, float tolerance);

/// keep_elite(), cross_island(), exchange_island() for all islands.
void keep_elites(const PopulationView& view);
void cross_islands(const PopulationView& view, std::uint32_t chunk);
void exchange_islands(const PopulationView& view, std::uint32_t chunk);

/// All islands' next prices and their prefix sums.
void follow_prices(const PopulationView& view, const PriceRule& rule);

/// Prefix sums of all islands' prices.
void sum_prices(const PopulationView& view);

/// All islands' priced unary rows.
void price_rows(const PopulationView& view);

/// What the current device offers.
DeviceLimits device_limits();

}  // namespace warpshard::cuda
