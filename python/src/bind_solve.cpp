#include "python/src/bind_solve.h"

#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "python/src/background.h"
#include "python/src/bind_problem.h"
#include "python/src/int128.h"
#include "warpshard/parameters.h"
#include "warpshard/plan_store.h"
#include "warpshard/solve.h"

namespace warpshard::python {

namespace nb = nanobind;

namespace {

/// What a run of solve() leaves: the result, the news whenever the incumbent or the bound had
/// changed, what in the store could not be read or written, and the exception that a callback or a
/// signal handler raised, or None. (A tuple, so that the garbage collector finds the exception,
/// whose traceback refers back to it.)
using Run = std::tuple<SolverResult, std::vector<Progress>, std::vector<StoreFault>, nb::object>;

bool same_news(const Progress& a, const Progress& b) {
  return a.incumbent == b.incumbent && a.bound == b.bound;
}

/// What the search tells goes to the trace and, by way of the calling thread, to Python.
class Reporter {
 public:
  /// The callables may be None; they outlive this.
  Reporter(Background& background, const nb::object& on_progress, const nb::object& on_incumbent,
           const nb::object& on_checkpoint)
      : background_(background),
        on_progress_(on_progress),
        on_incumbent_(on_incumbent),
        on_checkpoint_(on_checkpoint) {}

  SolverCallbacks callbacks() {
    SolverCallbacks callbacks;
    callbacks.on_progress = [this](const Progress& progress) { note(progress); };
    if (!on_incumbent_.is_none())
      callbacks.on_incumbent = [this](const Plan& plan, const Evaluation& evaluation) {
        background_.post([this, plan, evaluation] { on_incumbent_(plan, evaluation); });
      };
    if (!on_checkpoint_.is_none())
      callbacks.on_checkpoint = [this](std::span<const std::byte> bytes) {
        background_.post([this, copy = std::vector(bytes.begin(), bytes.end())] {
          on_checkpoint_(nb::bytes(copy.data(), copy.size()));
        });
      };
    callbacks.should_stop = [this] { return background_.stop().load(); };
    return callbacks;
  }

  std::vector<Progress> take_trace() { return std::move(trace_); }

 private:
  void note(const Progress& progress) {
    if ((progress.incumbent || progress.bound) &&
        (trace_.empty() || !same_news(trace_.back(), progress)))
      trace_.push_back(progress);
    if (!on_progress_.is_none()) background_.post([this, progress] { on_progress_(progress); });
  }

