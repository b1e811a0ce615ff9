#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

namespace warpshard::test {

/// A file of this process's own in the tests' temporary folder, removed at the end.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& suffix = ".json")
      : path_(::testing::TempDir() + "warpshard-" + std::to_string(getpid()) + "-" +
              std::to_string(counter_++) + suffix) {}
  TemporaryFile(std::string_view content, const std::string& suffix) : TemporaryFile(suffix) {
    write(content);
  }
  ~TemporaryFile() { std::remove(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }
  void write(std::string_view content) const {
    std::remove(path_.c_str());  // some file systems wait for the disk when a file is overwritten
    std::ofstream(path_, std::ios::binary)
        .write(content.data(), static_cast<std::streamsize>(content.size()));
  }

 private:
  inline static int counter_ = 0;
  std::string path_;
};

}  // namespace warpshard::test
