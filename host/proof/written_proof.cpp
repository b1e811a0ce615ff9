#include "host/proof/written_proof.h"

#include <chrono>
#include <utility>

#include "host/bound/proof_node.h"
#include "host/bound/prover.h"
#include "host/model/flat_model.h"
#include "host/proof/core_model.h"
#include "host/proof/proof_text.h"
#include "host/reduce/reducer.h"
#include "host/verify/rewriting.h"

namespace warpshard {
namespace {

Error stopped() {
  return Error{"no proof: stopped before anything was proved"};
}

/// What the steps of the reductions leave, as the check will come to it; steps after which nothing
/// is left are taken off.
Result<verify::Rewriting> rewritten(const Problem& problem, ReductionTrace& trace) {
  using Kind = ReductionTrace::Kind;
  auto rewriting = verify::Rewriting::create(problem);
  if (!rewriting) return rewriting;
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    if (rewriting->emptied()) trace.steps.resize(i);
    if (rewriting->emptied()) break;
    const ReductionTrace::Step& step = trace.steps[i];
    switch (step.kind) {
      case Kind::kNotAllowed:
        rewriting->drop_forbidden(step.first, step.second);
        break;
      case Kind::kDominated:
        rewriting->drop_dominated(step.first, step.second, step.third);
        break;
      case Kind::kOverLimit:
        rewriting->drop_over_limit(step.first, step.second);
        break;
      case Kind::kMerge:
        rewriting->merge(step.first, step.second);
        break;
      case Kind::kSplit:
        rewriting->split_edge(step.first, step.second);
        break;
      case Kind::kEliminate:
        rewriting->eliminate(step.first);
        break;
      case Kind::kTimes:
        rewriting->keep_times(step.times);
        break;
    }
    if (rewriting->failed())
      return Error{"no proof: a reduction is not confirmed: " + rewriting->failure()};
  }
  return rewriting;
}

/// Works on the tree that `root` is written down from until nothing is open, or stopped.
std::int64_t grow(ProofNode& root, const verify::CoreProblem& core,
                  const WrittenProofOptions& options, const StopToken& stop) {
  const Model model = model_of(core);
  const FlatModel flat(model, stop);
  if (stop.stopped()) return 0;
  ProverOptions proving;
  proving.threads = options.threads;
  proving.part_bytes = options.part_bytes;
  proving.record = &root;
  Prover prover(model, flat, proving);
  prover.set_incumbent(options.goal);
  const StopToken ascent_stop = stop.until(options.ascent_end);
  while (prover.tree() == nullptr && !prover.closed() && !ascent_stop.stopped())
    prover.ascend(ascent_stop);
  prover.begin_tree();
  prover.tree()->run(stop, {});
  return prover.num_nodes();
}

}  // namespace

Result<WrittenProof> prove_in_writing(const Problem& problem, std::string_view key,
                                      const WrittenProofOptions& options, const StopToken& stop) {
  auto reducer = Reducer::create(problem, {.traced = true}, stop);
  if (!reducer) return reducer.error();
  if (reducer->run(stop) == ReductionVerdict::kStopped) return stopped();
  ReductionTrace trace = reducer->trace();
  auto rewriting = rewritten(problem, trace);
  if (!rewriting) return rewriting.error();
  WrittenProof proof;
  if (rewriting->emptied()) {
    proof.text = proof_text(key, trace, nullptr, std::nullopt);
    return proof;
  }
  const verify::CoreProblem core = rewriting->core();
  ProofNode root{verify::Part(core)};
  ValueSet removed(core.unary.size(), false);
  const auto start = std::chrono::steady_clock::now();
  if (root.propagate(removed)) proof.nodes = grow(root, core, options, stop);
  proof.bounding_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const Int128 shown = bound_shown(root);
  if (shown == -kNoCost) return stopped();
  if (shown != kNoCost) proof.bound = shown;
  proof.text = proof_text(key, trace, &root, proof.bound);
  return proof;
}

}  // namespace warpshard
