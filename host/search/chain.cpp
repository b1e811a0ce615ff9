#include "host/search/chain.h"

#include <algorithm>

#include "kernels/absorb.h"
#include "kernels/serial_group.h"

namespace warpshard {
namespace {

/// Floats of scores in a tree block; stays in a core's private cache.
constexpr std::int32_t kScoreRoom = 1 << 14;

}  // namespace

Chain::Chain(const ModelView& model, const NoiseTable& noise, std::uint64_t seed,
             std::uint64_t number, InstructionSet instructions)
    : model_(model),
      noise_(noise.view()),
      number_(number),
      instructions_(instructions),
      random_(seed, number) {
  const auto n = static_cast<std::size_t>(model.num_variables);
  const auto times = static_cast<std::size_t>(model.num_times);
  const auto blocks = static_cast<std::size_t>(MemoryProfile::blocks_for(model.num_times));
  values_.resize(n);
  prices_.resize(times);
  prefix_.resize(times + 1);
  priced_unary_.resize(static_cast<std::size_t>(model.row_offsets[n]));
  headroom_.resize(blocks * MemoryProfile::kBlock);
  block_add_.resize(blocks);
  block_least_.resize(blocks);
  floor_.resize(times);
  scores_.resize(static_cast<std::size_t>(std::max(kScoreRoom, 2 * model.max_stride)));
  marks_.resize(n, 0);
  tree_.resize(5 * MoveScratch::kMaxTree + 2 * MoveScratch::kMaxFrontier);
  for (std::int32_t v = 0; v < model.num_variables; ++v)
    (model.arc_offsets[v] < model.arc_offsets[v + 1] ? roots_ : loners_).push_back(v);
  policy_.roots = roots_.data();
  policy_.num_roots = static_cast<std::int32_t>(roots_.size());
  policy_.loners = loners_.data();
  policy_.num_loners = static_cast<std::int32_t>(loners_.size());
}

void Chain::start(std::span<const std::int32_t> values, std::span<const float> prices) {
  std::vector<std::int32_t> slack_now(model_.capacity, model_.capacity + model_.num_times);
  slack_now.push_back(0);
  account_ = {};
  for (std::int32_t v = 0; v < model_.num_variables; ++v) {
    const std::int32_t value = values[v];
    values_[v] = static_cast<std::uint16_t>(value);
    account_.add(model_.exact_unary[model_.row_offsets[v] + value]);
    for (std::int32_t a = model_.arc_offsets[v]; a < model_.arc_offsets[v + 1]; ++a) {
      const Arc& arc = model_.arcs[a];
      if (arc.neighbour > v) continue;  // counted once, from the later end
      account_.add(
          model_.exact_tables[arc.rows + values[arc.neighbour] * model_.stride(v) + value]);
    }
  }
  std::vector<std::int32_t> change(slack_now.size(), 0);
  for (std::int32_t v = 0; v < model_.num_variables; ++v) {
    for (std::int32_t s = model_.segment_offsets[v]; s < model_.segment_offsets[v + 1]; ++s) {
      const UsageSegment& segment = model_.segments[s];
      const std::int32_t amount = model_.usage[segment.row + values[v]];
      change[segment.begin] -= amount;
      change[segment.end] += amount;
    }
  }
  std::int32_t level = 0;
  for (std::int32_t t = 0; t < model_.num_times; ++t) {
    level += change[t];
    slack_now[t] += level;
  }
  slack_now.pop_back();
  reset_memory(slack_now);
  set_prices(prices);
}

void Chain::set_prices(std::span<const float> prices) {
  std::copy(prices.begin(), prices.end(), prices_.begin());
  reprice();
}

void Chain::reprice() {
  for (std::size_t t = 0; t < prices_.size(); ++t) prefix_[t + 1] = prefix_[t] + prices_[t];
  dispatch(instructions_, [&] {
    for (std::int32_t v = 0; v < model_.num_variables; ++v)
      price_row(SerialGroup{}, model_, prefix_.data(), v, priced_unary_.data());
  });
}

void Chain::reset_memory(std::span<const std::int32_t> slack, float tolerance) {
  std::fill(headroom_.begin(), headroom_.end(), MemoryProfile::kUnlimited);
  for (std::size_t t = 0; t < slack.size(); ++t) {
    floor_[t] = std::min(
        slack[t], -static_cast<std::int32_t>(tolerance * static_cast<float>(model_.capacity[t])));
    headroom_[t] = slack[t] - floor_[t];
  }
  has_floor_ = std::ranges::any_of(floor_, [](std::int32_t least) { return least < 0; });
  view(0).memory.rebuild(SerialGroup{});
}

std::vector<std::int32_t> Chain::slack() const {
  std::vector<std::int32_t> slack(floor_.size());
  for (std::size_t t = 0; t < slack.size(); ++t)
    slack[t] = headroom_[t] + block_add_[t / MemoryProfile::kBlock] + floor_[t];
  return slack;
}

bool Chain::fits() const {
  return excess() == 0;
}

std::int64_t Chain::excess() const {
  std::int64_t total = 0;
  for (const std::int32_t amount : slack()) total += std::max(0, -amount);
  return total;
}

void Chain::follow_prices(const PriceRule& rule) {
  if (prices_.empty()) return;
  const auto now = slack();
  double sum = 0;
  for (const float price : prices_) sum += price;
  const auto mean = static_cast<float>(sum / static_cast<double>(prices_.size()));
  for (std::size_t t = 0; t < prices_.size(); ++t)
    prices_[t] = follow_price(rule, prices_[t], mean, now[t], model_.capacity[t]);
  reset_memory(now);
  reprice();
}

void Chain::limit_memory(float tolerance) {
  reset_memory(slack(), tolerance);
}

void Chain::run(float temperature, std::int64_t visits) {
  if (policy_.num_roots == 0) return sweep_loners(temperature);
  ChainView chain = view(temperature);
  const std::int64_t stop = counters_.visits() + visits;
  dispatch(instructions_, [&] {
    while (counters_.visits() < stop) chain_step(SerialGroup{}, model_, chain, policy_, random_);
  });
}

void Chain::sweep_loners(float temperature) {
  ChainView chain = view(temperature);
  dispatch(instructions_,
           [&] { warpshard::sweep_loners(SerialGroup{}, model_, chain, policy_, random_); });
}

std::int32_t Chain::absorb(std::span<const std::int32_t> other) {
  const std::vector<std::uint16_t> values(other.begin(), other.end());
  std::vector<std::int32_t> queue(2 * values.size());
  ChainView chain = view(0);
  return Absorb(SerialGroup{}, model_, chain).run(values.data(), queue.data());
}

ChainView Chain::view(float temperature) {
  ChainView chain;
  chain.values = values_.data();
  chain.priced_unary = priced_unary_.data();
  chain.memory.num_blocks = static_cast<std::int32_t>(block_add_.size());
  chain.memory.headroom = headroom_.data();
  chain.memory.block_add = block_add_.data();
  chain.memory.block_least = block_least_.data();
  chain.account = &account_;
  chain.counters = &counters_;
  chain.noise = noise_;
  chain.temperature = temperature;
  MoveScratch& scratch = chain.scratch;
  scratch.scores = scores_.data();
  scratch.score_room = static_cast<std::int32_t>(scores_.size());
  scratch.marks = marks_.data();
  scratch.next_mark = &next_mark_;
  scratch.tree_variable = tree_.data();
  scratch.tree_parent = scratch.tree_variable + MoveScratch::kMaxTree;
  scratch.tree_arc = scratch.tree_parent + MoveScratch::kMaxTree;
  scratch.tree_score = scratch.tree_arc + MoveScratch::kMaxTree;
  scratch.tree_value = scratch.tree_score + MoveScratch::kMaxTree;
  scratch.frontier_arc = scratch.tree_value + MoveScratch::kMaxTree;
  scratch.frontier_parent = scratch.frontier_arc + MoveScratch::kMaxFrontier;
  return chain;
}

}  // namespace warpshard
