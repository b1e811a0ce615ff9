#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "tests/ptx/row.h"
#include "tests/ptx/type.h"

namespace warpshard::ptx {

enum class Opcode : std::uint8_t {
  kCompute,      ///< each lane by itself; see arithmetic.h
  kPack,         ///< several registers into one
  kUnpack,       ///< one register into several
  kToGeneric,    ///< an address of a space into a generic one
  kFromGeneric,  ///< and back
  kLoad,
  kStore,
  kAtomicAdd,
  kShuffle,
  kBallot,
  kReduceMin,
  kWarpSync,
  kBlockSync,
  kBranch,
  kReturn,
};

/// Which lane a shuffle's lane reads from: its number with some bits flipped, or one so much lower
/// or higher.
enum class Shuffle : std::uint8_t { kButterfly, kUp, kDown };

enum class Space : std::uint8_t { kGeneric, kGlobal, kShared, kLocal, kParameter };

inline constexpr std::int32_t kNoRegister = -1;

/// Writes to[lane] for all lanes, from up to four operands.
using Compute = void (*)(Row& to, const std::array<const Row*, 4>& from);

/// One instruction, with registers by their number. Constants are registers, too.
struct Instruction {
  Opcode opcode = Opcode::kCompute;
  Type type = Type::kB32;
  Shuffle shuffle = Shuffle::kButterfly;
  Space space = Space::kGeneric;
  std::array<std::int32_t, 4> to{kNoRegister, kNoRegister, kNoRegister, kNoRegister};
  /// Of a store: the address, then what is stored. Of a collective: operands as PTX has them.
  std::array<std::int32_t, 5> from{kNoRegister, kNoRegister, kNoRegister, kNoRegister, kNoRegister};
  std::int8_t num_to = 0;
  std::int8_t num_from = 0;
  bool guard_negated = false;
  std::int32_t guard = kNoRegister;  ///< a predicate: lanes where it is false do nothing
  std::int32_t target = -1;          ///< of a branch: position in the code
  std::int64_t offset = 0;           ///< of an address, bytes
  Compute compute = nullptr;
  std::string mnemonic;  ///< as in the source, with modifiers
  int line = 0;          ///< of the source, from 1

  bool is_collective() const { return opcode >= Opcode::kShuffle && opcode <= Opcode::kBlockSync; }
  bool is_memory() const { return opcode >= Opcode::kLoad && opcode <= Opcode::kAtomicAdd; }
  /// Bytes that a lane moves.
  int bytes() const { return bytes_of(type) * (opcode == Opcode::kStore ? num_from - 1 : num_to); }
};

}  // namespace warpshard::ptx
