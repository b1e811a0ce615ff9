// The evaluator against an independent judge: a script, named by WARPSHARD_JUDGE, that is called
// with an instance and a file with a plan and prints one line of JSON.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/io/odd_problem.h"
#include "tests/io/temporary_file.h"
#include "warpshard/evaluate.h"
#include "warpshard/load.h"
#include "warpshard/plan.h"
#include "warpshard/save.h"

namespace warpshard {
namespace {

struct ClosePipe {
  void operator()(FILE* pipe) const { pclose(pipe); }
};

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, ClosePipe> pipe(popen(command.c_str(), "r"));
  std::string output;
  char buffer[4096];
  while (pipe && std::fgets(buffer, sizeof buffer, pipe.get()) != nullptr) output += buffer;
  return output;
}

/// The digits of a number in a line of JSON; nlohmann::json would round those beyond 64 bits.
std::string digits_of(const std::string& line, const std::string& key) {
  const std::size_t begin = line.find("\"" + key + "\": ") + key.size() + 4;
  return line.substr(begin, line.find_first_of(",}", begin) - begin);
}

class Judge : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* script = std::getenv("WARPSHARD_JUDGE");
    if (script == nullptr) GTEST_SKIP() << "WARPSHARD_JUDGE is not set";
    if (output_of("python3 -c 'print(1)' 2>/dev/null") != "1\n") GTEST_SKIP() << "no python3";
    script_ = script;
  }

  void expect_same(const Problem& problem, const std::string& instance, const Plan& plan) const {
    const test::TemporaryFile file("# comment\n" + format_plan(plan) + "\n", ".txt");
    const std::string line =
        output_of("python3 '" + script_ + "' '" + instance + "' '" + file.path() + "'");
    ASSERT_TRUE(nlohmann::json::accept(line)) << line;
    const auto judged = nlohmann::json::parse(line);
    const auto evaluation = evaluate(problem, plan);
    ASSERT_TRUE(evaluation) << evaluation.error().message;
    EXPECT_EQ(to_string(evaluation->cost.total()), digits_of(line, "cost")) << line;
    EXPECT_EQ(evaluation->cost.forbidden, judged["infinite_terms"]) << line;
    EXPECT_EQ(to_string(evaluation->peak_usage), digits_of(line, "peak")) << line;
    EXPECT_EQ(evaluation->within_limit, judged["feasible"]) << line;
    EXPECT_EQ(evaluation->within_limit, evaluation->violations == 0);
  }

 private:
  std::string script_;
};

TEST_F(Judge, AgreesOnRandomInstances) {
  test::Random random(11);
  for (int round = 0; round < 40; ++round) {
    const Problem problem = test::odd_problem(random);
    const test::TemporaryFile file(round % 2 == 0 ? ".json" : ".json.gz");
    ASSERT_FALSE(save_problem(problem, file.path()));
    expect_same(problem, file.path(), test::random_plan(random, problem));
  }
}

TEST_F(Judge, AgreesOnRealInstances) {
  const char* folder = std::getenv("WARPSHARD_INSTANCES");
  if (folder == nullptr) GTEST_SKIP() << "WARPSHARD_INSTANCES is not set";
  test::Random random(12);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string path = entry.path().string();
    if (!path.ends_with(".json") && !path.ends_with(".json.gz")) continue;
    const auto problem = load_problem(path);
    ASSERT_TRUE(problem) << problem.error().message;
    expect_same(*problem, path, test::random_plan(random, *problem));
  }
}

}  // namespace
}  // namespace warpshard
