// The subcommands of warpshard on instances a person can check.

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/cli/instances.h"
#include "tests/cli/program.h"

namespace warpshard::test {
namespace {

class Subcommand : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::string instance_ = folder_.write("small.json", small_instance());
};

TEST_F(Subcommand, SolveWritesThePlanToAFile) {
  const auto plan = folder_.path("plan.txt");
  const auto outcome = run_warpshard({"solve", instance_, "2", "--output", plan});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(read_file(plan), "[0, 0, 2, 1, 0]\n");
  for (const auto& line : outcome.lines()) EXPECT_TRUE(line.starts_with("#")) << line;
}

TEST_F(Subcommand, SolveSaysSoWhenThePlanCannotBeWritten) {
  const auto outcome =
      run_warpshard({"solve", instance_, "2", "--output", folder_.path("no/such/folder")});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.errors.find("no/such/folder"), std::string::npos) << outcome.errors;
}

TEST_F(Subcommand, SolveWithoutAFilePrintsThePlan) {
  const auto outcome = run_warpshard({"solve", instance_, "2", "--gap", "0.5"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_TRUE(outcome.last_line().starts_with("[0, "));
}

TEST_F(Subcommand, VerifyAcceptsAPlanWithinTheLimit) {
  const auto plan = folder_.write("plan.txt", "# a log line\n[0, 0, 2, 1, 0]\n");
  const auto outcome = run_warpshard({"verify", instance_, plan});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output,
            "cost 445\npeak usage 50 at time 50, limit 50\nvalid: within the limit\n");
}

TEST_F(Subcommand, VerifyReportsAPlanOverTheLimit) {
  const auto plan = folder_.write("plan.txt", "[0, 0, 1, 1, 0]\n");
  const auto outcome = run_warpshard({"verify", instance_, plan});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_NE(outcome.output.find("cost 415"), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find("not within the limit"), std::string::npos) << outcome.output;
}

TEST_F(Subcommand, VerifyRefusesWhatIsNoPlan) {
  for (const auto* text : {"", "[]", "[0, 0, 2, 1]", "[0, 0, 3, 1, 0]", "[0, 0, -1, 1, 0]", "x"}) {
    SCOPED_TRACE(text);
    const auto outcome = run_warpshard({"verify", instance_, folder_.write("plan.txt", text)});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_NE(outcome.errors.find("plan.txt"), std::string::npos) << outcome.errors;
  }
}

TEST_F(Subcommand, InfoPrintsSizesBeforeAndAfter) {
  const auto outcome = run_warpshard({"info", instance_});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("5 nodes, 5 edges, limit 50"), std::string::npos) << outcome.output;
}

TEST_F(Subcommand, InfoSpeaksJson) {
  const auto outcome = run_warpshard({"info", instance_, "--json"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  const auto json = nlohmann::json::parse(outcome.output);
  EXPECT_EQ(json.at("nodes"), 5);
  EXPECT_EQ(json.at("edges"), 5);
  EXPECT_EQ(json.at("usage_limit"), 50);
  ASSERT_FALSE(json.at("steps").empty());
  EXPECT_EQ(json.at("steps").at(0).at("step"), "load");
  EXPECT_EQ(json.at("steps").at(0).at("variables"), 5);
}

TEST_F(Subcommand, BoundEndsWithTheCertifiedValue) {
  const auto certificate = folder_.path("certificate");
  const auto outcome = run_warpshard({"bound", instance_, "1", "--certificate", certificate});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_LT(outcome.seconds, 3);
  const auto last = outcome.last_line();
  ASSERT_TRUE(last.starts_with("bound ")) << last;
  EXPECT_LE(std::stoll(last.substr(6)), 445);

  const auto plan = folder_.write("plan.txt", "[0, 0, 2, 1, 0]");
  const auto verified = run_warpshard({"verify", instance_, plan, certificate});
  EXPECT_EQ(verified.status, 0) << verified.errors;
  EXPECT_NE(verified.output.find(last), std::string::npos) << verified.output;
}

TEST_F(Subcommand, VerifyRefusesWhatIsNoCertificate) {
  const auto plan = folder_.write("plan.txt", "[0, 0, 2, 1, 0]");
  const auto outcome =
      run_warpshard({"verify", instance_, plan, folder_.write("certificate", "Hello\n")});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_NE(outcome.errors.find("certificate"), std::string::npos) << outcome.errors;
}

TEST_F(Subcommand, BoundOfAnInfeasibleInstance) {
  const auto instance = folder_.write("infeasible.json", infeasible_instance());
  const auto outcome = run_warpshard({"bound", instance, "1"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.last_line(), "bound none");
}

TEST_F(Subcommand, GenerateWritesTheSameInstanceForTheSameSeed) {
  const auto first = folder_.path("first.json");
  const auto second = folder_.path("second.json");
  const auto other = folder_.path("other.json");
  for (const auto& [path, seed] : {std::pair{first, "5"}, {second, "5"}, {other, "6"}}) {
    const auto outcome =
        run_warpshard({"generate", path, "--layers", "1", "--mesh", "2x2", "--seed", seed});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
  }
  EXPECT_EQ(read_file(first), read_file(second));
  EXPECT_NE(read_file(first), read_file(other));
  EXPECT_EQ(run_warpshard({"info", first}).status, 0);
}

TEST_F(Subcommand, GenerateRefusesWhatMakesNoSense) {
  for (const auto& option : std::vector<std::vector<std::string>>{
           {"--mesh", "4y8"}, {"--mesh", "0"}, {"--coupling", "loose"}, {"--layers", "-1"}}) {
    SCOPED_TRACE(testing::PrintToString(option));
    const auto outcome = run_warpshard({"generate", folder_.path("x.json"), option[0], option[1]});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(std::count(outcome.errors.begin(), outcome.errors.end(), '\n'), 1);
  }
}

}  // namespace
}  // namespace warpshard::test
