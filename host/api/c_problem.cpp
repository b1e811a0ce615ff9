// The C interface to problems: where they come from and what they can be asked.

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "host/api/c_guard.h"
#include "host/api/c_handles.h"
#include "warpshard/load.h"
#include "warpshard/save.h"

using namespace warpshard::api;

namespace {

warpshard_status hand_over(warpshard::Result<warpshard::Problem> problem, warpshard_problem** out) {
  if (!problem) {
    const auto& message = problem.error().message;
    const bool no_memory = message.ends_with("out of memory");
    return failed(no_memory ? WARPSHARD_NO_MEMORY : WARPSHARD_INVALID, message);
  }
  *out = new warpshard_problem{std::move(*problem)};
  return WARPSHARD_OK;
}

/// A number of GeneratorOptions under the name by which it is set.
struct IntegerOption {
  std::string_view name;
  std::int64_t warpshard::GeneratorOptions::*value;
};

constexpr std::array<IntegerOption, 8> kIntegerOptions{{
    {"nodes", &warpshard::GeneratorOptions::target_nodes},
    {"batch", &warpshard::GeneratorOptions::batch},
    {"sequence", &warpshard::GeneratorOptions::sequence},
    {"hidden", &warpshard::GeneratorOptions::hidden},
    {"heads", &warpshard::GeneratorOptions::heads},
    {"vocabulary", &warpshard::GeneratorOptions::vocabulary},
    {"link_latency", &warpshard::GeneratorOptions::link_latency},
    {"device_teraflops", &warpshard::GeneratorOptions::device_teraflops},
}};

/// False where no option has the name, or not this value.
bool set_integer(warpshard::GeneratorOptions& options, std::string_view name, std::int64_t value) {
  if (name == "seed") {
    options.seed = static_cast<std::uint64_t>(value);
    return true;
  }
  if (name == "layers") {
    if (value != static_cast<std::int32_t>(value)) return false;
    options.layers = static_cast<std::int32_t>(value);
    return true;
  }
  for (const IntegerOption& option : kIntegerOptions) {
    if (option.name != name) continue;
    options.*option.value = value;
    return true;
  }
  return false;
}

}  // namespace

warpshard_status warpshard_problem_load(const char* path, warpshard_problem** out) {
  const auto load = [&] { return hand_over(warpshard::load_problem(std::string(path)), out); };
  return guarded_with(load, path, out);
}

warpshard_status warpshard_problem_load_memory(const void* bytes, size_t size,
                                               warpshard_problem** out) {
  const auto load = [&] {
    return hand_over(
        warpshard::load_problem(std::span<const char>(static_cast<const char*>(bytes), size)), out);
  };
  return guarded_with(load, bytes, out);
}

warpshard_status warpshard_problem_save(const warpshard_problem* problem, const char* path) {
  const auto save = [&] {
    const auto error = warpshard::save_problem(problem->problem, path);
    return error ? failed(WARPSHARD_IO, error->message) : WARPSHARD_OK;
  };
  return guarded_with(save, problem, path);
}

void warpshard_problem_free(warpshard_problem* problem) {
  delete problem;
}

warpshard_status warpshard_generator_create(warpshard_generator** out) {
  const auto create = [&] {
    *out = new warpshard_generator;
    return WARPSHARD_OK;
  };
  return guarded_with(create, out);
}

void warpshard_generator_free(warpshard_generator* generator) {
  delete generator;
}

warpshard_status warpshard_generator_set_integer(warpshard_generator* generator, const char* name,
                                                 int64_t value) {
  const auto set = [&] {
    if (!set_integer(generator->options, name, value))
      return failed(WARPSHARD_INVALID, std::string("generate: no option \"") + name +
                                           "\" that may be " + std::to_string(value));
    return WARPSHARD_OK;
  };
  return guarded_with(set, generator, name);
}

warpshard_status warpshard_generator_set_mesh(warpshard_generator* generator, const char* mesh) {
  const auto set = [&] {
    auto sizes = warpshard::parse_mesh(mesh);
    if (!sizes) return failed(WARPSHARD_INVALID, sizes.error().message);
    generator->options.mesh = std::move(*sizes);
    return WARPSHARD_OK;
  };
  return guarded_with(set, generator, mesh);
}

warpshard_status warpshard_generator_set_coupling(warpshard_generator* generator,
                                                  const char* coupling) {
  const auto set = [&] {
    const auto value = warpshard::parse_coupling(coupling);
    if (!value) return failed(WARPSHARD_INVALID, value.error().message);
    generator->options.coupling = *value;
    return WARPSHARD_OK;
  };
  return guarded_with(set, generator, coupling);
}

warpshard_status warpshard_generator_set_limit_factor(warpshard_generator* generator,
                                                      double factor) {
  const auto set = [&] {
    generator->options.limit_factor = factor;
    return WARPSHARD_OK;
  };
  return guarded_with(set, generator);
}

warpshard_status warpshard_generator_run(const warpshard_generator* generator,
                                         warpshard_problem** out) {
  const auto run = [&] { return hand_over(warpshard::generate(generator->options), out); };
  return guarded_with(run, generator, out);
}

const char* warpshard_problem_name(const warpshard_problem* problem) {
  return problem == nullptr ? "" : problem->problem.name.c_str();
}

int32_t warpshard_problem_num_nodes(const warpshard_problem* problem) {
  return problem == nullptr ? -1 : problem->problem.num_nodes();
}

int64_t warpshard_problem_num_edges(const warpshard_problem* problem) {
  return problem == nullptr ? -1 : problem->problem.num_edges();
}

int32_t warpshard_problem_num_strategies(const warpshard_problem* problem, int32_t node) {
  if (problem == nullptr || node < 0 || node >= problem->problem.num_nodes()) return -1;
  return problem->problem.num_strategies(node);
}

warpshard_status warpshard_problem_usage_limit(const warpshard_problem* problem, int64_t* out) {
  const auto get = [&] {
    if (!problem->problem.usage_limit)
      return failed(WARPSHARD_ABSENT, "the problem has no usage limit");
    *out = *problem->problem.usage_limit;
    return WARPSHARD_OK;
  };
  return guarded_with(get, problem, out);
}

warpshard_status warpshard_evaluate(const warpshard_problem* problem, const int32_t* plan,
                                    int32_t nodes, warpshard_evaluation* out) {
  const auto evaluate = [&] {
    if (!is_array(plan, nodes)) return failed(WARPSHARD_INVALID, "the plan is no array");
    const auto evaluation = warpshard::evaluate(problem->problem, array_of(plan, nodes));
    if (!evaluation) return failed(WARPSHARD_INVALID, evaluation.error().message);
    *out = to_c(*evaluation);
    return WARPSHARD_OK;
  };
  return guarded_with(evaluate, problem, out);
}
