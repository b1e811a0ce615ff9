#include "host/proof/written_proof.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <utility>
#include <vector>

#include "host/bound/proof_node.h"
#include "host/bound/prover.h"
#include "host/model/flat_model.h"
#include "host/proof/core_model.h"
#include "host/proof/proof_text.h"
#include "host/reduce/reducer.h"
#include "host/verify/rewriting.h"

namespace warpshard {
namespace {

/// Reductions go on where reduced costs take away this part of the values.
constexpr double kWorthShrinking = 0.03;

Error stopped() {
  return Error{"no proof: stopped before anything was proved"};
}

void apply(verify::Rewriting& rewriting, const ReductionTrace::Step& step) {
  using Kind = ReductionTrace::Kind;
  switch (step.kind) {
    case Kind::kNotAllowed:
      return rewriting.drop_forbidden(step.first, step.second);
    case Kind::kDominated:
      return rewriting.drop_dominated(step.first, step.second, step.third);
    case Kind::kOverLimit:
      return rewriting.drop_over_limit(step.first, step.second);
    case Kind::kMerge:
      return rewriting.merge(step.first, step.second);
    case Kind::kSplit:
      return rewriting.split_edge(step.first, step.second);
    case Kind::kEliminate:
      return rewriting.eliminate(step.first);
    case Kind::kTimes:
      return rewriting.keep_times(step.times);
  }
}

/// The whole of a model as a restriction of it.
Restriction whole(const Model& model) {
  const auto numbers = [](std::int32_t count) {
    std::vector<std::int32_t> result(static_cast<std::size_t>(count));
    std::iota(result.begin(), result.end(), 0);
    return result;
  };
  Restriction result;
  result.model = model;
  result.variables = numbers(model.num_variables());
  for (std::int32_t v = 0; v < model.num_variables(); ++v)
    for (std::int32_t d = 0; d < model.domain(v); ++d) result.values.push_back(d);
  result.edges = numbers(static_cast<std::int32_t>(model.edges.size()));
  result.times = numbers(model.num_times());
  return result;
}

/// A proof in the making.
class Writing {
 public:
  Writing(Reducer reducer, verify::Rewriting rewriting, const WrittenProofOptions& options,
          const StopToken& stop)
      : reducer_(std::move(reducer)),
        rewriting_(std::move(rewriting)),
        options_(options),
        stop_(stop) {}

  /// What went wrong, if anything did.
  std::optional<Error> run() {
    while (true) {
      if (auto error = reduce()) return error;
      if (rewriting_.emptied()) return std::nullopt;
      if (!bound_what_is_left()) break;
    }
    return shown_ == -kNoCost ? std::optional(stopped()) : std::nullopt;
  }

  WrittenProof proof(std::string_view key) const {
    WrittenProof proof;
    if (shown_ != kNoCost) proof.bound = shown_;
    proof.text = text_.sealed(key, proof.bound);
    proof.nodes = nodes_;
    return proof;
  }

 private:
  /// Goes on with the reductions, and has their steps confirmed.
  std::optional<Error> reduce() {
    const std::size_t first = reducer_.trace().steps.size();
    open_ = reducer_.run(stop_) == ReductionVerdict::kOpen;
    if (stop_.stopped()) return stopped();
    ReductionTrace trace = reducer_.trace();
    for (std::size_t i = first; i < trace.steps.size(); ++i) {
      if (rewriting_.emptied()) trace.steps.resize(i);
      if (rewriting_.emptied()) break;
      apply(rewriting_, trace.steps[i]);
      if (rewriting_.failed())
        return Error{"no proof: a reduction is not confirmed: " + rewriting_.failure()};
    }
    text_.add_steps(trace, first);
    return std::nullopt;
  }

  /// True if values went and the reductions are to go on; else everything has been written.
  bool bound_what_is_left() {
    const verify::CoreProblem core = rewriting_.core();
    ProofNode root{verify::Part(core)};
    ValueSet removed(core.unary.size(), false);
    const bool again = root.propagate(removed) && grow(root, core);
    if (again) return true;
    shown_ = std::min(shown_, bound_shown(root));
    text_.add_tree(root);
    return false;
  }

  /// An ascent, and then, unless that takes many values away, a tree.
  bool grow(ProofNode& root, const verify::CoreProblem& core) {
    const Model model = model_of(core);
    const FlatModel flat(model, stop_);
    if (stop_.stopped()) return false;
    ProverOptions proving;
    const SearchMemory needs = memory_to_prove(model);
    proving.threads = std::max(1, threads_that_fit(options_.memory, needs, options_.threads));
    proving.part_bytes = room_for_parts(options_.memory, needs.total(proving.threads));
    proving.record = &root;
    Prover prover(model, flat, proving);
    prover.set_incumbent(options_.goal);
    const StopToken ascent_stop = stop_.until(options_.ascent_end);
    while (prover.tree() == nullptr && !prover.closed() && !ascent_stop.stopped())
      prover.ascend(ascent_stop);
    if (shrinks(root, model, prover.certificate())) return true;
    if (is_bounded(root) || root.nothing_left()) return false;
    prover.begin_tree();
    prover.tree()->run(stop_, {});
    nodes_ += prover.num_nodes();
    return false;
  }

  /// Writes prices and messages of the ascent down at the root; true if so many values went that
  /// the reductions have something to do, and were told.
  bool shrinks(ProofNode& root, const Model& model, const Certificate& certificate) {
    const Model reduced = reducer_.model();
    if (!open_ || certificate.prices.size() != model.capacity.size() ||
        reduced.value_offsets != model.value_offsets)
      return false;
    const auto bound = root.add(model, whole(model), certificate, options_.goal);
    if (!bound || *bound >= options_.goal || root.nothing_left()) return false;
    ValueSet removed(model.unary.size(), false);
    root.propagate(removed);
    std::vector<std::pair<std::int32_t, std::int32_t>> gone;
    for (std::int32_t v = 0; v < model.num_variables(); ++v)
      for (std::int32_t d = 0; d < model.domain(v); ++d)
        if (removed[model.value_offsets[v] + d]) gone.emplace_back(v, d);
    if (gone.empty() ||
        static_cast<double>(gone.size()) < kWorthShrinking * static_cast<double>(removed.size()))
      return false;
    text_.add_shrinking(root.steps().front());
    shown_ = std::min(shown_, options_.goal);
    reducer_.remove_values(gone);
    rewriting_.remove_values(gone);
    return true;
  }

  Reducer reducer_;
  verify::Rewriting rewriting_;
  const WrittenProofOptions& options_;
  StopToken stop_;
  ProofText text_;
  Int128 shown_ = kNoCost;
  std::int64_t nodes_ = 0;
  bool open_ = false;  ///< the reducer still works on the same problem as the rewriting
};

}  // namespace

Result<WrittenProof> prove_in_writing(const Problem& problem, std::string_view key,
                                      const WrittenProofOptions& options, const StopToken& stop) {
  auto reducer = Reducer::create(problem, {.traced = true}, stop);
  if (!reducer) return reducer.error();
  auto rewriting = verify::Rewriting::create(problem);
  if (!rewriting) return rewriting.error();
  const auto start = std::chrono::steady_clock::now();
  Writing writing(*std::move(reducer), *std::move(rewriting), options, stop);
  if (auto error = writing.run()) return *std::move(error);
  WrittenProof proof = writing.proof(key);
  proof.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return proof;
}

}  // namespace warpshard
