#include "python/src/bind_problem.h"

#include <nanobind/ndarray.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "python/src/arrays.h"
#include "python/src/int128.h"
#include "warpshard/builder.h"
#include "warpshard/evaluate.h"
#include "warpshard/load.h"
#include "warpshard/plan.h"
#include "warpshard/repair.h"
#include "warpshard/save.h"

namespace warpshard::python {

namespace nb = nanobind;

Problem& SharedProblem::change() {
  if (readers_ > 0) throw std::runtime_error("the problem is being solved; it cannot change now");
  return problem_;
}

void SharedProblem::set_table(std::int64_t edge, const std::int64_t* entries, std::size_t size) {
  Problem& problem = change();
  if (edges_of_table_.empty()) {
    edges_of_table_.resize(problem.table_offsets.size() - 1);
    for (const std::int32_t table : problem.edge_tables) ++edges_of_table_[table];
  }
  std::int32_t& table = problem.edge_tables[edge];
  if (edges_of_table_[table] > 1) {
    --edges_of_table_[table];
    table = static_cast<std::int32_t>(edges_of_table_.size());
    edges_of_table_.push_back(1);
    problem.entries.insert(problem.entries.end(), entries, entries + size);
    problem.table_offsets.push_back(static_cast<std::int64_t>(problem.entries.size()));
  } else {
    std::copy(entries, entries + size, problem.entries.begin() + problem.table_offsets[table]);
  }
}

namespace {

using Pairs = nb::ndarray<const std::int64_t, nb::shape<-1, 2>, nb::c_contig, nb::device::cpu>;

SharedProblem build(const std::string& name, const Longs& strategy_offsets, const Longs& costs,
                    const Longs& usages, const Pairs& intervals, const Longs& edge_offsets,
                    const Ints& edge_nodes, const Longs& table_offsets, const Longs& entries,
                    std::optional<Ints> edge_tables, std::optional<std::int64_t> usage_limit) {
  if (usages.size() != costs.size()) throw nb::value_error("usages: expected as many as costs");
  if (intervals.shape(0) + 1 != strategy_offsets.size())
    throw nb::value_error("intervals: expected one per node");
  std::vector<Interval> times(intervals.shape(0));
  for (std::size_t node = 0; node < times.size(); ++node)
    times[node] = {intervals(node, 0), intervals(node, 1)};
  const nb::gil_scoped_release release;
  ProblemBuilder builder;
  builder.set_name(name);
  if (usage_limit) builder.set_usage_limit(*usage_limit);
  builder.add_nodes({times, span_of(strategy_offsets), span_of(costs), span_of(usages)});
  EdgeArrays edges{
      span_of(edge_nodes), span_of(edge_offsets), {}, span_of(table_offsets), span_of(entries)};
  if (edge_tables) edges.tables = span_of(*edge_tables);
  // No list of tables means one table per edge, which a list of none does not.
  if (!edge_tables || edge_tables->size() > 0) builder.add_edges(edges);
  return SharedProblem(value_or_raise(builder.build()));
}

SharedProblem load(const std::filesystem::path& path, std::int64_t memory_limit) {
  const nb::gil_scoped_release release;
  return SharedProblem(value_or_raise(load_problem(path.string(), {.memory_limit = memory_limit})));
}

SharedProblem parse(const nb::bytes& document) {
  const std::span<const char> text{document.c_str(), document.size()};
  const nb::gil_scoped_release release;
  return SharedProblem(value_or_raise(load_problem(text)));
}

void save(SharedProblem& shared, const std::filesystem::path& path) {
  const SharedProblem::Reader reader(shared);
  std::optional<Error> error;
  {
    const nb::gil_scoped_release release;
    error = save_problem(reader.problem(), path.string());
  }
  if (error) throw std::runtime_error(error->message);
}

Evaluation evaluate_plan(const SharedProblem& shared, const Ints& plan) {
  return value_or_raise(evaluate(shared.problem(), span_of(plan)));
}

/// Times, and the usage from each until the next.
std::pair<NumPy<std::int64_t>, std::vector<Int128>> usage_steps(const SharedProblem& shared,
                                                                const Ints& plan) {
  value_or_raise(evaluate(shared.problem(), span_of(plan)));
  std::vector<std::int64_t> times;
  std::vector<Int128> usages;
  for (const UsageStep& step : usage_over_time(shared.problem(), span_of(plan))) {
    times.push_back(step.time);
    usages.push_back(step.usage);
  }
  return {numpy_of(std::move(times)), std::move(usages)};
}

std::int32_t checked_node(const Problem& problem, std::int64_t node) {
  if (node < 0 || node >= problem.num_nodes())
    throw nb::index_error(("node " + std::to_string(node) + " is not in [0, " +
                           std::to_string(problem.num_nodes()) + ")")
                              .c_str());
  return static_cast<std::int32_t>(node);
}

std::int64_t checked_edge(const Problem& problem, std::int64_t edge) {
  if (edge < 0 || edge >= problem.num_edges())
    throw nb::index_error(("edge " + std::to_string(edge) + " is not in [0, " +
                           std::to_string(problem.num_edges()) + ")")
                              .c_str());
  return edge;
}

void check_size(std::size_t size, std::size_t expected) {
  if (size != expected)
    throw nb::value_error(
        (std::to_string(size) + " entries, expected " + std::to_string(expected)).c_str());
}

void set_node_costs(SharedProblem& shared, std::int64_t node, const Longs& costs) {
  Problem& problem = shared.change();
  const std::int32_t at = checked_node(problem, node);
  check_size(costs.size(), problem.node_costs(at).size());
  std::ranges::copy(span_of(costs), problem.costs.begin() + problem.strategy_offsets[at]);
}

void set_edge_costs(SharedProblem& shared, std::int64_t edge, const Longs& entries) {
  checked_edge(shared.problem(), edge);
  check_size(entries.size(), shared.problem().table_of_edge(edge).size());
  shared.set_table(edge, entries.data(), entries.size());
}

void set_usage_limit(SharedProblem& shared, std::optional<std::int64_t> limit) {
  if (limit && *limit < 0) throw nb::value_error("usage_limit is below zero");
  shared.change().usage_limit = limit;
}

/// An array of the problem, viewed for as long as the problem lives.
template <typename T>
auto array_of(std::vector<T> Problem::*member) {
  return [member](nb::handle_t<SharedProblem> self) {
    const auto& values = nb::cast<const SharedProblem&>(self).problem().*member;
    return numpy_view(std::span<const T>(values), self);
  };
}

/// The same for arrays that a change may move.
template <typename T>
auto copy_of(std::vector<T> Problem::*member) {
  return [member](const SharedProblem& shared) { return numpy_of(shared.problem().*member); };
}

nb::ndarray<nb::numpy, const std::int64_t, nb::shape<-1, 2>> intervals_of(
    nb::handle_t<SharedProblem> self) {
  static_assert(sizeof(Interval) == 2 * sizeof(std::int64_t));
  const auto& intervals = nb::cast<const SharedProblem&>(self).problem().intervals;
  return {intervals.empty() ? nullptr : &intervals.front().lower, {intervals.size(), 2}, self};
}

auto node_costs_of(const SharedProblem& shared, std::int64_t node) {
  const auto costs = shared.problem().node_costs(checked_node(shared.problem(), node));
  return numpy_of(std::vector<std::int64_t>(costs.begin(), costs.end()));
}

auto table_of(const SharedProblem& shared, std::int64_t edge) {
  const auto entries = shared.problem().table_of_edge(checked_edge(shared.problem(), edge));
  return numpy_of(std::vector<std::int64_t>(entries.begin(), entries.end()));
}

/// A plan within the limit, whether it is, and what was changed, in words.
std::tuple<NumPy<std::int32_t>, bool, std::string> repair(const SharedProblem& shared,
                                                          const Ints& plan) {
  RepairedPlan repaired = repair_plan(shared.problem(), span_of(plan));
  std::string description = repaired.description();
  return {numpy_of(std::move(repaired.plan)), repaired.within_limit, std::move(description)};
}

}  // namespace

void bind_problem(nb::module_& module) {
  nb::class_<Cost>(module, "Cost")
      .def_ro("forbidden", &Cost::forbidden)
      .def_ro("finite", &Cost::finite);
  nb::class_<Evaluation>(module, "Evaluation")
      .def_ro("cost", &Evaluation::cost)
      .def_ro("peak_usage", &Evaluation::peak_usage)
      .def_ro("peak_time", &Evaluation::peak_time)
      .def_ro("violations", &Evaluation::violations)
      .def_ro("within_limit", &Evaluation::within_limit);
  nb::class_<SharedProblem>(module, "Problem")
      .def_prop_ro("name", [](const SharedProblem& shared) { return shared.problem().name; })
      .def_prop_ro("num_nodes",
                   [](const SharedProblem& shared) { return shared.problem().num_nodes(); })
      .def_prop_ro("num_edges",
                   [](const SharedProblem& shared) { return shared.problem().num_edges(); })
      .def_prop_rw(
          "usage_limit", [](const SharedProblem& shared) { return shared.problem().usage_limit; },
          &set_usage_limit, nb::arg("limit").none())
      .def_prop_ro("strategy_offsets", array_of(&Problem::strategy_offsets))
      .def_prop_ro("costs", array_of(&Problem::costs))
      .def_prop_ro("usages", array_of(&Problem::usages))
      .def_prop_ro("intervals", &intervals_of)
      .def_prop_ro("edge_offsets", array_of(&Problem::edge_offsets))
      .def_prop_ro("edge_nodes", array_of(&Problem::edge_nodes))
      .def_prop_ro("edge_tables", array_of(&Problem::edge_tables))
      .def_prop_ro("table_offsets", copy_of(&Problem::table_offsets), nb::rv_policy::automatic)
      .def_prop_ro("entries", copy_of(&Problem::entries), nb::rv_policy::automatic)
      .def("node_costs", &node_costs_of, nb::arg("node"))
      .def("edge_costs", &table_of, nb::arg("edge"))
      .def("require_unread", [](SharedProblem& shared) { shared.change(); })
      .def("set_node_costs", &set_node_costs, nb::arg("node"), nb::arg("costs"))
      .def("set_edge_costs", &set_edge_costs, nb::arg("edge"), nb::arg("entries"))
      .def("evaluate", &evaluate_plan, nb::arg("plan"))
      .def("usage_over_time", &usage_steps, nb::arg("plan"))
      .def("repair", &repair, nb::arg("plan"))
      .def("save", &save, nb::arg("path"));
  module.def("build", &build, nb::arg("name"), nb::arg("strategy_offsets"), nb::arg("costs"),
             nb::arg("usages"), nb::arg("intervals"), nb::arg("edge_offsets"),
             nb::arg("edge_nodes"), nb::arg("table_offsets"), nb::arg("entries"),
             nb::arg("edge_tables").none(), nb::arg("usage_limit").none());
  module.def("load", &load, nb::arg("path"), nb::arg("memory_limit") = 0);
  module.def("parse", &parse, nb::arg("document"));
}

}  // namespace warpshard::python
