#include "warpshard/generate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "host/generate/compose.h"
#include "warpshard/cost.h"
#include "warpshard/evaluate.h"

namespace warpshard {
namespace {

using generator::Coupling;

GeneratorOptions with_nodes(std::int64_t nodes, std::uint64_t seed = 1) {
  GeneratorOptions options;
  options.target_nodes = nodes;
  options.seed = seed;
  return options;
}

/// FNV-1a over every number of an instance.
std::uint64_t fingerprint(const Problem& problem) {
  std::uint64_t hash = 14695981039346656037U;
  const auto add = [&](std::int64_t value) {
    hash = (hash ^ static_cast<std::uint64_t>(value)) * 1099511628211U;
  };
  for (const char letter : problem.name) add(letter);
  for (const auto* list : {&problem.strategy_offsets, &problem.costs, &problem.usages,
                           &problem.edge_offsets, &problem.table_offsets, &problem.entries})
    for (const std::int64_t value : *list) add(value);
  for (const auto* list : {&problem.edge_nodes, &problem.edge_tables})
    for (const std::int32_t value : *list) add(value);
  for (const Interval& interval : problem.intervals) {
    add(interval.lower);
    add(interval.upper);
  }
  add(problem.usage_limit.value_or(-1));
  return hash;
}

void expect_nodes_valid(const Problem& problem) {
  const auto nodes = static_cast<std::size_t>(problem.num_nodes());
  ASSERT_EQ(problem.strategy_offsets.size(), nodes + 1);
  ASSERT_EQ(static_cast<std::size_t>(problem.strategy_offsets.back()), problem.costs.size());
  ASSERT_EQ(problem.costs.size(), problem.usages.size());
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node) {
    ASSERT_GE(problem.num_strategies(node), 1);
    EXPECT_FALSE(is_forbidden(problem.node_costs(node).back()));
    EXPECT_GE(problem.intervals[node].lower, 0);
  }
  for (const std::int64_t usage : problem.usages) EXPECT_GE(usage, 0);
  for (const std::int64_t cost : problem.costs) EXPECT_TRUE(cost >= 0 && cost <= kForbidden);
}

void expect_edges_valid(const Problem& problem) {
  for (std::int64_t e = 0; e < problem.num_edges(); ++e) {
    const auto ends = problem.nodes_of_edge(e);
    ASSERT_EQ(ends.size(), 2U);
    for (const std::int32_t end : ends) ASSERT_TRUE(end >= 0 && end < problem.num_nodes());
    EXPECT_NE(ends[0], ends[1]);
    ASSERT_EQ(static_cast<std::int64_t>(problem.table_of_edge(e).size()),
              std::int64_t{problem.num_strategies(ends[0])} * problem.num_strategies(ends[1]));
  }
  for (const std::int64_t entry : problem.entries) EXPECT_TRUE(entry >= 0 && entry <= kForbidden);
}

void expect_plan_proves_feasibility(const GeneratedProblem& generated) {
  const auto evaluation = evaluate(generated.problem, generated.plan);
  ASSERT_TRUE(evaluation.ok()) << evaluation.error().message;
  EXPECT_EQ(evaluation->cost.forbidden, 0);
  EXPECT_TRUE(evaluation->within_limit);
  EXPECT_EQ(static_cast<std::int64_t>(evaluation->peak_usage), generated.plan_peak);
}

void expect_sound(const GeneratorOptions& options) {
  const auto generated = generate_with_plan(options);
  ASSERT_TRUE(generated.ok()) << generated.error().message;
  if (options.target_nodes > 0) {
    EXPECT_EQ(generated->problem.num_nodes(), options.target_nodes);
  }
  ASSERT_TRUE(generated->problem.usage_limit.has_value());
  expect_nodes_valid(generated->problem);
  expect_edges_valid(generated->problem);
  expect_plan_proves_feasibility(*generated);
}

TEST(Generator, MakesExactlyTheNumberOfNodesAskedFor) {
  for (std::int64_t nodes = generator::kFewestNodes; nodes < 60; ++nodes)
    expect_sound(with_nodes(nodes, static_cast<std::uint64_t>(nodes)));
  for (const std::int64_t nodes : {100, 250, 500, 816, 1000, 1500, 3000, 12345})
    for (const std::uint64_t seed : {1, 2, 3, 4}) expect_sound(with_nodes(nodes, seed));
}

TEST(Generator, MakesTheLayersAskedFor) {
  std::int32_t previous = 0;
  for (const std::int32_t layers : {1, 2, 3, 6}) {
    GeneratorOptions options;
    options.layers = layers;
    expect_sound(options);
    const auto problem = generate(options);
    EXPECT_GT(problem->num_nodes(), previous);
    previous = problem->num_nodes();
  }
}

TEST(Generator, AnyMesh) {
  for (const auto& mesh : std::vector<std::vector<std::int64_t>>{
           {1}, {1, 1}, {1, 8}, {8, 1}, {2, 4}, {3, 5}, {16, 2}, {2, 2, 4}, {1024}}) {
    GeneratorOptions options = with_nodes(1200);
    options.mesh = mesh;
    expect_sound(options);
  }
}

TEST(Generator, OneDeviceLeavesNoChoice) {
  GeneratorOptions options = with_nodes(300);
  options.mesh = {1, 1};
  const auto problem = generate(options);
  EXPECT_EQ(problem->costs.size(), 300U);
}

TEST(Generator, AnyModel) {
  GeneratorOptions tiny = with_nodes(1200);
  tiny.batch = tiny.sequence = tiny.hidden = tiny.heads = tiny.vocabulary = 1;
  expect_sound(tiny);
  GeneratorOptions odd = with_nodes(2500);
  odd.batch = 7;
  odd.sequence = 33;
  odd.hidden = 130;
  odd.heads = 13;
  odd.vocabulary = 101;
  expect_sound(odd);
  GeneratorOptions large = with_nodes(1200);
  large.batch = 512;
  large.sequence = 8192;
  large.hidden = 16384;
  large.heads = 128;
  expect_sound(large);
}

TEST(Generator, AnyCoupling) {
  for (const Coupling coupling : {Coupling::kFree, Coupling::kFollow, Coupling::kChain}) {
    GeneratorOptions options = with_nodes(4000);
    options.coupling = coupling;
    expect_sound(options);
  }
}

TEST(Generator, CouplingDecidesWhatIsForbidden) {
  std::vector<std::int64_t> forbidding;
  for (const Coupling coupling : {Coupling::kFree, Coupling::kFollow, Coupling::kChain}) {
    GeneratorOptions options = with_nodes(4000);
    options.coupling = coupling;
    const auto problem = generate(options);
    std::int64_t count = 0;
    for (std::int64_t e = 0; e < problem->num_edges(); ++e) {
      const auto table = problem->table_of_edge(e);
      count += std::any_of(table.begin(), table.end(), is_forbidden) ? 1 : 0;
    }
    forbidding.push_back(count);
  }
  EXPECT_EQ(forbidding[0], 0);
  EXPECT_GT(forbidding[1], 2000);
  EXPECT_GT(forbidding[2], forbidding[1]);
}

TEST(Generator, LimitIsTheFactorTimesThePeak) {
  for (const double factor : {1.0, 1.1, 1.25, 30.0}) {
    GeneratorOptions options = with_nodes(900);
    options.limit_factor = factor;
    const auto generated = generate_with_plan(options);
    const double ratio = static_cast<double>(*generated->problem.usage_limit) /
                         static_cast<double>(generated->plan_peak);
    EXPECT_NEAR(ratio, factor, 1e-6);
    expect_plan_proves_feasibility(*generated);
  }
}

TEST(Generator, SameOptionsSameInstance) {
  const auto first = generate(with_nodes(2000, 5));
  const auto second = generate(with_nodes(2000, 5));
  EXPECT_EQ(fingerprint(*first), fingerprint(*second));
}

/// Changes whenever the generator does; says that every platform makes the same instances.
TEST(Generator, KnownFingerprint) {
  EXPECT_EQ(fingerprint(*generate(with_nodes(2000, 5))), 8663012430334983622U);
}

TEST(Generator, DifferentSeedsDifferentInstances) {
  std::vector<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    seen.push_back(fingerprint(*generate(with_nodes(2000, seed))));
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
}

TEST(Generator, EqualTablesAreStoredOnce) {
  const auto problem = generate(with_nodes(3000));
  std::vector<std::vector<std::int64_t>> tables;
  for (std::size_t t = 0; t + 1 < problem->table_offsets.size(); ++t)
    tables.emplace_back(problem->entries.begin() + problem->table_offsets[t],
                        problem->entries.begin() + problem->table_offsets[t + 1]);
  std::sort(tables.begin(), tables.end());
  EXPECT_EQ(std::adjacent_find(tables.begin(), tables.end()), tables.end());
}

void expect_error(const GeneratorOptions& options, const std::string& part) {
  const auto result = generate(options);
  ASSERT_FALSE(result.ok()) << part;
  EXPECT_NE(result.error().message.find(part), std::string::npos) << result.error().message;
}

TEST(Generator, RefusesImpossibleOptions) {
  GeneratorOptions options;
  expect_error(with_nodes(generator::kFewestNodes - 1), "number of nodes is 15");
  expect_error(with_nodes(-5), "number of nodes is -5");
  (options = {}).layers = 0;
  expect_error(options, "layers is 0");
  (options = {}).batch = 0;
  expect_error(options, "batch is 0");
  (options = {}).heads = 7;
  expect_error(options, "multiple of heads");
  (options = {}).mesh = {};
  expect_error(options, "mesh has 0 axes");
  (options = {}).mesh = {2, 2, 2, 2};
  expect_error(options, "mesh has 4 axes");
  (options = {}).mesh = {2, 0};
  expect_error(options, "mesh axis is 0");
  (options = {}).link_bandwidth = {};
  expect_error(options, "no link bandwidth");
  (options = {}).device_teraflops = 0;
  expect_error(options, "teraflops is 0");
  (options = {}).limit_factor = 0.99;
  expect_error(options, "limit factor");
  (options = {}).hidden = 1 << 24;
  expect_error(options, "too large");
}

TEST(Generator, ReadsMeshes) {
  EXPECT_EQ(*parse_mesh("8"), (std::vector<std::int64_t>{8}));
  EXPECT_EQ(*parse_mesh("4x8"), (std::vector<std::int64_t>{4, 8}));
  EXPECT_EQ(*parse_mesh("2x2x16"), (std::vector<std::int64_t>{2, 2, 16}));
  for (const char* text : {"", "x", "4x", "x4", "4x0", "-1", "4y8", "4 x8", "1x1x1x1", "1e3"})
    EXPECT_FALSE(parse_mesh(text).ok()) << text;
}

TEST(Generator, ReadsCouplings) {
  EXPECT_EQ(*parse_coupling("free"), Coupling::kFree);
  EXPECT_EQ(*parse_coupling("follow"), Coupling::kFollow);
  EXPECT_EQ(*parse_coupling("chain"), Coupling::kChain);
  EXPECT_FALSE(parse_coupling("Follow").ok());
}

}  // namespace
}  // namespace warpshard
