#include "host/bound/branching.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace warpshard {
namespace {

/// Variables with more values than this are not split into single ones.
constexpr std::int32_t kMostSingles = 32;

/// The certificate's terms as floating-point numbers, cost units.
struct Terms {
  std::vector<double> memory;  ///< [values] priced usage
  std::vector<double> node;    ///< [values] unary + priced usage + messages
};

Terms node_terms(const Model& model, const Certificate& certificate) {
  const double price_unit = std::ldexp(1.0, -certificate.price_shift);
  const double message_unit = std::ldexp(1.0, -certificate.message_shift);
  std::vector<double> prefix(model.capacity.size() + 1, 0);
  for (std::size_t t = 0; t < model.capacity.size(); ++t)
    prefix[t + 1] = prefix[t] + static_cast<double>(certificate.prices[t]) * price_unit;
  Terms terms;
  terms.memory.assign(model.unary.size(), 0);
  for (std::int32_t v = 0; v < model.num_variables(); ++v)
    for (const auto& segment : model.segments_of(v))
      for (std::int32_t d = 0; d < model.domain(v); ++d)
        terms.memory[model.value_offsets[v] + d] +=
            static_cast<double>(model.usage_of(v, segment)[d]) *
            (prefix[segment.end] - prefix[segment.begin]);
  terms.node = terms.memory;
  for (std::size_t i = 0; i < model.unary.size(); ++i)
    terms.node[i] += static_cast<double>(model.unary[i]);
  const std::int64_t* message = certificate.messages.data();
  for (const auto& edge : model.edges) {
    for (const std::int32_t end : {edge.u, edge.v})
      for (std::int32_t d = 0; d < model.domain(end); ++d)
        terms.node[model.value_offsets[end] + d] += static_cast<double>(*message++) * message_unit;
  }
  return terms;
}

/// [variables] what the decoded assignment costs above the minima of the terms around a variable,
/// each edge's share going to both ends alike; at most `most` per term.
std::vector<double> excess(const BranchingView& view, const Terms& terms, double most) {
  const Model& model = view.model;
  std::vector<double> result(static_cast<std::size_t>(model.num_variables()));
  for (std::int32_t v = 0; v < model.num_variables(); ++v) {
    const auto row = terms.node.begin() + model.value_offsets[v];
    result[v] =
        std::min(most, row[view.decoded[v]] - *std::min_element(row, row + model.domain(v)));
  }
  const double unit = std::ldexp(1.0, -view.certificate.message_shift);
  const std::int64_t* to_u = view.certificate.messages.data();
  for (const auto& edge : model.edges) {
    const std::int64_t* to_v = to_u + model.domain(edge.u);
    const auto table = model.table_of(edge);
    double least = INFINITY;
    double here = most;
    for (std::int32_t a = 0; a < model.domain(edge.u); ++a) {
      for (std::int32_t b = 0; b < model.domain(edge.v); ++b) {
        const std::int64_t entry = table[std::int64_t{a} * model.domain(edge.v) + b];
        if (forbids(entry)) continue;
        const double value = static_cast<double>(entry) - static_cast<double>(to_u[a]) * unit -
                             static_cast<double>(to_v[b]) * unit;
        least = std::min(least, value);
        if (a == view.decoded[edge.u] && b == view.decoded[edge.v]) here = value;
      }
    }
    const double above = std::min(most, here - least);
    result[edge.u] += above / 2;
    result[edge.v] += above / 2;
    to_u = to_v + model.domain(edge.v);
  }
  return result;
}

/// One variable's values in some order, and how near its best each of them is.
class Split {
 public:
  Split(const BranchingView& view, std::int32_t v) {
    const float* row = view.above.data() + view.flat.row_offsets[v];
    const std::int32_t domain = view.model.domain(v);
    const float least = *std::min_element(row, row + domain);
    for (std::int32_t d = 0; d < domain; ++d) {
      weights_.push_back(std::exp((static_cast<double>(least) - row[d]) / view.spread));
      total_ += weights_.back();
    }
    order_.resize(weights_.size());
    std::iota(order_.begin(), order_.end(), 0);
  }

