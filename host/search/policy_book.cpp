#include "host/search/policy_book.h"

#include <iterator>

namespace warpshard {
namespace {

/// Fresh ways of starting first. A hot chain fills memory whatever it costs. Capacities that may be
/// exceeded for a while, or prices that do not answer while hot, keep it from settling for good
/// around that; which of them is better depends on the instance.
constexpr RoundPolicy kRoundPolicies[] = {
    {true, 1.0F, 1000.0F, 0.2F, 0.0},     {true, 1.0F, 1000.0F, 0.0F, 0.4},
    {true, 0.1F, 1000.0F, 0.0F, 0.3},     {false, 0.3F, 300.0F, 0.0F, 0.0},
    {false, 0.1F, 100.0F, 0.0F, 0.0},     {false, 0.03F, 100.0F, 0.0F, 0.0},
    {false, 0.0F, 1.0F, 0.0F, 0.0, true},
};
static_assert(std::size(kRoundPolicies) == PolicyBook::kPolicies);

/// Results that a new one is ranked against.
constexpr std::size_t kRecent = 12;
/// How fast a policy's merit forgets.
constexpr double kDecay = 0.7;
/// One in this many choices is made at random.
constexpr std::uint32_t kExplore = 5;

}  // namespace

const RoundPolicy& PolicyBook::policy(std::size_t choice) {
  return kRoundPolicies[choice];
}

std::size_t PolicyBook::choose(RoundKind kind, RandomStream& random) {
  const std::lock_guard lock(mutex_);
  // Full descents are given to different policies: what does best in a short time need not do so
  // in a long one.
  const auto eligible = [&](std::size_t k) {
    if (kind == RoundKind::kFollowing) return true;
    return kRoundPolicies[k].fresh && (kind == RoundKind::kTrial || !records_[k].had_full);
  };
  bool any = false;
  for (std::size_t k = 0; k < kPolicies; ++k) any = any || eligible(k);
  if (!any)
    for (Record& record : records_) record.had_full = false;
  std::size_t best = 0;
  while (best + 1 < kPolicies && !eligible(best)) ++best;
  if (kind == RoundKind::kFollowing && random.below(kExplore) == 0) {
    best = random.below(kPolicies);
  } else {
    const bool try_all = kind != RoundKind::kFull;
    for (std::size_t k = best + 1; k < kPolicies; ++k) {
      if (!eligible(k)) continue;
      const Record& one = records_[k];
      const Record& other = records_[best];
      // Untried ones come first; trials go round.
      const bool rarer = one.chosen < other.chosen;
      const bool untried = try_all && (one.chosen == 0 || other.chosen == 0);
      if (kind == RoundKind::kTrial || untried ? rarer : one.merit > other.merit) best = k;
    }
  }
  ++records_[best].chosen;
  if (kind == RoundKind::kFull) {
    records_[best].had_full = true;
    ++full_chosen_;
  }
  return best;
}

std::int64_t PolicyBook::full_chosen() {
  const std::lock_guard lock(mutex_);
  return full_chosen_;
}

void PolicyBook::reward(std::size_t choice, const Cost& cost) {
  const std::lock_guard lock(mutex_);
  double beaten = 0.5;
  for (const Cost& other : recent_) beaten += cost < other ? 1.0 : (cost == other ? 0.5 : 0.0);
  const double rank = beaten / (static_cast<double>(recent_.size()) + 1.0);
  Record& record = records_[choice];
  record.merit = record.merit == 0 ? rank : kDecay * record.merit + (1 - kDecay) * rank;
  recent_.push_back(cost);
  if (recent_.size() > kRecent) recent_.erase(recent_.begin());
}

}  // namespace warpshard
