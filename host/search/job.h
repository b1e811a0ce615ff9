#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "host/model/archive.h"
#include "host/model/stop_token.h"
#include "host/model/work.h"
#include "host/portfolio/core.h"
#include "host/portfolio/search_archive.h"
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

  /// For checkpoints, between two calls of run() of which none was stopped: where the search
  /// stands, on a core, or with a guide, that is not part of it.
  virtual void transfer(Archive& archive) { archive(best_, done_, visits_, offered_); }

  /// The cheapest assignment within the limit that it has met.
  const std::optional<Elite>& best() const { return best_; }
  Work done() const { return done_; }
  std::int64_t visits() const { return visits_; }
  const CorePointer& core() const { return core_; }
  /// Work done since the last offer of its best.
  Work since_offer() const { return done_ - offered_; }
  void note_offer() { offered_ = done_; }

 protected:
  void add_work(Work work) { done_ += work; }
  void set_visits(std::int64_t visits) { visits_ = visits; }
  /// Keeps an assignment that fits if it is the cheapest so far.
  void keep(Elite elite) {
    if (!best_ || elite.cost < best_->cost) best_ = std::move(elite);
  }
  /// Keeps a chain's state, with its prices, if it fits and is the cheapest so far.
  void look(Chain& chain) { look(chain, chain.prices()); }
  void look(Chain& chain, std::span<const float> prices) {
    Cost cost = core_->model.constant;
    cost += Cost{chain.account().forbidden, chain.account().finite};
    if ((best_ && best_->cost <= cost) || !chain.fits()) return;
    best_ = Elite{chain.values(), {prices.begin(), prices.end()}, cost};
  }

 private:
  CorePointer core_;
  std::optional<Elite> best_;
  Work done_ = 0;
  std::int64_t visits_ = 0;
  Work offered_ = 0;  ///< done when its best was last offered
};

/// Transfers a search of a kind that can be made empty, from its core alone.
template <typename Search>
void transfer_on_core(SearchArchive& archive, std::unique_ptr<Job>& job) {
  CorePointer core = job ? job->core() : nullptr;
  archive.core(core);
  if (archive.reading()) job = std::make_unique<Search>(std::move(core));
  job->transfer(archive);
}

/// The same for a search that is made empty from its guide.
template <typename Search>
void transfer_with_guide(SearchArchive& archive, std::unique_ptr<Job>& job) {
  GuidePointer guide = job ? static_cast<const Search&>(*job).guide() : nullptr;
  archive.guide(guide);
  if (archive.reading()) job = std::make_unique<Search>(std::move(guide));
  job->transfer(archive);
}

}  // namespace warpshard
