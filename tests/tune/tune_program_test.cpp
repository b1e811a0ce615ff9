// `warpshard tune` as a user, a launcher and a failing machine run it.

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <thread>

#include "host/cli/exit_codes.h"
#include "tests/cli/instances.h"
#include "tests/cli/program.h"
#include "tests/store/small_instances.h"
#include "warpshard/save.h"

namespace warpshard::test {
namespace {

using namespace cli;
using Json = nlohmann::json;

/// Complete graphs of eight nodes that differ in their costs: no reduction solves them, a moment's
/// search does.
void write_instances(const TemporaryFolder& folder, const std::string& name, unsigned count) {
  constexpr int kNodes = 8;
  std::filesystem::create_directory(folder.path(name));
  for (unsigned seed = 1; seed <= count; ++seed) {
    std::mt19937 random(seed);
    const auto draw = [&](int entries) {
      std::vector<std::int64_t> values;
      for (int entry = 0; entry < entries; ++entry) values.push_back(random() % 100);
      return values;
    };
    Assembly assembly;
    for (int node = 0; node < kNodes; ++node) assembly.node({node, node + 4}, draw(3), draw(3));
    for (int v = 1; v < kNodes; ++v)
      for (int u = 0; u < v; ++u) assembly.edge({u, v}, draw(9));
    const Problem problem = assembly.limit(200).problem();
    EXPECT_FALSE(save_problem(problem, folder.path(name + "/g" + std::to_string(seed) + ".json")));
  }
}

std::string exported(const std::string& store) {
  return run_warpshard({"store", "export", "--store", store}).output;
}

/// The last line's JSON.
Json last_event(const Outcome& outcome) {
  return Json::parse(outcome.last_line());
}

TEST(TuneProgram, SettlesWhatCanBeProvedAndSkipsWhatIsBroken) {
  const TemporaryFolder folder;
  write_instances(folder, "instances", 2);
  folder.write("instances/small.json", small_instance());
  folder.write("instances/impossible.json", infeasible_instance());
  folder.write("instances/broken.json", "{\"problem\": 3}");
  folder.write("instances/notes.txt", "no instance");
  const std::string store = folder.path("store");
  const Outcome outcome =
      run_warpshard({"tune", store, folder.path("instances"), "--json", "--threads", "2"});
  EXPECT_EQ(outcome.status, kExitSuccess);
  EXPECT_EQ(last_event(outcome)["settled"], 4);
  EXPECT_EQ(last_event(outcome)["skipped"], 1);
  EXPECT_NE(outcome.output.find("broken.json"), std::string::npos);
  const Outcome best =
      run_warpshard({"store", "best", folder.path("instances/small.json"), "--store", store});
  EXPECT_EQ(best.last_line(), "[0, 0, 2, 1, 0]");
  const Outcome status = run_warpshard({"tune", "status", store});
  EXPECT_EQ(status.status, kExitSuccess);
  EXPECT_EQ(status.lines().size(), 5);
}

TEST(TuneProgram, ASecondRunPicksUpNewFilesAndDoesNothingAgain) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path("instances"));
  folder.write("instances/small.json", small_instance());
  const std::string store = folder.path("store");
  run_warpshard({"tune", store, folder.path("instances")});
  folder.write("instances/impossible.json", infeasible_instance());
  EXPECT_EQ(run_warpshard({"tune", store, folder.path("instances")}).status, kExitSuccess);
  const Outcome listed = run_warpshard({"store", "ls", "--json", "--store", store});
  ASSERT_EQ(listed.lines().size(), 2);
  for (const std::string& line : listed.lines()) EXPECT_EQ(Json::parse(line)["attempts"], 1);
}

