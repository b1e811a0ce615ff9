#pragma once

#include <utility>

namespace warpshard {

/// Which instructions hot loops may use. Results do not depend on it.
enum class InstructionSet {
  kBaseline,  ///< what the library was compiled for
  kAvx512,    ///< with AVX-512 (F, BW, CD, DQ, VL) beside that
};

/// The best that this machine has.
InstructionSet best_instruction_set();

#if defined(__x86_64__)
/// `work` with everything it calls, compiled with AVX-512: its source is compiled once more,
/// inlined into this.
template <typename Work>
[[gnu::target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl"), gnu::flatten,
  gnu::noinline]] decltype(auto)
with_avx512(Work& work) {
  return work();
}
#else
template <typename Work>
decltype(auto) with_avx512(Work& work) {
  return work();
}
#endif

/// Runs `work`, a hot loop over kernels, in the version for an instruction set.
template <typename Work>
decltype(auto) dispatch(InstructionSet set, Work&& work) {
  return set == InstructionSet::kAvx512 ? with_avx512(work) : work();
}

}  // namespace warpshard
