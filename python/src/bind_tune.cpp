#include "python/src/bind_tune.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "host/store/record.h"
#include "host/tune/roster.h"
#include "host/tune/slice.h"
#include "host/tune/tuned_files.h"
#include "python/src/background.h"
#include "python/src/bind_problem.h"

namespace warpshard::python {

namespace nb = nanobind;

namespace {

using tune::Roster;
using tune::SliceResult;
using tune::SliceTask;
using tune::TunedInstance;
using tune::TunerOptions;

/// What travels between machines, as a tuple that pickles.
auto packed(const SliceTask& task) {
  return std::tuple(task.file, task.threads, task.device, task.seed, task.gap, task.memory,
                    task.work_limit, task.most_seconds, task.length.first, task.length.longest,
                    task.save_every);
}

SliceTask unpacked_task(const decltype(packed(SliceTask{}))& state) {
  SliceTask task;
  std::tie(task.file, task.threads, task.device, task.seed, task.gap, task.memory, task.work_limit,
           task.most_seconds, task.length.first, task.length.longest, task.save_every) = state;
  return task;
}

using PackedCost = std::optional<std::tuple<std::int64_t, std::string>>;

PackedCost packed(const std::optional<Cost>& cost) {
  if (!cost) return std::nullopt;
  return std::tuple(cost->forbidden, to_string(cost->finite));
}

std::optional<Cost> unpacked(const PackedCost& cost) {
  if (!cost) return std::nullopt;
  const auto finite = store::parse_int128(std::get<1>(*cost));
  if (!finite) throw nb::value_error("not a cost");
  return Cost{std::get<0>(*cost), *finite};
}

auto packed(const SliceResult& result) {
  std::vector<std::tuple<std::string, std::string>> faults;
  for (const StoreFault& fault : result.faults) faults.emplace_back(fault.path, fault.reason);
  return std::tuple(result.error, result.name, result.key, packed(result.cost),
                    packed(result.bound), result.infeasible, result.settled, result.attempts,
                    result.spent, result.seconds, result.gap, result.gain, std::move(faults));
}

SliceResult unpacked_result(const decltype(packed(SliceResult{}))& state) {
  SliceResult result;
  PackedCost cost;
  PackedCost bound;
  std::vector<std::tuple<std::string, std::string>> faults;
  std::tie(result.error, result.name, result.key, cost, bound, result.infeasible, result.settled,
           result.attempts, result.spent, result.seconds, result.gap, result.gain, faults) = state;
  result.cost = unpacked(cost);
  result.bound = unpacked(bound);
  for (auto& [path, reason] : faults) result.faults.push_back({path, reason});
  return result;
}

/// A slice in this process; the exception that a signal handler raised meanwhile, or None, beside
/// what was found until then.
std::tuple<SliceResult, nb::object> run_slice(const std::string& layers, const SliceTask& task) {
  const PlanStore store = value_or_raise(PlanStore::open(layers));
  SliceResult result;
  Background background;
  nb::object raised =
      background.run([&] { result = tune::run_slice(store, task, background.stop()); }, nb::none());
  return {std::move(result), std::move(raised)};
}

/// `weights`: by file name, as "NAME=W".
std::unique_ptr<Roster> make_roster(const std::vector<std::string>& paths,
                                    const std::vector<std::string>& weights,
                                    const TunerOptions& options, const std::string& leases) {
  return std::make_unique<Roster>(value_or_raise(tune::tuned_files(paths, weights, {})), options,
                                  leases);
}

void bind_slice(nb::module_& module) {
  nb::class_<SliceTask>(module, "SliceTask")
      .def_ro("file", &SliceTask::file)
      .def("__getstate__", [](const SliceTask& task) { return packed(task); })
      .def("__setstate__", [](SliceTask& task, const decltype(packed(SliceTask{}))& state) {
        new (&task) SliceTask(unpacked_task(state));
      });
  nb::class_<SliceResult>(module, "SliceResult")
      .def("__init__",
           [](SliceResult* place, std::string error) {
             new (place) SliceResult();
             place->error = std::move(error);
           })
      .def_ro("faults", &SliceResult::faults)
      .def("__getstate__", [](const SliceResult& result) { return packed(result); })
      .def("__setstate__", [](SliceResult& result, const decltype(packed(SliceResult{}))& state) {
        new (&result) SliceResult(unpacked_result(state));
      });
  module.def("run_slice", &run_slice, nb::arg("store"), nb::arg("task"));
}

void bind_roster(nb::module_& module) {
  nb::class_<TunerOptions>(module, "TunerOptions")
      .def(nb::init<>())
      .def_rw("seconds", &TunerOptions::seconds)
      .def_rw("gap", &TunerOptions::gap)
      .def_rw("device", &TunerOptions::device)
      .def_rw("seed", &TunerOptions::seed)
      .def_rw("save_every", &TunerOptions::save_every)
      .def_rw("work_limit", &TunerOptions::work_limit)
      .def_rw("slices", &TunerOptions::slices)
      .def_prop_rw(
          "first_slice", [](const TunerOptions& options) { return options.length.first; },
          [](TunerOptions& options, double seconds) { options.length.first = seconds; })
      .def_prop_rw(
          "longest_slice", [](const TunerOptions& options) { return options.length.longest; },
          [](TunerOptions& options, double seconds) { options.length.longest = seconds; });
  nb::class_<TunedInstance>(module, "TunedInstance")
      .def_ro("file", &TunedInstance::file)
      .def_ro("name", &TunedInstance::name)
      .def_ro("key", &TunedInstance::key)
      .def_ro("error", &TunedInstance::error)
      .def_ro("cost", &TunedInstance::cost)
      .def_ro("bound", &TunedInstance::bound)
      .def_prop_ro("gap", &TunedInstance::gap)
      .def_ro("infeasible", &TunedInstance::infeasible)
      .def_ro("settled", &TunedInstance::settled)
      .def_prop_ro("slices", [](const TunedInstance& instance) { return instance.standing.slices; })
      .def_prop_ro("seconds",
                   [](const TunedInstance& instance) { return instance.standing.seconds; });
  nb::class_<Roster>(module, "Roster")
      .def_prop_ro("instances", [](const Roster& roster) { return roster.instances(); })
      .def("next", &Roster::next)
      .def("width_of", &Roster::width_of)
      .def("begin", &Roster::begin)
      .def("end", &Roster::end)
      .def("lose", &Roster::lose)
      .def("beat", &Roster::beat)
      .def("time_is_up", &Roster::time_is_up)
      .def("finished", &Roster::finished);
  module.def("roster", &make_roster, nb::arg("paths"), nb::arg("weights"), nb::arg("options"),
             nb::arg("leases"));
}

}  // namespace

void bind_tune(nb::module_& module) {
  bind_slice(module);
  bind_roster(module);
}

}  // namespace warpshard::python
