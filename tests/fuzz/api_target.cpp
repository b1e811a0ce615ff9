// Bytes as calls of the C interface: builders, options, stops, callbacks, and allocations that
// fail. What is built is what was asked for, nothing is added by calls that fail, and a solve ends
// with what trying all plans says.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "tests/fuzz/failing_new.h"
#include "tests/fuzz/fuzz_bytes.h"
#include "tests/fuzz/fuzz_check.h"
#include "warpshard/cost.h"
#include "warpshard/warpshard.h"

namespace warpshard::fuzz {
namespace {

constexpr int kMostNodes = 5;
constexpr int kMostEdges = 6;

/// What the builder has been asked for with success.
struct Account {
  std::vector<std::int32_t> strategies;  ///< [nodes]
  std::int64_t edges = 0;

  std::int32_t nodes() const { return static_cast<std::int32_t>(strategies.size()); }
};

/// A status that the interface may give where memory may run out.
void check_status(warpshard_status status, bool may_fail) {
  check(status != WARPSHARD_INTERNAL, "no defect shows");
  check(status != WARPSHARD_NO_MEMORY || may_fail, "memory runs out only where it is made to");
  if (status != WARPSHARD_OK)
    check(warpshard_last_error()[0] != '\0', "a call that fails says why");
}

/// Calls with allocations that fail now and then.
template <typename Call>
warpshard_status with_failures(Bytes& bytes, Call&& call) {
  const bool failing = bytes.below(4) == 0;
  if (!failing) {
    const warpshard_status status = call();
    check_status(status, false);
    return status;
  }
  warpshard_status status = WARPSHARD_OK;
  {
    const FailingNew failures(bytes.below(12));
    status = call();
  }
  check_status(status, true);
  return status;
}

/// One in eight is not what it should be.
std::int64_t mostly(Bytes& bytes, std::int64_t right) {
  constexpr std::array<std::int64_t, 5> kWrong = {-1, 0, 1, INT32_MAX, INT64_MIN};
  const int choice = bytes.below(40);
  return choice < static_cast<int>(kWrong.size()) ? kWrong[static_cast<std::size_t>(choice)]
                                                  : right;
}

void add_node(Bytes& bytes, warpshard_builder* builder, Account& account) {
  if (account.nodes() >= kMostNodes) return;
  std::vector<std::int64_t> costs(static_cast<std::size_t>(1 + bytes.below(3)));
  std::vector<std::int64_t> usages(costs.size());
  for (auto& cost : costs) cost = bytes.cost();
  for (auto& usage : usages) usage = bytes.below(60) == 0 ? -1 : bytes.usage();
  const auto count = static_cast<std::int32_t>(costs.size());
  const std::int64_t lower = bytes.time();
  const std::int64_t upper = bytes.time();
  std::int32_t index = -7;
  const auto status = with_failures(bytes, [&] {
    return warpshard_builder_add_node(builder, lower, upper, count, costs.data(), usages.data(),
                                      &index);
  });
  check(index == (status == WARPSHARD_OK ? account.nodes() : -7), "an index comes with success");
  if (status == WARPSHARD_OK) account.strategies.push_back(count);
}

void add_nodes(Bytes& bytes, warpshard_builder* builder, Account& account) {
  const int nodes = bytes.below(3);
  if (account.nodes() + nodes > kMostNodes) return;
  std::vector<std::int64_t> offsets{0};
  std::vector<std::int64_t> intervals;
  for (int node = 0; node < nodes; ++node) {
    offsets.push_back(offsets.back() + 1 + bytes.below(3));
    intervals.insert(intervals.end(), {bytes.time(), bytes.time()});
  }
  const auto sizes = offsets;
  std::vector<std::int64_t> costs(static_cast<std::size_t>(offsets.back()));
  std::vector<std::int64_t> usages(costs.size());
  for (auto& cost : costs) cost = bytes.cost();
  for (auto& usage : usages) usage = bytes.usage();
  if (nodes > 1 && bytes.below(8) == 0) std::swap(offsets[0], offsets[1]);
  const auto status = with_failures(bytes, [&] {
    return warpshard_builder_add_nodes(builder, nodes, intervals.data(), offsets.data(),
                                       costs.data(), usages.data(), nullptr);
  });
  if (status != WARPSHARD_OK) return;
  for (std::size_t node = 1; node < sizes.size(); ++node)
    account.strategies.push_back(static_cast<std::int32_t>(sizes[node] - sizes[node - 1]));
}

/// Ends of an edge, with the entries of a table that suits them.
struct Edge {
  std::vector<std::int32_t> ends;
  std::vector<std::int64_t> table;
};

Edge draw_edge(Bytes& bytes, const Account& account) {
  Edge edge;
  std::int64_t size = 1;
  for (int ends = bytes.below(8) == 0 ? 1 + bytes.below(3) : 2; ends > 0; --ends) {
    const std::int32_t node = bytes.below(account.nodes());
    size *= account.strategies[static_cast<std::size_t>(node)];
    edge.ends.push_back(bytes.below(80) == 0 ? 99 : node);
  }
  edge.table.resize(static_cast<std::size_t>(bytes.below(60) == 0 ? size + 1 : size));
  for (auto& entry : edge.table) entry = bytes.cost();
  return edge;
}

void add_edge(Bytes& bytes, warpshard_builder* builder, Account& account) {
  if (account.nodes() == 0 || account.edges >= kMostEdges) return;
  const Edge edge = draw_edge(bytes, account);
  const auto ends = static_cast<std::int64_t>(edge.ends.size());
  // A count that is too large reads beyond the array, so wrong ones are no larger.
  const std::int64_t entries =
      std::min<std::int64_t>(static_cast<std::int64_t>(edge.table.size()),
                             mostly(bytes, static_cast<std::int64_t>(edge.table.size())));
  std::int64_t index = -7;
  const auto status = with_failures(bytes, [&] {
    return warpshard_builder_add_edge(builder, ends, edge.ends.data(), entries, edge.table.data(),
                                      &index);
  });
  check(index == (status == WARPSHARD_OK ? account.edges : -7), "an index comes with success");
  if (status == WARPSHARD_OK) ++account.edges;
}

/// Edges of two ends each that all read one table, or one each.
void add_edges(Bytes& bytes, warpshard_builder* builder, Account& account) {
  if (account.nodes() == 0) return;
  const Edge edge = draw_edge(bytes, account);
  const int edges = bytes.below(4);
  if (account.edges + edges > kMostEdges) return;
  std::vector<std::int32_t> ends;
  std::vector<std::int64_t> end_offsets{0};
  std::vector<std::int32_t> tables;
  for (int i = 0; i < edges; ++i) {
    ends.insert(ends.end(), edge.ends.begin(), edge.ends.end());
    end_offsets.push_back(static_cast<std::int64_t>(ends.size()));
    tables.push_back(bytes.below(40) == 0 ? 1 : 0);
  }
  const std::array<std::int64_t, 2> table_offsets{0, static_cast<std::int64_t>(edge.table.size())};
  const bool shared = bytes.below(4) > 0;
  const auto status = with_failures(bytes, [&] {
    return warpshard_builder_add_edges(builder, edges, end_offsets.data(), ends.data(),
                                       shared ? tables.data() : nullptr, 1, table_offsets.data(),
                                       edge.table.data(), nullptr);
  });
  if (status == WARPSHARD_OK) account.edges += edges;
}

void change_builder(Bytes& bytes, warpshard_builder* builder, Account& account) {
  switch (bytes.below(8)) {
    case 0:
      with_failures(bytes,
                    [&] { return warpshard_builder_set_name(builder, "a name that is long"); });
      return;
    case 1: {
      const std::int64_t limit = bytes.below(20) - 1;
      with_failures(bytes, [&] { return warpshard_builder_set_usage_limit(builder, limit); });
      return;
    }
    case 2:
      return add_nodes(bytes, builder, account);
    case 3:
      return add_edges(bytes, builder, account);
    case 4:
    case 5:
      return add_node(bytes, builder, account);
    default:
      return add_edge(bytes, builder, account);
  }
}

Int128 value_of(warpshard_int128 value) {
  return Int128{value.high} * (Int128{1} << 64) + Int128{value.low};
}

Cost value_of(warpshard_cost cost) {
  return {cost.forbidden, value_of(cost.finite)};
}

/// The least cost of all plans within the limit.
std::optional<Cost> best_cost(const warpshard_problem* problem) {
  const std::int32_t nodes = warpshard_problem_num_nodes(problem);
  std::vector<std::int32_t> plan(static_cast<std::size_t>(nodes), 0);
  std::optional<Cost> best;
  for (;;) {
    warpshard_evaluation evaluation;
    check(warpshard_evaluate(problem, plan.data(), nodes, &evaluation) == WARPSHARD_OK,
          "every plan can be evaluated");
    const Cost cost = value_of(evaluation.cost);
    if (evaluation.within_limit == 1 && (!best || cost < *best)) best = cost;
    std::int32_t node = 0;
    while (node < nodes && ++plan[node] == warpshard_problem_num_strategies(problem, node))
      plan[node++] = 0;
    if (node == nodes) return best;
  }
}

/// What the callbacks of a solve are about.
struct Listener {
  const warpshard_problem* problem = nullptr;
  warpshard_stop* stop = nullptr;
  int stop_after = 0;  ///< incumbents until a stop is requested; 0: never
  int asked_at_most = 0;
  int asked = 0;
  std::optional<Cost> latest;
};

void on_progress(const warpshard_progress* progress, void* /*user*/) {
  check(progress->note != nullptr && progress->source != nullptr, "texts are texts");
  check(std::strchr(progress->note, '\n') == nullptr, "a note is one line");
}

void on_incumbent(const std::int32_t* plan, std::int32_t nodes,
                  const warpshard_evaluation* evaluation, void* user) {
  auto& listener = *static_cast<Listener*>(user);
  warpshard_evaluation again;
  listener.latest.reset();
  if (listener.stop_after > 0 && --listener.stop_after == 0) warpshard_stop_request(listener.stop);
  const auto status = warpshard_evaluate(listener.problem, plan, nodes, &again);
  if (status == WARPSHARD_NO_MEMORY) return;  // called where allocations fail
  check(status == WARPSHARD_OK, "an incumbent is a plan");
  check(again.within_limit == 1, "an incumbent is within the limit");
  check(value_of(again.cost) == value_of(evaluation->cost), "an incumbent costs what is said");
  listener.latest = value_of(again.cost);
}

std::int32_t should_stop(void* user) {
  auto& listener = *static_cast<Listener*>(user);
  return ++listener.asked >= listener.asked_at_most ? 1 : 0;
}

void set_options(Bytes& bytes, warpshard_options* options, Listener& listener) {
  constexpr std::array<double, 6> kLimits = {0, 0.01, 0.25, 0.5, -1, INFINITY};
  warpshard_options_set_time_limit(options, 0.3);
  warpshard_options_set_time_limit(options, kLimits[static_cast<std::size_t>(bytes.below(6))]);
  warpshard_options_set_threads(options, bytes.below(4) - 1);
  warpshard_options_set_seed(options, bytes.next());
  check(
      warpshard_options_set_device(options, bytes.below(16) == 0 ? "none" : "cpu") == WARPSHARD_OK,
      "a device is judged when it is needed");
  if (bytes.below(4) == 0) warpshard_options_set_gap(options, bytes.below(4) * 0.25);
  if (bytes.below(8) == 0) warpshard_options_set_target(options, bytes.cost());
  if (bytes.below(8) == 0) warpshard_options_set_work_limit(options, bytes.below(4));
  std::vector<std::int32_t> plan(static_cast<std::size_t>(bytes.below(kMostNodes + 2)));
  for (auto& strategy : plan) strategy = bytes.below(5) - 1;
  const auto length = static_cast<std::int32_t>(plan.size());
  if (bytes.below(4) == 0) warpshard_options_set_initial_plan(options, plan.data(), length);
  if (bytes.below(4) == 0) warpshard_options_set_hint(options, plan.data(), length);
  if (bytes.below(2) == 0) warpshard_options_on_progress(options, on_progress, &listener);
  warpshard_options_on_incumbent(options, on_incumbent, &listener);
  warpshard_options_set_stop(options, listener.stop);
  listener.stop_after = bytes.below(4);
  listener.asked_at_most = bytes.below(8);
  if (listener.asked_at_most > 0) warpshard_options_should_stop(options, should_stop, &listener);
}

void check_result(const warpshard_problem* problem, const warpshard_result* result,
                  const Listener& listener) {
  const std::optional<Cost> best = best_cost(problem);
  const warpshard_outcome outcome = warpshard_result_outcome(result);
  warpshard_evaluation evaluation;
  const bool has_plan = warpshard_result_evaluation(result, &evaluation) == WARPSHARD_OK;
  check(has_plan == (warpshard_result_plan(result) != nullptr), "a plan comes with its worth");
  check(outcome != WARPSHARD_INFEASIBLE || !best, "what is called infeasible is");
  if (has_plan) {
    const Cost cost = value_of(evaluation.cost);
    check(best && cost >= *best, "no plan is cheaper than the best");
    check(outcome != WARPSHARD_OPTIMAL || cost == *best, "what is called optimal is");
    check(!listener.latest || *listener.latest == cost, "the last incumbent is the result");
  } else {
    check(outcome != WARPSHARD_OPTIMAL && outcome != WARPSHARD_FEASIBLE &&
              outcome != WARPSHARD_GAP_REACHED,
          "a plan is where one is said to be");
  }
  warpshard_cost bound;
  if (best && warpshard_result_bound(result, &bound) == WARPSHARD_OK)
    check(value_of(bound) <= *best, "a bound is no more than the best cost");
}

void solve(Bytes& bytes, const warpshard_problem* problem) {
  Listener listener;
  listener.problem = problem;
  warpshard_options* options = nullptr;
  check(warpshard_stop_create(&listener.stop) == WARPSHARD_OK, "a stop can be made");
  check(warpshard_options_create(&options) == WARPSHARD_OK, "options can be made");
  set_options(bytes, options, listener);
  warpshard_result* result = nullptr;
  const auto status =
      with_failures(bytes, [&] { return warpshard_solve(problem, options, &result); });
  check((status == WARPSHARD_OK) == (result != nullptr), "a result comes with success");
  if (result != nullptr) check_result(problem, result, listener);
  warpshard_result_free(result);
  warpshard_options_free(options);
  warpshard_stop_free(listener.stop);
}

void check_built(const warpshard_problem* problem, const Account& account) {
  check(warpshard_problem_num_nodes(problem) == account.nodes(), "all nodes are there");
  check(warpshard_problem_num_edges(problem) == account.edges, "all edges are there");
  for (std::int32_t node = 0; node < account.nodes(); ++node)
    check(warpshard_problem_num_strategies(problem, node) ==
              account.strategies[static_cast<std::size_t>(node)],
          "all strategies are there");
}

}  // namespace
}  // namespace warpshard::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace warpshard::fuzz;
  Bytes bytes(data, size);
  warpshard_builder* builder = nullptr;
  if (with_failures(bytes, [&] { return warpshard_builder_create(&builder); }) != WARPSHARD_OK)
    return 0;
  Account account;
  for (int calls = bytes.below(32); calls > 0; --calls) change_builder(bytes, builder, account);
  warpshard_problem* problem = nullptr;
  const auto built =
      with_failures(bytes, [&] { return warpshard_builder_build(builder, &problem); });
  warpshard_builder_free(builder);
  check((built == WARPSHARD_OK) == (problem != nullptr), "a problem comes with success");
  if (problem == nullptr) return 0;
  check_built(problem, account);
  if (bytes.below(4) == 0) solve(bytes, problem);
  warpshard_problem_free(problem);
  return 0;
}
