// Standard input, and files as editors on other systems write them.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/cli/instances.h"
#include "tests/cli/program.h"

namespace warpshard::test {
namespace {

constexpr const char* kOptimum = "[0, 0, 2, 1, 0]";

class StandardInput : public testing::Test {
 protected:
  /// Runs `warpshard` with what `feed` prints of a file as standard input.
  static Outcome run(const std::string& feed, const std::string& file,
                     const std::vector<std::string>& arguments) {
    std::vector<std::string> words{"-c", "f=$1; shift; " + feed + R"( "$f" | "$0" "$@")",
                                   WARPSHARD_PROGRAM, file};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return run_program("/bin/sh", words);
  }

  TemporaryFolder folder_;
  std::string instance_ = folder_.write("small.json", small_instance());
};

TEST_F(StandardInput, IsAnInstance) {
  EXPECT_EQ(run("cat", instance_, {"solve", "-", "300"}).last_line(), kOptimum);
  EXPECT_EQ(run("gzip -c", instance_, {"solve", "-", "300"}).last_line(), kOptimum);
  EXPECT_EQ(run("cat", instance_, {"info", "-"}).status, 0);
  EXPECT_EQ(run("cat", instance_, {"bound", "-", "1"}).status, 0);
}

TEST_F(StandardInput, IsAPlanOrAHint) {
  const auto plan = folder_.write("plan.txt", kOptimum);
  EXPECT_EQ(run("cat", plan, {"verify", instance_, "-"}).status, 0);
  EXPECT_EQ(run("cat", plan, {"evaluate", instance_, "-"}).status, 0);
  EXPECT_EQ(run("cat", plan, {"solve", instance_, "300", "--solution-in", "-"}).last_line(),
            kOptimum);
  EXPECT_EQ(run("cat", plan, {"solve", instance_, "300", "--hint", "-"}).last_line(), kOptimum);
}

TEST_F(StandardInput, IsNamedInMessages) {
  const auto outcome = run("cat", folder_.write("text", "Hello"), {"solve", "-", "5"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_TRUE(outcome.errors.starts_with("warpshard: standard input: ")) << outcome.errors;
}

TEST(ByteOrderMark, IsIgnoredInInstancesPlansAndHints) {
  const TemporaryFolder folder;
  const std::string mark = "\xef\xbb\xbf";
  const auto instance = folder.write("small.json", mark + small_instance());
  const auto plan = folder.write("plan.txt", mark + kOptimum + "\r\n");
  EXPECT_EQ(run_warpshard({"verify", instance, plan}).status, 0);
  for (const char* option : {"--solution-in", "--hint"})
    EXPECT_EQ(run_warpshard({"solve", instance, "300", option, plan}).last_line(), kOptimum);
}

}  // namespace
}  // namespace warpshard::test
