#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "host/cli/exit_codes.h"
#include "host/io/load.h"
#include "host/reduce/reducer.h"

namespace warpshard::cli {
namespace {

struct InfoOptions {
  std::string file;
  bool json = false;
};

/// What the reductions made of an instance.
struct Report {
  std::vector<ReductionStep> steps;
  std::string verdict;
  double load_seconds = 0;
  double reduce_seconds = 0;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string name_of(ReductionVerdict verdict, bool allow_forbidden) {
  switch (verdict) {
    case ReductionVerdict::kInfeasible:
      return "no plan is within the limit";
    case ReductionVerdict::kNoPlanWithoutForbidden:
      return "every plan within the limit has forbidden entries";
    case ReductionVerdict::kOpen:
      break;
  }
  return allow_forbidden ? "open; every plan within the limit has forbidden entries" : "open";
}

/// Reduces with forbidden entries as hard and, where that leaves no plan, once more without.
Result<Report> reduce(const Problem& problem) {
  const auto start = std::chrono::steady_clock::now();
  for (const bool allow_forbidden : {false, true}) {
    auto reducer = Reducer::create(problem, {.allow_forbidden = allow_forbidden});
    if (!reducer) return reducer.error();
    const auto verdict = reducer->run();
    if (verdict == ReductionVerdict::kNoPlanWithoutForbidden && !allow_forbidden) continue;
    return Report{.steps = reducer->steps(),
                  .verdict = name_of(verdict, allow_forbidden),
                  .reduce_seconds = seconds_since(start)};
  }
  return Error{"no verdict"};
}

void print_table(const Problem& problem, const Report& report) {
  const auto limit = problem.usage_limit ? std::to_string(*problem.usage_limit) : "none";
  std::printf("instance %s: %d nodes, %lld edges, limit %s; loaded in %.3f s\n\n",
              problem.name.c_str(), problem.num_nodes(),
              static_cast<long long>(problem.num_edges()), limit.c_str(), report.load_seconds);
  std::printf("%-18s %10s %10s %10s %11s %9s\n", "after", "variables", "values", "edges",
              "time points", "seconds");
  for (const auto& step : report.steps) {
    std::printf("%-18s %10lld %10lld %10lld %11lld %9.3f\n", step.name.c_str(),
                static_cast<long long>(step.variables), static_cast<long long>(step.values),
                static_cast<long long>(step.edges), static_cast<long long>(step.times),
                step.seconds);
  }
  std::printf("\n%s; reduced in %.3f s\n", report.verdict.c_str(), report.reduce_seconds);
}

void print_json(const Problem& problem, const Report& report) {
  nlohmann::ordered_json json{{"instance", problem.name},
                              {"nodes", problem.num_nodes()},
                              {"edges", problem.num_edges()},
                              {"usage_limit", nullptr},
                              {"load_seconds", report.load_seconds},
                              {"reduce_seconds", report.reduce_seconds},
                              {"verdict", report.verdict},
                              {"steps", nlohmann::ordered_json::array()}};
  if (problem.usage_limit) json["usage_limit"] = *problem.usage_limit;
  for (const auto& step : report.steps) {
    json["steps"].push_back({{"step", step.name},
                             {"variables", step.variables},
                             {"values", step.values},
                             {"edges", step.edges},
                             {"time_points", step.times},
                             {"seconds", step.seconds}});
  }
  constexpr int kIndent = 2;
  const auto text = json.dump(kIndent, ' ', false, nlohmann::json::error_handler_t::replace);
  std::printf("%s\n", text.c_str());
}

int info(const InfoOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const auto problem = load_problem(options.file);
  const double load_seconds = seconds_since(start);
  if (!problem) return report_failure(kExitBadInput, problem.error().message);
  auto report = reduce(*problem);
  if (!report) return report_failure(kExitBadInput, options.file + ": " + report.error().message);
  report->load_seconds = load_seconds;
  options.json ? print_json(*problem, *report) : print_table(*problem, *report);
  return kExitSuccess;
}

}  // namespace

void add_info_command(CLI::App& app, Command& selected) {
  const auto options = std::make_shared<InfoOptions>();
  auto* command = app.add_subcommand("info", "sizes before and after each exact reduction");
  command->add_option("FILE", options->file, "instance")->required()->type_name("");
  command->add_flag("--json", options->json, "as JSON");
  command->callback([&selected, options] { selected = [options] { return info(*options); }; });
}

}  // namespace warpshard::cli
