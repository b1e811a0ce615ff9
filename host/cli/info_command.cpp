#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "host/cli/escape.h"
#include "host/cli/exit_codes.h"
#include "host/cli/input.h"
#include "warpshard/reduce.h"

namespace warpshard::cli {
namespace {

struct InfoOptions {
  std::string file;
  bool json = false;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void print_table(const Problem& problem, const ReductionInfo& reduction, double load_seconds) {
  const auto limit = problem.usage_limit ? std::to_string(*problem.usage_limit) : "none";
  std::printf("instance %s: %d nodes, %lld edges, limit %s; loaded in %.3f s\n\n",
              escaped(problem.name).c_str(), problem.num_nodes(),
              static_cast<long long>(problem.num_edges()), limit.c_str(), load_seconds);
  std::printf("%-18s %10s %10s %10s %11s %9s\n", "after", "variables", "values", "edges",
              "time points", "seconds");
  for (const auto& step : reduction.steps) {
    std::printf("%-18s %10lld %10lld %10lld %11lld %9.3f\n", step.name.c_str(),
                static_cast<long long>(step.variables), static_cast<long long>(step.values),
                static_cast<long long>(step.edges), static_cast<long long>(step.times),
                step.seconds);
  }
  std::printf("\n%s; reduced in %.3f s\n", reduction.description.c_str(), reduction.seconds);
}

void print_json(const Problem& problem, const ReductionInfo& reduction, double load_seconds) {
  nlohmann::ordered_json json{
      {"instance", problem.name},         {"nodes", problem.num_nodes()},
      {"edges", problem.num_edges()},     {"usage_limit", nullptr},
      {"load_seconds", load_seconds},     {"reduce_seconds", reduction.seconds},
      {"verdict", reduction.description}, {"steps", nlohmann::ordered_json::array()}};
  if (problem.usage_limit) json["usage_limit"] = *problem.usage_limit;
  for (const auto& step : reduction.steps) {
    json["steps"].push_back({{"step", step.name},
                             {"variables", step.variables},
                             {"values", step.values},
                             {"edges", step.edges},
                             {"time_points", step.times},
                             {"seconds", step.seconds}});
  }
  constexpr int kIndent = 2;
  const auto text =
      json.dump(kIndent, ' ', /*ensure_ascii=*/true, nlohmann::json::error_handler_t::replace);
  std::printf("%s\n", text.c_str());
}

int info(const InfoOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const auto problem = read_instance(options.file);
  const double load_seconds = seconds_since(start);
  if (!problem) return report_failure(kExitBadInput, problem.error().message);
  const auto reduction = reduce_info(*problem);
  if (!reduction)
    return report_failure(kExitBadInput, options.file + ": " + reduction.error().message);
  if (options.json)
    print_json(*problem, *reduction, load_seconds);
  else
    print_table(*problem, *reduction, load_seconds);
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
