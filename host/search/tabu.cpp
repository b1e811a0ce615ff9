#include "host/search/tabu.h"

#include <algorithm>
#include <chrono>

#include "kernels/serial_group.h"

namespace warpshard {
namespace {

/// Visits between two looks at the clock, a fraction of a millisecond.
constexpr std::int64_t kGlance = 1000;
/// After this many epochs without a cheaper state, the search goes back to the best one.
constexpr std::int32_t kPatience = 10;

}  // namespace

Tabu::Tabu(Chain& chain, const TabuRule& rule, std::uint64_t seed, std::uint64_t number)
    : chain_(chain), rule_(rule), random_(seed, number) {
  const ModelView& model = chain.model();
  const auto n = static_cast<std::size_t>(model.num_variables);
  promise_.resize(static_cast<std::size_t>(TabuView::promise_entries(model.num_variables)));
  free_from_.resize(static_cast<std::size_t>(model.row_offsets[n]));
  best_values_.resize(n);
}

template <typename Action>
void Tabu::with_search(const Action& action) {
  ChainView chain = chain_.view(/*temperature=*/0);
  TabuView tabu;
  tabu.promise = promise_.data();
  tabu.free_from = free_from_.data();
  tabu.best_values = best_values_.data();
  tabu.floor = chain_.floor().data();
  tabu.status = &status_;
  TabuSearch search(SerialGroup{}, chain_.model(), chain, tabu, rule_);
  action(search);
}

void Tabu::start() {
  with_search([](auto& search) { search.start(); });
}

void Tabu::look_again() {
  with_search([](auto& search) { search.look_at_all(); });
}

void Tabu::run(std::int64_t visits) {
  with_search(
      [&](auto& search) { dispatch(chain_.instructions(), [&] { search.run(visits, random_); }); });
}

void Tabu::settle() {
  with_search([](auto& search) { search.settle(); });
}

void tabu_search(Chain& chain, Tabu& tabu, const TabuPlan& plan, const SearchClock& clock,
                 const std::function<void(Chain&)>& on_epoch) {
  const auto begin = std::chrono::steady_clock::now();
  const auto passed = [&] {
    return SearchClock::to_seconds(std::chrono::steady_clock::now() - begin);
  };
  tabu.start();
  std::int32_t idle = 0;
  std::int32_t epoch = 0;
  while (epoch < plan.epochs && !clock.expired()) {
    const TabuStatus before = tabu.status();
    if (clock.timed()) {
      const double until = plan.seconds * (epoch + 1) / plan.epochs;
      do {
        tabu.run(kGlance);
      } while (passed() < until && !clock.stopped());
      epoch = std::max(epoch + 1, static_cast<std::int32_t>(plan.epochs * passed() / plan.seconds));
    } else {
      tabu.run(plan.visits_per_epoch);
      ++epoch;
    }
    const TabuStatus& now = tabu.status();
    const bool better = now.found != 0 && (before.found == 0 || now.best < before.best);
    idle = better ? 0 : idle + 1;
    if (idle % kPatience == 0) tabu.settle();
    if (better) on_epoch(chain);
    chain.follow_prices(plan.rule);
    tabu.look_again();
  }
  tabu.settle();
}

}  // namespace warpshard
