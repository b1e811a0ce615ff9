#include "host/search/elites.h"

#include <algorithm>
#include <utility>

namespace warpshard {

std::int32_t hamming_distance(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
  std::int32_t distance = 0;
  for (std::size_t k = 0; k < a.size(); ++k) distance += a[k] != b[k] ? 1 : 0;
  return distance;
}

void Elites::add(Elite candidate) {
  const std::lock_guard lock(mutex_);
  // A candidate stands for all it resembles: it replaces them if it is the cheapest.
  for (const Elite& elite : elites_) {
    const bool alike = hamming_distance(elite.values, candidate.values) < least_distance_;
    if (alike && elite.cost <= candidate.cost) return;
  }
  std::erase_if(elites_, [&](const Elite& elite) {
    return hamming_distance(elite.values, candidate.values) < least_distance_;
  });
  const auto place =
      std::upper_bound(elites_.begin(), elites_.end(), candidate,
                       [](const Elite& a, const Elite& b) { return a.cost < b.cost; });
  elites_.insert(place, std::move(candidate));
  if (elites_.size() > room_) elites_.pop_back();
}

std::vector<Elite> Elites::all() const {
  const std::lock_guard lock(mutex_);
  return elites_;
}

void Elites::restore(std::vector<Elite> elites) {
  const std::lock_guard lock(mutex_);
  elites_ = std::move(elites);
}

}  // namespace warpshard
