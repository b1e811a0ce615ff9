#pragma once

#include <cstdint>

#include "kernels/chain_view.h"
#include "kernels/grown_tree.h"
#include "kernels/model_view.h"
#include "kernels/philox.h"
#include "kernels/portable.h"
#include "kernels/tree_messages.h"
#include "kernels/wide_lane.h"

namespace warpshard {

/// Scores the values of a tree's variables by themselves: what they cost at the chain's prices and
/// beside the present values of neighbours outside of the tree, less Gumbel noise at its
/// temperature.
///
/// One lane scores node by node, several carry out ScoreQuads. Items are added up in the same
/// order.
template <typename Group>
class TreeScores {
 public:
  WARPSHARD_HD TreeScores(Group group, const ModelView& model, ChainView& chain,
                          const TreeView& tree)
      : group_(group), model_(model), chain_(chain), scratch_(chain.scratch), tree_(tree) {}

  /// `random`: words of the move's own, from the stream's beginning. All lanes see the scores.
  WARPSHARD_HD void score(const RandomStream& random) {
    draw_noise(random);
    find_rows();
    group_.sync();
    if constexpr (kAlone) {
      for (std::int32_t k = 0; k < tree_.size; ++k) score_row(k);
    } else {
      score_quads();
      group_.sync();
      add_more_sums();
    }
  }

 private:
  using Lane = typename Group::Lane;
  using Wide = WideLane<Lane>;

  static constexpr bool kAlone = Group::size() == 1;
  /// Items that are on their way together, where there is no way to ask for them before.
  static constexpr std::int32_t kItemsAhead = kAlone ? 1 : 4;

  /// Rows wait for memory far away: all are on their way before the first is needed.
  WARPSHARD_HD void draw_noise(const RandomStream& random) {
    for (std::int32_t four = group_.rank(); 4 * four < tree_.size; four += group_.size()) {
      const Philox words = random.block(static_cast<std::uint64_t>(four));
      for (std::int32_t i = 0; i < 4; ++i) {
        const std::int32_t k = 4 * four + i;
        if (k >= tree_.size) break;
        scratch_.noise_words[k] = words.words[i];
        Group::prefetch(chain_.noise.window(words.words[i]));
        Group::prefetch(chain_.priced_unary + tree_.nodes[k].row);
      }
    }
  }

  /// Where the rows for the present values of the outer neighbours start.
  WARPSHARD_HD void find_rows() {
    const std::int32_t count = tree_.num_items();
    const Arc* const items = tree_.items();
    const std::uint16_t* const values = chain_.values;
    std::uint32_t* const starts = scratch_.rows;
    for (std::int32_t i = group_.rank(); i < count; i += kItemsAhead * group_.size()) {
      std::uint32_t rows[kItemsAhead];
      for (std::int32_t k = 0; k < kItemsAhead; ++k) {
        const std::int32_t wanted = i + k * group_.size();
        const Arc& item = items[wanted < count ? wanted : count - 1];
        rows[k] = item.at(values[item.neighbour]);
        Group::prefetch(model_.tables + rows[k]);
      }
      for (std::int32_t k = 0; k < kItemsAhead; ++k)
        if (i + k * group_.size() < count) starts[i + k * group_.size()] = rows[k];
    }
  }

  // By one lane:

  WARPSHARD_HD void score_row(std::int32_t k) {
    const TreeNode& node = tree_.nodes[k];
    const std::int32_t first_item = node.first_item;
    const std::int32_t end_item = tree_.nodes[k + 1].first_item;
    const std::int32_t first_end = end_together(first_item, end_item);
    const std::int32_t length = row_length(node.domain);
    const float* const unary = chain_.priced_unary + node.row;
    const float* const noise = chain_.noise.window(scratch_.noise_words[node.joined]);
    float* const scores = scratch_.scores + node.score;
    const auto score_at = [&]<typename SomeLane>(SomeLane /*type*/, std::int32_t d) {
      auto sum = SomeLane::load(unary + d) -
                 SomeLane::splat(chain_.temperature) * SomeLane::load(noise + d);
      sum = with_rows<SomeLane>(sum, first_item, first_end, d);
      if (first_end < end_item) sum = with_more_rows<SomeLane>(sum, first_end, end_item, d);
      SomeLane::store(scores + d, sum);
    };
    std::int32_t d = 0;
    for (; d <= length - Wide::kStep; d += Wide::kStep) score_at(Wide(), d);
    for (; d < length; d += Lane::kStep) score_at(Lane(), d);
  }

