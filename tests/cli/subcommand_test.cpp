// The subcommands of warpshard on instances a person can check.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/cli/instances.h"
#include "tests/cli/program.h"

namespace warpshard::test {
namespace {

/// Seconds for a run that ends by itself once its plan is proved to be the cheapest.
constexpr const char* kPlenty = "300";

class Subcommand : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::string instance_ = folder_.write("small.json", small_instance());
};

TEST_F(Subcommand, SolveWritesThePlanToAFile) {
  const auto plan = folder_.path("plan.txt");
  const auto outcome = run_warpshard({"solve", instance_, kPlenty, "--output", plan});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(read_file(plan), "[0, 0, 2, 1, 0]\n");
  for (const auto& line : outcome.lines()) EXPECT_TRUE(line.starts_with("#")) << line;
}

TEST_F(Subcommand, SolveWithoutAFilePrintsThePlan) {
  const auto outcome = run_warpshard({"solve", instance_, kPlenty, "--gap", "0.5"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_TRUE(outcome.last_line().starts_with("[0, "));
}

TEST_F(Subcommand, SolveStopsAtTheTarget) {
  const auto outcome =
      run_warpshard({"solve", write_grid_instance(folder_), "500", "--target", "100000000"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_LT(outcome.seconds, 400);
}

TEST_F(Subcommand, SolveGivesTheSamePlanForTheSameWork) {
  const auto grid = write_grid_instance(folder_);
  const auto run_on = [&](const std::string& threads) {
    return run_warpshard(
        {"solve", grid, "300", "--quiet", "--work-limit", "5", "--threads", threads});
  };
  const auto first = run_on("2");
  EXPECT_EQ(first.status, 0) << first.errors;
  EXPECT_NE(first.output, "[]\n");
  EXPECT_EQ(first.output, run_on("2").output);
  EXPECT_EQ(first.output, run_on("3").output);
}

TEST_F(Subcommand, SolveStartsFromAPlan) {
  const auto plan = folder_.write("plan.txt", "[0, 0, 2, 1, 0]");
  const auto outcome =
      run_warpshard({"solve", instance_, kPlenty, "--solution-in", plan, "--target", "445"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find(" 445  "), std::string::npos) << outcome.output;
  EXPECT_EQ(outcome.output.find("repaired"), std::string::npos) << outcome.output;
}

TEST_F(Subcommand, SolveRepairsThePlanItStartsFrom) {
  const auto bad = folder_.write("bad.txt", "[0, 7, 1, 1]");
  const auto out = folder_.path("out.txt");
  const auto outcome =
      run_warpshard({"solve", instance_, kPlenty, "--solution-in", bad, "--solution-out", out});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("bad.txt: repaired: 1 entry missing, 1 strategy that does not "
                                "exist, 1 node moved to use less memory"),
            std::string::npos)
      << outcome.output;
  EXPECT_EQ(read_file(out), "[0, 0, 2, 1, 0]\n");
}

TEST_F(Subcommand, SolveSaysSoWhenThePlanToStartFromCannotBeRepaired) {
  const auto infeasible = folder_.write("infeasible.json", infeasible_instance());
  const auto plan = folder_.write("plan.txt", "[0, 0, 2, 1, 0]");
  const auto outcome = run_warpshard({"solve", infeasible, kPlenty, "--solution-in", plan});
  EXPECT_EQ(outcome.status, 5) << outcome.errors;
  EXPECT_NE(outcome.output.find("cannot be repaired"), std::string::npos) << outcome.output;
}

TEST_F(Subcommand, SolveTakesAHint) {
  const auto hint = folder_.write("hint.txt", "[null, -1, 2, 9]");
  const auto outcome = run_warpshard({"solve", instance_, kPlenty, "--hint", hint});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("hint.txt: strategies for 1 of 5 nodes, 1 that do not exist are "
                                "ignored"),
            std::string::npos)
      << outcome.output;
  EXPECT_NE(outcome.output.find("  hint\n"), std::string::npos) << outcome.output;
  EXPECT_EQ(outcome.last_line(), "[0, 0, 2, 1, 0]");
}

TEST_F(Subcommand, SolveLeavesAHintThatCannotBeKeptTo) {
  const auto hint = folder_.write("hint.txt", "[0, 0, 1, 0, 0]");  // over the limit
  const auto outcome = run_warpshard({"solve", instance_, kPlenty, "--hint", hint});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("the hint cannot be kept to"), std::string::npos) << outcome.output;
  EXPECT_EQ(outcome.last_line(), "[0, 0, 2, 1, 0]");
  const auto broken = folder_.write("broken.txt", "[0, -2]");
  EXPECT_EQ(run_warpshard({"solve", instance_, kPlenty, "--hint", broken}).status, 2);
}

TEST_F(Subcommand, SolveWritesAProofThatVerifies) {
  const auto proof = folder_.path("proof.gz");
  const auto out = folder_.path("out.txt");
  const auto solved =
      run_warpshard({"solve", instance_, "20", "--proof", proof, "--solution-out", out});
  EXPECT_EQ(solved.status, 0) << solved.errors;
  EXPECT_NE(solved.output.find("proof of bound 445, "), std::string::npos) << solved.output;
  const auto verified = run_warpshard({"verify", instance_, out, proof});
  EXPECT_EQ(verified.status, 0) << verified.errors;
  EXPECT_NE(verified.output.find("\nbound 445\n"), std::string::npos) << verified.output;
  EXPECT_NE(verified.output.find("no plan is cheaper"), std::string::npos) << verified.output;
  const auto alone = run_warpshard({"verify", instance_, proof});
  EXPECT_EQ(alone.status, 0) << alone.errors;
  EXPECT_TRUE(alone.output.starts_with("bound 445\n")) << alone.output;
}

TEST_F(Subcommand, QuietPrintsThePlanOnly) {
  const auto outcome = run_warpshard({"solve", instance_, kPlenty, "--quiet"});
  EXPECT_EQ(outcome.output, "[0, 0, 2, 1, 0]\n");
}

/// The events among lines of JSON, by name.
std::map<std::string, nlohmann::json> events_in(const std::string& text) {
  std::map<std::string, nlohmann::json> events;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    const auto event = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    EXPECT_TRUE(event.is_object() || event.is_array()) << line;
    if (event.is_object()) events[event.value("event", "")] = event;
  }
  return events;
}

TEST_F(Subcommand, SolveSpeaksJson) {
  const auto outcome = run_warpshard({"solve", instance_, kPlenty, "--log-json"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(outcome.last_line(), "[0, 0, 2, 1, 0]");
  auto events = events_in(outcome.output);
  EXPECT_EQ(events["instance"]["nodes"], 5);
  EXPECT_EQ(events["instance"]["usage_limit"], 50);
  EXPECT_EQ(events["result"]["status"], "optimal");
  EXPECT_EQ(events["result"]["cost"], 445);
  EXPECT_EQ(events["result"]["bound"], 445);
  EXPECT_EQ(events["result"]["bound_forbidden"], 0);
  EXPECT_EQ(events["result"]["gap"], 0);
  EXPECT_EQ(events["result"]["peak_usage"], 50);
  EXPECT_TRUE(events["result"]["source"].is_string());
  EXPECT_TRUE(events["result"]["visits"].is_number());
  EXPECT_TRUE(events["result"]["workers"].is_array());
  EXPECT_TRUE(events["progress"].contains("source"));
}

/// The same word in the text and in the event, and the status that goes with it.
TEST_F(Subcommand, SolveEndsInOneWordEverywhere) {
  const auto infeasible = folder_.write("infeasible.json", infeasible_instance());
  const auto grid = write_grid_instance(folder_);
  struct Case {
    std::string word;
    std::vector<std::string> arguments;
    int status;
    std::string in_text;
  };
  for (const Case& expected : std::vector<Case>{
           {"optimal", {instance_, kPlenty}, 0, "# optimal: cost 445, bound 445, gap 0.000%"},
           {"gap_reached", {grid, kPlenty, "--gap", "0.99"}, 0, "# gap_reached: cost "},
           {"feasible", {grid, kPlenty, "--target", "100000000"}, 0, "# feasible: cost "},
           {"infeasible", {infeasible, kPlenty}, 5, "# proved: no plan is within the limit"}}) {
    SCOPED_TRACE(expected.word);
    std::vector<std::string> arguments{"solve"};
    arguments.insert(arguments.end(), expected.arguments.begin(), expected.arguments.end());
    const auto text = run_warpshard(arguments);
    EXPECT_EQ(text.status, expected.status) << text.errors;
    EXPECT_NE(text.output.find(expected.in_text), std::string::npos) << text.output;
    arguments.emplace_back("--log-json");
    const auto json = run_warpshard(arguments);
    EXPECT_EQ(json.status, expected.status);
    EXPECT_EQ(events_in(json.output)["result"]["status"], expected.word);
  }
}

TEST_F(Subcommand, SolveCallsFailuresByTheirWordsToo) {
  const auto absent =
      run_warpshard({"solve", instance_, "9", "--device", "cuda:999", "--log-json"});
  EXPECT_EQ(absent.status, 4);
  EXPECT_EQ(events_in(absent.output)["result"]["status"], "no_device");
  const auto refused = run_warpshard({"solve", instance_, "9", "--memory", "100kB", "--log-json"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_EQ(events_in(refused.output)["result"]["status"], "error");
}

TEST_F(Subcommand, SolveTracesARun) {
  const auto trace = folder_.path("trace.jsonl");
  const auto outcome = run_warpshard({"solve", instance_, kPlenty, "--quiet", "--trace", trace});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  auto events = events_in(read_file(trace));
  EXPECT_EQ(events["result"]["cost"], 445);
  EXPECT_EQ(events["cost"]["nodes"], 275);
  EXPECT_EQ(events["cost"]["edges"], 170);
  EXPECT_EQ(events["memory"]["plan"], "result");
  EXPECT_EQ(events["memory"]["usage_limit"], 50);
  EXPECT_EQ(events["memory"]["steps"][0], nlohmann::json::array({30, 10}));
  const auto missing =
      run_warpshard({"solve", instance_, kPlenty, "--trace", folder_.path("no/x")});
  EXPECT_EQ(missing.status, 1);
}

class Plot : public Subcommand {
 protected:
  void SetUp() override {
    ASSERT_EQ(run_warpshard({"solve", instance_, kPlenty, "--quiet", "--trace", trace_}).status, 0);
  }

  /// Runs `plot` with an interpreter that is set by the variable PYTHON.
  static Outcome plot_with(const std::string& python, const std::vector<std::string>& arguments) {
    std::vector<std::string> words{"-c", R"(PYTHON=$1; export PYTHON; shift; exec "$0" plot "$@")",
                                   WARPSHARD_PROGRAM, python};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return run_program("/bin/sh", words);
  }

  std::string trace_ = folder_.path("trace.jsonl");
  std::string picture_ = folder_.path("picture.png");
};

TEST_F(Plot, DrawsATraceOrSaysWhatIsMissing) {
  const auto outcome = plot_with("/usr/bin/python3", {trace_, "-o", picture_});
  if (outcome.status == 0) {
    EXPECT_TRUE(read_file(picture_).starts_with("\x89PNG"));
    return;
  }
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.errors.find("needs "), std::string::npos) << outcome.errors;
  EXPECT_EQ(std::count(outcome.errors.begin(), outcome.errors.end(), '\n'), 1) << outcome.errors;
}

TEST_F(Plot, SaysSoWithoutPython) {
  const auto outcome = plot_with("no-such-python", {trace_, "-o", picture_});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.errors.find("no-such-python"), std::string::npos) << outcome.errors;
  EXPECT_EQ(std::count(outcome.errors.begin(), outcome.errors.end(), '\n'), 1) << outcome.errors;
}

TEST_F(Plot, WantsAPicture) {
  EXPECT_EQ(run_warpshard({"plot", trace_}).status, 64);
}

TEST_F(Subcommand, ConvertPacksAndUnpacks) {
  const auto packed = folder_.path("packed.json.gz");
  const auto unpacked = folder_.path("unpacked.json");
  const auto again = folder_.path("again.json");
  EXPECT_EQ(run_warpshard({"convert", instance_, packed}).status, 0);
  EXPECT_EQ(run_warpshard({"convert", packed, unpacked}).status, 0);
  EXPECT_EQ(run_warpshard({"convert", instance_, again}).status, 0);
  EXPECT_TRUE(read_file(packed).starts_with("\x1f\x8b"));
  EXPECT_EQ(nlohmann::json::parse(read_file(unpacked)), nlohmann::json::parse(small_instance()));
  EXPECT_EQ(read_file(unpacked), read_file(again));
  EXPECT_EQ(run_warpshard({"convert", instance_, instance_}).status, 64);
  EXPECT_EQ(run_warpshard({"convert", instance_, folder_.path("no/x.json")}).status, 1);
}

TEST_F(Subcommand, EvaluateSaysWhatAPlanCosts) {
  const auto plan = folder_.write("plan.txt", "[0, 0, 1, 1, 0]\n");
  const auto outcome = run_warpshard({"evaluate", instance_, plan});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(outcome.output,
            "cost 415\nof nodes 285\nof edges 130\ntotal 415\n"
            "peak usage 55 at time 50, limit 50\ntime points over the limit 1\n");
  const auto memory = run_warpshard({"evaluate", instance_, plan, "--memory"});
  EXPECT_EQ(memory.output, "30 10\n40 35\n50 55\n70 20\n110 45\n120 25\n140 15\n150 0\n");
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
  const auto proof = folder_.path("proof");
  const auto outcome = run_warpshard({"bound", instance_, "10", "--proof", proof});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  const auto last = outcome.last_line();
  ASSERT_TRUE(last.starts_with("bound ")) << last;
  EXPECT_LE(std::stoll(last.substr(6)), 445);

  const auto plan = folder_.write("plan.txt", "[0, 0, 2, 1, 0]");
  const auto verified = run_warpshard({"verify", instance_, plan, proof});
  EXPECT_EQ(verified.status, 0) << verified.errors;
  EXPECT_NE(verified.output.find(last), std::string::npos) << verified.output;

  auto text = read_file(proof);
  text[text.find("bound ") + 6] ^= 1;
  const auto refused = run_warpshard({"verify", instance_, folder_.write("bad", text)});
  EXPECT_EQ(refused.status, 2);
  EXPECT_NE(refused.errors.find("damaged"), std::string::npos) << refused.errors;
}

TEST_F(Subcommand, VerifyRefusesWhatIsNoProof) {
  const auto plan = folder_.write("plan.txt", "[0, 0, 2, 1, 0]");
  const auto outcome =
      run_warpshard({"verify", instance_, plan, folder_.write("proof", "Hello\n")});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_NE(outcome.errors.find("not a proof"), std::string::npos) << outcome.errors;
}

TEST_F(Subcommand, BoundOfAnInfeasibleInstance) {
  const auto instance = folder_.write("infeasible.json", infeasible_instance());
  const auto outcome = run_warpshard({"bound", instance, "1"});
  EXPECT_EQ(outcome.status, 5);
  EXPECT_EQ(outcome.last_line(), "bound none");
}

TEST_F(Subcommand, BoundOnAnAbsentDeviceGivesOneLineAndStatusFour) {
  const auto outcome = run_warpshard({"bound", instance_, "1", "--device", "cuda:999"});
  EXPECT_EQ(outcome.status, 4);
  EXPECT_EQ(std::count(outcome.errors.begin(), outcome.errors.end(), '\n'), 1) << outcome.errors;
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
    EXPECT_EQ(outcome.status, 64);
    EXPECT_EQ(std::count(outcome.errors.begin(), outcome.errors.end(), '\n'), 1);
  }
}

}  // namespace
}  // namespace warpshard::test
