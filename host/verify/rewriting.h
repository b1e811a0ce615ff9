#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "host/verify/core_problem.h"
#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard::verify {

/// An instance that is rewritten step by step into a smaller one, each step being checked: the
/// least cost of a plan without forbidden entries that fits never rises. Nodes keep their numbers,
/// values are the nodes' strategies. A step about a value or an edge that is gone does nothing. A
/// step that cannot be confirmed fails, and says so in failure(); nothing is to be concluded then.
///
/// Time points may be left out and memory may be ignored at any time: that only adds plans.
class Rewriting {
 public:
  /// Reads `problem` also later; strategies that are forbidden themselves are gone. Fails if an
  /// edge joins three or more nodes of several strategies.
  static Result<Rewriting> create(const Problem& problem);

  /// A value is forbidden itself, or whatever one of the neighbours does.
  void drop_forbidden(std::int32_t v, std::int32_t a);
  /// Value b of the same variable costs no more beside anything, and never uses more memory.
  void drop_dominated(std::int32_t v, std::int32_t a, std::int32_t b);
  /// At some time the value does not fit even beside all others' least usages.
  void drop_over_limit(std::int32_t v, std::int32_t a);
  /// Each value of the leader leaves the follower one value at most: the two become one variable.
  void merge(std::int32_t follower, std::int32_t leader);
  /// A table that is a sum of a term per row and one per column goes into the costs of its ends;
  /// one that is not stays.
  void split_edge(std::int32_t u, std::int32_t v);
  /// Minimises a variable out that has at most two neighbours, or one value. What it uses above
  /// its least usage is ignored.
  void eliminate(std::int32_t v);
  /// Leaves all other time points out; in order, by their present numbers.
  void keep_times(std::span<const std::int32_t> times);

  bool failed() const { return !failure_.empty(); }
  const std::string& failure() const { return failure_; }
  /// True if nothing is left: every plan that fits has forbidden entries.
  bool emptied() const { return emptied_; }
  std::int32_t num_nodes() const { return static_cast<std::int32_t>(variables_.size()); }
  std::int32_t num_times() const { return static_cast<std::int32_t>(reserved_.size()); }

  /// What is left.
  CoreProblem core();
  /// Takes values away, (variable, value) as the last core() numbers them, after which nothing was
  /// rewritten: whoever calls this knows of which plans he speaks no more.
  void remove_values(std::span<const std::pair<std::int32_t, std::int32_t>> values);

 private:
  /// Row-major over all strategies of its edge's ends; an edge's table, or the instance's.
  struct Table {
    std::int32_t columns = 0;
    std::span<const std::int64_t> entries;
    std::vector<std::int64_t> own;
  };
  using TablePointer = std::shared_ptr<const Table>;

  struct Edge {
    std::int32_t u = 0;
    std::int32_t v = 0;
    TablePointer table;  ///< null: the edge is gone
  };
  /// What an edge costs beside one value of one of its ends; [strategies of the other end].
  struct Line {
    const std::int64_t* first = nullptr;
    std::int64_t stride = 0;
    std::int64_t operator[](std::int32_t y) const { return first[y * stride]; }
  };
  struct Piece {
    std::int32_t begin = 0;
    std::int32_t end = 0;
    std::vector<std::int64_t> usage;  ///< [strategies] memory units
  };
  struct Variable {
    bool here = true;
    bool settled = false;              ///< its pieces are disjoint and in order
    std::vector<std::int32_t> values;  ///< strategies that are left, in order
    std::vector<std::int64_t> unary;   ///< [strategies] cost units
    std::vector<Piece> pieces;
    std::vector<std::pair<std::int32_t, std::int32_t>> links;  ///< neighbour and edge, by neighbour
  };

  explicit Rewriting(const Problem& problem) : problem_(problem) {}

  std::optional<Error> read();
  void read_memory();
  std::optional<Error> read_edge(std::int64_t edge);
  void fail(const std::string& step, std::int32_t v);
  bool has(std::int32_t v, std::int32_t a) const;
  void remove(std::int32_t v, std::int32_t a);
  std::int64_t sum(std::int64_t a, std::int64_t b);
  std::int32_t strategies(std::int32_t v) const {
    return static_cast<std::int32_t>(variables_[v].unary.size());
  }
  std::int32_t edge_between(std::int32_t u, std::int32_t v) const;
  Line line(std::int32_t edge, std::int32_t end, std::int32_t a) const;
  void add_edge(std::int32_t u, std::int32_t v, std::vector<std::int64_t> entries);
  void add_edge(std::int32_t u, std::int32_t v, TablePointer table);
  TablePointer total(std::int32_t edge, std::int32_t u, const Table& other);
  void remove_edge(std::int32_t edge);
  void move_edge(std::int32_t edge, std::int32_t from, std::int32_t to,
                 std::span<const std::int32_t> map);
  void move_memory(std::int32_t from, std::int32_t to, std::span<const std::int32_t> map);
  void settle(Variable& variable) const;
  void reserve_least(std::int32_t v);
  std::int64_t least_usage(const Variable& variable, const Piece& piece) const;
  bool never_dearer(std::int32_t v, std::int32_t b, std::int32_t a) const;
  bool exceeds_limit(std::int32_t v, std::int32_t a);
  void add_up_least();
  void add_unary(std::int32_t v, const std::vector<std::int64_t>& costs);
  void add_best(std::int32_t v);

  const Problem& problem_;
  std::vector<Variable> variables_;
  std::vector<Edge> edges_;
  std::vector<TablePointer> tables_;      ///< [the instance's tables] as they were last read
  std::vector<std::int64_t> reserved_;    ///< [times] used by variables that are gone
  std::vector<std::int64_t> least_;       ///< [times + 1] least usages of all when last added up
  bool least_valid_ = false;              ///< all variables are still those of that time
  bool least_current_ = false;            ///< and their values, too
  std::vector<std::int32_t> core_nodes_;  ///< [variables of the last core()]
  Int128 constant_ = 0;
  bool emptied_ = false;
  std::string failure_;
};

}  // namespace warpshard::verify
