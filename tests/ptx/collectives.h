#pragma once

#include <span>

#include "tests/ptx/instruction.h"

namespace warpshard::ptx {

// What lanes do together. `active` are those that take part; only their entries are written.

/// Sends `value` between lanes, by the kind of shuffle, the lanes' `amount` and PTX's `clamp`
/// operand. `found`, if asked for, says whether the lane read from was within its segment.
void shuffle(Shuffle how, const Row& value, const Row& amount, const Row& clamp, Lanes active,
             Row& to, Row* found);

/// Tells all lanes which of them hold a predicate.
void ballot(const Row& flag, Lanes active, Row& to);

/// Tells all lanes the least of their 32 bits, with sign or not.
void reduce_min(bool with_sign, const Row& value, Lanes active, Row& to);

}  // namespace warpshard::ptx
