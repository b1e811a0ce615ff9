// Names come from files: whatever they hold, a log line stays a line, and a terminal is left alone.

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/instances.h"
#include "tests/cli/program.h"

namespace warpshard::test {
namespace {

const std::vector<std::string> kNames{
    "x\n[0]\n",      "x\r[0]",     "\033[2J\033]0;title\007", "\u0085\u009b31m",
    "\u202etxt.exe", "x\u2028[0]", "\x7f\x01\x02\x1f",        "{\"event\": \"result\"}"};

std::string instance_called(const TemporaryFolder& folder, const std::string& name) {
  auto text = small_instance();
  const std::string quoted = "\"small\"";
  text.replace(text.find(quoted), quoted.size(), nlohmann::json(name).dump(-1, ' ', true));
  return folder.write("named.json", text);
}

void expect_harmless(const std::string& output) {
  for (const char c : output) EXPECT_TRUE(c == '\n' || (c >= ' ' && c < 0x7f)) << output;
}

TEST(Names, AreEscapedInTheLog) {
  const TemporaryFolder folder;
  for (const auto& name : kNames) {
    SCOPED_TRACE(name);
    const auto outcome = run_iopddl({instance_called(folder, name), "300"});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    const auto lines = outcome.lines();
    for (std::size_t i = 0; i + 1 < lines.size(); ++i)
      EXPECT_TRUE(lines[i].starts_with("#")) << lines[i];
    EXPECT_EQ(outcome.last_line(), "[0, 0, 2, 1, 0]");
    expect_harmless(outcome.output);
  }
}

TEST(Names, AreEscapedInEventsAndComeBackFromThem) {
  const TemporaryFolder folder;
  for (const auto& name : kNames) {
    SCOPED_TRACE(name);
    const auto outcome =
        run_warpshard({"solve", instance_called(folder, name), "300", "--log-json"});
    expect_harmless(outcome.output);
    const auto event = nlohmann::json::parse(outcome.lines().front());
    EXPECT_EQ(event["event"], "instance");
    EXPECT_EQ(event["name"], name);
  }
}

TEST(Names, AreEscapedByInfo) {
  const TemporaryFolder folder;
  for (const auto& name : kNames) {
    const auto instance = instance_called(folder, name);
    const auto outcome = run_warpshard({"info", instance});
    expect_harmless(outcome.output);
    EXPECT_TRUE(outcome.lines().front().ends_with(" s")) << outcome.output;
    const auto json = run_warpshard({"info", instance, "--json"});
    expect_harmless(json.output);
    EXPECT_EQ(nlohmann::json::parse(json.output)["instance"], name);
  }
}

TEST(Names, OfFilesAreEscapedInMessages) {
  const TemporaryFolder folder;
  const auto outcome = run_iopddl({folder.path("absent\n\033[31m\xff.json"), "5"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(std::count(outcome.errors.begin(), outcome.errors.end(), '\n'), 1);
  EXPECT_NE(outcome.errors.find(R"(absent\n\x1b[31m\xff.json: )"), std::string::npos)
      << outcome.errors;
  expect_harmless(outcome.errors);
}

}  // namespace
}  // namespace warpshard::test
