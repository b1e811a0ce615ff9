#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/portfolio/core.h"
#include "host/portfolio/guide.h"
#include "host/portfolio/search_archive.h"
#include "host/search/elites.h"
#include "warpshard/evaluate.h"
#include "warpshard/parameters.h"
#include "warpshard/problem.h"

namespace warpshard {

/// A plan that the independent evaluator has confirmed to be within the limit.
struct VerifiedPlan {
  Plan plan;
  Evaluation evaluation;
};

/// Evaluates a plan of `problem`; nothing if it is none or not within the limit.
std::optional<VerifiedPlan> verified_plan(const Problem& problem, Plan plan);

/// What all workers know: the best plan and bound, cores, elites, the guide. Only one thread at a
/// time may use it; what is handed out as a shared pointer to something constant may be read by
/// all.
class Pool {
 public:
  /// `problem` and `parameters` must outlive the pool. `settle_ties`: of plans that cost the same,
  /// the first in lexicographic order counts as the better one.
  Pool(const Problem& problem, const Parameters& parameters, bool settle_ties);

  const Problem& problem() const { return problem_; }
  const Parameters& parameters() const { return parameters_; }
  /// A line for a person to read.
  void log(std::string line) { notes_.push_back(std::move(line)); }
  /// The lines since the last time.
  std::vector<std::string> take_notes() { return std::exchange(notes_, {}); }

  // The best plan and the best bound.

  /// True if the plan is the new best.
  bool offer(VerifiedPlan plan, const std::string& source);
  const std::shared_ptr<const VerifiedPlan>& best() const { return best_; }  ///< null: none yet
  std::optional<Cost> cost() const;
  bool has_clean_plan() const { return best_ && best_->evaluation.cost.forbidden == 0; }
  bool settles_ties() const { return settle_ties_; }
  const std::string& source() const { return source_; }  ///< of the best plan
  std::int64_t num_offers() const { return num_offers_; }

  /// Proved: no plan within the limit costs less.
  void raise_bound(const Cost& bound, const std::string& source);
  const std::optional<Cost>& bound() const { return bound_; }
  const std::string& bound_source() const { return bound_source_; }
  /// Incumbent less bound (finite parts), where both are known and speak of as many entries.
  std::optional<double> gap() const;
  /// True once the best plan's distance to the bound is at most `gap`; see relative_gap().
  bool closed(double gap) const;

  /// Proved: no plan is within the limit.
  void set_infeasible() { infeasible_ = true; }
  bool infeasible() const { return infeasible_; }
  /// The instance cannot be searched; one line.
  void fail(std::string message) { failure_ = std::move(message); }
  const std::optional<std::string>& failure() const { return failure_; }

  // What is searched.

  /// Null until the instance is reduced.
  const CorePointer& core() const { return core_; }
  /// Searches go on on another core; elites move over as far as it has their values.
  void set_core(CorePointer core);
  /// Goes up with every core.
  std::uint64_t generation() const { return generation_; }
  const GuidePointer& guide() const { return guide_; }
  void set_guide(GuidePointer guide);

  void add_elite(const CorePointer& core, Elite elite);
  std::vector<Elite> elites() const { return elites_ ? elites_->all() : std::vector<Elite>(); }
  bool has_elites() const { return elites_ && !elites_->all().empty(); }
  /// What searches ended in and nobody has crossed with the elites yet.
  bool has_uncrossed() const { return !uncrossed_.empty(); }
  Elite take_uncrossed();

  /// Values of the present core whose every plan costs more than the incumbent did.
  void propose_removal(const CorePointer& core, const ValueList& values);
  const ValueList& removable() const { return removable_; }
  void drop_removable() { removable_.clear(); }

  /// Threads that there is memory for on what is searched.
  int width() const { return width_; }
  void set_width(int threads) { width_ = threads; }

  /// Tasks that are in the air at a time.
  int concurrency() const { return concurrency_; }
  void set_concurrency(int tasks) { concurrency_ = tasks; }

  /// Bytes that open parts of a proof may take.
  std::size_t part_bytes() const { return part_bytes_; }
  void set_part_bytes(std::size_t bytes) { part_bytes_ = bytes; }

  /// Work done by all, and how much of that since the present core came.
  void count_work(Work work) { work_ += work; }
  Work work() const { return work_; }
  Work work_on_core() const { return work_ - work_before_core_; }

  void count_visits(std::int64_t visits) { visits_ += visits; }
  std::int64_t visits() const { return visits_; }

  /// For checkpoints: all but notes, width() and concurrency(). What is read is taken as proved;
  /// only the plan is evaluated again.
  void transfer(SearchArchive& archive);

 private:
  void make_room_for_elites();
  void transfer_plan(SearchArchive& archive);

  const Problem& problem_;
  const Parameters& parameters_;
  bool settle_ties_;
  std::vector<std::string> notes_;
  std::shared_ptr<const VerifiedPlan> best_;
  std::string source_;
  std::int64_t num_offers_ = 0;
  std::optional<Cost> bound_;
  std::string bound_source_;
  bool infeasible_ = false;
  std::optional<std::string> failure_;
  CorePointer core_;
  std::uint64_t generation_ = 0;
  GuidePointer guide_;
  std::unique_ptr<Elites> elites_;
  std::deque<Elite> uncrossed_;  ///< on the present core
  ValueList removable_;          ///< sorted
  int width_ = std::numeric_limits<int>::max();
  int concurrency_ = 1;
  std::size_t part_bytes_ = std::size_t{1} << 30;
  Work work_ = 0;
  Work work_before_core_ = 0;
  std::int64_t visits_ = 0;
};

}  // namespace warpshard
