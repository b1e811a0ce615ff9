#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "host/device/attempt.h"
#include "host/device/backend.h"
#include "host/device/local_model.h"
#include "host/device/storage.h"

namespace warpshard {

/// DeviceSearch over any backend: what is uploaded, launched and read back, in which order. Backend
/// has a memory `Space` and runs the functions of kernels/population.h and kernels/island.h over
/// all chains or islands; it throws std::exception on failure.
template <typename BackendType>
class PopulationSearch final : public DeviceSearch {
 public:
  using Backend = BackendType;
  using Space = typename Backend::Space;

  PopulationSearch(Backend backend, const FlatModel& model, std::span<const float> noise,
                   const PopulationPlan& plan, std::uint64_t seed)
      : backend_(std::move(backend)), plan_(plan) {
    upload(model, noise);
    population_.lay_out(plan.shape, view_);
    harvested_.assign(static_cast<std::size_t>(plan.shape.num_islands()), 0);
    view_.seed = seed;
    backend_.wait();
  }

  /// Memory is freed on the device that it belongs to.
  ~PopulationSearch() override {
    attempt(backend_, [] {});
  }
  PopulationSearch(const PopulationSearch&) = delete;
  PopulationSearch& operator=(const PopulationSearch&) = delete;

  const PopulationPlan& plan() const override { return plan_; }

  DeviceStatus start(std::span<const Assignment> starts, std::span<const float> prices) override {
    return attempt(backend_, [&] {
      const PopulationShape& shape = plan_.shape;
      fill(population_.marks);
      fill(population_.stamps_taken);
      fill(population_.status);
      fill(population_.elites);
      harvested_.assign(static_cast<std::size_t>(shape.num_islands()), 0);
      reset_ladder();
      write_starts(starts);
      backend_.start_chains(view_, 0, shape.num_chains);
      write_prices(prices);
    });
  }

  DeviceStatus set_prices(std::span<const float> prices) override {
    return attempt(backend_, [&] { write_prices(prices); });
  }

  DeviceStatus inject(std::span<const Assignment> states) override {
    return attempt(backend_, [&] {
      const std::int32_t islands = plan_.shape.num_islands();
      const std::int32_t rungs = plan_.shape.chains_per_island;
      const auto ladder = Space::read(population_.ladder, 0, plan_.shape.num_chains);
      for (std::size_t k = 0; k < states.size(); ++k) {
        const auto island = static_cast<std::int32_t>(k) % islands;
        const auto rung = rungs - 1 - static_cast<std::int32_t>(k) / islands;
        if (rung < 0) break;
        const std::int32_t chain = ladder[PopulationView::row(island, rungs) + rung];
        write_values(states[k], chain);
        backend_.start_chains(view_, chain, 1);
      }
      backend_.wait();
    });
  }

  DeviceStatus run_chunk(const ChunkOptions& options) override {
    return attempt(backend_, [&] {
      write_temperatures(options);
      view_.policy.least_log2_tree = options.least_log2_tree;
      view_.policy.most_log2_tree = options.most_log2_tree;
      if (!view_.policy.valid()) throw std::invalid_argument("no such sizes of tree blocks");
      backend_.tighten_chains(view_, options.tolerance);
      run_chains(options);
      if (options.cross) backend_.cross_islands(view_, chunk_);
      backend_.measure_chains(view_);
      backend_.keep_elites(view_);
      if (options.exchange) backend_.exchange_islands(view_, chunk_);
      if (options.follow_prices) {
        backend_.follow_prices(view_, options.rule);
        backend_.price_rows(view_);
      }
      backend_.wait();
      ++chunk_;
    });
  }

