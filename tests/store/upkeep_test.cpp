#include "host/store/upkeep.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "host/store/keys.h"
#include "host/store/sha256.h"
#include "tests/cli/program.h"
#include "tests/store/small_instances.h"
#include "warpshard/plan_store.h"

namespace warpshard::store {
namespace {

namespace fs = std::filesystem;

/// A store with the plans given, of small_problem().
void fill(const std::string& path, const std::vector<Plan>& plans) {
  const Problem problem = test::small_problem();
  const auto store = PlanStore::open(path);
  for (const Plan& plan : plans) {
    SolverResult result;
    result.status = SolverStatus::kFeasible;
    result.plan = plan;
    EXPECT_FALSE(store->add(problem, {}, result));
  }
}

const std::vector<Plan> kPlans{{0, 0, 0, 0, 0}, {0, 1, 2, 1, 0}, {0, 0, 2, 1, 0}, {0, 0, 0, 1, 0}};

StoreAnswer best(const std::string& path) {
  return PlanStore::open(path)->best(test::small_problem());
}

TEST(StoreUpkeep, MergingTwiceIsMergingOnce) {
  const test::TemporaryFolder folder;
  fill(folder.path("a"), {kPlans[0], kPlans[2]});
  fill(folder.path("b"), {kPlans[1]});
  const RecordFolder to(folder.path("b"));
  for (int round = 0; round < 2; ++round) {
    const auto report = merge(*Layers::parse(folder.path("a")), to);
    EXPECT_TRUE(report.faults.empty());
    EXPECT_EQ(best(folder.path("b")).attempts, 3);
  }
  EXPECT_EQ(best(folder.path("b")).plan->plan, kPlans[2]);
}

TEST(StoreUpkeep, PruningKeepsTheBest) {
  const test::TemporaryFolder folder;
  fill(folder.path("a"), kPlans);
  const auto report = prune(RecordFolder(folder.path("a")), 2);
  EXPECT_EQ(report.records, 2);
  EXPECT_TRUE(report.faults.empty());
  EXPECT_EQ(best(folder.path("a")).attempts, 2);
  EXPECT_EQ(best(folder.path("a")).plan->plan, kPlans[2]);
}

TEST(StoreUpkeep, PruningDeletesOldLeftoversAndNothingUnreadable) {
  const test::TemporaryFolder folder;
  fill(folder.path("a"), {kPlans[2]});
  const RecordFolder records(folder.path("a"));
  const fs::path at = fs::path(records.files(records.keys().at(0)).at(0)).parent_path();
  const auto put = [&](const std::string& name, bool old) {
    std::ofstream(at / name) << "x";
    if (old)
      fs::last_write_time(at / name, fs::file_time_type::clock::now() - std::chrono::hours(48));
  };
  put(".tmp-new", false);
  put(".tmp-old", true);
  put(std::string(64, '0') + ".plan", true);
  auto report = prune(records, 1);
  EXPECT_EQ(report.others, 2);
  EXPECT_TRUE(fs::exists(at / ".tmp-new"));

  put("unreadable.json", true);
  put(std::string(64, '1') + ".plan", true);  // the unreadable record may name it
  report = prune(records, 1);
  EXPECT_EQ(report.others, 0);
  EXPECT_EQ(report.faults.size(), 1);
  EXPECT_TRUE(fs::exists(at / "unreadable.json"));
  EXPECT_EQ(best(folder.path("a")).plan->plan, kPlans[2]);
}

TEST(StoreUpkeep, ABundleHasTheBestAlone) {
  const test::TemporaryFolder folder;
  fill(folder.path("a"), kPlans);
  const auto layers = Layers::parse(folder.path("a"));
  EXPECT_TRUE(bundle(*layers, layers->keys(), RecordFolder(folder.path("b"))).faults.empty());
  EXPECT_EQ(best(folder.path("b")).attempts, 1);
  EXPECT_EQ(best(folder.path("b")).plan->plan, kPlans[2]);
}

/// What version 1 of the format made of a record with a proof, in place of it.
void turn_into_version_1(const std::string& path) {
  const auto replace = [](std::string& text, const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
  };
  const RecordFolder records(path);
  for (const std::string& file : records.files(records.keys().at(0))) {
    if (file.ends_with(".proof"))
      fs::rename(file, file.substr(0, file.size() - 6) + ".certificate");
    if (!file.ends_with(".json")) continue;
    std::string json = test::read_file(file);
    replace(json, "\"version\":2", "\"version\":1");
    replace(json, "\"proof_blob\"", "\"proof\":\"certificate\",\"certificate\"");
    fs::remove(file);
    std::ofstream(fs::path(file).parent_path() / (hex(sha256(json)) + ".json")) << json;
  }
}

TEST(StoreUpkeep, ProofsOfVersion1AreKeptAndCarriedAlong) {
  const test::TemporaryFolder folder;
  const Problem problem = test::small_problem();
  SolverResult proved;
  proved.bound = Cost{0, 440};
  AttemptFacts facts;
  facts.proof = "a proof";
  EXPECT_FALSE(PlanStore::open(folder.path("a"))->add(problem, facts, proved));
  turn_into_version_1(folder.path("a"));
  for (const std::string& file : RecordFolder(folder.path("a")).files(keys_of(problem).exact))
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(48));
  const auto pruned = prune(RecordFolder(folder.path("a")), 1);
  EXPECT_EQ(pruned.records + pruned.others, 0);
  EXPECT_TRUE(
      merge(*Layers::parse(folder.path("a")), RecordFolder(folder.path("b"))).faults.empty());
  for (const char* store : {"a", "b"}) {
    const StoreAnswer answer = best(folder.path(store));
    EXPECT_TRUE(answer.faults.empty());
    ASSERT_TRUE(answer.bound);
    EXPECT_TRUE(answer.bound->has_proof);
    EXPECT_EQ(check(*Layers::parse(folder.path(store))).records, 1);
    EXPECT_TRUE(check(*Layers::parse(folder.path(store))).faults.empty());
  }
}

TEST(StoreUpkeep, CheckingFindsWhatIsMissingBeside) {
  const test::TemporaryFolder folder;
  test::Assembly assembly;
  for (int node = 0; node < 1000; ++node) assembly.node({0, 1}, {2, 1}, {0, 0});
  SolverResult result;
  result.status = SolverStatus::kFeasible;
  result.plan.assign(1000, 1);
  EXPECT_FALSE(PlanStore::open(folder.path("a"))->add(assembly.problem(), {}, result));
  const auto layers = Layers::parse(folder.path("a"));
  EXPECT_TRUE(check(*layers).faults.empty());
  for (const std::string& path : RecordFolder(folder.path("a")).files(layers->keys().at(0)))
    if (path.ends_with(".plan")) fs::remove(path);
  EXPECT_EQ(check(*layers).faults.size(), 1);
}

}  // namespace
}  // namespace warpshard::store
