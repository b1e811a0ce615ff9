#pragma once

#include <cstdint>

#include "kernels/model_view.h"
#include "kernels/portable.h"
#include "kernels/tree_quads.h"

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

/// A variable that joined a tree, until the tree is laid out by levels.
struct alignas(16) JoinedVariable {
  std::int32_t variable = 0;
  std::int32_t arc = 0;        ///< from its parent, -1 for the root
  std::uint16_t child = 0;     ///< the last of its children to join, by its number; 0: none
  std::uint16_t sibling = 0;   ///< the last of its parent's children before it, or 0
  std::uint16_t children = 0;  ///< how many
  std::uint16_t unused = 0;    ///< so that it is copied as one word of 16 bytes
};

/// An arc that may join a tree.
struct alignas(16) TreeCandidate {
  std::int32_t variable = 0;
  std::int32_t arc = 0;     ///< from the parent
  std::int32_t parent = 0;  ///< how many variables joined the tree before it
  std::int32_t parent_domain = 0;
};

/// A chain's rooms for trees, side by side, and room for what growing takes, which they share. But
/// for marks nothing in it means anything once the trees have been visited.
struct TreeRooms {
  TreeNode* nodes = nullptr;              ///< [rooms][TreeRoom::kNodes]
  Arc* items = nullptr;                   ///< [rooms][TreeRoom::kItemRoom]
  TreeLevel* levels = nullptr;            ///< [rooms][TreeRoom::kNodes] this and the next four
                                          ///< where trees are laid out by levels
  ScoreQuad* scored = nullptr;            ///< [rooms][2 * quad_room]
  TableQuad* tables = nullptr;            ///< [rooms][quad_room]
  SumQuad* sums = nullptr;                ///< [rooms][2 * quad_room]
  ChosenRow* chosen = nullptr;            ///< [rooms][TreeRoom::kNodes]
  JoinedVariable* joined = nullptr;       ///< [TreeRoom::kMaxTree]
  TreeCandidate* frontier = nullptr;      ///< [TreeRoom::kMaxFrontier]
  std::uint32_t* waiting = nullptr;       ///< [TreeRoom::kItems] the same for one lane
  std::uint32_t* marks = nullptr;         ///< [variables] stamps, see take_stamps()
  std::uint32_t* stamps_taken = nullptr;  ///< [1] no mark is greater
  std::int32_t score_room = 0;            ///< most scores of a tree
  /// Most quads of a tree's tables and of its sums of items but for the first.
  std::int32_t quad_room = 0;
};

/// Room for one tree. Where it is follows from its number: a lane would have no registers for all
/// of its arrays.
class TreeRoom {
 public:
  static constexpr std::int32_t kMaxLog2Tree = 8;
  static constexpr std::int32_t kMaxTree = 1 << kMaxLog2Tree;  ///< most variables in a tree block
  static constexpr std::int32_t kNodes = kMaxTree + 1;
  static constexpr std::int32_t kItems = 4096;  ///< most arcs of a tree's variables
  /// Most items, with those of zeros.
  static constexpr std::int32_t kItemRoom = kItems + kMaxTree * (kQuad - 1);
  static constexpr std::int32_t kMaxFrontier = 2048;  ///< most arcs waiting to join a tree

  /// Rooms of other chains come before and after those of this one.
  WARPSHARD_HD TreeRoom(const TreeRooms& rooms, std::int32_t number)
      : rooms_(rooms), number_(number) {}

  WARPSHARD_HD const TreeRooms& all() const { return rooms_; }

  WARPSHARD_HD TreeNode* nodes() const { return rooms_.nodes + number_ * kNodes; }
  WARPSHARD_HD Arc* items() const { return rooms_.items + number_ * kItemRoom; }
  WARPSHARD_HD TreeLevel* levels() const { return rooms_.levels + number_ * kNodes; }
  WARPSHARD_HD ScoreQuad* scored() const { return rooms_.scored + number_ * 2 * rooms_.quad_room; }
  WARPSHARD_HD TableQuad* tables() const { return rooms_.tables + number_ * rooms_.quad_room; }
  WARPSHARD_HD SumQuad* sums() const { return rooms_.sums + number_ * 2 * rooms_.quad_room; }
  WARPSHARD_HD ChosenRow* chosen() const { return rooms_.chosen + number_ * kNodes; }

  /// Says where the last of `size` nodes' scores and items end.
  WARPSHARD_HD TreeNode& end_tree(std::int32_t size, std::int32_t num_scores,
                                  std::int32_t num_values, std::int32_t num_items) const {
    TreeNode* const all = nodes();
    all[0].parent = static_cast<std::uint16_t>(size);
    TreeNode& end = all[size];
    end.score = num_scores;
    end.domain = num_values;
    end.first_item = static_cast<std::uint16_t>(num_items);
    return end;
  }

 private:
  const TreeRooms& rooms_;
  std::int32_t number_;
};

/// A grown tree: `size` nodes and one more, which says where the last one's scores, items and
/// children end. Items are arcs from its variables to others; trees of one variable have none.
///
/// For one lane nodes stand in the order in which they joined, and arcs to children are among the
/// items, but with rows of zeros. For groups whose Lane has kByLevels nodes stand by their distance
/// from the root, so that the lanes can share out a whole level: children of a node side by side,
/// the last to join first, in the order of their parents. That is the order in which a walk from
/// the end of the first kind of tree meets a node's children. A node's items fill quads, the last
/// with rows of zeros; only where they are more than kItemsTogether, so that it matters where they
/// stand, are arcs to children among them. What the lanes are to do is written down by quads of
/// values: those with as many items stand together, so that the lanes have about as much to do.
class TreeView {
 public:
  WARPSHARD_HD explicit TreeView(const TreeRoom& room)
      : nodes(room.nodes()), size(nodes[0].parent), room_(room) {}

  WARPSHARD_HD std::int32_t stride(std::int32_t k) const { return row_length(nodes[k].domain); }
  WARPSHARD_HD std::int32_t num_items() const { return nodes[size].first_item; }
  /// Values that its variables can take, all of them counted.
  WARPSHARD_HD std::int32_t num_values() const { return nodes[size].domain; }

  /// [num_items()]
  WARPSHARD_HD const Arc* items() const { return room_.items(); }

  // Only by levels:
  WARPSHARD_HD std::int32_t num_levels() const { return nodes[size].parent; }
  WARPSHARD_HD std::int32_t num_scored() const { return nodes[size].variable; }
  /// [num_levels() + 1]
  WARPSHARD_HD const TreeLevel* levels() const { return room_.levels(); }
  /// [num_scored()]
  WARPSHARD_HD const ScoreQuad* scored() const { return room_.scored(); }
  /// By levels.
  WARPSHARD_HD const TableQuad* tables() const { return room_.tables(); }
  /// By levels.
  WARPSHARD_HD const SumQuad* sums() const { return room_.sums(); }
  /// [size]
  WARPSHARD_HD const ChosenRow* chosen() const { return room_.chosen(); }

  const TreeNode* const nodes;  ///< [size + 1]
  const std::int32_t size;

 private:
  const TreeRoom room_;
};

}  // namespace warpshard