  Result<std::vector<HarvestedState>> harvest(std::size_t most) override {
    return attempt(backend_, [&] {
      std::vector<HarvestedState> found;
      const auto elites = Space::read(population_.elites, 0, plan_.shape.num_islands());
      std::vector<std::size_t> fresh;
      for (std::size_t i = 0; i < elites.size(); ++i)
        if (elites[i].version > harvested_[i]) fresh.push_back(i);
      std::sort(fresh.begin(), fresh.end(), [&](std::size_t a, std::size_t b) {
        return elites[a].account < elites[b].account;
      });
      if (fresh.size() > most) fresh.resize(most);
      for (const std::size_t island : fresh) {
        harvested_[island] = elites[island].version;
        const auto values = read_row(population_.elite_values, static_cast<std::int32_t>(island),
                                     plan_.shape.value_stride);
        found.push_back({read_in_order(values, order_), static_cast<std::int32_t>(island),
                         read_row(population_.prices, static_cast<std::int32_t>(island),
                                  plan_.shape.num_times)});
      }
      return found;
    });
  }

  Result<ChainSnapshot> snapshot(std::int32_t chain) override {
    return attempt(backend_, [&] {
      ChainSnapshot snapshot;
      const PopulationShape& shape = plan_.shape;
      const auto values = read_row(population_.values, chain, shape.value_stride);
      snapshot.values = read_in_order(values, order_);
      snapshot.account = Space::read(population_.status, chain, 1).front().account;
      snapshot.rung = Space::read(population_.rungs, chain, 1).front();
      const auto headroom = read_row(population_.headroom, chain, shape.padded_times());
      const auto block_add = read_row(population_.block_add, chain, shape.num_blocks);
      snapshot.slack = read_row(population_.floor, chain, shape.num_times);
      for (std::size_t t = 0; t < snapshot.slack.size(); ++t)
        snapshot.slack[t] += headroom[t] + block_add[t / MemoryProfile::kBlock];
      return snapshot;
    });
  }

  Result<MoveCounters> counters() override {
    return attempt(backend_, [&] {
      MoveCounters total;
      for (const ChainStatus& status : Space::read(population_.status, 0, plan_.shape.num_chains))
        total += status.counters;
      return total;
    });
  }

  DeviceStatus transfer(Archive& archive) override {
    return attempt(backend_, [&] {
      const auto check = [](std::size_t size, std::int64_t expected) {
        if (static_cast<std::int64_t>(size) != expected)
          throw ArchiveError("a population of another size");
      };
      archive(chunk_, harvested_);
      check(harvested_.size(), plan_.shape.num_islands());
      PopulationStorage<Space>::each_that_lasts(
          population_, plan_.shape, [&]<typename Array>(Array& array, std::int64_t entries) {
            using Entry = typename Array::value_type;
            std::vector<Entry> copy;
            if (!archive.reading()) copy = Space::read(array, 0, entries);
            archive(copy);
            check(copy.size(), entries);
            if (archive.reading()) Space::write(std::span<const Entry>(copy), array, 0);
          });
      backend_.wait();
    });
  }

  /// For tests: where everything lies.
  const PopulationView& view() const { return view_; }
  const PopulationStorage<Space>& storage() const { return population_; }

  /// Bytes that the arrays take.
  std::int64_t allocated_bytes() const {
    std::int64_t bytes = 0;
    const auto add = [&bytes](const auto& array) {
      bytes += static_cast<std::int64_t>(array.size() * sizeof(array[0]));
    };
    PopulationStorage<Space>::each(population_, plan_.shape,
                                   [&](const auto& array, std::int64_t) { add(array); });
    ModelStorage<Space>::each(model_, FlatModel(Model{}),
                              [&](const auto& array, const auto&) { add(array); });
    for (const auto* array : {&model_.roots, &model_.loners}) add(*array);
    add(model_.noise);
    return bytes;
  }

 private:
  template <typename Array>
  static void fill(Array& array) {
    std::size_t size = array.size();
    array.clear();
    array.resize(size);
  }

  void upload(const FlatModel& flat, std::span<const float> noise) {
    order_ = local_order(flat);
    const LocalModel local(flat, order_);
    model_.upload(local);
    assign<Space>(model_.noise, noise);
    const MoveSites sites(local.arc_offsets);
    assign<Space>(model_.roots, std::span<const std::int32_t>(sites.roots));
    assign<Space>(model_.loners, std::span<const std::int32_t>(sites.loners));
    view_.model = model_.view(flat);
    view_.noise.gumbel = Space::pointer(model_.noise);
    view_.policy.roots = Space::pointer(model_.roots);
    view_.policy.num_roots = static_cast<std::int32_t>(sites.roots.size());
    view_.policy.loners = Space::pointer(model_.loners);
    view_.policy.num_loners = static_cast<std::int32_t>(sites.loners.size());
  }