  Background& background_;
  const nb::object& on_progress_;
  const nb::object& on_incumbent_;
  const nb::object& on_checkpoint_;
  std::vector<Progress> trace_;
};

Run solve_problem(SharedProblem& shared, SolverOptions options, const nb::object& on_progress,
                  const nb::object& on_incumbent, const nb::object& should_stop,
                  const PlanStore* store, const std::optional<nb::bytes>& checkpoint,
                  const nb::object& on_checkpoint) {
  const SharedProblem::Reader reader(shared);
  Background background;
  Reporter reporter(background, on_progress, on_incumbent, on_checkpoint);
  const SolverCallbacks callbacks = reporter.callbacks();
  options.start = std::chrono::steady_clock::now();
  if (checkpoint)
    options.checkpoint = std::as_bytes(std::span(checkpoint->c_str(), checkpoint->size()));
  SolverResult result;
  std::vector<StoreFault> faults;
  const auto search = [&] {
    if (store == nullptr) {
      result = solve(reader.problem(), options, callbacks);
      return;
    }
    result = solve_with_store(*store, reader.problem(), options, callbacks, /*file=*/{},
                              [&](const StoreFault& fault) { faults.push_back(fault); });
  };
  nb::object raised = background.run(search, should_stop);
  return {std::move(result), reporter.take_trace(), std::move(faults), std::move(raised)};
}

std::optional<std::vector<std::int32_t>> plan_of(const SolverResult& result) {
  if (result.plan.empty()) return std::nullopt;
  return result.plan;
}

/// (time, price)
std::vector<std::pair<std::int64_t, double>> pairs_of(const std::vector<TimePrice>& prices) {
  std::vector<std::pair<std::int64_t, double>> pairs;
  for (const TimePrice& price : prices) pairs.emplace_back(price.time, price.price);
  return pairs;
}

void bind_options(nb::module_& module) {
  nb::class_<SolverOptions>(module, "SolverOptions")
      .def(nb::init<>())
      .def_rw("deadline_seconds", &SolverOptions::deadline_seconds)
      .def_rw("seed", &SolverOptions::seed)
      .def_rw("threads", &SolverOptions::threads)
      .def_rw("device", &SolverOptions::device)
      .def_rw("gap", &SolverOptions::gap)
      .def_rw("target", &SolverOptions::target, nb::arg("cost").none())
      .def_rw("work_limit", &SolverOptions::work_limit)
      .def_rw("checkpoint_seconds", &SolverOptions::checkpoint_seconds)
      .def_rw("memory_limit", &SolverOptions::memory_limit)
      .def_rw("memory_in_use", &SolverOptions::memory_in_use)
      .def_rw("initial_plan", &SolverOptions::initial_plan)
      .def_rw("hint", &SolverOptions::hint)
      .def_prop_rw(
          "prices", [](const SolverOptions& options) { return pairs_of(options.prices); },
          [](SolverOptions& options, const std::vector<std::pair<std::int64_t, double>>& pairs) {
            options.prices.clear();
            for (const auto& [time, price] : pairs) options.prices.push_back({time, price});
          })
      .def_prop_rw(
          "parameters",
          [](const SolverOptions& options) { return format_parameters(options.parameters); },
          [](SolverOptions& options, const std::string& json) {
            options.parameters = value_or_raise(parse_parameters(json));
          });
}

}  // namespace

void bind_solve(nb::module_& module) {
  bind_options(module);
  nb::class_<Progress>(module, "Progress")
      .def_ro("seconds", &Progress::seconds)
      .def_ro("incumbent", &Progress::incumbent)
      .def_ro("bound", &Progress::bound)
      .def_ro("visits", &Progress::visits)
      .def_ro("source", &Progress::source)
      .def_ro("note", &Progress::note);
  nb::class_<WorkerAccount>(module, "WorkerAccount")
      .def_ro("worker", &WorkerAccount::worker)
      .def_ro("seconds", &WorkerAccount::seconds)
      .def_ro("work", &WorkerAccount::work)
      .def_ro("tasks", &WorkerAccount::tasks)
      .def_ro("offers", &WorkerAccount::offers)
      .def_ro("improvements", &WorkerAccount::improvements)
      .def_ro("gain", &WorkerAccount::gain);
  nb::class_<SolverResult>(module, "SolverResult")
      .def_prop_ro("status", [](const SolverResult& result) { return to_string(result.status); })
      .def_prop_ro("plan", &plan_of)
      .def_ro("evaluation", &SolverResult::evaluation)
      .def_ro("bound", &SolverResult::bound)
      .def_prop_ro("prices", [](const SolverResult& result) { return pairs_of(result.prices); })
      .def_ro("source", &SolverResult::source)
      .def_ro("seconds", &SolverResult::seconds)
      .def_ro("visits", &SolverResult::visits)
      .def_ro("accounts", &SolverResult::accounts)
      .def_ro("message", &SolverResult::message);
  module.def("solve", &solve_problem, nb::arg("problem"), nb::arg("options"),
             nb::arg("on_progress").none(), nb::arg("on_incumbent").none(),
             nb::arg("should_stop").none(), nb::arg("store").none(), nb::arg("checkpoint").none(),
             nb::arg("on_checkpoint").none());
}

}  // namespace warpshard::python
