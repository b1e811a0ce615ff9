#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "host/model/flat_model.h"
#include "kernels/population.h"
#include "kernels/prices.h"

namespace warpshard {

/// Host memory for the storages below. A device's space has the same members.
struct HostSpace {
  template <typename T>
  using Array = std::vector<T>;
  template <typename T>
  static T* pointer(std::vector<T>& array) {
    return array.data();
  }
  /// Copies host entries to array[offset, offset + from.size()).
  template <typename T>
  static void write(std::span<const T> from, std::vector<T>& array, std::int64_t offset) {
    std::copy(from.begin(), from.end(), array.begin() + offset);
  }
  /// Copies array[offset, offset + count) to the host.
  template <typename T>
  static std::vector<T> read(const std::vector<T>& array, std::int64_t offset, std::int64_t count) {
    return {array.begin() + offset, array.begin() + offset + count};
  }
  /// Copies all of one array over another of the same size.
  template <typename T>
  static void copy(const std::vector<T>& from, std::vector<T>& to) {
    to = from;
  }
};

/// Makes an array in the memory of Space a copy of host entries.
template <typename Space, typename T>
void assign(typename Space::template Array<T>& array, std::span<const T> from) {
  array.resize(from.size());
  Space::write(from, array, 0);
}

/// A model's variables with neighbours (roots) and without (loners), in order.
struct MoveSites {
  explicit MoveSites(const ModelView& model)
      : MoveSites(std::span(model.arc_offsets, static_cast<std::size_t>(model.num_variables) + 1)) {
  }
  /// `arc_offsets`: [variables + 1], as ModelView has them.
  explicit MoveSites(std::span<const std::int32_t> arc_offsets) {
    for (std::size_t v = 0; v + 1 < arc_offsets.size(); ++v)
      (arc_offsets[v] < arc_offsets[v + 1] ? roots : loners)
          .push_back(static_cast<std::int32_t>(v));
  }
  std::vector<std::int32_t> roots, loners;
};

/// Prices as chains may have them, see bounded_price().
inline std::vector<float> bounded_prices(std::span<const float> prices, float ceiling) {
  std::vector<float> bounded(prices.begin(), prices.end());
  for (float& price : bounded) price = bounded_price(price, ceiling);
  return bounded;
}

/// A model's arrays and the tables that all chains read, in the memory of Space. Owner; uploaded
/// once.
template <typename Space>
struct ModelStorage {
  template <typename T>
  using Array = typename Space::template Array<T>;

  Array<std::int32_t> domains, row_offsets, arc_offsets, segment_offsets, usage, capacity;
  Array<float> unary, tables, noise;
  Array<std::int64_t> exact_unary, exact_tables;
  Array<Arc> arcs;
  Array<UsageSegment> segments;
  Array<std::int32_t> roots, loners;  ///< variables with and without neighbours

  /// Calls visit(array, source) for each array and the array of a FlatModel, or of another model
  /// with the same ones, that goes into it.
  template <typename Self, typename Source, typename Visit>
  static void each(Self& self, const Source& model, Visit visit) {
    visit(self.domains, model.domains);
    visit(self.row_offsets, model.row_offsets);
    visit(self.arc_offsets, model.arc_offsets);
    visit(self.segment_offsets, model.segment_offsets);
    visit(self.usage, model.usage);
    visit(self.capacity, model.capacity);
    visit(self.unary, model.unary);
    visit(self.tables, model.tables);
    visit(self.exact_unary, model.exact_unary);
    visit(self.exact_tables, model.exact_tables);
    visit(self.arcs, model.arcs);
    visit(self.segments, model.segments);
  }

  template <typename Source>
  void upload(const Source& model) {
    each(*this, model,
         [](auto& array, const auto& source) { assign<Space>(array, std::span(source)); });
  }

  /// The arrays as the kernels see them, with the sizes and numbers of the model that was uploaded,
  /// whatever the order of its variables.
  ModelView view(const FlatModel& model) {
    ModelView view = model.view();
    view.domains = Space::pointer(domains);
    view.row_offsets = Space::pointer(row_offsets);
    view.unary = Space::pointer(unary);
    view.exact_unary = Space::pointer(exact_unary);
    view.arc_offsets = Space::pointer(arc_offsets);
    view.arcs = Space::pointer(arcs);
    view.tables = Space::pointer(tables);
    view.exact_tables = Space::pointer(exact_tables);
    view.segment_offsets = Space::pointer(segment_offsets);
    view.segments = Space::pointer(segments);
    view.usage = Space::pointer(usage);
    view.capacity = Space::pointer(capacity);
    return view;
  }
};

/// A population's arrays in the memory of Space. Owner.
template <typename Space>
struct PopulationStorage {
  template <typename T>
  using Array = typename Space::template Array<T>;

  Array<std::uint16_t> values, accounted, elite_values, tabu_best, tree_values;
  Array<std::int32_t> headroom, block_add, block_least, floor, rungs, ladder, tree_changes, queues;
  Array<ChainStatus> status;
  Array<ChainMeasure> measures;
  Array<float> temperatures, scores, prices, priced_unary, promise;
  Array<double> prefix;
  Array<std::uint32_t> marks, stamps_taken, tree_rows, free_from;
  Array<TreeNode> tree_nodes;
  Array<Arc> tree_items;
  Array<TreeLevel> tree_levels;
  Array<ScoreQuad> scored_quads;
  Array<TableQuad> table_quads;
  Array<SumQuad> sum_quads;
  Array<ChosenRow> chosen_rows;
  Array<JoinedVariable> joined;
  Array<TreeCandidate> frontiers;
  Array<TabuStatus> tabu_status;
  Array<IslandElite> elites;