  void run_chains(const ChunkOptions& options) {
    const PopulationShape& shape = plan_.shape;
    ChainWork work{options.visits, chunk_, 0, tabu_rule(view_.policy.num_roots)};
    work.tabu_chains = tabu_islands(options.tabu_share, shape) * shape.chains_per_island;
    if (work.tabu_chains > 0 && !shape.tabu)
      throw std::logic_error("the plan has no room for tabu search");
    backend_.run_chains(view_, work);
  }

  void reset_ladder() {
    std::vector<std::int32_t> rungs;
    std::vector<std::int32_t> ladder;
    for (std::int32_t c = 0; c < plan_.shape.num_chains; ++c) {
      rungs.push_back(c % plan_.shape.chains_per_island);
      ladder.push_back(c);
    }
    write(rungs, population_.rungs, 0);
    write(ladder, population_.ladder, 0);
  }

  void write_temperatures(const ChunkOptions& options) {
    const std::int32_t rungs = plan_.shape.chains_per_island;
    const float coldest = std::max(options.coldest, std::numeric_limits<float>::min());
    const float ratio = std::max(options.hottest / coldest, 1.0F);
    std::vector<float> temperatures(static_cast<std::size_t>(rungs));
    for (std::int32_t r = 0; r < rungs; ++r) {
      const float share = static_cast<float>(r) / static_cast<float>(std::max(1, rungs - 1));
      temperatures[r] = std::min(coldest * std::pow(ratio, share), kHottest);
    }
    write(temperatures, population_.temperatures, 0);
  }

  /// An island's chains in one copy.
  void write_starts(std::span<const Assignment> starts) {
    const PopulationShape& shape = plan_.shape;
    const std::int32_t rungs = shape.chains_per_island;
    std::vector<std::uint16_t> values(
        static_cast<std::size_t>(PopulationView::row(rungs, shape.value_stride)));
    for (std::int32_t first = 0; first < shape.num_chains; first += rungs) {
      for (std::int32_t k = 0; k < rungs; ++k) {
        const Assignment& start = starts[static_cast<std::size_t>(first + k) % starts.size()];
        write_in_order(start, order_, values.data() + PopulationView::row(k, shape.value_stride));
      }
      write(values, population_.values, PopulationView::row(first, shape.value_stride));
    }
  }

  void write_values(const Assignment& assignment, std::int32_t chain) {
    std::vector<std::uint16_t> values(assignment.size());
    write_in_order(assignment, order_, values.data());
    write(values, population_.values, PopulationView::row(chain, plan_.shape.value_stride));
  }

  void write_prices(std::span<const float> prices) {
    const std::vector<float> bounded = bounded_prices(prices, view_.model.price_ceiling);
    for (std::int32_t i = 0; i < plan_.shape.num_islands(); ++i)
      write(bounded, population_.prices, PopulationView::row(i, plan_.shape.num_times));
    backend_.sum_prices(view_);
    backend_.price_rows(view_);
    backend_.wait();
  }

  /// A chain's or island's row of an array of rows of `length`.
  template <typename Array>
  static auto read_row(const Array& array, std::int32_t index, std::int32_t length) {
    return Space::read(array, PopulationView::row(index, length), length);
  }

  template <typename T>
  static void write(const std::vector<T>& from, typename Space::template Array<T>& to,
                    std::int64_t offset) {
    Space::write(std::span<const T>(from), to, offset);
  }

  Backend backend_;
  PopulationPlan plan_;
  std::vector<std::int32_t> order_;  ///< [variables] the model's, as chains number them
  ModelStorage<Space> model_;
  PopulationStorage<Space> population_;
  PopulationView view_;
  std::vector<std::int32_t> harvested_;  ///< [islands] version of the elite last harvested
  std::uint32_t chunk_ = 0;
};

}  // namespace warpshard
