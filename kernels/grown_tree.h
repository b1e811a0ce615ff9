#pragma once

#include <cstdint>

#include "kernels/model_view.h"
#include "kernels/portable.h"

namespace warpshard {

/// A variable of a grown tree. Parents come before their children.
struct TreeNode {
  std::int32_t variable = 0;
  std::int32_t domain = 0;
  std::int32_t row = 0;          ///< start in the unary rows
  std::int32_t score = 0;        ///< start in the tree's scores
  std::uint32_t up = 0;          ///< table of the parent's values: its row of this one's value 0
  std::uint32_t down = 0;        ///< table of this one's values: its row of the parent's value 0
  std::uint16_t parent = 0;      ///< position in the tree
  std::uint16_t first_item = 0;  ///< its arcs out of the tree end where the next node's begin
  std::uint16_t child = 0;       ///< the last of its children, 0 if there is none; see TreeLevels
  std::uint16_t sibling = 0;     ///< the last of its parent's children before it, or 0
};

/// An arc from a tree's variable to one outside; see Arc.
struct TreeItem {
  std::int32_t neighbour = 0;
  std::uint32_t rows = 0;
  std::int32_t length = 0;  ///< stride of the variable

  /// Where the row of the neighbour's value begins.
  WARPSHARD_HD std::uint32_t at(std::int32_t value) const {
    return rows + static_cast<std::uint32_t>(value) * static_cast<std::uint32_t>(length);
  }
};

/// A tree's variables by their distance from the root, so that the lanes of a group can share out
/// a whole level. Scores lie in the same order. Only for groups whose Lane has kByLevels.
struct TreeLevels {
  std::uint16_t* order = nullptr;  ///< [size] positions in the tree, level by level
  std::uint16_t* first = nullptr;  ///< [levels + 1] where in `order` a level begins
  std::uint16_t* owner =
      nullptr;  ///< [scores / kRowPad] position of the node whose scores these are
  std::uint16_t* depth = nullptr;  ///< [size] level of a node
};

/// A grown tree: `size` nodes and one more, which says where the last one's scores and items end.
/// Trees of one variable have no items.
struct TreeView {
  const TreeNode* nodes = nullptr;  ///< [size + 1]
  const TreeItem* items = nullptr;
  TreeLevels levels;
  std::int32_t size = 0;

  WARPSHARD_HD std::int32_t stride(std::int32_t k) const { return row_length(nodes[k].domain); }
  WARPSHARD_HD std::int32_t num_items() const { return nodes[size].first_item; }
  WARPSHARD_HD std::int32_t num_scores() const { return nodes[size].score; }
  /// Values that its variables can take, all of them counted.
  WARPSHARD_HD std::int32_t num_values() const { return nodes[size].domain; }
  WARPSHARD_HD std::int32_t num_levels() const { return nodes[size].parent; }
  /// Where the scores of a level's variables begin.
  WARPSHARD_HD std::int32_t scores_of_level(std::int32_t level) const {
    return level < num_levels() ? nodes[levels.order[levels.first[level]]].score : num_scores();
  }
};

/// An arc that may join a tree.
struct TreeCandidate {
  std::int32_t arc = 0;     ///< from the parent to the candidate
  std::int32_t parent = 0;  ///< position in the tree
};

/// Room for one tree and what growing it takes. But for marks nothing in it means anything once the
/// tree has been visited.
struct TreeRoom {
  static constexpr std::int32_t kMaxLog2Tree = 8;
  static constexpr std::int32_t kMaxTree = 1 << kMaxLog2Tree;  ///< most variables in a tree block
  static constexpr std::int32_t kNodes = kMaxTree + 1;
  static constexpr std::int32_t kItems = 4096;        ///< most arcs of a tree's variables
  static constexpr std::int32_t kMaxFrontier = 2048;  ///< most arcs waiting to join a tree

  TreeNode* nodes = nullptr;  ///< [kNodes]
  TreeItem* items = nullptr;  ///< [kItems]
  TreeLevels levels;
  TreeCandidate* frontier = nullptr;      ///< [kMaxFrontier]
  std::uint32_t* marks = nullptr;         ///< [variables] stamps, see take_stamps()
  std::uint32_t* stamps_taken = nullptr;  ///< [1] no mark is greater
  std::int32_t score_room = 0;            ///< most scores of a tree

  /// Two-byte numbers that TreeLevels takes.
  WARPSHARD_HD static constexpr std::int32_t level_entries(std::int32_t score_room) {
    return 2 * kMaxTree + kNodes + score_room / kRowPad;
  }
  /// `memory` is [level_entries].
  WARPSHARD_HD static TreeLevels levels_in(std::uint16_t* memory) {
    return {memory, memory + 2 * kMaxTree, memory + 2 * kMaxTree + kNodes, memory + kMaxTree};
  }

  /// The tree that was grown last.
  WARPSHARD_HD TreeView tree() const { return {nodes, items, levels, nodes[0].parent}; }
};

}  // namespace warpshard
