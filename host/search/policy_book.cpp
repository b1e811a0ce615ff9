#include "host/search/policy_book.h"

namespace warpshard {

std::size_t PolicyBook::choose(bool fresh_only, RandomStream& random) {
  constexpr double kResolution = 1 << 20;
  const bool at_random =
      random.below(static_cast<std::uint32_t>(kResolution)) < parameters_.explore * kResolution;
  const auto pick = random.below(static_cast<std::uint32_t>(records_.size()));
  std::size_t best = records_.size();
  const auto comes_before = [&](std::size_t a, std::size_t b) {
    const Record& one = records_[a];
    const Record& other = records_[b];
    if (one.chosen == 0 || other.chosen == 0) return one.chosen < other.chosen;
    return one.merit > other.merit;
  };
  for (std::size_t k = 0; k < records_.size(); ++k)
    if (eligible(k, fresh_only) && (best == records_.size() || comes_before(k, best))) best = k;
  if (at_random && records_[best].chosen > 0 && eligible(pick, fresh_only)) best = pick;
  ++records_[best].chosen;
  return best;
}

void PolicyBook::reward(std::size_t policy, const Cost& cost) {
  double beaten = 0.5;
  for (const Cost& other : recent_) beaten += cost < other ? 1.0 : (cost == other ? 0.5 : 0.0);
  const double rank = beaten / (static_cast<double>(recent_.size()) + 1.0);
  Record& record = records_[policy];
  record.merit =
      record.rewarded ? (1 - parameters_.forget) * record.merit + parameters_.forget * rank : rank;
  record.rewarded = true;
  recent_.push_back(cost);
  if (std::ssize(recent_) > parameters_.recent) recent_.erase(recent_.begin());
}

}  // namespace warpshard
