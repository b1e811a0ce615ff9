// Whatever is wrong with the command line or the instance: one line that says so, and a status.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/cli/instances.h"
#include "tests/cli/program.h"

namespace warpshard::test {
namespace {

constexpr int kBadInput = 2;
constexpr int kNoDevice = 4;
constexpr int kUsage = 64;

void expect_one_line(const Outcome& outcome, int status) {
  EXPECT_EQ(outcome.status, status);
  EXPECT_EQ(outcome.output, "");
  EXPECT_EQ(std::count(outcome.errors.begin(), outcome.errors.end(), '\n'), 1) << outcome.errors;
}

/// One defect: the first `from` in the small instance becomes `to`.
struct Defect {
  std::string name;
  std::string from;
  std::string to;
  std::string mentioned;  ///< what the message has to point at
};

class BadInstance : public testing::TestWithParam<Defect> {};

TEST_P(BadInstance, GivesOneLineAndStatusTwo) {
  const auto& defect = GetParam();
  auto text = small_instance();
  const auto at = text.find(defect.from);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, defect.from.size(), defect.to);
  const TemporaryFolder folder;
  const auto outcome = run_iopddl({folder.write("broken.json", text), "5", "--log-level", "quiet"});
  expect_one_line(outcome, kBadInput);
  EXPECT_NE(outcome.errors.find("broken.json"), std::string::npos) << outcome.errors;
  EXPECT_NE(outcome.errors.find(defect.mentioned), std::string::npos) << outcome.errors;
}

constexpr const char* kNode1Costs = "problem.nodes.costs[1]";

INSTANTIATE_TEST_SUITE_P(
    Syntax, BadInstance,
    testing::Values(
        Defect{"Truncated", "]]\n    },\n    \"usage_limit\": 50}}", "]]",
               "problem.edges: expected"},
        Defect{"UnclosedList", "65], [25, 45, 35]", "6", "problem.nodes.costs"},
        Defect{"Concatenated", "50}}", "50}}{}", "expected the end of the file"},
        Defect{"TwoDocuments", "50}}", "50}}\n{\"problem\": {}}", "expected the end of the file"},
        Defect{"MissingComma", "[55, 65]", "[55 65]", kNode1Costs},
        Defect{"NulByte", "[55, 65]", std::string("[55, \0]", 7), kNode1Costs},
        Defect{"NulByteAfterwards", "50}}", std::string("50}}\0", 5), "found byte 0x00"},
        Defect{"DeepNesting", "\"name\"", "\"x\": " + std::string(100'000, '['), "1024 deep"},
        Defect{"DeepNestingOfKnownKey", "[55, 65]", std::string(100'000, '['), kNode1Costs},
        Defect{"UnclosedString", "\"small\"", "\"small", "problem"},
        Defect{"NotUtf8", "\"small\"", "\"\xff\"", "problem.name: not a valid string"}),
    [](const auto& tested) { return tested.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Types, BadInstance,
    testing::Values(
        Defect{"String", "[55, 65]", "[55, \"many\"]", "problem.nodes.costs[1][1]"},
        Defect{"Null", "[55, 65]", "[55, null]", "problem.nodes.costs[1][1]"},
        Defect{"Boolean", "[55, 65]", "[true, 65]", "problem.nodes.costs[1][0]"},
        Defect{"NumberForList", "[55, 65]", "55", "problem.nodes.costs"},
        Defect{"ListForNumber", "[55, 65]", "[55, [65]]", kNode1Costs},
        Defect{"ListForObject", "{\"problem\": {", "{\"problem\": [{", "problem: expected '{'"},
        Defect{"Fraction", "55", "55.5", "problem.nodes.costs[1][0]: not a 64-bit integer"},
        Defect{"Exponent", "55", "5e1", "problem.nodes.costs[1][0]: not a 64-bit integer"},
        Defect{"NumberTooLarge", "55", "9223372036854775808", "problem.nodes.costs[1][0]"},
        Defect{"NumberTooSmall", "55", "-9223372036854775809", "problem.nodes.costs[1][0]"},
        Defect{"NumberMuchTooLarge", "55", std::string(5000, '9'), "problem.nodes.costs[1][0]"},
        Defect{"LimitAsString", "\"usage_limit\": 50", "\"usage_limit\": \"50\"", "usage_limit"},
        Defect{"LimitBeyond64Bits", "\"usage_limit\": 50", "\"usage_limit\": 9223372036854775808",
               "problem.usage_limit: not a 64-bit integer"}),
    [](const auto& tested) { return tested.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Contradictions, BadInstance,
    testing::Values(
        Defect{"MissingKey", "\"usages\"", "\"uses\"", "problem.nodes.usages: missing"},
        Defect{"RepeatedKey", "\"name\"", "\"usage_limit\": 1, \"name\"",
               "usage_limit: appears twice"},
        Defect{"NoStrategies", "[55, 65]", "[]", "problem.nodes."},
        Defect{"TooFewCosts", "[25, 45, 35]", "[25, 45]", "problem.nodes.usages[2]: 3 entries"},
        Defect{"TooFewIntervals", "[110, 140], ", "", "problem.nodes.intervals: 4 entries"},
        Defect{"OneSidedInterval", "[110, 140]", "[110]", "problem.nodes.intervals[3]: 1 entry"},
        Defect{"TooFewEntries", "[90, 10, 20, 80]", "[90, 10, 20]", "problem.edges.costs[2]: 3"},
        Defect{"TooFewTables", "[90, 10, 20, 80], ", "", "problem.edges.nodes: 5 entries"},
        Defect{"EdgeOfNoNodes", "[3, 4]", "[]", "problem.edges.nodes[4]: 0 entries"},
        Defect{"NodeOutOfRange", "[3, 4]", "[3, 5]", "problem.edges.nodes[4][1]"},
        Defect{"NodeFarOutOfRange", "[3, 4]", "[3, 4611686018427387904]",
               "problem.edges.nodes[4][1]"},
        Defect{"NegativeNode", "[3, 4]", "[3, -1]", "problem.edges.nodes[4][1]"},
        Defect{"NegativeUsage", "[15, 20, 15]", "[15, -20, 15]", "problem.nodes.usages[2][1]"},
        Defect{"UsagesBeyondExactSums", "\"usages\": [[10]", "\"usages\": [[9223372036854775807]",
               "usages do not fit"}),
    [](const auto& tested) { return tested.param.name; });

/// What is found out when there is a plan already costs the instance its search, not the plan.
class RefusedSearch : public testing::TestWithParam<Defect> {};

TEST_P(RefusedSearch, PrintsThePlanInHand) {
  const auto& defect = GetParam();
  auto text = small_instance();
  text.replace(text.find(defect.from), defect.from.size(), defect.to);
  const TemporaryFolder folder;
  const auto outcome = run_iopddl({folder.write("odd.json", text), "60", "--log-level", "quiet"});
  EXPECT_EQ(outcome.status, kBadInput);
  EXPECT_EQ(outcome.lines().size(), 1U);
  EXPECT_TRUE(outcome.last_line().starts_with("[0, ")) << outcome.output;
  EXPECT_NE(outcome.errors.find(defect.mentioned), std::string::npos) << outcome.errors;
  EXPECT_EQ(std::count(outcome.errors.begin(), outcome.errors.end(), '\n'), 1) << outcome.errors;
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedSearch,
    testing::Values(
        Defect{"CostsBeyondExactSums", "55", "-9223372036854775807", "costs do not fit"},
        Defect{
            "EdgeOfThreeNodesThatChoose",
            "[3, 4]],\n      \"costs\": [[30, 40], [50, 10, 40], [90, 10, 20, 80], [60, 20, 30], "
            "[70, 60]]",
            "[1, 2, 3]],\n      \"costs\": [[30, 40], [50, 10, 40], [90, 10, 20, 80], "
            "[60, 20, 30], [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6]]",
            "edge 4 joins 3 nodes of several strategies"}),
    [](const auto& tested) { return tested.param.name; });

TEST(BadFile, MissingEmptyFolderAndNotJson) {
  const TemporaryFolder folder;
  for (const auto& path :
       {folder.path("absent.json"), folder.write("empty.json", ""), folder.path(""),
        folder.write("text.json", "Hello\n"), folder.write("zeros.json", std::string(100, '\0')),
        folder.write("cut.json.gz", "\x1f\x8b\x08"), std::string("/dev/null"),
        std::string("/dev/zero")}) {
    SCOPED_TRACE(path);
    const auto outcome = run_iopddl({path, "5"});
    expect_one_line(outcome, kBadInput);
    EXPECT_NE(outcome.errors.find(path), std::string::npos) << outcome.errors;
  }
}

/// Can be evaluated, but not searched.
TEST(WideNode, CanBeVerifiedAndNotSolved) {
  std::string list = "0";
  for (int strategy = 1; strategy <= 1 << 16; ++strategy) list += ",0";
  const TemporaryFolder folder;
  const auto instance =
      folder.write("wide.json", R"({"problem": {"name": "wide", "nodes": {"intervals": [[0, 1]],)"
                                R"("costs": [[)" +
                                    list + R"(]], "usages": [[)" + list +
                                    R"(]]}, "edges": {"nodes": [], "costs": []}}})");
  const auto outcome = run_iopddl({instance, "5"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_NE(outcome.errors.find("node 0 has 65537 strategies"), std::string::npos);
  const auto verified = run_warpshard({"verify", instance, folder.write("plan", "[65536]")});
  EXPECT_EQ(verified.status, 0) << verified.errors;
}

TEST(BadCommandLine, GivesOneLineAndStatus64) {
  const TemporaryFolder folder;
  const auto instance = folder.write("small.json", small_instance());
  const std::vector<std::vector<std::string>> command_lines = {
      {},
      {instance},
      {instance, "soon"},
      {instance, "-1"},
      {instance, "0"},
      {instance, "nan"},
      {instance, "5", "6"},
      {instance, "5", "--bogus"},
      {instance, "5", "--seed"},
      {instance, "5", "--seed", "x"},
      {instance, "5", "--threads", "-2"},
      {instance, "5", "--threads", "many"},
      {instance, "5", "--device", "tpu"},
      {instance, "5", "--device", "cuda:x"},
      {instance, "5", "--log-level", "loud"},
  };
  for (const auto& arguments : command_lines) {
    SCOPED_TRACE(testing::PrintToString(arguments));
    expect_one_line(run_iopddl(arguments), kUsage);
  }
}

TEST(BadCommandLine, SubcommandsToo) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {},
           {"frobnicate"},
           {"solve"},
           {"solve", "x.json", "1", "--gap", "2"},
           {"solve", "x.json", "1", "--target", "cheap"},
           {"solve", "x.json", "1", "--target", "0x10"},
           {"bound", "x.json", "1", "--incumbent", "nan"},
           {"bound", "x.json", "1", "--incumbent", "inf"},
           {"bound", "x.json", "1", "--incumbent", "1.5"},
           {"bound", "x.json", "1", "--incumbent", "9223372036854775808"},
           {"bound", "x.json", "1", "--incumbent", ""},
           {"solve", "x.json", "1", "--work-limit", "0"},
           {"convert", "x.json"},
           {"bench", "x.json", "--device", "tpu"},
           {"bench", "x.json", "--moves", "mixed,jump"},
       }) {
    SCOPED_TRACE(testing::PrintToString(arguments));
    expect_one_line(run_warpshard(arguments), kUsage);
  }
}

TEST(BadCommandLine, AsksForGpusAloneAndForNone) {
  expect_one_line(run_warpshard({"bench", "x.json", "--gpu-only", "--device", "cpu"}), kNoDevice);
}

TEST(BadFile, OfSubcommandsToo) {
  const TemporaryFolder folder;
  const auto instance = folder.write("small.json", small_instance());
  const auto plan = folder.write("plan.txt", "[0, 0, 2, 1, 0]");
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"info", "absent.json"},
           {"verify", "absent.json", plan},
           {"verify", instance, "absent.txt"},
           {"verify", instance, folder.path("")},
           {"verify", instance, "/dev/zero"},
           {"verify", instance, plan, "/dev/zero"},
           {"verify", instance, plan, folder.path("")},
           {"evaluate", instance, instance},
           {"convert", "absent.json", folder.path("x.json")},
           {"solve", instance, "1", "--quiet", "--solution-in", "absent.txt"},
       }) {
    SCOPED_TRACE(testing::PrintToString(arguments));
    expect_one_line(run_warpshard(arguments), kBadInput);
  }
}

}  // namespace
}  // namespace warpshard::test
