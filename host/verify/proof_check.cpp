#include "host/verify/proof_check.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "host/verify/core_problem.h"
#include "host/verify/part.h"
#include "host/verify/proof_file.h"
#include "host/verify/proof_words.h"
#include "host/verify/rewriting.h"

namespace warpshard::verify {
namespace {

constexpr Int128 kNoBound = -(Int128{1} << 120);
constexpr Int128 kMostCost = Int128{1} << 120;

/// Parts that wait to be checked may take so many bytes.
constexpr std::size_t kMostWaiting = std::size_t{1} << 32;

/// Steps of the reductions, each a letter and what it is about.
void rewrite(ProofWords& words, const Problem& problem, Rewriting& rewriting) {
  const std::int32_t nodes = rewriting.num_nodes();
  const auto value_of = [&](std::int32_t v) {
    return words.failed() ? 0 : words.index(problem.num_strategies(v));
  };
  while (!words.failed() && !rewriting.failed() && !rewriting.emptied()) {
    const std::string_view kind = words.peek();
    if (kind.size() != 1) return;
    words.word();
    if (kind == "t") {
      std::vector<std::int32_t> times;
      const std::int64_t count = words.number(0, rewriting.num_times());
      for (std::int64_t i = 0; i < count && !words.failed(); ++i)
        times.push_back(words.index(rewriting.num_times()));
      if (!words.failed()) rewriting.keep_times(times);
      continue;
    }
    const std::int32_t v = words.index(nodes);
    const std::int32_t second = kind == "e"                  ? 0
                                : kind == "m" || kind == "s" ? words.index(nodes)
                                                             : value_of(v);
    const std::int32_t third = kind == "d" ? value_of(v) : 0;
    if (words.failed()) return;
    if (kind == "f") {
      rewriting.drop_forbidden(v, second);
    } else if (kind == "d") {
      rewriting.drop_dominated(v, second, third);
    } else if (kind == "l") {
      rewriting.drop_over_limit(v, second);
    } else if (kind == "m") {
      rewriting.merge(v, second);
    } else if (kind == "s") {
      rewriting.split_edge(v, second);
    } else if (kind == "e") {
      rewriting.eliminate(v);
    } else {
      words.fail();
    }
  }
}

Dual read_dual(ProofWords& words, const CoreProblem& core, const Part& part) {
  Dual dual;
  dual.price_shift = static_cast<int>(words.number(0, kMostPriceShift));
  dual.message_shift = static_cast<int>(words.number(-kMostMessageShift, kMostMessageShift));
  const auto times = static_cast<std::int64_t>(core.capacity.size());
  dual.prices.assign(core.capacity.size(), 0);
  const std::int64_t priced = words.number(0, times);
  std::int64_t next = 0;
  for (std::int64_t i = 0; i < priced && !words.failed(); ++i) {
    next += words.number(0, times - next - 1);
    if (words.failed()) break;
    dual.prices[next++] = words.number(0, std::numeric_limits<std::int64_t>::max());
  }
  const std::size_t messages = part.num_messages();
  constexpr std::int64_t kMost = std::int64_t{1} << kMessageBits;
  for (std::size_t i = 0; i < messages && !words.failed(); ++i)
    dual.messages.push_back(words.number(-kMost, kMost));
  return dual;
}

/// Goes through a proof's tree, a part before those that it is split into.
class TreeCheck {
 public:
  /// `bound` is that of what has been taken away before.
  TreeCheck(ProofWords& words, const CoreProblem& core, Int128 bound)
      : words_(words), core_(core), bound_(bound) {
    waiting_.push_back({Part(core), kNoBound});
  }

  /// What is wrong with it, if anything is.
  std::optional<Error> run() {
    while (!waiting_.empty()) {
      if (waiting_.size() * core_.unary.size() > kMostWaiting)
        return Error{"the tree is too deep to be checked"};
      Open open = std::move(waiting_.back());
      waiting_.pop_back();
      if (!open.part.propagate()) {
        // Nothing is left.
        if (words_.word() != "x") return Error{"the tree goes on where nothing is left"};
      } else if (auto error = check(std::move(open))) {
        return error;
      }
      if (words_.failed()) return Error{"the tree cannot be read"};
    }
    return std::nullopt;
  }

  /// The least of all that the parts' bounds and targets show; kMostCost if no part is left.
  Int128 bound() const { return bound_; }
  std::int64_t duals() const { return duals_; }

 private:
  struct Open {
    Part part;
    Int128 bound;  ///< of all assignments in it
  };

  std::optional<Error> check(Open open) {
    while (true) {
      const std::string_view kind = words_.word();
      if (kind == "o") {
        bound_ = std::min(bound_, open.bound);
        return std::nullopt;
      }
      if (kind == "b") return branch(std::move(open));
      if (kind != "c") return Error{"the tree cannot be read"};
      const Int128 target = words_.cost();
      const Dual dual = read_dual(words_, core_, open.part);
      if (words_.failed()) return Error{"prices or messages cannot be read"};
      ++duals_;
      const Judgement judgement = open.part.judge(dual, target);
      if (!judgement.bound) return Error{"prices and messages prove nothing"};
      open.bound = std::max(open.bound, *judgement.bound);
      if (open.bound >= target) {
        bound_ = std::min(bound_, open.bound);
        return std::nullopt;
      }
      if (judgement.dear.empty()) continue;
      bound_ = std::min(bound_, target);
      for (const auto& [v, d] : judgement.dear) open.part.take_away(v, d);
      if (!open.part.propagate())
        return words_.word() == "x"
                   ? std::nullopt
                   : std::optional(Error{"the tree goes on where nothing is left"});
    }
  }

