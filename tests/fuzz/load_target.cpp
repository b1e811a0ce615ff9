// Any bytes as an instance: a sound problem that saves and loads to itself, or one line that says
// what is wrong.

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "tests/fuzz/fuzz_check.h"
#include "warpshard/evaluate.h"
#include "warpshard/load.h"
#include "warpshard/plan.h"
#include "warpshard/save.h"
#include "warpshard/validate.h"

namespace warpshard::fuzz {
namespace {

/// A file in memory.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("fuzz", MFD_CLOEXEC)) {}
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }
  void write(const std::uint8_t* data, std::size_t size) const {
    check(::write(descriptor_, data, size) == static_cast<ssize_t>(size), "memory to write to");
  }

 private:
  int descriptor_;
};

void check_message(const std::string& message, const std::string& path) {
  check(message.starts_with(path + ": "), "a message names the file");
  check(message.find('\n') == std::string::npos, "a message is one line");
  check(message.size() < 300, "a message is short");
}

void check_problem(const Problem& problem) {
  check(!validate(problem), "what loads is valid");
  const Plan plan(static_cast<std::size_t>(problem.num_nodes()), 0);
  check(evaluate(problem, plan).ok(), "strategy 0 exists everywhere");
  const MemoryFile copy;
  check(!save_problem(problem, copy.path()), "what loads can be saved");
  const auto again = load_problem(copy.path());
  check(again.ok(), "what was saved loads");
  check(again->costs == problem.costs && again->usages == problem.usages &&
            again->edge_nodes == problem.edge_nodes && again->edge_tables == problem.edge_tables &&
            again->entries == problem.entries && again->usage_limit == problem.usage_limit,
        "what was saved is what loads");
}

}  // namespace
}  // namespace warpshard::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace warpshard;
  const fuzz::MemoryFile file;
  file.write(data, size);
  if (const auto problem = load_problem(file.path()))
    fuzz::check_problem(*problem);
  else
    fuzz::check_message(problem.error().message, file.path());
  if (const auto plan = load_plan(file.path()); !plan)
    fuzz::check_message(plan.error().message, file.path());
  return 0;
}
