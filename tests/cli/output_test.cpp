// Where results go, and that none is lost where they cannot go there.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/instances.h"
#include "tests/cli/program.h"

namespace warpshard::test {
namespace {

constexpr const char* kPlenty = "300";
constexpr const char* kOptimum = "[0, 0, 2, 1, 0]";

class Output : public testing::Test {
 protected:
  /// Runs a script in which "$0" is the program and "$1" the instance, "$2" this test's folder.
  Outcome run_script(const std::string& script) const {
    return run_program("/bin/sh", {"-c", script, WARPSHARD_PROGRAM, instance_, folder_.path("")});
  }

  /// Names in the folder.
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path("")))
      names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
  }

  TemporaryFolder folder_;
  std::string instance_ = folder_.write("small.json", small_instance());
};

TEST_F(Output, ThatCannotBeOpenedIsFoundOutBeforeAnyWork) {
  for (const char* option : {"--output", "--solution-out", "--proof", "--trace"})
    for (const auto& path : {folder_.path("no/such/folder"), folder_.path("")}) {
      SCOPED_TRACE(std::string(option) + " " + path);
      const auto outcome = run_warpshard({"solve", instance_, kPlenty, option, path});
      EXPECT_EQ(outcome.status, 1);
      EXPECT_EQ(outcome.output, "");
      EXPECT_EQ(std::count(outcome.errors.begin(), outcome.errors.end(), '\n'), 1);
      EXPECT_NE(outcome.errors.find(path), std::string::npos) << outcome.errors;
    }
  const auto bound = run_warpshard({"bound", instance_, "1", "--proof", folder_.path("no/file")});
  EXPECT_EQ(bound.status, 1);
  EXPECT_EQ(bound.output, "");
}

TEST_F(Output, IsThereAloneAfterwards) {
  const auto plan = folder_.path("plan.txt");
  const auto trace = folder_.path("trace.jsonl");
  const auto proof = folder_.path("proof.gz");
  const auto outcome = run_warpshard(
      {"solve", instance_, "2", "--output", plan, "--trace", trace, "--proof", proof});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(files(),
            (std::vector<std::string>{"plan.txt", "proof.gz", "small.json", "trace.jsonl"}));
}

TEST_F(Output, MayBeTheFileThatTheRunStartsFrom) {
  const auto plan = folder_.write("plan.txt", "[0, 1, 2, 1, 0]\n");
  const auto outcome =
      run_warpshard({"solve", instance_, kPlenty, "--solution-in", plan, "--output", plan});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(read_file(plan), std::string(kOptimum) + "\n");
}

TEST_F(Output, ThatIsNoFileIsWrittenAsItIs) {
  const auto outcome =
      run_warpshard({"solve", instance_, kPlenty, "--quiet", "--output", "/dev/stdout"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, std::string(kOptimum) + "\n");
}

/// The plan is on a line of its own, and so is the reason.
void expect_rescued(const Outcome& outcome, const std::string& reason) {
  EXPECT_NE(outcome.output.find(std::string("\n") + kOptimum + "\n"), std::string::npos)
      << outcome.output;
  EXPECT_NE((outcome.output + outcome.errors).find(reason + "\n"), std::string::npos)
      << outcome.errors;
  EXPECT_NE(outcome.output.find("status 1\n"), std::string::npos) << outcome.output;
}

TEST_F(Output, ToAFullDeviceIsPrintedInstead) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  const auto outcome = run_warpshard({"solve", instance_, kPlenty, "--output", "/dev/full"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.last_line(), kOptimum);
  EXPECT_EQ(outcome.errors, "warpshard: /dev/full: No space left on device\n");
}

/// As on a disk with no room for another byte: files can be created, but not written.
TEST_F(Output, BeyondTheLimitOfFilesCostsNeitherTheNewNorTheOldPlan) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "this sanitizer writes a file of its own before main()";
#endif
  const auto plan = folder_.write("plan.txt", "[0, 1, 2, 1, 0]\n");
  const auto outcome = run_script(
      R"((ulimit -f 0; "$0" solve "$1" 300 --solution-in "$2/plan.txt" --output "$2/plan.txt" 2>&1; )"
      R"(echo "status $?") | cat)");
  expect_rescued(outcome, "plan.txt: File too large");
  EXPECT_EQ(read_file(plan), "[0, 1, 2, 1, 0]\n");
  EXPECT_EQ(files(), (std::vector<std::string>{"plan.txt", "small.json"}));
}

TEST_F(Output, OnAFullDiskCostsNeitherTheNewNorTheOldPlan) {
  // A disk of one page, in a namespace of its own.
  const std::string mount = R"(unshare -rm /bin/sh -c 'mkdir "$2/disk" && )"
                            R"(mount -t tmpfs -o size=4k tmpfs "$2/disk" && )";
  const std::string arguments = R"(' "$0" "$1" "$2")";
  if (run_script(mount + "true" + arguments).status != 0)
    GTEST_SKIP() << "this process may not mount a disk";
  const auto outcome = run_script(
      "rmdir \"$2/disk\"; " + mount +
      R"(echo "[0, 1, 2, 1, 0]" >"$2/disk/plan.txt"; )"
      R"("$0" solve "$1" 300 --solution-in "$2/disk/plan.txt" --output "$2/disk/plan.txt" )"
      R"(>"$2/printed"; echo "status $?"; cat "$2/disk/plan.txt"; ls -A "$2/disk"; )"
      R"(cat "$2/printed")" +
      arguments);
  expect_rescued(outcome, "plan.txt: No space left on device");
  EXPECT_TRUE(outcome.output.starts_with("status 1\n[0, 1, 2, 1, 0]\nplan.txt\n"))
      << outcome.output;
}

TEST_F(Output, OfConvertMayBeStandardOutput) {
  for (const std::string to : {"-", "/dev/stdout"}) {
    const auto outcome = run_warpshard({"convert", instance_, to});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(nlohmann::json::parse(outcome.output), nlohmann::json::parse(small_instance()));
    EXPECT_NE(outcome.errors.find("5 nodes, 5 edges"), std::string::npos) << outcome.errors;
  }
  const auto piped = run_script(R"(cat "$1" | "$0" convert - - 2>/dev/null | "$0" info -)");
  EXPECT_NE(piped.output.find("5 nodes, 5 edges"), std::string::npos) << piped.errors;
}

TEST_F(Output, OfATraceIsCompleteAfterASignal) {
  const auto trace = folder_.path("trace.jsonl");
  Program program(WARPSHARD_PROGRAM,
                  {"solve", write_grid_instance(folder_), "500", "--trace", trace});
  ASSERT_TRUE(program.wait_for_output(kTableBegins));
  program.send(SIGTERM);
  EXPECT_EQ(program.wait().status, 0);
  EXPECT_NE(read_file(trace).find("\"event\":\"instance\""), std::string::npos);
}

}  // namespace
}  // namespace warpshard::test
