#include "host/device/local_model.h"

#include <algorithm>
#include <utility>

namespace warpshard {
namespace {

using Ids = std::vector<std::int32_t>;

/// Walks through components breadth first, those of a variable's neighbours first that have few
/// arcs.
class Walk {
 public:
  explicit Walk(const FlatModel& model) : model_(model), round_of_(model.domains.size(), 0) {}

  /// The component of v, from there on. If this is `final` its variables are done.
  Ids from(std::int32_t v, bool final) {
    const std::int32_t round = final ? kDone : ++rounds_;
    Ids order{v};
    round_of_[v] = round;
    for (std::size_t next = 0; next < order.size(); ++next) {
      const std::size_t found = order.size();
      for (const Arc& arc : arcs_of(order[next])) {
        if (std::exchange(round_of_[arc.neighbour], round) != round) order.push_back(arc.neighbour);
      }
      std::stable_sort(order.begin() + static_cast<std::ptrdiff_t>(found), order.end(),
                       [&](std::int32_t a, std::int32_t b) { return degree(a) < degree(b); });
    }
    return order;
  }
  bool done(std::int32_t v) const { return round_of_[v] == kDone; }

 private:
  static constexpr std::int32_t kDone = -1;

  std::span<const Arc> arcs_of(std::int32_t v) const {
    return {model_.arcs.data() + model_.arc_offsets[v],
            model_.arcs.data() + model_.arc_offsets[v + 1]};
  }
  std::int32_t degree(std::int32_t v) const {
    return model_.arc_offsets[v + 1] - model_.arc_offsets[v];
  }

  const FlatModel& model_;
  Ids round_of_;  ///< [variables] the last walk that met it
  std::int32_t rounds_ = 0;
};

}  // namespace

std::vector<std::int32_t> local_order(const FlatModel& model) {
  Walk walk(model);
  Ids order;
  for (std::int32_t v = 0; v < static_cast<std::int32_t>(model.domains.size()); ++v) {
    if (walk.done(v)) continue;
    // The last variable that a walk meets is far from the middle.
    const std::int32_t end = walk.from(v, /*final=*/false).back();
    const Ids component = walk.from(end, /*final=*/true);
    order.insert(order.end(), component.rbegin(), component.rend());
  }
  return order;
}

LocalModel::LocalModel(const FlatModel& model, Order order)
    : tables(model.tables),
      exact_tables(model.exact_tables),
      usage(model.usage),
      capacity(model.capacity) {
  add_rows(model, order);
  add_arcs(model, order);
  add_segments(model, order);
}

void LocalModel::add_rows(const FlatModel& model, Order order) {
  row_offsets.push_back(0);
  for (const std::int32_t v : order) {
    domains.push_back(model.domains[v]);
    const auto begin = model.row_offsets[v];
    const auto end = model.row_offsets[v + 1];
    unary.insert(unary.end(), model.unary.begin() + begin, model.unary.begin() + end);
    exact_unary.insert(exact_unary.end(), model.exact_unary.begin() + begin,
                       model.exact_unary.begin() + end);
    row_offsets.push_back(static_cast<std::int32_t>(unary.size()));
  }
}

/// A variable's arcs are ordered by its neighbours' new numbers.
void LocalModel::add_arcs(const FlatModel& model, Order order) {
  Ids number(order.size());
  for (std::size_t k = 0; k < order.size(); ++k) number[order[k]] = static_cast<std::int32_t>(k);
  Ids from;  // [arcs] the FlatModel's
  from.reserve(model.arcs.size());
  arc_offsets.push_back(0);
  for (const std::int32_t v : order) {
    const std::ptrdiff_t first = std::ssize(from);
    for (std::int32_t a = model.arc_offsets[v]; a < model.arc_offsets[v + 1]; ++a)
      from.push_back(a);
    std::stable_sort(from.begin() + first, from.end(), [&](std::int32_t a, std::int32_t b) {
      return number[model.arcs[a].neighbour] < number[model.arcs[b].neighbour];
    });
    arc_offsets.push_back(static_cast<std::int32_t>(from.size()));
  }
  Ids now(model.arcs.size());
  for (std::size_t a = 0; a < from.size(); ++a) now[from[a]] = static_cast<std::int32_t>(a);
  arcs.reserve(from.size());
  for (const std::int32_t a : from) {
    Arc arc = model.arcs[a];
    arc.neighbour = number[arc.neighbour];
    arc.reverse = now[arc.reverse];
    arcs.push_back(arc);
  }
}

void LocalModel::add_segments(const FlatModel& model, Order order) {
  segment_offsets.push_back(0);
  for (const std::int32_t v : order) {
    segments.insert(segments.end(), model.segments.begin() + model.segment_offsets[v],
                    model.segments.begin() + model.segment_offsets[v + 1]);
    segment_offsets.push_back(static_cast<std::int32_t>(segments.size()));
  }
}

void write_in_order(std::span<const std::int32_t> assignment, std::span<const std::int32_t> order,
                    std::uint16_t* values) {
  for (std::size_t k = 0; k < order.size(); ++k)
    values[k] = static_cast<std::uint16_t>(assignment[order[k]]);
}

Assignment read_in_order(std::span<const std::uint16_t> values,
                         std::span<const std::int32_t> order) {
  Assignment assignment(order.size());
  for (std::size_t k = 0; k < order.size(); ++k) assignment[order[k]] = values[k];
  return assignment;
}

}  // namespace warpshard
