#include "tests/cli/program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace warpshard::test {
namespace {

double now() {
  const auto time = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(time).count();
}

std::string new_folder() {
  auto name = (std::filesystem::temp_directory_path() / "warpshard.XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

}  // namespace

std::vector<std::string> Outcome::lines() const {
  std::vector<std::string> result;
  std::istringstream stream(output);
  for (std::string line; std::getline(stream, line);) result.push_back(line);
  return result;
}

std::string Outcome::last_line() const {
  const auto all = lines();
  return all.empty() ? std::string() : all.back();
}

Program::Program(const std::string& path, const std::vector<std::string>& arguments)
    : folder_(new_folder()), started_(now()) {
  std::vector<std::string> words{path};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  const auto output = folder_ + "/output";
  const auto errors = folder_ + "/errors";
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(), kFlags, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(), kFlags, 0600);
  // Signals that come before the program can look after them have to wait, or they would kill it;
  // none is ignored, whatever those who run the tests ignore.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : kEndingSignals) sigaddset(&signals, signal);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &signals);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const int error =
      posix_spawn(&process_, path.c_str(), &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " + path);
}

Program::~Program() {
  if (process_ > 0) {
    send(SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  std::filesystem::remove_all(folder_);
}

void Program::send(int signal) const {
  kill(process_, signal);
}

bool Program::wait_for_output(const std::string& text) const {
  constexpr double kPatience = 30 * kSlowdown;
  for (const double start = now(); now() - start < kPatience;) {
    if (read_file(folder_ + "/output").find(text) != std::string::npos) return true;
    siginfo_t ended{};
    waitid(P_PID, static_cast<id_t>(process_), &ended, WEXITED | WNOHANG | WNOWAIT);
    if (ended.si_pid != 0) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

Outcome Program::wait() {
  int status = 0;
  rusage usage{};
  wait4(process_, &status, 0, &usage);
  process_ = -1;
  Outcome outcome;
  outcome.peak_memory = std::int64_t{usage.ru_maxrss} * 1024;
  outcome.seconds = now() - started_;
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.output = read_file(folder_ + "/output");
  outcome.errors = read_file(folder_ + "/errors");
  return outcome;
}

Outcome run_program(const std::string& path, const std::vector<std::string>& arguments) {
  return Program(path, arguments).wait();
}

Outcome run_iopddl(const std::vector<std::string>& arguments) {
  return run_program(IOPDDL_PROGRAM, arguments);
}

Outcome run_warpshard(const std::vector<std::string>& arguments) {
  return run_program(WARPSHARD_PROGRAM, arguments);
}

TemporaryFolder::TemporaryFolder() : folder_(new_folder()) {}

TemporaryFolder::~TemporaryFolder() {
  std::filesystem::remove_all(folder_);
}

std::string TemporaryFolder::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
  return path(name);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace warpshard::test
