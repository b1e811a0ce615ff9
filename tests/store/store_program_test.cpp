// `warpshard store`, and `solve --store`, as a user runs them.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "host/cli/exit_codes.h"
#include "tests/cli/instances.h"
#include "tests/cli/program.h"

namespace warpshard::test {
namespace {

using namespace cli;

class StoreProgram : public ::testing::Test {
 protected:
  Outcome solve(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"solve", file_, "60", "--store", store_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_warpshard(arguments);
  }
  Outcome store(const std::vector<std::string>& words) {
    std::vector<std::string> arguments{"store"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    arguments.insert(arguments.end(), {"--store", store_});
    return run_warpshard(arguments);
  }

  /// Of the plan on an output's last line.
  std::int64_t cost_of(const Outcome& outcome) {
    const std::string plan = folder_.write("plan", outcome.output);
    const std::string said = run_warpshard({"evaluate", file_, plan}).output;
    constexpr std::string_view kCost = "cost ";
    const auto at = said.find(kCost);
    if (at == std::string::npos) throw std::runtime_error("no plan: " + said);
    return std::stoll(said.substr(at + kCost.size()));
  }

  TemporaryFolder folder_;
  std::string store_ = folder_.path("store");
  std::string file_ = folder_.write("small.json", small_instance());
};

TEST_F(StoreProgram, ASolvedInstanceIsAnsweredFromTheStore) {
  EXPECT_EQ(store({"best", file_}).status, kExitNoPlan);
  EXPECT_EQ(solve().last_line(), "[0, 0, 2, 1, 0]");
  const Outcome best = store({"best", file_});
  EXPECT_EQ(best.status, kExitSuccess);
  EXPECT_EQ(best.last_line(), "[0, 0, 2, 1, 0]");
  EXPECT_NE(best.output.find("# cost 445"), std::string::npos);
  const Outcome again = solve();
  EXPECT_EQ(again.last_line(), "[0, 0, 2, 1, 0]");
  EXPECT_NE(again.output.find("optimal"), std::string::npos);
}

TEST_F(StoreProgram, ARequiredPlanIsTakenFromTheStoreOrMissed) {
  const Outcome missed = solve({"--require-plan"});
  EXPECT_EQ(missed.status, kExitNoPlan);
  EXPECT_EQ(missed.last_line(), "[]");
  solve();
  const Outcome taken = solve({"--require-plan"});
  EXPECT_EQ(taken.status, kExitSuccess);
  EXPECT_EQ(taken.last_line(), "[0, 0, 2, 1, 0]");
}

TEST_F(StoreProgram, ListsShowsAndExports) {
  solve();
  const auto listed = nlohmann::json::parse(store({"ls", "--json"}).last_line());
  EXPECT_EQ(listed["cost"]["finite"], "445");
  EXPECT_EQ(listed["name"], "small");
  EXPECT_EQ(listed["file"], file_);
  EXPECT_NE(store({"ls"}).output.find("\"small\""), std::string::npos);
  const auto shown = store({"show", listed["key"].get<std::string>().substr(0, 8)});
  EXPECT_EQ(nlohmann::json::parse(shown.last_line())["format"], "warpshard-record");
  const auto exported = nlohmann::json::parse(store({"export"}).last_line());
  EXPECT_EQ(exported["plan"], nlohmann::json::parse("[0, 0, 2, 1, 0]"));
  EXPECT_EQ(store({"verify", file_}).status, kExitSuccess);
}

TEST_F(StoreProgram, ABundleAnswersLikeTheStore) {
  solve();
  const std::string bundle = folder_.path("bundle");
  EXPECT_EQ(store({"bundle", bundle, file_}).status, kExitSuccess);
  const auto exported = store({"export"}).output;
  EXPECT_EQ(run_warpshard({"store", "export", "--store", ":" + bundle}).output, exported);
  store_ = folder_.path("merged");
  EXPECT_EQ(store({"merge", bundle}).status, kExitSuccess);
  EXPECT_EQ(store({"export"}).output, exported);
  EXPECT_EQ(store({"prune"}).status, kExitSuccess);
  EXPECT_EQ(store({"export"}).output, exported);
}

TEST_F(StoreProgram, AProofIsStoredAndChecked) {
  const std::string grid = write_grid_instance(folder_);
  const Outcome solved =
      run_warpshard({"solve", grid, std::to_string(6 * kSlowdown), "--work-limit", "60", "--store",
                     store_, "--proof", folder_.path("proof")});
  EXPECT_EQ(solved.status, kExitSuccess);
  const auto certified = nlohmann::json::parse(store({"ls", "--json"}).last_line());
  EXPECT_TRUE(certified.contains("bound"));
  EXPECT_EQ(store({"verify", grid}).status, kExitSuccess);
  EXPECT_NE(store({"best", grid}).output.find(", with a proof"), std::string::npos);
  bool found = false;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(store_)) {
    if (entry.path().extension() != ".proof") continue;
    found = true;
    EXPECT_EQ(read_file(entry.path().string()), read_file(folder_.path("proof")));
  }
  EXPECT_TRUE(found);
}

/// Two signals at once: nobody waits for the search then. It may find and store a cheaper plan yet.
TEST_F(StoreProgram, ARunThatDoesNotReturnStoresItsPlan) {
  constexpr int kMostTries = 20;
  file_ = write_grid_instance(folder_);
  bool abandoned = false;
  for (int attempt = 0; attempt < kMostTries && !abandoned; ++attempt) {
    store_ = folder_.path("store" + std::to_string(attempt));
    Program program(WARPSHARD_PROGRAM, {"solve", file_, "500", "--store", store_});
    ASSERT_TRUE(program.wait_for_output(kTableBegins));
    program.send(SIGSTOP);
    program.send(SIGINT);
    program.send(SIGTERM);
    program.send(SIGCONT);
    const Outcome outcome = program.wait();
    EXPECT_EQ(outcome.status, kExitSuccess) << outcome.errors;
    abandoned = outcome.output.find("ended early: SIG") != std::string::npos;
    const Outcome best = store({"best", file_});
    EXPECT_EQ(best.status, kExitSuccess) << outcome.output;
    if (abandoned) {
      EXPECT_LE(cost_of(best), cost_of(outcome));
    }
  }
  EXPECT_TRUE(abandoned);
}

/// Who reads but one of them reports it, since they are no records.
TEST_F(StoreProgram, ManyRecordsOfOthersAreNotReadToFindOne) {
  constexpr int kOthers = 10'000;
  constexpr std::int64_t kMegabyte = 1'000'000;
  solve();
  const Outcome alone = store({"best", file_});
  const std::filesystem::path exact = store_ + "/v1/exact";
  const std::string text(2000, 'x');
  for (int other = 0; other < kOthers; ++other) {
    std::string key = std::to_string(other);
    key = std::string(4 - key.size(), '0') + key + std::string(60, '0');
    const auto folder = exact / key.substr(0, 2) / key;
    std::filesystem::create_directories(folder);
    std::ofstream(folder / (key + ".json")) << text;
  }
  const Outcome best = store({"best", file_});
  EXPECT_EQ(best.status, kExitSuccess);
  EXPECT_EQ(best.last_line(), "[0, 0, 2, 1, 0]");
  EXPECT_EQ(best.output + best.errors, alone.output + alone.errors);
  EXPECT_LT(best.peak_memory, alone.peak_memory + 8 * kMegabyte);
  EXPECT_NE(store({"verify"}).status, kExitSuccess);
}

TEST_F(StoreProgram, AStoreThatCannotBeWrittenCostsNoPlan) {
  store_ = "/proc/no/store";
  const Outcome outcome = solve();
  EXPECT_EQ(outcome.status, kExitSuccess);
  EXPECT_EQ(outcome.last_line(), "[0, 0, 2, 1, 0]");
  EXPECT_NE(outcome.output.find("nothing was stored"), std::string::npos);
}

}  // namespace
}  // namespace warpshard::test
