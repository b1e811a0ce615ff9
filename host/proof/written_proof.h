#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "host/model/stop_token.h"
#include "host/portfolio/memory_needs.h"
#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard {

/// What is to be proved, and with what.
struct WrittenProofOptions {
  /// That no plan without forbidden entries costs less: best a bound that is known to hold.
  Int128 goal = 0;
  int threads = 1;                                      ///< at most
  MemoryLimit memory;                                   ///< where it is scarce, fewer threads run
  StopToken::Time ascent_end = StopToken::Time::max();  ///< branching begins then at the latest
};

/// A proof as docs/proofs.md specifies it, and what it shows.
struct WrittenProof {
  std::string text;
  std::optional<Int128> bound;  ///< nothing: there is no plan without forbidden entries
  std::int64_t nodes = 0;       ///< of the tree
  double seconds = 0;           ///< to reduce, to bound and to write
};

/// Reduces the instance, step by step in writing, and raises a bound on what is left by an ascent
/// and then by branch and bound, again in writing, up to the goal. When stopped, what has been
/// written proves what it proves. `key` is the instance's exact key.
///
/// Fails, and says why, where nothing can be written: every plan has forbidden entries though there
/// is one, the instance cannot be reduced, or it was stopped before anything was proved.
Result<WrittenProof> prove_in_writing(const Problem& problem, std::string_view key,
                                      const WrittenProofOptions& options, const StopToken& stop);

}  // namespace warpshard