TEST(TuneProgram, ShardsOfCountedWorkMakeTheStoreOfOneRun) {
  const TemporaryFolder folder;
  write_instances(folder, "instances", 4);
  const auto tune = [&](const std::string& store, const std::vector<std::string>& more) {
    std::vector<std::string> words{
        "tune", folder.path(store), folder.path("instances"), "--work-limit", "5", "--slices", "2"};
    words.insert(words.end(), more.begin(), more.end());
    EXPECT_EQ(run_warpshard(words).status, kExitSuccess);
  };
  tune("one", {"--threads", "1"});
  tune("a", {"--shard", "0/2"});
  tune("b", {"--shard", "1/2", "--threads", "2"});
  EXPECT_NE(exported(folder.path("a")), exported(folder.path("one")));
  EXPECT_EQ(run_warpshard({"store", "merge", folder.path("b"), "--store", folder.path("a")}).status,
            kExitSuccess);
  EXPECT_EQ(exported(folder.path("a")), exported(folder.path("one")));
}

TEST(TuneProgram, ASignalEndsItUnfinishedWithAllThatWasFound) {
  const TemporaryFolder folder;
  const std::string grid = write_grid_instance(folder);
  const std::string store = folder.path("store");
  Program program(WARPSHARD_PROGRAM,
                  {"tune", store, grid, "--json", "--first-slice", "1", "--threads", "1"});
  ASSERT_TRUE(program.wait_for_output("\"cost\":{"));
  program.send(SIGTERM);
  const Outcome outcome = program.wait();
  EXPECT_EQ(outcome.status, kExitUnfinished);
  EXPECT_FALSE(last_event(outcome)["finished"].get<bool>());
  EXPECT_EQ(run_warpshard({"store", "best", grid, "--store", store}).status, kExitSuccess);
}

TEST(TuneProgram, ItIsDoneWhenItsTimeIsOverAndBeginsAnewThen) {
  const TemporaryFolder folder;
  const std::string grid = write_grid_instance(folder);
  for (int round = 0; round < 2; ++round) {
    const Outcome outcome = run_warpshard({"tune", folder.path("store"), grid, "--json", "--for",
                                           "2s", "--until-gap", "0.0001%", "--first-slice", "1"});
    EXPECT_EQ(outcome.status, kExitSuccess);
    EXPECT_GT(outcome.lines().size(), 1) << "there was time for a slice";
  }
}

TEST(TuneProgram, KilledTunersOverOneStoreLoseNothing) {
  constexpr int kKills = 8;
  const TemporaryFolder folder;
  write_instances(folder, "instances", 3);
  const std::string grid = write_grid_instance(folder);
  const std::string store = folder.path("store");
  const auto start = [&] {
    return std::make_unique<Program>(
        WARPSHARD_PROGRAM, std::vector<std::string>{"tune", store, folder.path("instances"), grid,
                                                    "--threads", "1", "--first-slice", "0.6"});
  };
  for (int kill = 0; kill < kKills; ++kill) {
    const auto one = start();
    const auto two = start();
    std::this_thread::sleep_for(std::chrono::milliseconds(300 * (kill % 4 + 1)));
    one->send(SIGKILL);
    two->send(SIGKILL);
    EXPECT_EQ(one->wait().status, 128 + SIGKILL);
    two->wait();
  }
  EXPECT_EQ(run_warpshard({"store", "verify", "--store", store}).status, kExitSuccess);
  const Outcome last = run_warpshard({"tune", store, folder.path("instances"), "--threads", "1"});
  EXPECT_EQ(last.status, kExitSuccess);
}

/// Below it no folder can be made, whoever tries.
std::string unwritable_store(const TemporaryFolder& folder) {
  std::filesystem::create_directory(folder.path("store"));
  folder.write("store/v1", "no folder");
  return folder.path("store");
}

TEST(TuneProgram, AStoreThatTakesNothingEndsItUnfinishedOnceAllIsSettled) {
  const TemporaryFolder folder;
  write_instances(folder, "instances", 2);
  folder.write("instances/impossible.json", infeasible_instance());
  const Outcome outcome = run_warpshard(
      {"tune", unwritable_store(folder), folder.path("instances"), "--json", "--threads", "1"});
  EXPECT_EQ(outcome.status, kExitUnfinished);
  EXPECT_EQ(outcome.lines().size(), 4) << "a slice each: nothing was done again";
  EXPECT_EQ(last_event(outcome)["settled"], 3);
  EXPECT_EQ(last_event(outcome)["unwritten"], 3);
  EXPECT_FALSE(last_event(outcome)["finished"].get<bool>());
  EXPECT_NE(outcome.errors.find("nothing was stored"), std::string::npos);
}

