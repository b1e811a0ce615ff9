#include "host/io/input_file.h"

#include <gtest/gtest.h>

#include <string>

#include "host/io/output_file.h"
#include "tests/io/temporary_file.h"

namespace warpshard::io {
namespace {

TEST(InputFile, GivesTheBytesThatWereWritten) {
  const test::TemporaryFile file("");
  const std::string& path = file.path();
  for (const std::string& bytes : {std::string(), std::string("a\0b\n\xff", 5)}) {
    ASSERT_FALSE(write_file(path, bytes));
    const auto read = read_file(path);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(*read, bytes);
  }
  EXPECT_TRUE(read_file(path, 5).ok());
  const auto refused = read_file(path, 4);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message, path + ": too large");
}

TEST(InputFile, RefusesWhatIsNoFile) {
  for (const std::string path : {"/no/such/file", "/", "/dev/null"}) {
    const auto read = read_file(path);
    ASSERT_FALSE(read.ok()) << path;
    EXPECT_TRUE(read.error().message.starts_with(path + ": ")) << read.error().message;
  }
}

}  // namespace
}  // namespace warpshard::io