  /// A variable's values that are named are one part, the others left another.
  std::optional<Error> branch(Open open) {
    const std::int32_t v = words_.index(core_.num_variables());
    if (words_.failed()) return Error{"a branching cannot be read"};
    Open others = open;
    open.part.take_away_all(v);
    const std::int64_t count = words_.number(1, core_.domain(v) - 1);
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int32_t d = words_.index(core_.domain(v));
      if (words_.failed() || !others.part.has(v, d)) return Error{"a branching cannot be read"};
      others.part.take_away(v, d);
      open.part.put_back(v, d);
    }
    if (others.part.count(v) == 0) return Error{"a branching leaves nothing out"};
    waiting_.push_back(std::move(others));
    waiting_.push_back(std::move(open));
    return std::nullopt;
  }

  ProofWords& words_;
  const CoreProblem& core_;
  std::vector<Open> waiting_;  ///< the next one last
  Int128 bound_;
  std::int64_t duals_ = 0;
};

/// The text between the first line and the last, if these are in order.
std::optional<std::string_view> body_of(std::string_view text) {
  if (!text.starts_with(kProofMagic) || !text.ends_with('\n')) return std::nullopt;
  const std::size_t last = text.rfind('\n', text.size() - 2) + 1;
  if (text.substr(last) != end_line(text.substr(0, last))) return std::nullopt;
  return text.substr(kProofMagic.size(), last - kProofMagic.size());
}

/// Prices and messages for all that is left: values go because of their target, and the reductions
/// go on. What is wrong, if anything is.
std::optional<Error> shrink(ProofWords& words, Rewriting& rewriting, Int128& bound) {
  const CoreProblem core = rewriting.core();
  Part part(core);
  if (!part.propagate()) return Error{"nothing is left to shrink"};
  const Int128 target = words.cost();
  const Dual dual = read_dual(words, core, part);
  if (words.failed()) return Error{"prices or messages cannot be read"};
  const Judgement judgement = part.judge(dual, target);
  if (!judgement.bound) return Error{"prices and messages prove nothing"};
  bound = std::min(bound, target);
  for (const auto& [v, d] : judgement.dear) part.take_away(v, d);
  part.propagate();
  std::vector<std::pair<std::int32_t, std::int32_t>> gone;
  for (std::int32_t v = 0; v < core.num_variables(); ++v)
    for (std::int32_t d = 0; d < core.domain(v); ++d)
      if (!part.has(v, d)) gone.emplace_back(v, d);
  rewriting.remove_values(gone);
  return std::nullopt;
}

struct Claim {
  std::string_view key;
  std::optional<Int128> bound;
};

Claim read_claim(ProofWords& words) {
  Claim claim;
  if (words.word() != "key") words.fail();
  claim.key = words.word();
  if (words.word() != "bound") words.fail();
  if (words.peek() == "none") {
    words.word();
  } else {
    claim.bound = words.cost();
  }
  return claim;
}

}  // namespace

Result<ProvedBound> check_proof(const Problem& problem, std::string_view text,
                                std::string_view key) {
  if (!text.starts_with(kProofMagic))
    return Error{"not a proof: the first line is not \"warpshard-proof 1\""};
  const auto body = body_of(text);
  if (!body) return Error{"the proof is damaged: its last line does not fit the rest"};
  ProofWords words(*body);
  const Claim claim = read_claim(words);
  if (words.failed()) return Error{"the proof's head cannot be read"};
  if (claim.key != key) return Error{"the proof is one of another instance"};
  auto rewriting = Rewriting::create(problem);
  if (!rewriting) return rewriting.error();
  ProvedBound proved;
  Int128 bound = kMostCost;
  rewrite(words, problem, *rewriting);
  for (; !rewriting->failed() && words.peek() == "shrink"; ++proved.duals) {
    words.word();
    if (auto error = shrink(words, *rewriting, bound)) return *std::move(error);
    rewrite(words, problem, *rewriting);
  }
  if (rewriting->failed()) return Error{"a reduction is not confirmed: " + rewriting->failure()};
  if (!rewriting->emptied()) {
    const CoreProblem core = rewriting->core();
    if (words.word() != "tree") return Error{"the proof's reductions cannot be read"};
    TreeCheck tree(words, core, bound);
    if (auto error = tree.run()) return *std::move(error);
    bound = tree.bound();
    proved.duals += tree.duals();
  }
  if (bound != kMostCost) proved.bound = bound;
  if (words.failed() || !words.peek().empty()) return Error{"the proof cannot be read to its end"};
  if (proved.bound == kNoBound) return Error{"a part of the tree has no bound"};
  if (proved.bound != claim.bound)
    return Error{"the proof shows another bound than its head claims: " +
                 (proved.bound ? to_string(*proved.bound) : std::string("none"))};
  return proved;
}

}  // namespace warpshard::verify
