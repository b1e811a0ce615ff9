#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "host/model/stop_token.h"
#include "host/portfolio/portfolio.h"
#include "warpshard/problem.h"
#include "warpshard/solve.h"

namespace warpshard {

/// The state of a counted run between two batches, with what it is of: the instance and whatever of
/// the options decides about the rest of the run. Bytes for this version of the program on this
/// kind of machine: a name, a version, a checksum and the state.
std::vector<std::byte> write_checkpoint(const Problem& problem, const SolverOptions& options,
                                        Portfolio& portfolio);

/// Puts a portfolio that has not run yet into a state that was written. What is wrong with the
/// bytes, one line: they are damaged, or of another version, instance, seed, set of parameters or
/// start. The pool may then have changed; it holds nothing that is not so.
std::optional<Error> read_checkpoint(std::span<const std::byte> bytes, const Problem& problem,
                                     const SolverOptions& options, int threads,
                                     const StopToken& stop, Portfolio& portfolio);

}  // namespace warpshard
