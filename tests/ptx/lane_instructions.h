#pragma once

#include "tests/ptx/instruction.h"
#include "tests/ptx/mnemonic.h"

// Instructions that each lane carries out by itself. Null: not one of this kind, or not known.

namespace warpshard::ptx {

/// Sums, products, quotients, least and greatest.
Compute find_arithmetic(const Mnemonic& mnemonic);

/// Logic, shifts, fields of bits.
Compute find_bitwise(const Mnemonic& mnemonic);

/// Comparisons and choices.
Compute find_comparison(const Mnemonic& mnemonic);

/// Moves, and conversions between types.
Compute find_conversion(const Mnemonic& mnemonic);

}  // namespace warpshard::ptx
