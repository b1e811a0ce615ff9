#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "host/model/model.h"
#include "host/model/stop_token.h"
#include "warpshard/cost.h"
#include "warpshard/result.h"

namespace warpshard {

/// Prices and messages that prove a lower bound on a Model, in integers.
///
/// A price of p stands for p / 2^price_shift cost units per memory unit and kept time point, a
/// message of m for m / 2^message_shift cost units. Each edge sends one message to either end. For
/// any prices >= 0 and any messages,
///
///     constant + sum over variables v of min_d (unary_v(d) + priced usage_v(d) + messages_v(d))
///              + sum over edges (u, v) of min_(a, b) (table(a, b) - message_u(a) - message_v(b))
///              - sum over times t of price_t * capacity_t,
///
/// minima over what is not forbidden, is a lower bound on the cost of every assignment without
/// forbidden entries that fits the capacities: the messages cancel, and priced usage never exceeds
/// priced capacity.
struct Certificate {
  int price_shift = 0;
  int message_shift = 0;               ///< at most price_shift
  std::vector<std::int64_t> prices;    ///< [times]
  std::vector<std::int64_t> messages;  ///< per edge: [domain(u)] to u, then [domain(v)] to v
};

/// What a certificate proves.
struct CertifiedBound {
  /// No assignment without forbidden entries that fits costs less (on the finite part, constant
  /// included). The exact sum rounded up, which costs being integers allows.
  Int128 bound = 0;
  /// True if some variable or edge has nothing but forbidden entries: there is no such assignment
  /// at all, and `bound` means nothing.
  bool none_allowed = false;
};

/// Computes what `certificate` proves about `model`, exactly. Fails if its sizes do not match the
/// model's, a price is negative, a shift is out of range, a sum does not fit in 128 bits, or it is
/// stopped. Shares no code with the ascent.
Result<CertifiedBound> certified_bound(const Model& model, const Certificate& certificate,
                                       const StopToken& stop = {});

}  // namespace warpshard
