#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "host/model/model.h"
#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard {

/// How much memory a process may have, in bytes.
struct MemoryLimit {
  std::int64_t allowed = 0;  ///< 0: no limit
  std::int64_t in_use = 0;   ///< when the work that is judged begins

  bool admits(std::int64_t more) const { return allowed == 0 || in_use + more <= allowed; }
};

// What parts of a run take, in bytes, estimated from sizes before anything of it is allocated.
// Factors were fitted to measured peaks (benchmarks/scale.md) and lie above most of them.

/// The exact reductions, with what they leave of the instance.
std::int64_t memory_to_reduce(const Problem& problem);

/// What is left of that once they are through.
std::int64_t memory_after_reducing(const Problem& problem);

struct SearchMemory {
  std::int64_t shared = 0;      ///< whatever the number of threads
  std::int64_t per_thread = 0;  ///< a chain, and a dive or a part of the proof

  std::int64_t total(int threads) const { return shared + threads * per_thread; }
};

/// Prices, bound and search on a reduced instance, with so many GPUs beside the threads.
SearchMemory memory_to_search(const Model& model, std::size_t num_gpus = 0);

/// The bound alone; what is shared is enough for a price ascent.
SearchMemory memory_to_prove(const Model& model, std::size_t num_gpus = 0);

/// Bytes that are left for the open parts of a proof beside `others`, see BranchOptions.
std::size_t room_for_parts(const MemoryLimit& limit, std::int64_t others);

/// What to tell the user if `more` bytes are not to be had `for_what` ("the search"); nothing if
/// they are.
std::optional<Error> refuse_memory(const MemoryLimit& limit, std::int64_t more,
                                   const char* for_what);

/// As many of `threads` as there is memory for; 0 if not even one can run.
int threads_that_fit(const MemoryLimit& limit, const SearchMemory& needs, int threads);

}  // namespace warpshard
