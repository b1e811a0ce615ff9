#include "host/cli/proof.h"

#include <chrono>

#include "host/cli/memory_option.h"
#include "host/io/text_writer.h"
#include "host/portfolio/threads.h"
#include "host/store/keys.h"
#include "host/verify/proof_check.h"

namespace warpshard::cli {

Result<WrittenProof> write_proof(const std::string& path, const Problem& problem,
                                 const WrittenProofOptions& options, const StopToken& stop) {
  const std::string key = store::keys_of(problem).exact;
  auto proof = prove_in_writing(problem, key, options, stop);
  if (!proof) return proof;
  const auto checked = verify::check_proof(problem, proof->text, key);
  if (!checked) return Error{"no proof: it is not confirmed: " + checked.error().message};
  io::TextWriter file(path);
  file.text(proof->text);
  if (auto error = file.finish()) return *std::move(error);
  return proof;
}

WrittenProofOptions proof_options(Int128 goal, int threads, std::int64_t memory,
                                  StopToken::Time end) {
  const auto now = std::chrono::steady_clock::now();
  WrittenProofOptions options;
  options.goal = goal;
  options.threads = threads > 0 ? threads : default_threads();
  options.memory = {memory, resident_memory()};
  options.ascent_end = now + (end - now) / 2;
  return options;
}

std::string describe_proof(const std::string& path, const WrittenProof& proof) {
  const std::string shown = proof.bound ? "bound " + to_string(*proof.bound)
                                        : std::string("no plan without forbidden entries");
  return path + ": proof of " + shown + ", " + std::to_string(proof.text.size()) + " bytes, " +
         std::to_string(proof.nodes) + " parts";
}

}  // namespace warpshard::cli