  /// Calls visit(array, entries) for each array. Budget and allocation both come from here.
  template <typename Self, typename Visit>
  static void each(Self& self, const PopulationShape& shape, Visit visit) {
    each_that_lasts(self, shape, visit);
    const std::int64_t chains = shape.num_chains;
    visit(self.scores, chains * shape.score_entries());
    visit(self.tree_values, chains * TreeRoom::kMaxTree);
    visit(self.tree_changes, chains * TreeRoom::kMaxTree);
    visit(self.tree_rows, chains * kRowInts);
    const std::int64_t rooms = chains * shape.rooms_per_chain;
    visit(self.tree_nodes, rooms * TreeRoom::kNodes);
    visit(self.tree_items, rooms * TreeRoom::kItemRoom);
    const std::int64_t by_levels = chains * shape.rooms_by_levels;
    visit(self.tree_levels, by_levels * TreeRoom::kNodes);
    visit(self.scored_quads, 2 * by_levels * shape.quad_room);
    visit(self.table_quads, by_levels * shape.quad_room);
    visit(self.sum_quads, 2 * by_levels * shape.quad_room);
    visit(self.chosen_rows, by_levels * TreeRoom::kNodes);
    visit(self.joined, chains * TreeRoom::kMaxTree);
    visit(self.frontiers, chains * TreeRoom::kMaxFrontier);
    visit(self.marks, chains * shape.num_variables);
    visit(self.stamps_taken, chains);
    visit(self.queues, shape.num_islands() * 2 * std::int64_t{shape.num_variables});
  }

  /// The same for what means anything between two chunks: all but scratch. Marks without stamps
  /// taken are as good as any.
  template <typename Self, typename Visit>
  static void each_that_lasts(Self& self, const PopulationShape& shape, Visit visit) {
    const std::int64_t chains = shape.num_chains;
    const std::int64_t islands = shape.num_islands();
    visit(self.values, chains * shape.value_stride);
    visit(self.accounted, chains * shape.value_stride);
    visit(self.headroom, chains * shape.padded_times());
    visit(self.block_add, chains * shape.num_blocks);
    visit(self.block_least, chains * shape.num_blocks);
    visit(self.floor, chains * shape.num_times);
    visit(self.status, chains);
    visit(self.measures, chains);
    visit(self.rungs, chains);
    visit(self.ladder, chains);
    const std::int64_t tabu = shape.tabu ? chains : 0;
    visit(self.promise, tabu * TabuView::promise_entries(shape.num_variables));
    visit(self.free_from, tabu * shape.num_rows);
    visit(self.tabu_best, tabu * shape.value_stride);
    visit(self.tabu_status, tabu);
    visit(self.prices, islands * shape.num_times);
    visit(self.prefix, islands * (shape.num_times + std::int64_t{1}));
    visit(self.priced_unary, islands * shape.num_rows);
    visit(self.elite_values, islands * shape.value_stride);
    visit(self.elites, islands);
    visit(self.temperatures, std::int64_t{shape.chains_per_island});
  }

  /// Makes room for a population, all zero, and lets `view` point there.
  void lay_out(const PopulationShape& shape, PopulationView& view) {
    each(*this, shape, [](auto& array, std::int64_t entries) {
      array.resize(static_cast<std::size_t>(entries));
    });
    view.shape = shape;
    view.values = Space::pointer(values);
    view.accounted = Space::pointer(accounted);
    view.headroom = Space::pointer(headroom);
    view.block_add = Space::pointer(block_add);
    view.block_least = Space::pointer(block_least);
    view.floor = Space::pointer(floor);
    view.status = Space::pointer(status);
    view.measures = Space::pointer(measures);
    view.rungs = Space::pointer(rungs);
    view.ladder = Space::pointer(ladder);
    view.temperatures = Space::pointer(temperatures);
    view.marks = Space::pointer(marks);
    view.scores = Space::pointer(scores);
    view.tree_values = Space::pointer(tree_values);
    view.tree_changes = Space::pointer(tree_changes);
    view.tree_rows = Space::pointer(tree_rows);
    view.tree_nodes = Space::pointer(tree_nodes);
    view.tree_items = Space::pointer(tree_items);
    view.joined = Space::pointer(joined);
    view.tree_levels = Space::pointer(tree_levels);
    view.scored_quads = Space::pointer(scored_quads);
    view.table_quads = Space::pointer(table_quads);
    view.sum_quads = Space::pointer(sum_quads);
    view.chosen_rows = Space::pointer(chosen_rows);
    view.frontiers = Space::pointer(frontiers);
    view.stamps_taken = Space::pointer(stamps_taken);
    view.promise = Space::pointer(promise);
    view.free_from = Space::pointer(free_from);
    view.tabu_best = Space::pointer(tabu_best);
    view.tabu_status = Space::pointer(tabu_status);
    view.prices = Space::pointer(prices);
    view.prefix = Space::pointer(prefix);
    view.priced_unary = Space::pointer(priced_unary);
    view.queues = Space::pointer(queues);
    view.elite_values = Space::pointer(elite_values);
    view.elites = Space::pointer(elites);
  }
};

}  // namespace warpshard
