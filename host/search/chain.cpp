#include "host/search/chain.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <type_traits>

#include "host/device/population_plan.h"
#include "kernels/absorb.h"
#include "kernels/island_prices.h"
#include "kernels/serial_group.h"

namespace warpshard {
namespace {

/// The chain's number in its population, and its island's.
constexpr std::int32_t kOnly = 0;

/// Floats of scores in a tree block; stays in a core's private cache.
constexpr std::int32_t kScoreRoom = 1 << 14;

}  // namespace

Chain::Chain(const ModelView& model, const NoiseTable& noise, std::uint64_t seed,
             std::uint64_t number, InstructionSet instructions)
    : number_(number), instructions_(instructions), random_(seed, number), sites_(model) {
  PopulationShape shape = shape_of(model, /*chains=*/1, /*chains_per_island=*/1);
  shape.score_room = std::max(shape.score_room, kScoreRoom);
  shape.rooms_by_levels = 0;  // one lane
  shape.quad_room = std::numeric_limits<std::int32_t>::max();
  storage_.lay_out(shape, population_);
  population_.model = model;
  population_.noise = noise.view();
  population_.policy.roots = sites_.roots.data();
  population_.policy.num_roots = static_cast<std::int32_t>(sites_.roots.size());
  population_.policy.loners = sites_.loners.data();
  population_.policy.num_loners = static_cast<std::int32_t>(sites_.loners.size());
}

void Chain::start(std::span<const std::int32_t> values, std::span<const float> prices) {
  std::copy(values.begin(), values.end(), storage_.values.begin());
  start_chain(SerialGroup{}, population_, kOnly);
  settled_ = true;
  set_prices(prices);
}

void Chain::set_prices(std::span<const float> prices) {
  storage_.prices = bounded_prices(prices, model().price_ceiling);
  population_.prices = storage_.prices.data();
  sum_island_prices(population_, kOnly);
  price_rows();
}

void Chain::price_rows() {
  dispatch(instructions_, [&] { price_island_rows(SerialGroup{}, population_, kOnly); });
}

void Chain::follow_prices(const PriceRule& rule) {
  if (storage_.prices.empty()) return;
  follow_island_prices(population_, rule, kOnly);
  tighten_chain(SerialGroup{}, population_, kOnly, /*tolerance=*/0);
  price_rows();
}

void Chain::limit_memory(float tolerance) {
  tighten_chain(SerialGroup{}, population_, kOnly, tolerance);
}

void Chain::run(float temperature, std::int64_t visits) {
  const MovePolicy& moves = population_.policy;
  if (moves.num_roots == 0) return sweep_loners(temperature);
  if (!moves.valid()) throw std::invalid_argument("no such sizes of tree blocks");
  ChainView chain = unsettled_view(temperature);
  const std::uint64_t seed = random_.seed();
  dispatch(instructions_,
           [&] { run_steps(SerialGroup{}, Alone{}, model(), chain, moves, seed, seed, visits); });
}

void Chain::sweep_loners(float temperature) {
  ChainView chain = unsettled_view(temperature);
  dispatch(instructions_, [&] {
    warpshard::sweep_loners(SerialGroup{}, model(), chain, population_.policy, random_);
  });
}

void Chain::transfer(Archive& archive) {
  archive(number_, random_, population_.policy.least_log2_tree, settled_);
  PopulationStorage<HostSpace>::each_that_lasts(
      storage_, population_.shape, [&](auto& array, std::int64_t entries) {
        auto copy = archive.reading() ? std::decay_t<decltype(array)>() : array;
        archive(copy);
        if (std::ssize(copy) != entries) throw ArchiveError("a chain on another model");
        std::ranges::copy(copy, array.begin());  // views point to where the array is
      });
}

std::int32_t Chain::absorb(std::span<const std::int32_t> other) {
  std::copy(other.begin(), other.end(), storage_.elite_values.begin());
  ChainView chain = view(0);
  return Absorb(SerialGroup{}, model(), chain)
      .run(storage_.elite_values.data(), storage_.queues.data());
}

std::vector<std::int32_t> Chain::values() const {
  return {storage_.values.begin(), storage_.values.begin() + model().num_variables};
}

const CostAccount& Chain::account() {
  if (!settled_) {
    ChainView chain = population_.chain(kOnly);
    settle_account(SerialGroup{}, model(), chain);
    settled_ = true;
  }
  return storage_.status.front().account;
}

ChainView Chain::view(float temperature) {
  account();
  ChainView chain = unsettled_view(temperature);
  settled_ = true;
  return chain;
}

ChainView Chain::unsettled_view(float temperature) {
  settled_ = false;
  ChainView chain = population_.chain(kOnly);
  chain.temperature = temperature < kHottest ? temperature : kHottest;
  return chain;
}

std::span<const std::int32_t> Chain::floor() const {
  if (storage_.status.front().has_floor == 0) return {};
  return storage_.floor;
}

std::int64_t Chain::excess() const {
  return excess_of(SerialGroup{}, population_, kOnly);
}

std::vector<std::int32_t> Chain::slack() const {
  std::vector<std::int32_t> slack(storage_.floor.size());
  for (std::int32_t t = 0; t < model().num_times; ++t)
    slack[static_cast<std::size_t>(t)] = population_.slack(kOnly, t);
  return slack;
}

}  // namespace warpshard