  /// Orders by priced memory and cuts where the step is large and both sides have good values;
  /// returns how much memory, in cost units, the cut decides upon.
  double cut_by_memory(const double* memory) {
    std::ranges::stable_sort(order_, {}, [&](std::int32_t d) { return memory[d]; });
    double before = 0;
    double best = 0;
    for (std::size_t k = 1; k < order_.size(); ++k) {
      before += weights_[order_[k - 1]] / total_;
      const double step = memory[order_[k]] - memory[order_[k - 1]];
      const double score = step * std::min(before, 1 - before);
      if (score <= best) continue;
      best = score;
      cut_ = k;
    }
    return best;
  }

  /// Orders by goodness and cuts so that both sides are about equally good.
  void cut_by_goodness() {
    order_by_goodness();
    double before = weights_[order_[0]];
    for (cut_ = 1; cut_ + 1 < order_.size() && before < total_ / 2; ++cut_)
      before += weights_[order_[cut_]];
  }

  Branching branching(std::int32_t v) const {
    const auto cut = order_.begin() + static_cast<std::ptrdiff_t>(cut_);
    return {v, {{order_.begin(), cut}, {cut, order_.end()}}, 0};
  }

  /// Each value by itself, the best first.
  Branching singles(std::int32_t v) {
    order_by_goodness();
    Branching result{v, {}, 0};
    for (const std::int32_t d : order_) result.parts.push_back({d});
    return result;
  }

 private:
  void order_by_goodness() {
    std::ranges::stable_sort(order_, std::greater{}, [&](std::int32_t d) { return weights_[d]; });
  }

  std::vector<double> weights_;  ///< [domain]
  double total_ = 0;
  std::vector<std::int32_t> order_;
  std::size_t cut_ = 1;
};

}  // namespace

Branching choose_branching(const BranchingView& view) {
  const Model& model = view.model;
  const Terms terms = node_terms(model, view.certificate);
  const auto above = excess(view, terms, view.gap);
  std::int32_t chosen = -1;
  bool by_memory = false;
  double best = -1;
  double best_score = 0;
  for (std::int32_t v = 0; v < model.num_variables(); ++v) {
    if (model.domain(v) < 2) continue;
    const double memory =
        Split(view, v).cut_by_memory(terms.memory.data() + model.value_offsets[v]);
    const double score = std::max(memory, above[v]);
    if (score * view.factors[v] <= best) continue;
    best = score * view.factors[v];
    best_score = score;
    chosen = v;
    by_memory = memory >= above[v] && memory > 0;
  }
  if (chosen < 0) return {};
  Split split(view, chosen);
  if (by_memory) {
    split.cut_by_memory(terms.memory.data() + model.value_offsets[chosen]);
  } else {
    split.cut_by_goodness();
  }
  Branching branching = split.branching(chosen);
  branching.score = best_score;
  return branching;
}

Branching split_into_values(const BranchingView& view, std::int32_t variable) {
  return Split(view, variable).singles(variable);
}

std::vector<std::int32_t> most_connected(const Model& model, std::size_t most) {
  std::vector<std::int32_t> degree(static_cast<std::size_t>(model.num_variables()), 0);
  for (const auto& edge : model.edges)
    for (const std::int32_t v : {edge.u, edge.v}) ++degree[v];
  std::vector<std::int32_t> hubs;
  for (std::int32_t v = 0; v < model.num_variables(); ++v)
    if (model.domain(v) > 1 && model.domain(v) <= kMostSingles && degree[v] > 0) hubs.push_back(v);
  std::ranges::stable_sort(hubs, std::greater{}, [&](std::int32_t v) { return degree[v]; });
  hubs.resize(std::min(hubs.size(), most));
  return hubs;
}

}  // namespace warpshard
