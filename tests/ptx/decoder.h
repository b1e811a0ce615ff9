#pragma once

#include "tests/ptx/instruction.h"
#include "tests/ptx/source.h"
#include "tests/ptx/symbols.h"

namespace warpshard::ptx {

/// Decodes one instruction. A branch's target is the number of its label. Throws std::runtime_error
/// with the line if the instruction is not among those that the interpreter knows.
Instruction decode(const Statement& statement, Symbols& symbols);

}  // namespace warpshard::ptx
