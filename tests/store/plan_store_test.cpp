#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>

#include "host/store/keys.h"
#include "host/store/layers.h"
#include "tests/cli/program.h"
#include "tests/store/small_instances.h"
#include "warpshard/plan_store.h"

namespace warpshard::test {
namespace {

namespace fs = std::filesystem;

const Plan kBest{0, 0, 2, 1, 0};
const Plan kDearer{0, 1, 2, 1, 0};
/// A deadline that is over.
const std::chrono::steady_clock::time_point kNoTime{};

SolverResult result_of(const Problem& problem, const Plan& plan, std::optional<Cost> bound = {}) {
  SolverResult result;
  result.status = SolverStatus::kFeasible;
  result.plan = plan;
  result.evaluation = *evaluate(problem, plan);
  result.bound = bound;
  result.source = "test";
  return result;
}

PlanStore opened(const std::string& layers) {
  auto store = PlanStore::open(layers);
  EXPECT_TRUE(store.ok());
  return std::move(*store);
}

void expect_added(const PlanStore& store, const Problem& problem, const SolverResult& result) {
  const auto error = store.add(problem, {}, result);
  EXPECT_FALSE(error) << error->message;
}

/// The files below a folder whose names end as given.
std::vector<fs::path> files_below(const std::string& folder, const std::string& suffix) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().string().ends_with(suffix))
      paths.push_back(entry.path());
  return paths;
}

SolverOptions quick_options() {
  SolverOptions options;
  options.start = std::chrono::steady_clock::now();
  options.deadline_seconds = 60;
  options.threads = 1;
  options.device = "cpu";
  return options;
}

class PlanStoreTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  std::string path_ = folder_.path("store");
  Problem problem_ = small_problem();
};

TEST_F(PlanStoreTest, AnswersWithTheCheapestPlanAndTheGreatestBound) {
  const PlanStore store = opened(path_);
  EXPECT_FALSE(store.best(problem_).plan);
  expect_added(store, problem_, result_of(problem_, kDearer, Cost{0, 440}));
  expect_added(store, problem_, result_of(problem_, kBest, Cost{0, 430}));
  const StoreAnswer answer = store.best(problem_);
  ASSERT_TRUE(answer.plan);
  EXPECT_EQ(answer.plan->plan, kBest);
  EXPECT_EQ(answer.plan->evaluation.cost, (Cost{0, 445}));
  EXPECT_EQ(answer.bound->value, (Cost{0, 440}));
  EXPECT_EQ(answer.attempts, 2);
  EXPECT_TRUE(answer.faults.empty());
  EXPECT_FALSE(answer.settled(0.01));
  EXPECT_TRUE(answer.settled(0.02));
}

TEST_F(PlanStoreTest, KnowsAnInstanceOfAnotherName) {
  const PlanStore store = opened(path_);
  expect_added(store, problem_, result_of(problem_, kBest));
  problem_.name = "renamed";
  EXPECT_TRUE(store.best(problem_).plan);
  problem_.usage_limit = 60;
  EXPECT_FALSE(store.best(problem_).plan);
}

TEST_F(PlanStoreTest, ABoundAboveAVerifiedPlanIsReportedAndDoesNotCount) {
  const PlanStore store = opened(path_);
  expect_added(store, problem_, result_of(problem_, kBest, Cost{0, 446}));
  const StoreAnswer answer = store.best(problem_);
  EXPECT_FALSE(answer.bound);
  ASSERT_EQ(answer.faults.size(), 1);
  EXPECT_EQ(answer.faults[0].reason, "its bound is above what a verified plan costs");
}

TEST_F(PlanStoreTest, APlanBeyondTheLimitIsNotStored) {
  const PlanStore store = opened(path_);
  EXPECT_TRUE(store.add(problem_, {}, result_of(problem_, {0, 0, 1, 1, 0})));
  EXPECT_FALSE(store.best(problem_).plan);
}

