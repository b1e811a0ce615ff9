#include "python/src/bind_tools.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "python/src/background.h"
#include "python/src/bind_problem.h"
#include "python/src/int128.h"
#include "warpshard/bound.h"
#include "warpshard/generate.h"
#include "warpshard/reduce.h"

namespace warpshard::python {

namespace nb = nanobind;

namespace {

const char* verdict_name(ReductionVerdict verdict) {
  switch (verdict) {
    case ReductionVerdict::kOpen:
      return "open";
    case ReductionVerdict::kNoPlanWithoutForbidden:
      return "forbidden";
    case ReductionVerdict::kInfeasible:
      return "infeasible";
    case ReductionVerdict::kStopped:
      return "stopped";
  }
  return "unknown";
}

ReductionInfo reduce_shared(SharedProblem& shared) {
  const SharedProblem::Reader reader(shared);
  std::optional<Result<ReductionInfo>> info;
  {
    const nb::gil_scoped_release release;
    info = reduce_info(reader.problem());
  }
  return value_or_raise(*std::move(info));
}

/// The result, and the exception that a callback or a signal handler raised, or None.
using BoundRun = std::tuple<BoundResult, nb::object>;

BoundRun bound_shared(SharedProblem& shared, BoundOptions options, const nb::object& on_progress,
                      const nb::object& should_stop) {
  const SharedProblem::Reader reader(shared);
  Background background;
  options.start = std::chrono::steady_clock::now();
  BoundCallback callback;
  if (!on_progress.is_none())
    callback = [&](const BoundProgress& progress) {
      background.post([&on_progress, progress] { on_progress(progress); });
    };
  std::optional<Result<BoundResult>> result;
  nb::object raised = background.run(
      [&] { result = raise_bound(reader.problem(), options, background.stop(), callback); },
      should_stop);
  return {value_or_raise(*std::move(result)), std::move(raised)};
}

std::pair<SharedProblem, std::vector<std::int32_t>> generate_shared(
    const GeneratorOptions& options) {
  std::optional<Result<GeneratedProblem>> generated;
  {
    const nb::gil_scoped_release release;
    generated = generate_with_plan(options);
  }
  GeneratedProblem made = value_or_raise(*std::move(generated));
  return {SharedProblem(std::move(made.problem)), std::move(made.plan)};
}

void bind_generator(nb::module_& module) {
  nb::class_<GeneratorOptions>(module, "GeneratorOptions")
      .def(nb::init<>())
      .def_rw("target_nodes", &GeneratorOptions::target_nodes)
      .def_rw("layers", &GeneratorOptions::layers)
      .def_rw("batch", &GeneratorOptions::batch)
      .def_rw("sequence", &GeneratorOptions::sequence)
      .def_rw("hidden", &GeneratorOptions::hidden)
      .def_rw("heads", &GeneratorOptions::heads)
      .def_rw("vocabulary", &GeneratorOptions::vocabulary)
      .def_rw("mesh", &GeneratorOptions::mesh)
      .def_rw("link_bandwidth", &GeneratorOptions::link_bandwidth)
      .def_rw("link_latency", &GeneratorOptions::link_latency)
      .def_rw("device_teraflops", &GeneratorOptions::device_teraflops)
      .def_prop_rw(
          "coupling",
          [](const GeneratorOptions& options) { return static_cast<int>(options.coupling); },
          [](GeneratorOptions& options, const std::string& name) {
            options.coupling = value_or_raise(parse_coupling(name));
          })
      .def_rw("limit_factor", &GeneratorOptions::limit_factor)
      .def_rw("seed", &GeneratorOptions::seed);
  module.def("generate", &generate_shared, nb::arg("options"));
}

void bind_bound(nb::module_& module) {
  nb::class_<BoundOptions>(module, "BoundOptions")
      .def(nb::init<>())
      .def_rw("deadline_seconds", &BoundOptions::deadline_seconds)
      .def_rw("threads", &BoundOptions::threads)
      .def_rw("device", &BoundOptions::device)
      .def_rw("incumbent", &BoundOptions::incumbent, nb::arg("cost").none())
      .def_rw("memory_limit", &BoundOptions::memory_limit)
      .def_rw("memory_in_use", &BoundOptions::memory_in_use);
  nb::class_<BoundProgress>(module, "BoundProgress")
      .def_ro("seconds", &BoundProgress::seconds)
      .def_ro("bound", &BoundProgress::bound)
      .def_ro("incumbent", &BoundProgress::incumbent)
      .def_ro("rounds", &BoundProgress::rounds)
      .def_ro("parts", &BoundProgress::parts);
  nb::class_<BoundResult>(module, "BoundResult")
      .def_prop_ro("verdict",
                   [](const BoundResult& result) { return verdict_name(result.verdict); })
      .def_ro("bound", &BoundResult::bound)
      .def_ro("closed", &BoundResult::closed)
      .def_ro("seconds", &BoundResult::seconds);
  module.def("bound", &bound_shared, nb::arg("problem"), nb::arg("options"),
             nb::arg("on_progress").none(), nb::arg("should_stop").none());
}

void bind_reductions(nb::module_& module) {
  nb::class_<ReductionStep>(module, "ReductionStep")
      .def_ro("name", &ReductionStep::name)
      .def_ro("variables", &ReductionStep::variables)
      .def_ro("values", &ReductionStep::values)
      .def_ro("edges", &ReductionStep::edges)
      .def_ro("times", &ReductionStep::times)
      .def_ro("seconds", &ReductionStep::seconds);
  nb::class_<ReductionInfo>(module, "ReductionInfo")
      .def_ro("steps", &ReductionInfo::steps)
      .def_prop_ro("verdict", [](const ReductionInfo& info) { return verdict_name(info.verdict); })
      .def_ro("description", &ReductionInfo::description)
      .def_ro("seconds", &ReductionInfo::seconds);
  module.def("reduce_info", &reduce_shared, nb::arg("problem"));
}

}  // namespace

void bind_tools(nb::module_& module) {
  bind_generator(module);
  bind_bound(module);
  bind_reductions(module);
}

}  // namespace warpshard::python
