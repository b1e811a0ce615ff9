#pragma once

#include <optional>
#include <string>

#include "host/model/stop_token.h"
#include "host/proof/written_proof.h"
#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard::cli {

/// Proves a bound in writing, checks what is written and puts it into a file, which is replaced as
/// a whole or not at all; gzipped where its name ends in ".gz". Returns what it shows.
Result<WrittenProof> write_proof(const std::string& path, const Problem& problem,
                                 const WrittenProofOptions& options, const StopToken& stop);

/// For a proof of a bound that is known to hold, until a time: half of what is left until then is
/// the ascent's. `threads` 0: one per core; `memory`: bytes that the process may have.
WrittenProofOptions proof_options(Int128 goal, int threads, std::int64_t memory,
                                  StopToken::Time end);

/// "FILE: proof of bound 17, 12345 bytes, 3 parts".
std::string describe_proof(const std::string& path, const WrittenProof& proof);

}  // namespace warpshard::cli
