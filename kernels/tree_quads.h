#pragma once

#include <cstdint>

#include "kernels/model_view.h"
#include "kernels/portable.h"

// What lanes do where they visit a tree, four values of a variable at a time; see TreeView and
// TreeSchedule.

namespace warpshard {

/// Quads of a row of `domain` values.
WARPSHARD_HD constexpr std::int32_t quads_of(std::int32_t domain) {
  return (domain + kQuad - 1) / kQuad;
}

/// Items whose costs are added up by themselves: the first so many to what a value costs, the
/// others to zero, and then one sum after the other to the first. So lanes can share out a hub's
/// items.
inline constexpr std::int32_t kItemsTogether = 16;

/// Where those from `first` on end that are added up together, of items up to `end`.
WARPSHARD_HD constexpr std::int32_t end_together(std::int32_t first, std::int32_t end) {
  return end - first < kItemsTogether ? end : first + kItemsTogether;
}

/// Sums of items but for the first, of a variable with so many.
WARPSHARD_HD constexpr std::int32_t more_sums(std::int32_t items) {
  return items > 0 ? (items - 1) / kItemsTogether : 0;
}

/// Quads of such sums and of tables that a variable brings into a tree, at most: one of so many
/// arcs and values, and a parent of so many values.
WARPSHARD_HD constexpr std::int32_t quads_to_join(std::int32_t arcs, std::int32_t domain,
                                                  std::int32_t parent_domain) {
  return arcs / kItemsTogether * quads_of(domain) + quads_of(parent_domain);
}

/// Whether trees of so many arcs and variables, of up to so many values each, may have more of both
/// than there is room for.
WARPSHARD_HD constexpr bool may_exceed(std::int32_t arcs, std::int32_t size,
                                       std::int32_t most_values, std::int32_t quad_room) {
  return std::int64_t{arcs / kItemsTogether + size} * quads_of(most_values) > quad_room;
}

/// Scores four values of a tree's variable by themselves, or adds up some of its items for them.
///
/// Two numbers share a word each, so that all of it is read at once.
struct alignas(16) ScoreQuad {
  static constexpr std::uint32_t kItemsAlone = 0xFFFF;

  std::uint32_t unary = 0;  ///< the first value's place in the unary rows
  std::int32_t score = 0;   ///< and in the tree's scores, or in the messages that follow them
  std::uint32_t words[2] = {};

  WARPSHARD_HD static ScoreQuad of(std::int32_t unary, std::int32_t score, std::int32_t value,
                                   std::uint32_t joined, std::int32_t first_item,
                                   std::int32_t end_item, bool before_padding = false) {
    return {static_cast<std::uint32_t>(unary),
            score,
            {static_cast<std::uint32_t>(value) | (before_padding ? 1U : 0U) | joined << 16,
             static_cast<std::uint32_t>(first_item) | static_cast<std::uint32_t>(end_item) << 16}};
  }

  /// The first value, a multiple of kQuad.
  WARPSHARD_HD std::int32_t value() const { return static_cast<std::int32_t>(words[0] & 0xFFFC); }
  /// Whether the quad behind it, of padding, belongs to the row of scores, too.
  WARPSHARD_HD bool before_padding() const { return (words[0] & 1) != 0; }
  /// Its node's, or kItemsAlone.
  WARPSHARD_HD std::uint32_t joined() const { return words[0] >> 16; }
  /// Both multiples of kQuad.
  WARPSHARD_HD std::int32_t first_item() const {
    return static_cast<std::int32_t>(words[1] & 0xFFFF);
  }
  WARPSHARD_HD std::int32_t end_item() const { return static_cast<std::int32_t>(words[1] >> 16); }
};

/// Finds the least that a child's subtree costs at four of its parent's values.
struct alignas(16) TableQuad {
  std::uint32_t table = 0;  ///< the child's value 0 at the first of them, in the model's tables
  std::int32_t length = 0;  ///< of the table's rows
  std::int32_t costs = 0;   ///< of the child's subtree: where its scores start
  std::int32_t domain = 0;  ///< the child's
};

/// Adds to four scores, one after the other, what a parent's children cost there or what more of a
/// variable's items do.
struct alignas(16) SumQuad {
  std::int32_t score = 0;     ///< the first value's place in the tree's scores
  std::int32_t message = 0;   ///< the first one's number; children's are those of their TableQuads,
                              ///< counted from their level's first
  std::int32_t step = 0;      ///< from one to the next
  std::int32_t messages = 0;  ///< how many
};

/// Chooses a node's value, given its parent's.
struct alignas(16) ChosenRow {
  std::int32_t score = 0;   ///< as the node's
  std::int32_t domain = 0;  ///< as the node's
  std::uint32_t down = 0;   ///< as the node's
  std::int32_t parent = 0;  ///< as the node's
};

/// What begins with a level of a tree.
struct alignas(8) TreeLevel {
  std::uint16_t node = 0;
  std::uint16_t table = 0;  ///< the first of its nodes' TableQuads; they are children there
  std::uint16_t sum = 0;    ///< the first of its nodes' SumQuads; they are parents there. Those for
                            ///< items come before all
};

}  // namespace warpshard
