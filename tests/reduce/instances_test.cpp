// What is left of the contest's instances; reads them from the folder that the environment
// variable WARPSHARD_INSTANCES names.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

#include "host/reduce/reducer.h"
#include "warpshard/evaluate.h"
#include "warpshard/load.h"

namespace warpshard {
namespace {

/// Greatest sizes that the reductions may leave.
struct Sizes {
  char letter;
  std::int32_t nodes;
  std::int32_t variables;
  std::size_t edges;
  std::int32_t times;
};

void PrintTo(const Sizes& sizes, std::ostream* out) {
  *out << sizes.letter;
}

class Instances : public ::testing::TestWithParam<Sizes> {};

TEST_P(Instances, ShrinkAsFarAsTheyShould) {
  const char* folder = std::getenv("WARPSHARD_INSTANCES");
  if (folder == nullptr) GTEST_SKIP() << "WARPSHARD_INSTANCES is not set";
  const std::string stem = std::string("asplos-2025-iopddl-") + GetParam().letter;
  std::filesystem::path path = std::filesystem::path(folder) / (stem + ".json.gz");
  if (!std::filesystem::exists(path)) path.replace_extension();
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";

  const auto problem = load_problem(path.string());
  ASSERT_TRUE(problem.ok()) << problem.error().message;
  EXPECT_EQ(problem->num_nodes(), GetParam().nodes);
  auto reducer = Reducer::create(*problem, {});
  ASSERT_TRUE(reducer.ok()) << reducer.error().message;
  ASSERT_EQ(reducer->run(), ReductionVerdict::kOpen);
  const Model model = reducer->model();
  EXPECT_LE(model.num_variables(), GetParam().variables);
  EXPECT_LE(model.edges.size(), GetParam().edges);
  EXPECT_LE(model.num_times(), GetParam().times);

  // Whatever the assignment, its lifted plan fits if and only if the assignment does, and costs no
  // more unless the assignment has forbidden entries, which the model counts per edge that is left.
  std::mt19937_64 random(1);
  for (int i = 0; i < 20; ++i) {
    Assignment assignment;
    for (std::int32_t v = 0; v < model.num_variables(); ++v)
      assignment.push_back(i == 0 ? 0 : static_cast<std::int32_t>(random() % model.domain(v)));
    const auto evaluation = evaluate(*problem, reducer->lift(assignment));
    ASSERT_TRUE(evaluation.ok());
    EXPECT_EQ(evaluation->within_limit, fits(model, assignment));
    const Cost cost = cost_of(model, assignment);
    EXPECT_TRUE(cost.forbidden > 0 || evaluation->cost <= cost);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Contest, Instances,
    ::testing::Values(Sizes{'A', 34932, 285, 454, 822}, Sizes{'D', 40958, 228, 424, 2845},
                      Sizes{'G', 816, 344, 495, 21}, Sizes{'K', 34932, 5186, 16877, 2542},
                      Sizes{'M', 32894, 5404, 10545, 2307}, Sizes{'N', 40958, 27257, 15160, 9387},
                      Sizes{'S', 28526, 6509, 13579, 2846}, Sizes{'T', 60206, 59397, 39281, 7348}));

}  // namespace
}  // namespace warpshard
