#pragma once

#include <cstdint>

#include "kernels/group_place.h"
#include "kernels/grown_tree.h"
#include "kernels/portable.h"

namespace warpshard {

/// Writes down what lanes are to do where they visit a tree that is laid out by levels; see
/// TreeView. The chains of a team visit a tree many times, so that it pays to look everything up
/// here.
template <typename Group>
class TreeSchedule {
 public:
  /// Of nodes [0, size], which all lanes see, on levels [0, num_levels].
  WARPSHARD_HD TreeSchedule(Group group, const TreeRoom& room, std::int32_t size,
                            std::int32_t num_levels)
      : group_(group), room_(room), size_(size), num_levels_(num_levels) {}

  /// Every lane of the group must call it. Returns how many ScoreQuads there are.
  WARPSHARD_HD std::int32_t write() {
    for (std::int32_t base = 0; base < size_; base += group_.size())
      write_more_sums(base + group_.rank());
    for (std::int32_t level = 0; level < num_levels_; ++level) {
      begin_level(level);
      messages_ = 0;
      const std::int32_t end = room_.levels()[level + 1].node;
      for (std::int32_t base = room_.levels()[level].node; base < end; base += group_.size()) {
        const std::int32_t k = base + group_.rank();
        write_tables(k, k < end);
        write_sums(k, k < end);
      }
    }
    begin_level(num_levels_);
    for (std::int32_t groups = kItemsTogether / kQuad; groups >= 0; --groups)
      for (std::int32_t base = 0; base < size_; base += group_.size())
        write_scored(base + group_.rank(), groups);
    return scored_;
  }

 private:
  WARPSHARD_HD void begin_level(std::int32_t level) const {
    if (group_.rank() != 0) return;
    room_.levels()[level].table = static_cast<std::uint16_t>(tables_);
    room_.levels()[level].sum = static_cast<std::uint16_t>(sums_);
  }

  /// Node k's, if there is one, as a child, and how its value is chosen.
  WARPSHARD_HD void write_tables(std::int32_t k, bool there) {
    const TreeNode node = room_.nodes()[there ? k : 0];
    const std::int32_t given = room_.nodes()[node.parent].domain;
    const std::int32_t quads = there && k > 0 ? quads_of(given) : 0;
    const GroupPlace place = group_.prefix_sum(quads);
    for (std::int32_t q = 0; q < quads; ++q)
      room_.tables()[tables_ + place.before + q] = {node.up + static_cast<std::uint32_t>(kQuad * q),
                                                    row_length(given), node.score, node.domain};
    tables_ += place.total;
    if (there) room_.chosen()[k] = {node.score, node.domain, node.down, node.parent};
  }

  /// Node k's, if there is one, as a parent.
  WARPSHARD_HD void write_sums(std::int32_t k, bool there) {
    const TreeNode node = room_.nodes()[there ? k : 0];
    const std::int32_t children =
        there ? room_.nodes()[k + 1].first_child - std::int32_t{node.first_child} : 0;
    add_sums(node, children);
  }

  /// Adds so many messages up for each of the node's quads, if there are any; returns where they
  /// begin. Every lane of the group must call it.
  WARPSHARD_HD std::int32_t add_sums(const TreeNode& node, std::int32_t count) {
    const std::int32_t quads = count > 0 ? quads_of(node.domain) : 0;
    const GroupPlace place = group_.prefix_sum(quads);
    const GroupPlace message = group_.prefix_sum(count * quads);
    const std::int32_t first = messages_ + message.before;
    for (std::int32_t q = 0; q < quads; ++q)
      room_.sums()[sums_ + place.before + q] = {node.score + kQuad * q, first + q, quads, count};
    sums_ += place.total;
    messages_ += message.total;
    return first;
  }

  /// Node k's sums of items but for the first, if it has any.
  WARPSHARD_HD void write_more_sums(std::int32_t k) {
    const TreeNode node = room_.nodes()[k < size_ ? k : 0];
    const std::int32_t end_item = k < size_ ? room_.nodes()[k + 1].first_item : 0;
    const std::int32_t sums = k < size_ ? more_sums(end_item - node.first_item) : 0;
    if (group_.place(sums > 0).total == 0) return;
    const std::int32_t at = add_sums(node, sums);
    const std::int32_t quads = quads_of(node.domain);
    for (std::int32_t i = 0; i < sums * quads; ++i) {
      const std::int32_t first = node.first_item + (1 + i / quads) * kItemsTogether;
      room_.scored()[at + i] =
          ScoreQuad::of(node.row, room_.all().score_room + kQuad * (at + i), kQuad * (i % quads),
                        ScoreQuad::kItemsAlone, first, end_together(first, end_item));
    }
    scored_ = messages_;
  }

  /// Node k's, if there is one and it has so many quads of items at first.
  WARPSHARD_HD void write_scored(std::int32_t k, std::int32_t groups) {
    const TreeNode node = room_.nodes()[k < size_ ? k : 0];
    const std::int32_t end_item = k < size_ ? room_.nodes()[k + 1].first_item : 0;
    const std::int32_t first_end = end_together(node.first_item, end_item);
    const bool here = k < size_ && first_end - node.first_item == kQuad * groups;
    if (group_.place(here).total == 0) return;
    const std::int32_t quads = here ? quads_of(node.domain) : 0;
    const bool pads = kQuad * quads < row_length(node.domain);
    const GroupPlace place = group_.prefix_sum(quads);
    for (std::int32_t q = 0; q < quads; ++q)
      room_.scored()[scored_ + place.before + q] =
          ScoreQuad::of(node.row + kQuad * q, node.score + kQuad * q, kQuad * q, node.joined,
                        node.first_item, first_end, pads && q == quads - 1);
    scored_ += place.total;
  }

  Group group_;
  const TreeRoom room_;
  std::int32_t size_;
  std::int32_t num_levels_;
  std::int32_t tables_ = 0;    ///< TableQuads so far; this and the rest
  std::int32_t sums_ = 0;      ///< SumQuads
  std::int32_t scored_ = 0;    ///< ScoreQuads
  std::int32_t messages_ = 0;  ///< for the last sums: of items, then of a level's children
};

}  // namespace warpshard
