#include "host/portfolio/portfolio.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace warpshard {
namespace {

/// A node whose strategy k costs 1000 - k.
Problem ladder() {
  constexpr std::int64_t kSteps = 1000;
  Problem problem;
  for (std::int64_t k = 0; k < kSteps; ++k) problem.costs.push_back(kSteps - k);
  problem.usages.assign(kSteps, 0);
  problem.strategy_offsets = {0, kSteps};
  problem.intervals = {{0, 1}};
  return problem;
}

/// What a worker of these tests does: its tasks take so much work each and go one step further down
/// from what was best when they were made.
struct Script {
  std::string name;
  Work work = 1'000'000;
  std::int32_t step = 1;
  int most_tasks = 1 << 30;
  double weight = 1;
  bool throws = false;
};

class ScriptedWorker final : public Worker {
 public:
  ScriptedWorker(Script script, std::vector<std::string>& diary)
      : script_(std::move(script)), diary_(diary) {}
  std::string name() const override { return script_.name; }
  bool ready(const Pool& /*pool*/) const override { return begun_ < script_.most_tasks; }
  double weight(const Pool& /*pool*/) const override { return script_.weight; }
  std::unique_ptr<Task> task(Pool& pool, Work /*work*/) override {
    ++begun_;
    return std::make_unique<Step>(*this, pool);
  }
  void transfer(SearchArchive& archive, Pool& /*pool*/) override { archive(begun_); }

 private:
  class Step final : public Task {
   public:
    Step(ScriptedWorker& worker, const Pool& pool) : worker_(worker), problem_(pool.problem()) {
      at_ = pool.best() ? pool.best()->plan[0] : -1;
    }
    void run(const StopToken& /*stop*/) override {
      if (worker_.script_.throws) throw std::runtime_error("it broke");
      const auto last = static_cast<std::int32_t>(problem_.costs.size()) - 1;
      found_ = verified_plan(problem_, {std::min(at_ + worker_.script_.step, last)});
    }
    void synchronize(Pool& pool) override {
      worker_.diary_.push_back(worker_.name());
      if (found_) pool.offer(*found_, worker_.name());
    }
    Work work() const override { return worker_.script_.work; }

   private:
    ScriptedWorker& worker_;
    const Problem& problem_;
    std::int32_t at_;
    std::optional<VerifiedPlan> found_;
  };

  Script script_;
  std::vector<std::string>& diary_;
  int begun_ = 0;
};

struct Outcome {
  std::vector<std::string> diary;
  std::vector<WorkerAccount> accounts;
  Plan plan;
};

Outcome run(const std::vector<Script>& scripts, PortfolioOptions options) {
  const Problem problem = ladder();
  const Parameters parameters;
  Pool pool(problem, parameters, options.work_limit > 0);
  Outcome result;
  std::vector<std::unique_ptr<Worker>> workers;
  for (const Script& script : scripts)
    workers.push_back(std::make_unique<ScriptedWorker>(script, result.diary));
  Portfolio portfolio(pool, std::move(workers), std::move(options));
  portfolio.run();
  result.accounts = portfolio.accounts();
  if (pool.best()) result.plan = pool.best()->plan;
  return result;
}

TEST(Portfolio, CountedRunsDoNotDependOnThreads) {
  PortfolioOptions options;
  options.work_limit = 200'000'000;
  const std::vector<Script> scripts = {{"a"}, {"b", 3'000'000, 2}, {"c", 500'000, 1, 40}};
  options.threads = 1;
  const Outcome one = run(scripts, options);
  EXPECT_FALSE(one.diary.empty());
  for (const int threads : {2, 5, 16}) {
    options.threads = threads;
    const Outcome other = run(scripts, options);
    EXPECT_EQ(other.diary, one.diary) << threads;
    EXPECT_EQ(other.plan, one.plan) << threads;
  }
}

TEST(Portfolio, WorkIsSharedByWeight) {
  PortfolioOptions options;
  options.work_limit = 3'000'000'000;
  // Steps of nothing earn nothing, so that weights alone decide.
  const Outcome result =
      run({{"heavy", 1'000'000, 0, 1 << 30, 3}, {"light", 4'000'000, 0}}, options);
  ASSERT_EQ(result.accounts.size(), 2U);
  const auto heavy = static_cast<double>(result.accounts[0].work);
  const auto light = static_cast<double>(result.accounts[1].work);
  EXPECT_NEAR(heavy / light, 3, 0.5);
}

TEST(Portfolio, WhatEarnsGetsMoreWithinLimits) {
  PortfolioOptions options;
  options.work_limit = 600'000'000;
  const Outcome result = run({{"idle", 1'000'000, 0}, {"busy", 1'000'000, 1}}, options);
  EXPECT_GT(result.accounts[1].work, 2 * result.accounts[0].work);
  EXPECT_GT(result.accounts[0].work, 0);
  EXPECT_GT(result.accounts[1].improvements, 0);
  EXPECT_GT(result.accounts[1].gain, 0);
}

TEST(Portfolio, EndsWhereNothingIsReady) {
  for (const Work limit : {Work{0}, Work{1'000'000'000'000}}) {
    PortfolioOptions options;
    options.threads = 3;
    options.work_limit = limit;
    const Outcome result = run({{"a", 1, 1, 5}, {"b", 1, 1, 7}}, options);
    EXPECT_EQ(result.diary.size(), 12U);
  }
}

TEST(Portfolio, AWorkerThatFailsIsDroppedAndReportedOnce) {
  std::vector<std::string> notes;
  PortfolioOptions options;
  options.threads = 2;
  options.on_news = [&](const News& news) {
    if (!news.note.empty()) notes.push_back(news.note);
  };
  const Outcome result = run({{"bad", 1, 1, 9, 1, true}, {"good", 1, 1, 5}}, options);
  EXPECT_FALSE(result.plan.empty());
  ASSERT_GE(notes.size(), 1U);
  EXPECT_EQ(notes[0], "bad drops out: it broke");
  EXPECT_LE(notes.size(), 2U);  // another of its tasks may have been in the air
}

TEST(Portfolio, StopsWhenToldAndWhenFinished) {
  const std::atomic<bool> told{true};
  PortfolioOptions options;
  options.stop = &told;
  EXPECT_TRUE(run({{"a"}}, options).diary.empty());

  PortfolioOptions finishing;
  finishing.finished = [](const Pool& pool) { return pool.cost()->finite <= 990; };
  EXPECT_EQ(run({{"a"}}, finishing).plan, Plan{10});

  PortfolioOptions late;
  late.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  EXPECT_TRUE(run({{"a"}}, late).diary.empty());
}

TEST(Portfolio, NewsComeInOrderAndWhatTheListenerThrowsComesOut) {
  std::vector<Int128> costs;
  PortfolioOptions options;
  options.threads = 4;
  options.on_news = [&](const News& news) { costs.push_back(news.best->evaluation.cost.finite); };
  run({{"a", 1, 1, 100}, {"b", 1, 3, 100}}, options);
  EXPECT_TRUE(std::ranges::is_sorted(costs, std::greater{}));
  EXPECT_FALSE(costs.empty());

  options.on_news = [](const News&) { throw std::runtime_error("enough"); };
  EXPECT_THROW(run({{"a"}}, options), std::runtime_error);
}

}  // namespace
}  // namespace warpshard