TEST(TuneProgram, CountedWorkIsTheSameWhereTheStoreTakesNothing) {
  const TemporaryFolder folder;
  const std::string grid = write_grid_instance(folder);
  const auto slices_over = [&](const std::string& store) {
    Json costs;
    for (const std::string& line :
         run_warpshard({"tune", store, grid, "--json", "--work-limit", "2", "--slices", "3"})
             .lines()) {
      const Json event = Json::parse(line);
      if (event["event"] == "slice") costs.push_back({event["cost"], event["bound"]});
    }
    return costs;
  };
  const Json slices = slices_over(unwritable_store(folder));
  EXPECT_EQ(slices.size(), 3);
  EXPECT_EQ(slices, slices_over(folder.path("good")));
}

TEST(TuneProgram, WhatAFullDiskDidNotTakeIsWrittenOnceThereIsRoom) {
  const TemporaryFolder folder;
  write_instances(folder, "instances", 2);
  const std::string grid = write_grid_instance(folder);
  const std::string store = unwritable_store(folder);
  Program program(WARPSHARD_PROGRAM, {"tune", store, folder.path("instances"), grid, "--json",
                                      "--first-slice", "0.6", "--threads", "1"});
  ASSERT_TRUE(program.wait_for_output("\"cost\":{"));
  std::filesystem::remove(store + "/v1");
  program.send(SIGTERM);
  const Outcome outcome = program.wait();
  EXPECT_EQ(outcome.status, kExitUnfinished);
  EXPECT_EQ(last_event(outcome)["unwritten"], 0);
  const Outcome listed = run_warpshard({"store", "ls", "--json", "--store", store});
  std::size_t attempts = 0;
  for (const std::string& line : listed.lines())
    attempts += Json::parse(line)["attempts"].get<std::size_t>();
  EXPECT_EQ(attempts, outcome.lines().size() - 1) << "a record of each slice";
}

TEST(TuneProgram, AReportIsOnePageAboutAllInstances) {
  const TemporaryFolder folder;
  folder.write("small.json", small_instance());
  folder.write("impossible.json", infeasible_instance());
  const std::string store = folder.path("store");
  run_warpshard({"tune", store, folder.path("small.json"), folder.path("impossible.json")});
  const std::string page = folder.path("report.html");
  EXPECT_EQ(run_warpshard({"tune", "report", store, "-o", page}).status, kExitSuccess);
  const std::string html = read_file(page);
  EXPECT_NE(html.find("memory over time"), std::string::npos);
  EXPECT_NE(html.find("cost and bound"), std::string::npos);
  EXPECT_NE(html.find("infeasible"), std::string::npos);
  EXPECT_NE(html.find("no plan is within its limit"), std::string::npos);
  EXPECT_EQ(html.find("http"), std::string::npos);  // nothing from elsewhere
  EXPECT_EQ(html.find("src="), std::string::npos);
}

TEST(TuneProgram, MistakesAreOneLine) {
  const TemporaryFolder folder;
  const std::string store = folder.path("store");
  const std::string file = folder.write("small.json", small_instance());
  EXPECT_EQ(run_warpshard({"tune", store}).status, kExitUsage);
  EXPECT_EQ(run_warpshard({"tune", store, file, "--shard", "2/2"}).status, kExitUsage);
  EXPECT_EQ(run_warpshard({"tune", store, file, "--for", "8 days"}).status, kExitUsage);
  EXPECT_EQ(run_warpshard({"tune", store, file, "--until-gap", "200%"}).status, kExitUsage);
  EXPECT_EQ(run_warpshard({"tune", store, folder.path("absent.json")}).status, kExitBadInput);
}

}  // namespace
}  // namespace warpshard::test
