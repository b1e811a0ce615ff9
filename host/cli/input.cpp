#include "host/cli/input.h"

#include "host/io/standard_input.h"

namespace warpshard::cli {
namespace {

bool is_standard_input(const std::string& path) {
  return path == "-";
}

}  // namespace

Result<Problem> read_instance(const std::string& path, const LoadOptions& options) {
  return is_standard_input(path) ? io::load_problem_from_standard_input(options)
                                 : load_problem(path, options);
}

Result<Plan> read_plan(const std::string& path) {
  return is_standard_input(path) ? io::load_plan_from_standard_input() : load_plan(path);
}

Result<Plan> read_hint(const std::string& path) {
  return is_standard_input(path) ? io::load_hint_from_standard_input() : load_hint(path);
}

}  // namespace warpshard::cli
