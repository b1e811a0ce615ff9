// What the way from an instance's file to its core leaves, and how long each part of it takes.
//
//   bench_reduce [--allow-forbidden] [--threads N] [--steps] FILE...
//
// Prints for each instance the sizes before and after, and the best of five runs of each part, in
// seconds:
//   load    load_problem()
//   create  Reducer::create()
//   run     Reducer::run()
//   flat    Reducer::model() and its FlatModel
//   again   run() after one value of every fourth variable was removed, as reduced costs do
//   cpu     all but `again`, on all cores: what other processes take does not add to it
// and a hash of both cores and of plans lifted from them: equal hashes mean equal results.
// --steps adds how long each kind of reduction took in the last of the runs.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "host/model/flat_model.h"
#include "host/model/list_hash.h"
#include "host/reduce/reducer.h"
#include "warpshard/load.h"

namespace {

constexpr int kRepeats = 5;

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double elapsed_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Times {
  double load = 1e9;
  double create = 1e9;
  double run = 1e9;
  double flat = 1e9;
  double again = 1e9;
  double cpu = 1e9;
};

/// Keeps the lesser of `best` and the time since `start`.
void keep_best(double& best, double start) {
  best = std::min(best, elapsed_seconds() - start);
}

/// Variables that some edge touches.
int connected(const warpshard::Model& model) {
  std::vector<char> touched(model.num_variables(), 0);
  for (const auto& edge : model.edges) touched[edge.u] = touched[edge.v] = 1;
  return static_cast<int>(std::ranges::count(touched, 1));
}

class Fingerprint {
 public:
  template <typename Range>
  void add(const Range& range) {
    hash_ = warpshard::mix(hash_ * 31 + warpshard::hash_of(range));
  }
  template <typename List>
  void add_entries(List entries) {
    for (std::int64_t& entry : entries)  // as they are written in an instance
      if (warpshard::forbids(entry)) entry = warpshard::finite_part(entry) + warpshard::kForbidden;
    add(entries);
  }
  void add(const warpshard::Model& model) {
    add(std::array{model.constant.forbidden, static_cast<std::int64_t>(model.constant.finite)});
    add(model.value_offsets);
    add_entries(model.unary);
    for (const auto& edge : model.edges) add(std::array{edge.u, edge.v, edge.table});
    add(model.table_offsets);
    add_entries(model.entries);
    add(model.segment_offsets);
    for (const auto& segment : model.segments)
      add(std::array<std::int64_t, 3>{segment.begin, segment.end, segment.usage_offset});
    add(model.segment_usage);
    add(model.capacity);
  }
  void add(const warpshard::FlatModel& flat) {
    add(flat.row_offsets);
    add_entries(flat.exact_unary);
    add(flat.unary);
    for (const auto& arc : flat.arcs)
      add(std::array<std::int64_t, 3>{arc.neighbour, arc.reverse, arc.rows});
    add(flat.tables);
    add_entries(flat.exact_tables);
    add(flat.usage);
    add(flat.capacity);
  }
  void add(const warpshard::Reducer& reducer, const warpshard::Model& model) {
    add(model);
    warpshard::Assignment assignment(model.num_variables());
    for (std::int32_t round = 0; round < 3; ++round) {
      for (std::int32_t v = 0; v < model.num_variables(); ++v)
        assignment[v] = static_cast<std::int32_t>(warpshard::mix(v * 3 + round) % model.domain(v));
      add(reducer.lift(assignment));
    }
  }
  unsigned long long value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0;
};

/// Of every fourth variable the dearest value.
std::vector<std::pair<std::int32_t, std::int32_t>> some_values(const warpshard::Model& model) {
  std::vector<std::pair<std::int32_t, std::int32_t>> values;
  for (std::int32_t v = 0; v < model.num_variables(); v += 4) {
    if (model.domain(v) < 2) continue;
    const auto unary = model.unary_of(v);
    values.emplace_back(v, std::ranges::max_element(unary) - unary.begin());
  }
  return values;
}

void print_sizes(const warpshard::Problem& problem, const warpshard::Reducer& reducer,
                 const warpshard::Model& model) {
  const auto& load = reducer.steps().front();
  std::printf("%-28s nodes %6d -> %5d (%5d with edges)  edges %6lld -> %5zu", problem.name.c_str(),
              problem.num_nodes(), model.num_variables(), connected(model),
              static_cast<long long>(problem.num_edges()), model.edges.size());
  std::printf("  values %6lld -> %6d  times %5lld -> %4d\n", static_cast<long long>(load.values),
              model.value_offsets.back(), static_cast<long long>(load.times), model.num_times());
}

void print_times(const Times& times, unsigned long long fingerprint) {
  std::printf(
      "  load %.3f  create %.3f  run %.3f  flat %.3f  again %.3f  sum %.3f  cpu %.3f  %016llx\n",
      times.load, times.create, times.run, times.flat, times.again,
      times.load + times.create + times.run + times.flat, times.cpu, fingerprint);
}

/// One way from the file to the core and on; prints what it leaves if it is the last.
bool measure_once(const std::string& path, const warpshard::ReducerOptions& options, bool steps,
                  bool last, Times& times) {
  const double cpu_start = cpu_seconds();
  double start = elapsed_seconds();
  const auto problem = warpshard::load_problem(path);
  keep_best(times.load, start);
  if (!problem) {
    std::fprintf(stderr, "%s\n", problem.error().message.c_str());
    return false;
  }
  start = elapsed_seconds();
  auto reducer = warpshard::Reducer::create(*problem, options);
  keep_best(times.create, start);
  if (!reducer) {
    std::fprintf(stderr, "%s: %s\n", path.c_str(), reducer.error().message.c_str());
    return false;
  }
  start = elapsed_seconds();
  const auto verdict = reducer->run();
  keep_best(times.run, start);
  if (verdict != warpshard::ReductionVerdict::kOpen) {
    if (last) std::printf("%-40s no plan is left\n", problem->name.c_str());
    return true;
  }
  start = elapsed_seconds();
  const warpshard::Model model = reducer->model();
  const warpshard::FlatModel flat(model);
  keep_best(times.flat, start);
  times.cpu = std::min(times.cpu, cpu_seconds() - cpu_start);
  warpshard::Reducer smaller = *reducer;
  smaller.remove_values(some_values(model));
  start = elapsed_seconds();
  const bool open = smaller.run() == warpshard::ReductionVerdict::kOpen;
  keep_best(times.again, start);
  if (!last) return true;
  Fingerprint fingerprint;
  fingerprint.add(*reducer, model);
  fingerprint.add(flat);
  if (open) fingerprint.add(smaller, smaller.model());
  print_sizes(*problem, *reducer, model);
  print_times(times, fingerprint.value());
  if (!steps) return true;
  for (const auto& step : smaller.steps()) {
    const auto& first =
        *std::ranges::find(reducer->steps(), step.name, &warpshard::ReductionStep::name);
    std::printf("  %-10s %.3f  again %.3f\n", step.name.c_str(), first.seconds,
                step.seconds - first.seconds);
  }
  return true;
}

bool measure(const std::string& path, const warpshard::ReducerOptions& options, bool steps) {
  Times times;
  for (int repeat = 1; repeat <= kRepeats; ++repeat)
    if (!measure_once(path, options, steps, repeat == kRepeats, times)) return false;
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  warpshard::ReducerOptions options;
  bool steps = false;
  bool fine = argc > 1;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--allow-forbidden") {
      options.allow_forbidden = true;
    } else if (argument == "--steps") {
      steps = true;
    } else if (argument == "--threads" && i + 1 < argc) {
      options.threads = std::atoi(argv[++i]);
    } else {
      fine = measure(argument, options, steps) && fine;
    }
  }
  return fine ? 0 : 1;
}
