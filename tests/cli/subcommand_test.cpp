// The subcommands of warpshard on instances a person can check.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

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

}  // namespace
}  // namespace warpshard::test
