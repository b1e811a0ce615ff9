#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/bound/dive.h"
#include "host/bound/dual_ascent.h"
#include "host/bound/partial_ascent.h"
#include "host/bound/prover.h"
#include "host/device/backend.h"
#include "host/device/device_population.h"
#include "host/portfolio/clock.h"
#include "host/portfolio/core.h"
#include "host/portfolio/incumbent.h"
#include "host/search/population.h"

namespace warpshard {

/// What a search run may use and must respect.
struct SearchRunOptions {
  std::uint64_t seed = 1;
  int threads = 1;
  std::size_t part_bytes = BranchOptions{}.state_bytes;  ///< for open parts of the proof
  bool allow_forbidden = false;  ///< the core keeps forbidden entries: it gives no bound
  /// Give up after this share of the time if no plan was found by then.
  double trial_share = 1;
  std::vector<Plan> starts;                     ///< plans within the limit to go on from
  std::vector<DeviceInfo> gpus;                 ///< work beside the CPU; none: the CPU alone
  std::function<void(const std::string&)> log;  ///< one line at a time; may be empty
};

/// One search over one reduced instance: prices and bound, then rounds of annealing, in turns,
/// until the clock ends it. The core shrinks on the way as reduced costs rule values out.
class SearchRun {
 public:
  SearchRun(CorePointer core, IncumbentPool& pool, SearchClock& clock, SearchRunOptions options);

  /// Runs for `seconds` at most (the clock may end it sooner).
  void run(double seconds);

 private:
  /// Dives and descents in turns, with fresh prices, until the time is over.
  void run_in_turns(double seconds);
  /// Removes what reduced costs rule out as long as that pays, with a little ascent between.
  void shrink_on(double seconds);
  /// True if the core is worth an exact search from the first plan on.
  bool has_small_core() const;
  /// True if there is no plan yet and the time for finding one is over.
  bool given_up(double begin, double seconds) const;
  /// Raises the bound, and prices and messages that lead dives and searches well.
  void ascend(double seconds);
  /// Descents; but for the trial of policies at first, some threads prove meanwhile.
  void search(double seconds, bool trial);
  /// Makes plans from nothing on all threads for `seconds` at most: dives along the prices, each
  /// cooled to the bottom of its basin. One thread does something else first; dives that begin
  /// later follow the prices that brought.
  void explore(double seconds, const std::function<void()>& first);
  /// Raises the bound until it rises slowly; the other threads explore.
  void ascend_until_flat(double seconds);
  /// True unless annealing does clearly better than dives on this instance.
  bool dives_pay();
  void dive_and_polish(SearchClock::Time end);
  DiveOptions dive_options(std::uint64_t number) const;
  /// Lets dives that begin from now on follow the ascent's present prices.
  void publish_state();
  /// Hands the ascent's prices and decodings to the searchers.
  void share_starts();
  /// Tells the pool of a certified bound.
  void raise_bound(Int128 bound);
  /// Removes what reduced costs rule out; true if that made a new core.
  bool shrink();
  int proving_threads() const;
  /// True if there is time left, a plan without forbidden entries and a core that gives bounds.
  bool may_prove() const;
  /// Raises the bound as far as it goes, until `end` or `done`; at first from `prices`, [times].
  void prove(SearchClock::Time end, std::span<const float> prices, const std::atomic<bool>& done);
  /// Lets nothing but proofs (and the GPUs) work for `seconds`.
  void prove_alone(double seconds);
  void adopt(CorePointer core);
  /// Lets searchers go on from plans, of which the core still has all values.
  void add_elites(const std::vector<Plan>& plans);
  /// Plans of the elites of all searchers, cheapest searcher's first.
  std::vector<Plan> elite_plans() const;
  /// Calls `work` with the number of threads it has, for about `seconds`, while the GPUs, if there
  /// are any, anneal and, if it is to be so or the core is small, some threads prove; then all
  /// share what they found.
  void beside_others(double seconds, bool proving, const std::function<void(int)>& work);
  void log(const std::string& line) const;

  CorePointer core_;
  IncumbentPool& pool_;
  SearchClock& clock_;
  SearchRunOptions options_;
  PolicyBook book_;
  std::unique_ptr<DualAscent> ascent_;
  std::unique_ptr<Population> population_;
  std::unique_ptr<DevicePopulation> devices_;  ///< if there are GPUs
  CorePointer proven_core_;                    ///< what the prover, if there is one, refers to
  std::unique_ptr<Prover> prover_;             ///< once there is a plan
  std::uint64_t generation_ = 0;
  std::atomic<std::uint64_t> dives_{0};
  std::atomic<bool> proving_{false};  ///< a thread is at it
  std::mutex mutex_;                  ///< guards what follows
  std::optional<Cost> best_dive_;
  std::shared_ptr<const AscentState> state_;  ///< of the ascent, for dives
};

}  // namespace warpshard
