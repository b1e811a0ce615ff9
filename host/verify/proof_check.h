#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "warpshard/cost.h"
#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard::verify {

/// What a proof shows of an instance.
struct ProvedBound {
  /// No plan within the limit that has no forbidden entries costs less; nothing if there is no such
  /// plan at all.
  std::optional<Int128> bound;
  std::int64_t duals = 0;  ///< prices and messages in the proof
};

/// Checks a proof (docs/proofs.md) of a bound on the instance's plans, in integers; `key` is the
/// instance's exact key. Fails, and says why, unless every step of it is confirmed and shows the
/// bound that its head claims. Shares no code with reductions, ascents and search.
Result<ProvedBound> check_proof(const Problem& problem, std::string_view text,
                                std::string_view key);

}  // namespace warpshard::verify
