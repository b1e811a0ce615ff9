#include "warpshard/plan.h"

#include <gtest/gtest.h>

#include "tests/io/temporary_file.h"

namespace warpshard {
namespace {

TEST(PlanIo, FormatsAsTheContestWantsIt) {
  EXPECT_EQ(format_plan(Plan{0, 3, 1}), "[0, 3, 1]");
  EXPECT_EQ(format_plan(Plan{7}), "[7]");
  EXPECT_EQ(format_plan(Plan{}), "[]");
}

TEST(PlanIo, ReadsTheLastLineThatIsNotBlank) {
  const test::TemporaryFile file("# progress\n[1, 2]\n# more\n  [0,3 , 1]\r\n\n  \n", ".txt");
  const auto plan = load_plan(file.path());
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(*plan, (Plan{0, 3, 1}));
}

TEST(PlanIo, ReadsWhatItFormats) {
  Plan plan;
  for (std::int32_t node = 0; node < 100000; ++node) plan.push_back(node * 7 % 1000);
  const test::TemporaryFile file(format_plan(plan), ".txt");
  EXPECT_EQ(*load_plan(file.path()), plan);
  file.write("[]");
  EXPECT_TRUE(load_plan(file.path())->empty());
}

TEST(PlanIo, SaysWhatIsWrong) {
  const auto message = [](const std::string& content) {
    const test::TemporaryFile file(content, ".txt");
    const auto plan = load_plan(file.path());
    return plan ? "none" : plan.error().message.substr(file.path().size() + 2);
  };
  const std::string no_plan = "the last line is not a plan such as [0, 3, 1]";
  EXPECT_EQ(message(""), "no plan in it");
  EXPECT_EQ(message(" \n\n"), "no plan in it");
  EXPECT_EQ(message("[0, 1]\n# end"), no_plan);
  EXPECT_EQ(message("[0, 1"), no_plan);
  EXPECT_EQ(message("[0, 1] [2]"), no_plan);
  EXPECT_EQ(message("{}"), no_plan);
  EXPECT_EQ(message("[0, -1]"), "the plan's entry 1 is not a strategy");
  EXPECT_EQ(message("[0, 1.5]"), "the plan's entry 1 is not a strategy");
  EXPECT_EQ(message("[2147483648]"), "the plan's entry 0 is not a strategy");
  EXPECT_EQ(message("[0, [1]]"), "the plan's entry 1 is not a strategy");
  EXPECT_EQ(message(std::string("[0, \0]", 6)), no_plan);
  EXPECT_EQ(message(std::string(3000, '[') + std::string(3000, ']')), no_plan);
  EXPECT_EQ(load_plan(::testing::TempDir()).error().message,
            ::testing::TempDir() + ": Is a directory");
  EXPECT_EQ(load_plan("/dev/zero").error().message, "/dev/zero: a line of more than 128 MiB");
  EXPECT_EQ(load_plan("/nonexistent/plan").error().message,
            "/nonexistent/plan: No such file or directory");
}

}  // namespace
}  // namespace warpshard
