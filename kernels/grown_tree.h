#pragma once

#include <cstdint>

namespace warpshard {

/// A variable of a grown tree. Parents come before their children.
struct TreeNode {
  std::int32_t variable = 0;
  std::int32_t domain = 0;
  std::int32_t row = 0;         ///< start in the unary rows
  std::int32_t score = 0;       ///< start in the tree's scores
  std::int32_t parent = 0;      ///< position in the tree
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
  const TreeItem* items = nullptr;  ///< [nodes[size].first_item]
  std::int32_t size = 0;
};

}  // namespace warpshard
