// Whatever is wrong with the command line or the instance: one line that says so, and status 2.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/cli/instances.h"
#include "tests/cli/program.h"

namespace warpshard::test {
namespace {

void expect_one_line_and_status_two(const Outcome& outcome) {
  EXPECT_EQ(outcome.status, 2);
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
  const auto outcome = run_iopddl({folder.write("broken.json", text), "5"});
  expect_one_line_and_status_two(outcome);
  EXPECT_NE(outcome.errors.find("broken.json"), std::string::npos) << outcome.errors;
  EXPECT_NE(outcome.errors.find(defect.mentioned), std::string::npos) << outcome.errors;
}

INSTANTIATE_TEST_SUITE_P(
    Matrix, BadInstance,
    testing::Values(Defect{"TruncatedJson", "]]\n    },\n    \"usage_limit\": 50}}", "]]", ""},
                    Defect{"MissingComma", "[55, 65]", "[55 65]", "costs"},
                    Defect{"WrongType", "[55, 65]", "[55, \"many\"]", "costs"},
                    Defect{"MissingKey", "\"usages\"", "\"uses\"", "usages"},
                    Defect{"TooFewCosts", "[25, 45, 35]", "[25, 45]", "usages"},
                    Defect{"TooFewIntervals", "[110, 140], ", "", "intervals"},
                    Defect{"TooFewEntries", "[90, 10, 20, 80]", "[90, 10, 20]", "edges.costs[2]"},
                    Defect{"NodeOutOfRange", "[3, 4]", "[3, 5]", "edges.nodes[4]"},
                    Defect{"NegativeNode", "[3, 4]", "[3, -1]", "edges.nodes[4]"},
                    Defect{"NegativeUsage", "[15, 20, 15]", "[15, -20, 15]", "usages[2]"},
                    Defect{"NumberTooLarge", "55", "99999999999999999999", "costs"},
                    Defect{"Fraction", "55", "55.5", "costs"}),
    [](const auto& tested) { return tested.param.name; });

TEST(BadFile, MissingEmptyFolderAndNotJson) {
  const TemporaryFolder folder;
  for (const auto& path :
       {folder.path("absent.json"), folder.write("empty.json", ""), folder.path(""),
        folder.write("text.json", "Hello\n"), folder.write("zeros.json", std::string(100, '\0')),
        folder.write("cut.json.gz", "\x1f\x8b\x08")}) {
    SCOPED_TRACE(path);
    const auto outcome = run_iopddl({path, "5"});
    expect_one_line_and_status_two(outcome);
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

TEST(BadCommandLine, GivesOneLineAndStatusTwo) {
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
    expect_one_line_and_status_two(run_iopddl(arguments));
  }
}

TEST(BadCommandLine, SubcommandsToo) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{},
                                             {"frobnicate"},
                                             {"solve"},
                                             {"info", "absent.json"},
                                             {"verify", "absent.json", "x"}}) {
    SCOPED_TRACE(testing::PrintToString(arguments));
    expect_one_line_and_status_two(run_warpshard(arguments));
  }
}

}  // namespace
}  // namespace warpshard::test
