#include "host/io/output_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

namespace warpshard::io {
namespace {

class OutputFileTest : public testing::Test {
 protected:
  OutputFileTest() { std::filesystem::create_directories(folder_); }
  ~OutputFileTest() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  static std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_))
      names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
  }

  const std::filesystem::path folder_ =
      testing::TempDir() + "warpshard-output-" + std::to_string(getpid());
};

TEST_F(OutputFileTest, HasItsNameOnceItIsComplete) {
  OutputFile file(path("new"));
  ASSERT_FALSE(file.open());
  ASSERT_FALSE(file.write("one "));
  ASSERT_FALSE(file.write("two"));
  EXPECT_FALSE(std::filesystem::exists(path("new")));
  ASSERT_FALSE(file.commit());
  EXPECT_EQ(content(path("new")), "one two");
  EXPECT_EQ(files(), std::vector<std::string>{"new"});
}

TEST_F(OutputFileTest, WithoutCommitLeavesWhatWasThere) {
  ASSERT_FALSE(write_file(path("old"), "old"));
  {
    OutputFile file(path("old"));
    ASSERT_FALSE(file.open());
    ASSERT_FALSE(file.write("new"));
    EXPECT_EQ(content(path("old")), "old");
  }
  EXPECT_EQ(content(path("old")), "old");
  EXPECT_EQ(files(), std::vector<std::string>{"old"});
}

TEST_F(OutputFileTest, KeepsTheModeOfTheFileItReplaces) {
  ASSERT_FALSE(write_file(path("old"), "old"));
  ASSERT_EQ(chmod(path("old").c_str(), 0640), 0);
  ASSERT_FALSE(write_file(path("old"), "new"));
  struct stat status {};
  ASSERT_EQ(stat(path("old").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640U);
  EXPECT_EQ(content(path("old")), "new");
}

TEST_F(OutputFileTest, ReplacesWhatALinkPointsTo) {
  std::filesystem::create_directory(path("elsewhere"));
  ASSERT_FALSE(write_file(path("elsewhere/file"), "old"));
  std::filesystem::create_symlink("elsewhere/file", path("link"));
  ASSERT_FALSE(write_file(path("link"), "new"));
  EXPECT_TRUE(std::filesystem::is_symlink(path("link")));
  EXPECT_EQ(content(path("elsewhere/file")), "new");
}

TEST_F(OutputFileTest, LeavesAWriteProtectedFileAlone) {
  if (geteuid() == 0) GTEST_SKIP() << "nothing is write-protected against root";
  ASSERT_FALSE(write_file(path("old"), "old"));
  ASSERT_EQ(chmod(path("old").c_str(), 0440), 0);
  EXPECT_TRUE(write_file(path("old"), "new"));
  EXPECT_EQ(content(path("old")), "old");
}

TEST_F(OutputFileTest, NamesTheFileAndWhatIsWrong) {
  EXPECT_EQ(probe_output(path("no/file"))->message,
            path("no/file") + ": No such file or directory");
  EXPECT_EQ(probe_output(folder_.string())->message, folder_.string() + ": Is a directory");
  EXPECT_EQ(probe_output("/dev/fd/987654")->message, "/dev/fd/987654: Bad file descriptor");
  OutputFile closed(path("never opened"));
  EXPECT_TRUE(closed.write("text"));
  EXPECT_TRUE(closed.commit());
}

TEST_F(OutputFileTest, ProbingLeavesNothingBehind) {
  ASSERT_FALSE(write_file(path("old"), "old"));
  EXPECT_FALSE(probe_output(path("old")));
  EXPECT_FALSE(probe_output(path("new")));
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_FALSE(probe_output(path("pipe")));
  EXPECT_EQ(files(), (std::vector<std::string>{"old", "pipe"}));
  EXPECT_EQ(content(path("old")), "old");
}

TEST_F(OutputFileTest, KeepsItsFirstError) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  OutputFile file("/dev/full");
  ASSERT_FALSE(file.open());
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(file.write("text")->message, "/dev/full: No space left on device");
  EXPECT_EQ(file.commit()->message, "/dev/full: No space left on device");
}

TEST_F(OutputFileTest, TakesAStream) {
  std::string expected;
  OutputFile file(path("new"));
  ASSERT_FALSE(file.open());
  OutputBuffer buffer(file);
  std::ostream stream(&buffer);
  for (int i = 0; i < 50'000; ++i) {
    stream << i << ' ';
    expected += std::to_string(i) + ' ';
  }
  ASSERT_TRUE(stream.flush());
  ASSERT_FALSE(file.commit());
  EXPECT_EQ(content(path("new")), expected);
}

}  // namespace
}  // namespace warpshard::io