TEST_F(PlanStoreTest, DamagedForeignAndNewerRecordsAreReportedAndKept) {
  const PlanStore store = opened(path_);
  expect_added(store, problem_, result_of(problem_, kBest));
  const fs::path record = files_below(path_, ".json").at(0);
  const std::string text = read_file(record.string());
  const auto put = [&](const char* name, const std::string& bytes) {
    std::ofstream(record.parent_path() / name) << bytes;
  };
  put("cut.json", text.substr(0, text.size() / 2));
  put("foreign.json", "{\"format\": \"something else\"}");
  put("copy.json", text);  // the name is not made from the bytes
  std::string newer = text;
  newer.replace(newer.find("\"version\":2"), 11, "\"version\":9");
  put("newer.json", newer);
  put("notes.txt", "not a record at all");
  ASSERT_EQ(mkfifo((record.parent_path() / "pipe.json").c_str(), 0600), 0);

  const StoreAnswer answer = store.best(problem_);
  EXPECT_EQ(answer.plan->plan, kBest);
  EXPECT_EQ(answer.faults.size(), 5);
  EXPECT_EQ(files_below(path_, ".json").size(), 5);  // and a pipe
}

TEST_F(PlanStoreTest, APlanThatIsNotWhatItSaysGivesWayToTheNext) {
  const PlanStore store = opened(path_);
  expect_added(store, problem_, result_of(problem_, kDearer));
  // A record in order, but for the claim: what a defect of the writer would leave.
  const auto layers = store::Layers::parse(path_);
  std::vector<StoreFault> faults;
  store::Record lie = layers->read(store::keys_of(problem_).exact, faults).at(0).record;
  lie.plan->cost = Cost{0, 1};
  EXPECT_FALSE(layers->writable()->add(lie, ""));
  const StoreAnswer answer = store.best(problem_);
  EXPECT_EQ(answer.plan->plan, kDearer);
  ASSERT_EQ(answer.faults.size(), 1);
  EXPECT_EQ(answer.faults[0].reason, "its plan is not what it says: it costs 535");
}

TEST_F(PlanStoreTest, LongPlansLieBesideTheirRecord) {
  Assembly assembly;
  for (int node = 0; node < 1000; ++node) assembly.node({0, 1}, {2, 1}, {0, 0});
  const Problem problem = assembly.problem();
  const PlanStore store = opened(path_);
  const Plan plan(1000, 1);
  expect_added(store, problem, result_of(problem, plan));
  const auto blobs = files_below(path_, ".plan");
  ASSERT_EQ(blobs.size(), 1);
  EXPECT_EQ(store.best(problem).plan->plan, plan);
  std::ofstream(blobs[0]) << "[0]";
  const StoreAnswer answer = store.best(problem);
  EXPECT_FALSE(answer.plan);
  EXPECT_EQ(answer.faults.size(), 1);
}

TEST_F(PlanStoreTest, LayersAreReadTogetherAndTheFirstIsWritten) {
  const std::string other = folder_.path("other");
  expect_added(opened(other), problem_, result_of(problem_, kBest));
  const PlanStore both = opened(path_ + ":" + other);
  expect_added(both, problem_, result_of(problem_, kDearer));
  EXPECT_EQ(both.best(problem_).plan->plan, kBest);
  EXPECT_EQ(both.best(problem_).attempts, 2);
  EXPECT_EQ(opened(path_).best(problem_).plan->plan, kDearer);
  EXPECT_EQ(opened(other).best(problem_).attempts, 1);
  const PlanStore read_only = opened(":" + other);
  EXPECT_TRUE(read_only.add(problem_, {}, result_of(problem_, kBest)));
  EXPECT_TRUE(read_only.best(problem_).plan);
}

