#include "host/search/tabu.h"

#include <array>

#include "kernels/serial_group.h"

namespace warpshard {
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

void Tabu::transfer(Archive& archive) {
  const auto expected = std::array{promise_.size(), free_from_.size(), best_values_.size()};
  archive(random_, promise_, free_from_, best_values_, status_);
  if (expected != std::array{promise_.size(), free_from_.size(), best_values_.size()})
    throw ArchiveError("a tabu search on another model");
}

void Tabu::settle() {
  with_search([](auto& search) { search.settle(); });
}

}  // namespace warpshard