  /// Adds what items [first, end) cost at values from d on.
  template <typename SomeLane>
  WARPSHARD_HD typename SomeLane::Float with_rows(typename SomeLane::Float sum, std::int32_t first,
                                                  std::int32_t end, std::int32_t d) const {
    for (std::int32_t i = first; i < end; ++i)
      sum = sum + SomeLane::load(model_.tables + scratch_.rows[i] + d);
    return sum;
  }

  /// The same by sums of items that are added up together.
  template <typename SomeLane>
  WARPSHARD_HD typename SomeLane::Float with_more_rows(typename SomeLane::Float sum,
                                                       std::int32_t first, std::int32_t end,
                                                       std::int32_t d) const {
    for (; first < end; first += kItemsTogether)
      sum = sum + with_rows<SomeLane>(SomeLane::splat(0.0F), first, end_together(first, end), d);
    return sum;
  }

  // By several lanes:

  /// Where four rows start.
  struct alignas(16) FourRows {
    std::uint32_t starts[kQuad];
  };

  /// What ScoreQuads read and write. In registers: what is stored might change the view that it
  /// comes from, for all that a compiler knows.
  struct Places {
    const float* tables;
    const float* unary;
    const float* noise;
    const std::uint32_t* noise_words;
    const std::uint32_t* rows;
    float* scores;
  };

  WARPSHARD_HD void score_quads() {
    const Places places{model_.tables,        chain_.priced_unary, chain_.noise.gumbel,
                        scratch_.noise_words, scratch_.rows,       scratch_.scores};
    const ScoreQuad* const scored = tree_.scored();
    const std::int32_t count = tree_.num_scored();
    for (std::int32_t k = group_.rank(); k < count; k += group_.size())
      score_quad(scored[k], places);
  }

  /// What is read is on its way together, as far as it can be.
  WARPSHARD_HD void score_quad(const ScoreQuad quad, const Places& places) const {
    const bool alone = quad.joined() == ScoreQuad::kItemsAlone;
    const std::uint32_t word = places.noise_words[alone ? 0 : quad.joined()];
    const float* const noise = NoiseView{places.noise}.window(word) + quad.value();
    const auto unary = Lane::load(places.unary + quad.unary);
    const auto drawn = Lane::splat(chain_.temperature) * Lane::load(noise);
    const float* const tables = places.tables + quad.value();
    const std::int32_t end_item = quad.end_item();
    std::int32_t i = quad.first_item();
    auto rows = *reinterpret_cast<const FourRows*>(places.rows + i);
    for (std::int32_t k = 0; k < kQuad; ++k)
      rows.starts[k] = i < end_item ? rows.starts[k] : model_.zeros;
    typename Lane::Float costs[kQuad];
    for (std::int32_t k = 0; k < kQuad; ++k) costs[k] = Lane::load(tables + rows.starts[k]);
    auto sum = alone ? Lane::splat(0.0F) : unary - drawn;
    for (;;) {
      for (std::int32_t k = 0; k < kQuad; ++k) sum = sum + costs[k];
      i += kQuad;
      if (i >= end_item) break;
      rows = *reinterpret_cast<const FourRows*>(places.rows + i);
      for (std::int32_t k = 0; k < kQuad; ++k) costs[k] = Lane::load(tables + rows.starts[k]);
    }
    Lane::store(places.scores + quad.score, sum);
    if (quad.before_padding())
      Lane::store(places.scores + quad.score + kQuad, Lane::splat(kPadCost));
  }

  WARPSHARD_HD void add_more_sums() {
    const std::int32_t count = tree_.levels()[0].sum;
    if (count == 0) return;
    const SumQuad* const sums = tree_.sums();
    for (std::int32_t k = group_.rank(); k < count; k += group_.size())
      add_messages<Lane>(scratch_, sums[k], scratch_.messages);
    group_.sync();
  }

  Group group_;
  const ModelView& model_;
  const ChainView& chain_;
  const MoveScratch& scratch_;
  const TreeView tree_;
};

}  // namespace warpshard
