#include "host/model/dispatch.h"

namespace warpshard {

InstructionSet best_instruction_set() {
#if defined(__x86_64__)
  const bool has_all = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                       __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                       __builtin_cpu_supports("avx512vl");
  if (has_all) return InstructionSet::kAvx512;
#endif
  return InstructionSet::kBaseline;
}

}  // namespace warpshard
