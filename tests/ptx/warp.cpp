#include "tests/ptx/warp.h"

#include <bit>
#include <cstring>
#include <stdexcept>
#include <string>

#include "tests/ptx/collectives.h"

namespace warpshard::ptx {
namespace {

std::uint64_t special_value(Special special, const WarpPlace& place, int lane) {
  switch (special) {
    case Special::kThread:
      return static_cast<std::uint64_t>(place.first_thread + lane);
    case Special::kBlockThreads:
      return static_cast<std::uint64_t>(place.block_threads);
    case Special::kBlock:
      return static_cast<std::uint64_t>(place.block);
    case Special::kLane:
      return static_cast<std::uint64_t>(lane);
  }
  return 0;
}

std::uint64_t cut(std::uint64_t bits, int bytes) {
  return bytes >= 8 ? bits : bits & ((std::uint64_t{1} << (8 * bytes)) - 1);
}

/// What a load of `type` leaves in a register of so many bytes.
std::uint64_t extended(std::uint64_t bits, Type type, int register_bytes) {
  switch (type) {
    case Type::kS8:
      bits = static_cast<std::uint64_t>(static_cast<std::int8_t>(bits));
      break;
    case Type::kS16:
      bits = static_cast<std::uint64_t>(static_cast<std::int16_t>(bits));
      break;
    case Type::kS32:
      bits = static_cast<std::uint64_t>(static_cast<std::int32_t>(bits));
      break;
    default:
      break;
  }
  return cut(bits, register_bytes);
}

template <typename Function>
void each_lane(Lanes lanes, const Function& function) {
  for (; lanes != 0; lanes &= lanes - 1) function(std::countr_zero(lanes));
}

}  // namespace

Warp::Warp(const Kernel& kernel, const WarpPlace& place, std::span<std::byte> shared,
           std::span<const std::byte> parameters)
    : kernel_(kernel),
      place_(place),
      memory_(shared, parameters, kernel.local_bytes),
      rows_(kernel.register_bytes.size()) {
  for (const auto& [number, bits] : kernel.constants) row(number).fill(bits);
  for (const auto& [number, special] : kernel.specials)
    for (int lane = 0; lane < kLanes; ++lane)
      row(number)[static_cast<std::size_t>(lane)] = special_value(special, place, lane);
}

Lanes Warp::guarded(const Instruction& instruction, Lanes lanes) const {
  if (instruction.guard == kNoRegister) return lanes;
  const Row& guard = registers(instruction.guard);
  Lanes set = 0;
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    set |= static_cast<Lanes>(guard[lane] != 0) << lane;
  return lanes & (instruction.guard_negated ? ~set : set);
}

/// The lanes that a collective names; its last operand, but for a barrier of the block.
Lanes Warp::members(const Instruction& instruction, Lanes lanes) const {
  if (instruction.opcode == Opcode::kBlockSync) return kAllLanes;
  const Row& named = registers(instruction.from[instruction.num_from - 1]);
  return static_cast<Lanes>(named[static_cast<std::size_t>(std::countr_zero(lanes))]);
}

void Warp::run_stretch(Monitor& monitor) {
  for (bool going_on = true; going_on;) {
    const LanePlaces::Group group = places_.next();
    const Instruction& instruction = kernel_.code[static_cast<std::size_t>(group.at)];
    LanePlaces::Group there = group;
    if (instruction.is_collective()) {
      if (instruction.guard != kNoRegister)
        throw std::runtime_error("a collective under a guard: " + instruction.mnemonic);
      there.lanes = places_.meet(group, members(instruction, group.lanes));
      if (there.lanes == 0) break;
    }
    const Lanes active = guarded(instruction, there.lanes);
    report(monitor, instruction, there, active);
    going_on = false;
    if (instruction.opcode == Opcode::kBranch) {
      places_.branch(there, active, instruction.target);
      return monitor.end_stretch(place_.warp, active != 0);
    }
    if (instruction.opcode == Opcode::kReturn) {
      if (there.lanes != active) places_.move(there.lanes & ~active, group.at + 1);
      places_.end(active);
      break;
    }
    execute(instruction, active);
    places_.move(there.lanes, group.at + 1);
    at_barrier_ = instruction.opcode == Opcode::kBlockSync;
    const bool meets = at_barrier_ || instruction.opcode == Opcode::kWarpSync;
    if (meets || kernel_.targets[static_cast<std::size_t>(group.at) + 1]) break;
    // Others may be behind by now.
    const LanePlaces::Group next = places_.next();
    going_on = next.at == group.at + 1 && next.lanes == there.lanes;
  }
  monitor.end_stretch(place_.warp, /*jumped=*/false);
}

void Warp::report(Monitor& monitor, const Instruction& instruction, const LanePlaces::Group& group,
                  Lanes active) {
  Issue issue{place_.warp, group.at, group.lanes, active, instruction.space, nullptr};
  if (instruction.is_memory()) {
    issue.addresses = &row(instruction.from[0]);
    if (issue.space == Space::kGeneric && active != 0) {
      const auto first = static_cast<std::size_t>(std::countr_zero(active));
      issue.space = memory_.space_of((*issue.addresses)[first] +
                                     static_cast<std::uint64_t>(instruction.offset));
    }
  }
  monitor.issue(issue);
}

void Warp::execute(const Instruction& instruction, Lanes active) {
  switch (instruction.opcode) {
    case Opcode::kCompute:
      return compute(instruction, active);
    case Opcode::kPack:
      return pack(instruction, active);
    case Opcode::kUnpack:
      return unpack(instruction, active);
    case Opcode::kToGeneric:
    case Opcode::kFromGeneric:
      return change_space(instruction, active);
    case Opcode::kLoad:
      return each_lane(active, [&](int lane) { load(instruction, lane); });
    case Opcode::kStore:
      return each_lane(active, [&](int lane) { store(instruction, lane); });
    case Opcode::kAtomicAdd:
      return each_lane(active, [&](int lane) { add_atomically(instruction, lane); });
    case Opcode::kShuffle:
    case Opcode::kBallot:
    case Opcode::kReduceMin:
      return collect(instruction, active);
    case Opcode::kWarpSync:
    case Opcode::kBlockSync:
    case Opcode::kBranch:
    case Opcode::kReturn:
      return;
  }
}

void Warp::compute(const Instruction& instruction, Lanes active) {
  std::array<const Row*, 4> from{};
  for (int k = 0; k < instruction.num_from; ++k) from[k] = &row(instruction.from[k]);
  Row& to = row(instruction.to[0]);
  if (active == kAllLanes) return instruction.compute(to, from);
  Row result;
  instruction.compute(result, from);
  each_lane(active, [&](int lane) { to[lane] = result[lane]; });
}

void Warp::collect(const Instruction& instruction, Lanes active) {
  const Row& value = row(instruction.from[0]);
  Row& to = row(instruction.to[0]);
  if (instruction.opcode == Opcode::kBallot) return ballot(value, active, to);
  if (instruction.opcode == Opcode::kReduceMin)
    return reduce_min(instruction.type == Type::kS32, value, active, to);
  shuffle(instruction.shuffle, value, row(instruction.from[1]), row(instruction.from[2]), active,
          to, instruction.num_to > 1 ? &row(instruction.to[1]) : nullptr);
}

void Warp::pack(const Instruction& instruction, Lanes active) {
  const int bytes = bytes_of(instruction.type) / instruction.num_from;
  each_lane(active, [&](int lane) {
    std::uint64_t packed = 0;
    for (int k = 0; k < instruction.num_from; ++k)
      packed |= cut(row(instruction.from[k])[lane], bytes) << (8 * bytes * k);
    row(instruction.to[0])[lane] = packed;
  });
}

void Warp::unpack(const Instruction& instruction, Lanes active) {
  const int bytes = bytes_of(instruction.type) / instruction.num_to;
  each_lane(active, [&](int lane) {
    const std::uint64_t packed = row(instruction.from[0])[lane];
    for (int k = 0; k < instruction.num_to; ++k)
      if (instruction.to[k] != kNoRegister)
        row(instruction.to[k])[lane] = cut(packed >> (8 * bytes * k), bytes);
  });
}

void Warp::change_space(const Instruction& instruction, Lanes active) {
  each_lane(active, [&](int lane) {
    const std::uint64_t address = row(instruction.from[0])[lane];
    row(instruction.to[0])[lane] = instruction.opcode == Opcode::kToGeneric
                                       ? memory_.to_generic(instruction.space, lane, address)
                                       : memory_.from_generic(instruction.space, lane, address);
  });
}

std::byte* Warp::find(const Instruction& instruction, int lane) {
  const auto address = static_cast<std::int64_t>(row(instruction.from[0])[lane]);
  const std::int64_t at = address + instruction.offset;
  if (at % instruction.bytes() != 0)
    throw std::runtime_error("PTX line " + std::to_string(instruction.line) +
                             ": an access that is not aligned");
  return memory_.find(instruction.space, lane, at, instruction.bytes());
}

void Warp::load(const Instruction& instruction, int lane) {
  const std::byte* const from = find(instruction, lane);
  const int bytes = bytes_of(instruction.type);
  // All entries before any register is written: one of them may hold the address.
  std::array<std::uint64_t, 4> read{};
  for (int k = 0; k < instruction.num_to; ++k)
    std::memcpy(&read[k], from + k * bytes, static_cast<std::size_t>(bytes));
  for (int k = 0; k < instruction.num_to; ++k) {
    const std::int32_t to = instruction.to[k];
    if (to != kNoRegister)
      row(to)[lane] = extended(read[k], instruction.type, kernel_.register_bytes[to]);
  }
}

void Warp::store(const Instruction& instruction, int lane) {
  std::byte* const to = find(instruction, lane);
  const int bytes = bytes_of(instruction.type);
  for (int k = 1; k < instruction.num_from; ++k)
    std::memcpy(to + (k - 1) * bytes, &row(instruction.from[k])[lane],
                static_cast<std::size_t>(bytes));
}

void Warp::add_atomically(const Instruction& instruction, int lane) {
  std::byte* const at = find(instruction, lane);
  const auto bytes = static_cast<std::size_t>(bytes_of(instruction.type));
  std::uint64_t before = 0;
  std::memcpy(&before, at, bytes);
  const std::uint64_t after = before + row(instruction.from[1])[lane];
  std::memcpy(at, &after, bytes);
  if (instruction.to[0] != kNoRegister) row(instruction.to[0])[lane] = before;
}

}  // namespace warpshard::ptx
