#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "host/cli/exit_codes.h"
#include "host/cli/input.h"
#include "host/cli/run_options.h"
#include "host/device/device_choice.h"
#include "host/model/flat_model.h"
#include "host/portfolio/limits.h"
#include "host/portfolio/threads.h"
#include "host/reduce/reduction.h"
#include "host/search/throughput.h"

namespace warpshard::cli {
namespace {

struct BenchOptions {
  std::string file;
  double seconds = 1;
  std::uint64_t seed = 1;
  int threads = 0;
  std::string device = "auto";
  std::vector<std::string> moves;  ///< by name; none: all
  bool gpu_only = false;
  bool json = false;
};

/// Threads that got less of their cores than this shared them with other work.
constexpr double kBusy = 0.9;

/// A measurement and its ratio to what the CPU did with the same moves, where that was measured.
struct Row {
  Throughput figures;
  std::optional<double> versus_one_core;
  std::optional<double> versus_all_cores;
};

/// All measurements of one run.
struct Report {
  std::string devices;  ///< which run, and why
  float temperature = 0;
  std::vector<Row> rows;
};

/// Those asked for, in the order of move_kinds().
std::vector<MoveKind> chosen_kinds(const std::vector<std::string>& names) {
  std::vector<MoveKind> kinds;
  for (const MoveKind& kind : move_kinds())
    if (names.empty() || std::ranges::find(names, kind.name) != names.end()) kinds.push_back(kind);
  return kinds;
}

Result<Report> measure(const FlatModel& flat, const BenchOptions& options,
                       const ChosenDevices& devices) {
  const int threads = options.threads > 0 ? options.threads : default_threads();
  const ThroughputBench bench(flat, options.seed, options.seconds);
  if (!bench.has_moves()) return Error{"no two variables are neighbours after the reductions"};
  const auto kinds = chosen_kinds(options.moves);
  std::vector<Throughput> one_core;
  std::vector<Throughput> all_cores;
  for (const MoveKind& kind : kinds) {
    if (options.gpu_only) break;
    one_core.push_back(bench.on_cpu(kind, 1, options.seconds));
    all_cores.push_back(bench.on_cpu(kind, threads, options.seconds));
  }
  Report report{devices.reason, bench.temperature(), {}};
  const auto add = [&](const std::vector<Throughput>& results) {
    for (std::size_t k = 0; k < results.size(); ++k) {
      Row row{results[k], {}, {}};
      const double deltas = results[k].deltas_per_second();
      if (!one_core.empty()) row.versus_one_core = deltas / one_core[k].deltas_per_second();
      if (!all_cores.empty()) row.versus_all_cores = deltas / all_cores[k].deltas_per_second();
      report.rows.push_back(std::move(row));
    }
  };
  add(one_core);
  add(all_cores);
  for (const DeviceInfo& gpu : devices.gpus) {
    const auto results = bench.on_gpu(gpu, kinds, options.seconds);
    if (!results) return results.error();
    add(*results);
  }
  return report;
}

nlohmann::json to_json(const Row& row) {
  const Throughput& figures = row.figures;
  nlohmann::json json{{"device", figures.device},
                      {"move", figures.move},
                      {"chains", figures.chains},
                      {"seconds", figures.seconds},
                      {"cpu_share", figures.cpu_share},
                      {"visits_per_second", figures.visits_per_second()},
                      {"deltas_per_second", figures.deltas_per_second()},
                      {"accepted_moves_per_second", figures.accepted_per_second()},
                      {"changes_per_second", figures.changes_per_second()},
                      {"accepted_blocks", figures.accepted_blocks()},
                      {"estimated_bytes_per_second", figures.bytes_per_second()}};
  if (row.versus_one_core) json["versus_one_core"] = *row.versus_one_core;
  if (row.versus_all_cores) json["versus_all_cores"] = *row.versus_all_cores;
  return json;
}

void print_json(const BenchOptions& options, const FlatModel& flat, const Report& report) {
  nlohmann::json json{{"file", options.file},
                      {"devices", report.devices},
                      {"temperature", report.temperature},
                      {"variables", flat.domains.size()},
                      {"arcs", flat.arcs.size()},
                      {"time_points", flat.capacity.size()}};
  for (const Row& row : report.rows) json["measurements"].push_back(to_json(row));
  const auto text =
      json.dump(2, ' ', /*ensure_ascii=*/true, nlohmann::json::error_handler_t::replace);
  std::puts(text.c_str());
}

std::string ratio(const std::optional<double>& value) {
  if (!value) return "-";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f", *value);
  return text.data();
}

void print_table(const Report& report) {
  std::printf("# devices: %s\n", report.devices.c_str());
  std::printf(
      "# bytes are what moves touch, estimated from counts, most of it in caches; rates are per "
      "second\n");
  std::printf("%-24s %-9s %7s %10s %10s %10s %10s %8s %9s %9s\n", "device", "move", "chains",
              "visits", "deltas", "accepted", "changes", "GB", "x 1 core", "x all");
  for (const Row& row : report.rows) {
    const Throughput& figures = row.figures;
    std::printf("%-24s %-9s %7lld %10.3g %10.3g %10.3g %10.3g %8.3g %9s %9s",
                figures.device.c_str(), figures.move.c_str(),
                static_cast<long long>(figures.chains), figures.visits_per_second(),
                figures.deltas_per_second(), figures.accepted_per_second(),
                figures.changes_per_second(), figures.bytes_per_second() * 1e-9,
                ratio(row.versus_one_core).c_str(), ratio(row.versus_all_cores).c_str());
    if (figures.cpu_share < kBusy)
      std::printf("  got %.0f%% of its cores", 100 * figures.cpu_share);
    std::printf("\n");
  }
}

int bench(const BenchOptions& options) {
  const auto choice = parse_device_choice(options.device);
  if (!choice) return report_failure(kExitUsage, choice.error().message);
  const auto devices = choose_devices(*choice);
  if (!devices) return report_failure(kExitNoDevice, devices.error().message);
  if (options.gpu_only && devices->gpus.empty())
    return report_failure(kExitNoDevice, "nothing to measure: " + devices->reason);
  const auto problem = read_instance(options.file);
  if (!problem) return report_failure(kExitBadInput, problem.error().message);
  if (const auto refusal = refuse_search(*problem))
    return report_failure(kExitBadInput, options.file + ": " + refusal->message);
  const auto reduction = reduce_problem(*problem);
  if (!reduction)
    return report_failure(kExitBadInput, options.file + ": " + reduction.error().message);
  if (reduction->verdict != ReductionVerdict::kOpen)
    return report_failure(kExitInfeasible, options.file + ": " + reduction->description());
  const FlatModel flat(reduction->reducer.model());
  const auto report = measure(flat, options, *devices);
  if (!report) return report_failure(kExitInternal, report.error().message);
  if (options.json) {
    print_json(options, flat, *report);
  } else {
    print_table(*report);
  }
  return kExitSuccess;
}

}  // namespace

void add_bench_command(CLI::App& app, Command& selected) {
  const auto options = std::make_shared<BenchOptions>();
  auto* command = app.add_subcommand("bench", "measure the search's moves, per device and kind");
  command->add_option("FILE", options->file, "instance")->required()->type_name("");
  command->add_option("--seconds", options->seconds, "length of each measurement")
      ->capture_default_str()
      ->check(positive_seconds())
      ->type_name("S");
  command->add_option("--seed", options->seed, "seed of all random decisions")
      ->capture_default_str()
      ->type_name("N");
  add_threads_option(*command, options->threads);
  command->add_option("--device", options->device, "auto, cpu, cuda or cuda:N[,N...]")
      ->capture_default_str()
      ->type_name("NAME");
  std::vector<std::string> names;
  for (const MoveKind& kind : move_kinds()) names.emplace_back(kind.name);
  command->add_option("--moves", options->moves, "these kinds of moves alone: NAME[,NAME...]")
      ->delimiter(',')
      ->check(CLI::IsMember(names))
      ->type_name("NAMES");
  command->add_flag("--gpu-only", options->gpu_only, "leave the CPU out, and ratios to it");
  command->add_flag("--json", options->json, "print JSON");
  command->callback([&selected, options] { selected = [options] { return bench(*options); }; });
}

}  // namespace warpshard::cli
