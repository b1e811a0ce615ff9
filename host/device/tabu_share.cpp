#include "host/device/tabu_share.h"

#include <algorithm>

namespace warpshard {
namespace {

/// Neither kind dies out: what suits the end of a search need not suit its beginning.
constexpr float kLeast = 1.0F / 16;
constexpr float kMost = 3.0F / 4;
/// How fast the share forgets.
constexpr float kDecay = 0.7F;

}  // namespace

void TabuShare::end_round() {
  const std::int64_t gains = tabu_gains_ + other_gains_;
  if (gains > 0) {
    const float earned = static_cast<float>(tabu_gains_) / static_cast<float>(gains);
    share_ = std::clamp(kDecay * share_ + (1 - kDecay) * earned, kLeast, kMost);
  }
  tabu_gains_ = 0;
  other_gains_ = 0;
}

}  // namespace warpshard