TEST_F(PlanStoreTest, MergedByCopying) {
  const std::string other = folder_.path("other");
  expect_added(opened(other), problem_, result_of(problem_, kBest));
  expect_added(opened(path_), problem_, result_of(problem_, kDearer));
  fs::copy(other, path_, fs::copy_options::recursive | fs::copy_options::skip_existing);
  EXPECT_EQ(opened(path_).best(problem_).plan->plan, kBest);
  EXPECT_EQ(opened(path_).best(problem_).attempts, 2);
}

TEST_F(PlanStoreTest, ANeighbourWithAnotherLimitIsRepaired) {
  const PlanStore store = opened(path_);
  Problem roomy = problem_;
  roomy.usage_limit = 1000;
  expect_added(store, roomy, result_of(roomy, {0, 0, 1, 1, 0}));
  const auto neighbour = store.neighbour(problem_);
  ASSERT_TRUE(neighbour);
  EXPECT_TRUE(neighbour->evaluation.within_limit);
  EXPECT_TRUE(evaluate(problem_, neighbour->plan)->within_limit);
  EXPECT_FALSE(store.neighbour(problem_, kNoTime));
}

TEST_F(PlanStoreTest, APlanOfTheSameCoreIsLifted) {
  // A complete graph that no reduction solves, and a copy with nodes that reductions take away.
  constexpr int kNodes = 6;
  const auto complete = [](Assembly& assembly) -> Assembly& {
    std::mt19937 random(5);
    for (int node = 0; node < kNodes; ++node) assembly.node({0, 1}, {0, 0, 0}, {0, 0, 0});
    for (int v = 1; v < kNodes; ++v)
      for (int u = 0; u < v; ++u) {
        std::vector<std::int64_t> table;
        for (int entry = 0; entry < 9; ++entry) table.push_back(random() % 100);
        assembly.edge({u, v}, table);
      }
    return assembly;
  };
  Assembly one;
  const Problem plain = complete(one).problem();
  Assembly two;
  const Problem more = complete(two).node({0, 1}, {9}, {0}).node({0, 1}, {1}, {0}).problem();
  const PlanStore store = opened(path_);
  Plan best = solve_with_store(store, plain, quick_options(), {}, {}, {}).plan;
  ASSERT_EQ(best.size(), kNodes);
  const auto neighbour = store.neighbour(more);
  ASSERT_TRUE(neighbour);
  EXPECT_EQ(neighbour->source, "same core");
  EXPECT_FALSE(store.neighbour(more, kNoTime));
  best.insert(best.end(), {0, 0});
  EXPECT_EQ(neighbour->evaluation.cost, evaluate(more, best)->cost);
}

TEST_F(PlanStoreTest, SolvingAsksFirstAndAnswersAtOnceWhenSettled) {
  const PlanStore store = opened(path_);
  std::vector<StoreFault> faults;
  const auto fault = [&](const StoreFault& found) { faults.push_back(found); };
  const auto first = solve_with_store(store, problem_, quick_options(), {}, {}, fault);
  EXPECT_EQ(first.status, SolverStatus::kOptimal);
  EXPECT_NE(first.source, "store");
  const auto second = solve_with_store(store, problem_, quick_options(), {}, {}, fault);
  EXPECT_EQ(second.status, SolverStatus::kOptimal);
  EXPECT_EQ(second.source, "store");
  EXPECT_EQ(second.plan, first.plan);
  EXPECT_EQ(second.evaluation.cost, (Cost{0, 445}));
  EXPECT_TRUE(faults.empty());
  EXPECT_EQ(store.best(problem_).attempts, 1);
}

TEST_F(PlanStoreTest, AnInfeasibleInstanceIsRemembered) {
  problem_.usage_limit = 49;
  const PlanStore store = opened(path_);
  EXPECT_EQ(solve_with_store(store, problem_, quick_options(), {}, {}, {}).status,
            SolverStatus::kInfeasible);
  const auto again = solve_with_store(store, problem_, quick_options(), {}, {}, {});
  EXPECT_EQ(again.status, SolverStatus::kInfeasible);
  EXPECT_EQ(again.source, "store");
}

