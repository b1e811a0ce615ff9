// What a person at a terminal sees, and what goes to a file instead.

#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <regex>
#include <string>
#include <vector>

#include "tests/cli/instances.h"
#include "tests/cli/program.h"

namespace warpshard::test {
namespace {

constexpr const char* kErase = "\r\033[K";
constexpr unsigned short kColumns = 60;

/// Everything a program writes to a terminal of 60 columns.
std::string run_on_terminal(std::vector<std::string> words, const char* kind) {
  winsize size{};
  size.ws_row = 24;
  size.ws_col = kColumns;
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
  if (child == 0) {
    setenv("TERM", kind, 1);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    execv(argv[0], argv.data());
    _exit(127);
  }
  std::string text;
  std::array<char, 4096> piece{};
  for (ssize_t count = 0; (count = read(terminal, piece.data(), piece.size())) > 0;)
    text.append(piece.data(), static_cast<std::size_t>(count));
  waitpid(child, nullptr, 0);
  close(terminal);
  return text;
}

/// What is left on the screen, line by line; fails where a line that is redrawn is too wide to be.
std::vector<std::string> screen(const std::string& text) {
  std::vector<std::string> lines{""};
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.compare(at, 4, kErase) == 0) {
      EXPECT_LT(lines.back().size(), kColumns) << lines.back();
      lines.back().clear();
      at += 3;
    } else if (text[at] == '\n') {
      lines.emplace_back();
    } else if (text[at] != '\r') {
      lines.back().push_back(text[at]);
    }
  }
  return lines;
}

TEST(Terminal, ShowsABarWhileItSearchesAndEndsWithThePlan) {
  const TemporaryFolder folder;
  const auto text =
      run_on_terminal({IOPDDL_PROGRAM, write_grid_instance(folder), "3"}, "xterm-256color");
  EXPECT_NE(text.find("/3 s  cost "), std::string::npos) << text;
  EXPECT_NE(text.find(kErase), std::string::npos);
  auto lines = screen(text);
  ASSERT_GE(lines.size(), 3U);
  EXPECT_EQ(lines.back(), "");
  lines.pop_back();
  EXPECT_TRUE(lines.back().starts_with("[")) << lines.back();
  lines.pop_back();
  for (const auto& line : lines) EXPECT_TRUE(line.starts_with("# ")) << line;
  for (const auto& line : lines) EXPECT_EQ(line.find("/3 s"), std::string::npos) << line;
}

TEST(Terminal, ThatCannotMoveItsCursorGetsPlainLines) {
  const TemporaryFolder folder;
  const auto instance = folder.write("small.json", small_instance());
  const auto text = run_on_terminal({IOPDDL_PROGRAM, instance, "300"}, "dumb");
  EXPECT_EQ(text.find('\033'), std::string::npos);
  EXPECT_TRUE(text.ends_with("[0, 0, 2, 1, 0]\r\n")) << text;
}

TEST(Terminal, QuietMeansQuiet) {
  const TemporaryFolder folder;
  const auto instance = folder.write("small.json", small_instance());
  EXPECT_EQ(run_on_terminal({WARPSHARD_PROGRAM, "solve", instance, "300", "--quiet"}, "xterm"),
            "[0, 0, 2, 1, 0]\r\n");
}

TEST(Terminal, FilesGetPlainLinesInColumns) {
  const TemporaryFolder folder;
  const auto outcome = run_iopddl({write_grid_instance(folder), "2"});
  EXPECT_EQ(outcome.output.find('\033'), std::string::npos);
  EXPECT_EQ(outcome.output.find('\r'), std::string::npos);
  // Time, cost, bound, gap, rate and whoever found it.
  const std::regex row(R"(# +[0-9.]+ s +[0-9]+ +[-0-9]+ +[-0-9.%]+ +[-0-9.kMG]+ +([a-z]+))");
  std::size_t from = std::string::npos;
  int rows = 0;
  for (const auto& line : outcome.lines()) {
    if (line.find(kTableBegins) != std::string::npos) from = line.find("from");
    std::smatch match;
    if (!std::regex_match(line, match, row)) continue;
    ++rows;
    EXPECT_EQ(static_cast<std::size_t>(match.position(1)), from) << line;
  }
  EXPECT_GT(rows, 0) << outcome.output;
}

}  // namespace
}  // namespace warpshard::test
