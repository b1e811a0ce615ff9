#pragma once

#include <cstdint>

#include "kernels/portable.h"

namespace warpshard {

/// A variable of a grown tree. Parents come before their children.
struct TreeNode {
  std::int32_t variable = 0;
  std::int32_t domain = 0;
  std::int32_t row = 0;         ///< start in the unary rows
  std::int32_t score = 0;       ///< start in the tree's scores
  std::int32_t parent = 0;      ///< position in the tree; of the root: the tree's size
  std::int32_t first_item = 0;  ///< its arcs out of the tree end where the next node's begin
  std::uint32_t up = 0;         ///< table of the parent's values: its row of this one's value 0
  std::uint32_t down = 0;       ///< table of this one's values: its row of the parent's value 0
};

/// An arc from a tree's variable to one outside; see Arc.
struct TreeItem {
  std::int32_t neighbour = 0;
  std::uint32_t rows = 0;
};

/// A grown tree: `size` nodes and one more, which says where the last one's row and items end.
/// Trees of one variable have no items.
struct TreeView {
  const TreeNode* nodes = nullptr;  ///< [size + 1]
  const TreeItem* items = nullptr;  ///< of all trees of the batch
  std::int32_t size = 0;
};

/// How far a chain has come with its batch of trees. All 0: there is none yet.
struct TreeProgress {
  std::int32_t end = 0;     ///< nodes that the batch takes
  std::int32_t next = 0;    ///< first node of the tree that is next
  std::int32_t passes = 0;  ///< times that the whole batch was visited
};

/// Induced trees that were grown ahead, one after the other; a chain's own.
struct TreeBatchView {
  TreeNode* nodes = nullptr;  ///< [node_room]
  TreeItem* items = nullptr;  ///< [item_room]
  std::int32_t node_room = 0;
  std::int32_t item_room = 0;
  TreeProgress* progress = nullptr;  ///< [1]

  /// The tree whose first node is number `first`.
  WARPSHARD_HD TreeView tree(std::int32_t first) const {
    return {nodes + first, items, nodes[first].parent};
  }
};

}  // namespace warpshard
