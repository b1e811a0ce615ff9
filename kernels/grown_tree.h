#pragma once

#include <cstdint>

#include "kernels/model_view.h"
#include "kernels/portable.h"

namespace warpshard {

/// A variable of a grown tree. Parents come before their children.
struct alignas(16) TreeNode {
  std::int32_t score = 0;  ///< start in the tree's scores
  std::int32_t domain = 0;
  std::int32_t row = 0;  ///< start in the unary rows
  std::int32_t variable = 0;
  std::uint32_t up = 0;           ///< table of the parent's values: its row of this one's value 0
  std::uint32_t down = 0;         ///< table of this one's values: its row of the parent's value 0
  std::uint16_t parent = 0;       ///< position in the tree
  std::uint16_t first_item = 0;   ///< its arcs out of the tree end where the next node's begin
  std::uint16_t first_child = 0;  ///< the same for children; only by levels, see TreeView
  std::uint16_t joined = 0;       ///< how many variables joined the tree before it

  WARPSHARD_HD void take_variable(const ModelView& model, std::int32_t v) {
    variable = v;
    domain = model.domains[v];
    row = model.row_offsets[v];
  }
  /// `from_parent`: an arc of the parent's.
  WARPSHARD_HD void take_tables(const ModelView& model, const Arc& from_parent) {
    up = from_parent.rows;
    down = model.arcs[from_parent.reverse].rows;
  }
};

/// A grown tree: `size` nodes and one more, which says where the last one's scores, items and
/// children end. Items are arcs from its variables to others; trees of one variable have none.
///
/// For one lane nodes stand in the order in which they joined, and arcs to children are among the
/// items, but with rows of zeros. For groups whose Lane has kByLevels nodes stand by their distance
/// from the root, so that the lanes can share out a whole level: children of a node side by side,
/// the last to join first, in the order of their parents. That is the order in which a walk from
/// the end of the first kind of tree meets a node's children.
struct TreeView {
  const TreeNode* nodes = nullptr;  ///< [size + 1]
  const Arc* items = nullptr;
  const std::uint16_t* levels = nullptr;  ///< [num_levels + 1] where levels begin; only by levels
  std::int32_t size = 0;

  WARPSHARD_HD std::int32_t stride(std::int32_t k) const { return row_length(nodes[k].domain); }
  WARPSHARD_HD std::int32_t num_items() const { return nodes[size].first_item; }
  /// Values that its variables can take, all of them counted.
  WARPSHARD_HD std::int32_t num_values() const { return nodes[size].domain; }
  WARPSHARD_HD std::int32_t num_levels() const { return nodes[size].parent; }
};

/// A variable that joined a tree, until the tree is laid out by levels.
struct alignas(16) JoinedVariable {
  std::int32_t variable = 0;
  std::int32_t arc = 0;        ///< from its parent, -1 for the root
  std::uint16_t child = 0;     ///< the last of its children to join, by its number; 0: none
  std::uint16_t sibling = 0;   ///< the last of its parent's children before it, or 0
  std::uint16_t children = 0;  ///< how many
};

/// An arc that may join a tree.
struct alignas(16) TreeCandidate {
  std::int32_t variable = 0;
  std::int32_t arc = 0;     ///< from the parent
  std::int32_t parent = 0;  ///< how many variables joined the tree before it
};

/// Room for one tree, and for what growing takes, which a chain's rooms share. But for marks
/// nothing in it means anything once the tree has been visited.
struct TreeRoom {
  static constexpr std::int32_t kMaxLog2Tree = 8;
  static constexpr std::int32_t kMaxTree = 1 << kMaxLog2Tree;  ///< most variables in a tree block
  static constexpr std::int32_t kNodes = kMaxTree + 1;
  static constexpr std::int32_t kItems = 4096;        ///< most arcs of a tree's variables
  static constexpr std::int32_t kMaxFrontier = 2048;  ///< most arcs waiting to join a tree

  TreeNode* nodes = nullptr;              ///< [kNodes]
  Arc* items = nullptr;                   ///< [kItems]
  std::uint16_t* levels = nullptr;        ///< [kNodes]
  JoinedVariable* joined = nullptr;       ///< [kMaxTree] this and the rest shared
  TreeCandidate* frontier = nullptr;      ///< [kMaxFrontier]
  std::uint32_t* waiting = nullptr;       ///< [kItems] the same for one lane, see SerialGrowth
  std::uint32_t* marks = nullptr;         ///< [variables] stamps, see take_stamps()
  std::uint32_t* stamps_taken = nullptr;  ///< [1] no mark is greater
  std::int32_t score_room = 0;            ///< most scores of a tree

  /// Says where the last of `size` nodes' scores and items end.
  WARPSHARD_HD TreeNode& end_tree(std::int32_t size, std::int32_t num_scores,
                                  std::int32_t num_values, std::int32_t num_items) const {
    nodes[0].parent = static_cast<std::uint16_t>(size);
    TreeNode& end = nodes[size];
    end.score = num_scores;
    end.domain = num_values;
    end.first_item = static_cast<std::uint16_t>(num_items);
    return end;
  }

  /// The tree that was grown last.
  WARPSHARD_HD TreeView tree() const { return {nodes, items, levels, nodes[0].parent}; }
};

}  // namespace warpshard
