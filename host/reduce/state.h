#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "host/model/stop_token.h"
#include "host/reduce/lift_log.h"
#include "host/reduce/table_store.h"
#include "host/reduce/trace.h"
#include "warpshard/cost.h"
#include "warpshard/problem.h"

namespace warpshard::reduce {

/// A set of indices waiting for a step's attention; each at most once.
class Worklist {
 public:
  explicit Worklist(std::size_t size = 0) : waiting_(size, 0) {}

  void push(std::int32_t item) {
    if (static_cast<std::size_t>(item) >= waiting_.size()) waiting_.resize(item + 1, 0);
    if (waiting_[item] != 0) return;
    waiting_[item] = 1;
    items_.push_back(item);
  }
  std::int32_t pop() {
    const std::int32_t item = items_.back();
    items_.pop_back();
    waiting_[item] = 0;
    return item;
  }
  bool empty() const { return items_.empty(); }

 private:
  std::vector<std::int32_t> items_;
  std::vector<std::uint8_t> waiting_;
};

/// A stretch of time points, half-open, over which a variable uses memory.
struct Piece {
  std::int32_t begin = 0;
  std::int32_t end = 0;
};

/// A node that still stands for itself (and for those merged into it).
struct Variable {
  bool alive = true;
  bool profiled = false;    ///< pieces are sorted, disjoint, and each one's least usage is zero
  std::int32_t degree = 0;  ///< edges alive
  std::vector<std::int32_t> strategies;  ///< [domain] value -> original strategy of the node
  std::vector<std::int64_t> unary;       ///< [domain] cost units
  std::vector<Piece> pieces;
  std::vector<std::int64_t> usage;   ///< [piece][domain] memory units
  std::vector<std::int32_t> edges;   ///< ids; may list edges that have gone or moved away
  std::vector<std::uint8_t> doomed;  ///< [domain] values to go, or empty

  std::int32_t domain() const { return static_cast<std::int32_t>(strategies.size()); }
  std::span<const std::int64_t> usage_of(std::size_t piece) const {
    return {usage.data() + piece * strategies.size(), strategies.size()};
  }
};

/// A table between two variables; u's values are the rows.
struct Link {
  std::int32_t u = kNone;
  std::int32_t v = kNone;
  std::int32_t table = kNone;

  bool alive() const { return u != kNone; }
  std::int32_t other(std::int32_t variable) const { return variable == u ? v : u; }
};

/// The problem while it is being reduced: plain data and the primitive operations on it that keep
/// its parts consistent. Variables keep the numbers of the nodes they began as.
struct State {
  int threads = 1;             ///< that steps may use; results are the same for any number
  bool hard = true;            ///< forbidden entries are hard constraints
  bool emptied = false;        ///< a domain or a capacity ran out: no plan is left
  bool over_limit = false;     ///< the least usages alone exceed the limit somewhere
  std::int32_t num_nodes = 0;  ///< of the original problem; later variables are helpers
  Cost constant;
  std::int64_t range_sum = 0;  ///< sum of (greatest - least) finite part over all lists; where hard
                               ///< of what is allowed
  bool raised = false;         ///< some forbidden entries come to cost more than they do
  std::vector<std::int32_t> original_sizes;  ///< [variables] strategies of each node
  std::vector<Variable> variables;
  std::vector<Link> links;
  TableStore tables;
  std::vector<std::int64_t> times;     ///< [times] of the problem, ascending
  std::vector<std::int64_t> capacity;  ///< [times] limit less what settle_capacity() has settled
  std::vector<std::int64_t> drawn;     ///< [times + 1] differences of usage not settled yet
  LiftLog log;
  std::vector<std::pair<std::int32_t, std::int32_t>> excluded;  ///< (node, strategy) on request
  bool traced = false;  ///< steps are written down in `trace`; only where forbidden is hard
  ReductionTrace trace;

  std::int64_t num_variables = 0;
  std::int64_t num_values = 0;
  std::int64_t num_links = 0;

  Worklist forbid_links;
  Worklist follow_links;
  Worklist fold_links;
  Worklist fold_variables;
  Worklist dominance_variables;
  Worklist large_variables;    ///< put off by dominance()
  Worklist crowded_variables;  ///< may have parallel links
  Worklist doomed_variables;   ///< have doomed values
  bool times_stale = true;     ///< usage changed since reduce_times() last ran
  bool capacity_stale = true;  ///< usage changed since reduce_by_capacity() last ran

  std::int32_t num_times() const { return static_cast<std::int32_t>(capacity.size()); }

  /// Calls `visit(link id)` for each link of a variable; links may be changed during the visit.
  template <typename Visit>
  void for_each_link(std::int32_t v, const Visit& visit) {
    purge_links(v);
    for (std::size_t i = 0; i < variables[v].edges.size(); ++i) {
      const std::int32_t id = variables[v].edges[i];
      if (links[id].u == v || links[id].v == v) visit(id);
    }
  }

  /// A link's table with the given end's values as rows.
  std::int32_t table_from(std::int32_t v, const Link& link) {
    return link.u == v ? link.table : tables.transpose(link.table);
  }

  void add_link(std::int32_t u, std::int32_t v, std::int32_t table);
  void remove_link(std::int32_t id);
  /// Replaces a link's table; wakes the steps that look at links.
  void set_table(std::int32_t id, std::int32_t table);
  /// To be called when a variable's costs, links or domain changed.
  void wake(std::int32_t v);
  /// To be called when only the memory it uses changed.
  void wake_for_memory(std::int32_t v);

  /// Adds to a variable's costs; forbidden sums doom values when hard. False, and nothing done, if
  /// an entry would count as forbidden twice.
  bool add_unary(std::int32_t v, std::span<const std::int64_t> costs);
  /// A helper variable with one value, to carry what add_unary() refuses.
  std::int32_t add_helper();

  void doom(std::int32_t v, std::int32_t value);
  /// The same, for a reason to be written down; `by` is the value that dominates it.
  void doom(std::int32_t v, std::int32_t value, ReductionTrace::Kind reason, std::int32_t by = 0);
  void write_down(ReductionTrace::Kind kind, std::int32_t first, std::int32_t second = 0) {
    if (traced) trace.steps.push_back({kind, first, second, 0, {}});
  }
  /// Takes doomed values out everywhere. False if a domain ran empty, or if stopped.
  bool remove_doomed(StopGlance& stop);

  /// To be called when what a variable with memory can use has changed.
  void usage_changed() { times_stale = capacity_stale = true; }

  /// Takes a variable without links out of the problem.
  void retire(std::int32_t v);
  /// Moves the memory of `from` to `to`, whose value b stands for from's value map[b].
  void move_usage(std::int32_t from, std::int32_t to, std::span<const std::int32_t> map);
  /// Makes a variable's pieces disjoint and relative; what all values use is drawn from capacity.
  void profile(std::int32_t v);
  /// The same for several variables, no two equal.
  void profile(std::span<const std::int32_t> chosen, const StopToken& stop);
  void profile_all(const StopToken& stop);
  void settle_capacity();

  /// Settles what is pending and puts links in order, each from the lower variable to the higher;
  /// forgets tables that no link uses once they take much room. Ids of links change. When stopped,
  /// the state is left in pieces.
  void tidy(StopGlance& stop);

 private:
  void purge_links(std::int32_t v);
  void forget_unused_tables();

  std::vector<std::int32_t> removal_maps_;  ///< [variables] scratch of remove_doomed(), all kNone
};

}  // namespace warpshard::reduce
