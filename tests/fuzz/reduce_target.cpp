// Bytes as a tiny problem: reducing, choosing the best of what is left and lifting it must give
// what trying all plans gives, or be refused.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "host/io/table_interner.h"
#include "host/model/model.h"
#include "host/reduce/reducer.h"
#include "tests/fuzz/fuzz_bytes.h"
#include "tests/fuzz/fuzz_check.h"
#include "tests/reduce/random_problem.h"
#include "warpshard/evaluate.h"
#include "warpshard/validate.h"

namespace warpshard::fuzz {
namespace {

Problem problem_of(Bytes& bytes) {
  Problem problem;
  const int nodes = 1 + bytes.below(6);
  for (int node = 0; node < nodes; ++node) {
    problem.intervals.push_back({bytes.time(), bytes.time()});
    for (int strategies = 1 + bytes.below(3); strategies > 0; --strategies) {
      problem.costs.push_back(bytes.cost());
      problem.usages.push_back(bytes.usage());
    }
    problem.strategy_offsets.push_back(static_cast<std::int64_t>(problem.costs.size()));
  }
  TableInterner tables(problem);
  for (int edges = bytes.below(9); edges > 0; --edges) {
    std::int64_t size = 1;
    for (int ends = bytes.below(8) == 0 ? 1 + bytes.below(3) : 2; ends > 0; --ends) {
      problem.edge_nodes.push_back(bytes.below(nodes));
      size *= problem.num_strategies(problem.edge_nodes.back());
    }
    problem.edge_offsets.push_back(static_cast<std::int64_t>(problem.edge_nodes.size()));
    std::vector<std::int64_t> table(static_cast<std::size_t>(size));
    for (std::int64_t& entry : table) entry = bytes.cost();
    problem.edge_tables.push_back(tables.intern(table));
  }
  const std::uint8_t limit = bytes.next();
  if (limit < 200) problem.usage_limit = limit % 16;
  if (limit >= 250) problem.usage_limit = INT64_MAX;
  return problem;
}

std::optional<Cost> best_plan(const Problem& problem) {
  std::vector<std::int32_t> sizes;
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
    sizes.push_back(problem.num_strategies(node));
  std::optional<Cost> best;
  testing::for_each_choice(sizes, [&](const Plan& plan) {
    const auto evaluation = evaluate(problem, plan);
    check(evaluation.ok(), "every plan can be evaluated");
    if (evaluation->within_limit && (!best || evaluation->cost < *best)) best = evaluation->cost;
  });
  return best;
}

/// The cheapest of a model's assignments that fit; with `clean`, of those without forbidden
/// entries.
std::optional<Assignment> best_assignment(const Model& model, bool clean) {
  std::vector<std::int32_t> sizes;
  for (std::int32_t v = 0; v < model.num_variables(); ++v) sizes.push_back(model.domain(v));
  std::optional<Assignment> best;
  testing::for_each_choice(sizes, [&](const Assignment& values) {
    const Cost cost = cost_of(model, values);
    if (!fits(model, values) || (clean && cost.forbidden > 0)) return;
    if (!best || cost < cost_of(model, *best)) best = values;
  });
  return best;
}

/// Plans with forbidden entries are ranked by their finite parts only where those fit beside them.
bool is_moderate(const Problem& problem) {
  constexpr std::int64_t kModerate = std::int64_t{1} << 40;
  const auto moderate = [](std::int64_t entry) {
    const std::int64_t finite = is_forbidden(entry) ? entry - kForbidden : entry;
    return -kModerate < finite && finite < kModerate;
  };
  return std::ranges::all_of(problem.costs, moderate) &&
         std::ranges::all_of(problem.entries, moderate);
}

void check_reduction(const Problem& problem, bool allow_forbidden) {
  auto reducer = Reducer::create(problem, {.allow_forbidden = allow_forbidden});
  if (!reducer) return check(!reducer.error().message.empty(), "a refusal says why");
  const auto optimum = best_plan(problem);
  const bool clean_optimum = optimum && optimum->forbidden == 0;
  switch (reducer->run()) {
    case ReductionVerdict::kInfeasible:
      return check(!optimum, "an infeasible problem has no plan");
    case ReductionVerdict::kNoPlanWithoutForbidden:
      return check(!clean_optimum, "no plan is without forbidden entries");
    case ReductionVerdict::kStopped:
      return check(false, "nobody said stop");
    case ReductionVerdict::kOpen:
      break;
  }
  const Model model = reducer->model();
  const auto best = best_assignment(model, !allow_forbidden);
  if (!best) return check(allow_forbidden ? !optimum : !clean_optimum, "no plan was lost");
  const auto lifted = evaluate(problem, reducer->lift(*best));
  check(lifted.ok(), "what is lifted is a plan");
  check(lifted->within_limit, "what is lifted is within the limit");
  check(optimum.has_value(), "what is lifted is a plan that trying all finds");
  check(lifted->cost.forbidden == optimum->forbidden, "forbidden entries are as few as can be");
  if (optimum->forbidden > 0 && !is_moderate(problem)) return;
  check(lifted->cost <= cost_of(model, *best), "what is lifted is no dearer");
  check(lifted->cost == *optimum, "the optimum is kept");
}

}  // namespace
}  // namespace warpshard::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace warpshard::fuzz;
  Bytes bytes(data, size);
  const auto problem = problem_of(bytes);
  check(!warpshard::validate(problem), "what is built is valid");
  check_reduction(problem, /*allow_forbidden=*/false);
  check_reduction(problem, /*allow_forbidden=*/true);
  return 0;
}
