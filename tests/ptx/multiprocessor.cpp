#include "tests/ptx/multiprocessor.h"

#include <algorithm>
#include <bit>
#include <string_view>

#include "tests/ptx/coalescing.h"
#include "tests/ptx/machine_code.h"

namespace warpshard::ptx {
namespace {

/// Parameters lie in the constant cache.
constexpr int kParameterLatency = 4;

bool begins(const Instruction& instruction, std::string_view name) {
  return std::string_view(instruction.mnemonic).substr(0, name.size()) == name;
}

}  // namespace

Multiprocessor::Multiprocessor(const Architecture& architecture, const DeviceLayout& layout,
                               std::int64_t l1_bytes)
    : architecture_(architecture), memory_(architecture, layout, l1_bytes) {}

void Multiprocessor::begin(const Kernel& kernel, std::int32_t warps) {
  kernel_ = &kernel;
  slots_ = issue_slots(kernel);
  schedulers_.assign(static_cast<std::size_t>(architecture_.schedulers), ThroughputLimit(1));
  WarpTime fresh;
  fresh.ready.resize(kernel.register_bytes.size());
  warps_.assign(static_cast<std::size_t>(warps), fresh);
  counts_ = {};
  memory_.restart();
}

double Multiprocessor::operands_ready(const WarpTime& warp, const Instruction& instruction) const {
  double ready = warp.now;
  for (int k = 0; k < instruction.num_from; ++k)
    ready = std::max(ready, warp.ready[instruction.from[k]]);
  if (instruction.guard != kNoRegister) ready = std::max(ready, warp.ready[instruction.guard]);
  return ready;
}

int Multiprocessor::computing_latency(const Instruction& instruction) const {
  if (begins(instruction, "div") || begins(instruction, "rem") || begins(instruction, "rcp") ||
      begins(instruction, "sqrt"))
    return architecture_.divide;
  const bool sum = begins(instruction, "add") || begins(instruction, "sub");
  const bool product = begins(instruction, "mul") || begins(instruction, "mad");
  return (sum || product) && bytes_of(instruction.type) == 8 ? architecture_.wide
                                                             : architecture_.arithmetic;
}

int Multiprocessor::latency(const Instruction& instruction) const {
  switch (instruction.opcode) {
    case Opcode::kShuffle:
      return architecture_.shuffle;
    case Opcode::kBallot:
    case Opcode::kReduceMin:
      return architecture_.vote;
    case Opcode::kCompute:
      return computing_latency(instruction);
    default:
      return architecture_.arithmetic;
  }
}

int Multiprocessor::passes_of(const Instruction& instruction, const Issue& issue) {
  return instruction.opcode == Opcode::kAtomicAdd
             ? atomic_shared_passes(*issue.addresses, issue.active)
             : shared_passes(*issue.addresses, instruction.bytes(), issue.active);
}

double Multiprocessor::access(const Instruction& instruction, const Issue& issue, double start) {
  const bool load = instruction.opcode != Opcode::kStore;
  if (issue.space == Space::kParameter) return start + kParameterLatency;
  if (issue.space == Space::kGlobal) {
    ++(load ? counts_.loads : counts_.stores);
    return memory_.access(*issue.addresses, instruction.offset, instruction.bytes(), issue.active,
                          load, start, counts_);
  }
  // Local memory is laid out so that all lanes of a word make one line.
  const bool local = issue.space == Space::kLocal;
  const int passes = local ? 1 : passes_of(instruction, issue);
  counts_.passes += passes;
  const double served = memory_.pass(start, passes);
  return served + (local ? architecture_.l1 : architecture_.shared) + passes - 1;
}

double Multiprocessor::finish(const Instruction& instruction, const Issue& issue, double start) {
  if (slots_[issue.at] == 0) return start;
  if (!instruction.is_memory()) return start + latency(instruction);
  return issue.active != 0 ? access(instruction, issue, start) : start;
}

void Multiprocessor::count(const Instruction& instruction, const Issue& issue, float slots) {
  const Lanes working = instruction.opcode == Opcode::kBranch ? issue.lanes : issue.active;
  ++counts_.instructions;
  counts_.slots += slots;
  counts_.lane_slots += static_cast<double>(slots) * std::popcount(working);
  if (instruction.opcode == Opcode::kWarpSync) ++counts_.syncs;
  if (instruction.opcode == Opcode::kShuffle || instruction.opcode == Opcode::kBallot ||
      instruction.opcode == Opcode::kReduceMin)
    ++counts_.exchanges;
}

void Multiprocessor::issue(const Issue& issue) {
  const Instruction& instruction = kernel_->code[issue.at];
  WarpTime& warp = warps_[issue.warp];
  const float slots = slots_[issue.at];
  count(instruction, issue, slots);
  warp.issued += slots;
  const double start = operands_ready(warp, instruction);
  const double done = finish(instruction, issue, start);
  for (int k = 0; k < instruction.num_to; ++k)
    if (instruction.to[k] != kNoRegister) warp.ready[instruction.to[k]] = done;
  warp.last = std::max(warp.last, start + 1);
}

void Multiprocessor::end_stretch(std::int32_t number, bool jumped) {
  WarpTime& warp = warps_[number];
  const std::size_t scheduler = static_cast<std::size_t>(number) % schedulers_.size();
  double next = std::max(warp.last, warp.now + warp.issued);
  next = std::max(next, schedulers_[scheduler].serve(warp.now, warp.issued));
  if (jumped) next += architecture_.branch;
  warp.now = next;
  warp.last = next;
  warp.issued = 0;
}

void Multiprocessor::meet(std::int32_t first, std::int32_t count) {
  const std::span block(warps_.data() + first, static_cast<std::size_t>(count));
  const double last = std::ranges::max(block, {}, &WarpTime::now).now;
  for (WarpTime& warp : block) warp.now = warp.last = last;
}

std::vector<double> Multiprocessor::times() const {
  std::vector<double> times;
  for (const WarpTime& warp : warps_) times.push_back(warp.now);
  return times;
}

}  // namespace warpshard::ptx