TEST_F(PlanStoreTest, AStoreThatCannotBeWrittenCostsNoPlan) {
  const PlanStore store = opened("/proc/no/such/store");
  std::vector<StoreFault> faults;
  const auto result = solve_with_store(store, problem_, quick_options(), {}, {},
                                       [&](const StoreFault& found) { faults.push_back(found); });
  EXPECT_EQ(result.status, SolverStatus::kOptimal);
  EXPECT_EQ(result.plan, kBest);
  ASSERT_EQ(faults.size(), 1);
  EXPECT_EQ(faults[0].reason.find("nothing was stored: /proc/no"), 0) << faults[0].reason;
}

TEST_F(PlanStoreTest, WhatCouldNotBeWrittenIsKnownAndWrittenOnceItCanBe) {
  const PlanStore store = opened(path_);
  fs::create_directory(path_);
  const std::string obstacle = folder_.write("store/v1", "no folder, whoever writes");
  EXPECT_TRUE(store.add(problem_, {}, result_of(problem_, kDearer, Cost{0, 400})));
  EXPECT_TRUE(store.add(problem_, {}, result_of(problem_, kBest)));
  EXPECT_EQ(store.write_unwritten(), 2);
  const StoreAnswer kept = store.best(problem_);
  EXPECT_EQ(kept.plan->plan, kBest);
  EXPECT_EQ(kept.bound->value, (Cost{0, 400}));
  EXPECT_EQ(kept.attempts, 2);
  EXPECT_TRUE(kept.faults.empty());
  EXPECT_FALSE(opened(path_).best(problem_).plan) << "no other process has it";

  fs::remove(obstacle);
  EXPECT_EQ(store.write_unwritten(), 0);
  EXPECT_EQ(store.best(problem_).attempts, 2);
  EXPECT_EQ(opened(path_).best(problem_).plan->plan, kBest);
  EXPECT_EQ(opened(path_).best(problem_).bound->value, (Cost{0, 400}));
}

TEST_F(PlanStoreTest, TheNextRecordTakesTheUnwrittenOnesAlong) {
  Assembly assembly;
  for (int node = 0; node < 1000; ++node) assembly.node({0, 1}, {2, 1}, {0, 0});
  const Problem other = assembly.problem();  // with a plan of a file of its own
  const PlanStore store = opened(path_);
  fs::create_directory(path_);
  const std::string obstacle = folder_.write("store/v1", "no folder, whoever writes");
  AttemptFacts facts;
  facts.proof = "a proof";
  EXPECT_TRUE(store.add(other, facts, result_of(other, Plan(1000, 1), Cost{0, 9})));
  fs::remove(obstacle);
  expect_added(store, problem_, result_of(problem_, kBest));
  EXPECT_EQ(opened(path_).best(other).plan->plan, Plan(1000, 1));
  EXPECT_TRUE(opened(path_).best(other).bound->has_proof);
  EXPECT_EQ(store.best(other).attempts, 1);
  EXPECT_EQ(store.write_unwritten(), 0);
}

TEST_F(PlanStoreTest, WhereNoLayerIsForWritingNothingIsKept) {
  const PlanStore store = opened(":" + path_);
  EXPECT_TRUE(store.add(problem_, {}, result_of(problem_, kBest)));
  EXPECT_FALSE(store.best(problem_).plan);
  EXPECT_EQ(store.write_unwritten(), 0);
}

TEST_F(PlanStoreTest, LayersThatAreNoFoldersAreRefused) {
  EXPECT_FALSE(PlanStore::open("").ok());
  EXPECT_FALSE(PlanStore::open("::").ok());
  EXPECT_FALSE(PlanStore::open(folder_.write("file", "")).ok());
}

}  // namespace
}  // namespace warpshard::test
