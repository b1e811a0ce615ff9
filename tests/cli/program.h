#pragma once

#include <sys/types.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <string>
#include <vector>

namespace warpshard::test {

/// How many times longer than usual things may take: sanitizers slow the programs down.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr int kSlowdown = 10;
#else
inline constexpr int kSlowdown = 1;
#endif

/// What ends a run early, with the best plan so far.
inline constexpr std::array kEndingSignals{SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGXCPU, SIGXFSZ};

/// What a program that has ended left behind.
struct Outcome {
  int status = -1;  ///< exit status; 128 + N if signal N killed it
  std::string output;
  std::string errors;
  double seconds = 0;            ///< from before it was started until it had ended
  std::int64_t peak_memory = 0;  ///< bytes

  /// Lines of the output, without their ends.
  std::vector<std::string> lines() const;
  std::string last_line() const;
};

/// A running program, driven as a user's shell drives it. Killed if it is still alive at the end.
class Program {
 public:
  /// Starts `path` with `arguments`; its output and errors go to files.
  Program(const std::string& path, const std::vector<std::string>& arguments);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void send(int signal) const;

  /// Waits until the output contains `text`; false after a long while or if the program ends first.
  bool wait_for_output(const std::string& text) const;

  Outcome wait();

 private:
  std::string folder_;
  double started_ = 0;
  pid_t process_ = -1;
};

/// Runs a program to its end.
Outcome run_program(const std::string& path, const std::vector<std::string>& arguments);
Outcome run_iopddl(const std::vector<std::string>& arguments);
Outcome run_warpshard(const std::vector<std::string>& arguments);

/// A new empty folder, removed with everything in it at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  /// Path of a file in it.
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  /// Writes such a file; its path.
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::string folder_;
};

std::string read_file(const std::string& path);

}  // namespace warpshard::test
