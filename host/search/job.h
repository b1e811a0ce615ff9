#pragma once

#include <optional>

#include "host/model/stop_token.h"
#include "host/model/work.h"
#include "host/portfolio/core.h"
#include "host/search/chain.h"
#include "host/search/elites.h"

namespace warpshard {

/// A search of its own from a given start, done in pieces: a descent, a tabu search, a dive. What
/// it finds depends on how it was begun alone, not on the sizes of the pieces.
class Job {
 public:
  explicit Job(CorePointer core) : core_(std::move(core)) {}
  virtual ~Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  /// Goes on for about so much work; true once the search is at its end. Told to stop, it returns
  /// within milliseconds, and the job may only be looked at from then on.
  virtual bool run(Work work, const StopToken& stop) = 0;

  /// The cheapest assignment within the limit that it has met.
  const std::optional<Elite>& best() const { return best_; }
  Work done() const { return done_; }
  std::int64_t visits() const { return visits_; }
  const CorePointer& core() const { return core_; }

 protected:
  void add_work(Work work) { done_ += work; }
  void set_visits(std::int64_t visits) { visits_ = visits; }
  /// Keeps an assignment that fits if it is the cheapest so far.
  void keep(Elite elite) {
    if (!best_ || elite.cost < best_->cost) best_ = std::move(elite);
  }
  /// Keeps a chain's state, with its prices, if it fits and is the cheapest so far.
  void look(const Chain& chain) {
    Cost cost = core_->model.constant;
    cost += Cost{chain.account().forbidden, chain.account().finite};
    if ((best_ && best_->cost <= cost) || !chain.fits()) return;
    best_ = Elite{chain.values(), {chain.prices().begin(), chain.prices().end()}, cost};
  }

 private:
  CorePointer core_;
  std::optional<Elite> best_;
  Work done_ = 0;
  std::int64_t visits_ = 0;
};

}  // namespace warpshard
