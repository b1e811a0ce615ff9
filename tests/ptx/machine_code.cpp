#include "tests/ptx/machine_code.h"

#include <string_view>

#include "tests/ptx/mnemonic.h"

namespace warpshard::ptx {
namespace {

/// Of moves and extensions of integers, most vanish.
constexpr float kMove = 0.3F;
constexpr float kExtension = 0.4F;
/// Predicates are combined in pairs.
constexpr float kPredicate = 0.5F;
constexpr float kDivision = 20;
constexpr float kWideProduct = 2.5F;

bool is(const Instruction& instruction, std::string_view name) {
  const std::string_view whole = instruction.mnemonic;
  return whole.substr(0, whole.find('.')) == name;
}

bool is_wide_integer(Type type) {
  return bytes_of(type) == 8 && !is_float(type);
}

float computing_slots(const Instruction& instruction) {
  const bool wide = is_wide_integer(instruction.type);
  if (is(instruction, "mov")) return kMove;
  if (is(instruction, "div") || is(instruction, "rem")) return kDivision;
  if (is(instruction, "mul") && instruction.mnemonic.find("wide") != std::string::npos) return 1;
  if (is(instruction, "mul") && wide) return kWideProduct;
  if (is(instruction, "min") || is(instruction, "max")) return wide ? 4 : 1;
  if (is(instruction, "cvt"))
    return instruction.mnemonic.find(".f") != std::string::npos ? 1 : kExtension;
  if (instruction.type == Type::kPred) return kPredicate;
  return wide ? 2 : 1;
}

float slots_alone(const Instruction& instruction) {
  switch (instruction.opcode) {
    case Opcode::kCompute:
      return computing_slots(instruction);
    case Opcode::kPack:
    case Opcode::kUnpack:
      return kMove;
    case Opcode::kToGeneric:
      return instruction.space == Space::kGlobal ? 0 : 1;
    case Opcode::kFromGeneric:
      return 0;
    case Opcode::kLoad:
      return instruction.space == Space::kParameter ? kMove : 1;
    default:
      return 1;
  }
}

/// Sums of 64 bits that take in how an operand came about: a product makes one instruction with its
/// sum, a shift makes one with each half.
class Folding {
 public:
  explicit Folding(const Kernel& kernel)
      : kernel_(kernel), writer_(kernel.register_bytes.size(), -1), reads_(writer_.size(), 0) {
    for (const Instruction& instruction : kernel.code)
      for (int k = 0; k < instruction.num_from; ++k) ++reads_[instruction.from[k]];
  }

  void apply(int at, std::vector<float>& slots) {
    const Instruction& instruction = kernel_.code[at];
    if (is(instruction, "add") && is_wide_integer(instruction.type)) {
      for (int k = 0; k < 2; ++k)
        if (fold(at, instruction.from[k], slots)) break;
    }
    for (int k = 0; k < instruction.num_to; ++k)
      if (instruction.to[k] != kNoRegister) writer_[instruction.to[k]] = at;
  }

 private:
  bool fold(int at, std::int32_t operand, std::vector<float>& slots) {
    constexpr int kNear = 40;
    const int before = writer_[operand];
    if (before < 0 || at - before >= kNear || reads_[operand] != 1) return false;
    const Instruction& source = kernel_.code[before];
    const bool product = is(source, "mul") && source.mnemonic.find("wide") != std::string::npos;
    if (!product && !is(source, "shl")) return false;
    slots[before] = 1;
    slots[at] = product ? 0 : 1;
    return true;
  }

  const Kernel& kernel_;
  std::vector<int> writer_;  ///< [registers] last instruction that wrote, -1: none
  std::vector<int> reads_;   ///< [registers]
};

}  // namespace

std::vector<float> issue_slots(const Kernel& kernel) {
  std::vector<float> slots;
  for (const Instruction& instruction : kernel.code) slots.push_back(slots_alone(instruction));
  Folding folding(kernel);
  for (int at = 0; at < static_cast<int>(kernel.code.size()); ++at) folding.apply(at, slots);
  return slots;
}

}  // namespace warpshard::ptx
