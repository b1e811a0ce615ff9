#include "host/search/throughput.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <ctime>
#include <memory>
#include <numeric>
#include <thread>
#include <utility>

#include "host/device/host_search.h"
#include "host/search/chain.h"
#include "host/search/tabu.h"

namespace warpshard {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Processor time of the calling thread.
double thread_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

MoveCounters difference(const MoveCounters& now, const MoveCounters& before) {
  MoveCounters d;
  d.flip_visits = now.flip_visits - before.flip_visits;
  d.tree_visits = now.tree_visits - before.tree_visits;
  d.deltas = now.deltas - before.deltas;
  d.accepted = now.accepted - before.accepted;
  d.changes = now.changes - before.changes;
  d.blocks = now.blocks - before.blocks;
  d.blocks_refused = now.blocks_refused - before.blocks_refused;
  return d;
}

/// Means over the variables with neighbours, in bytes.
struct MeanBytes {
  double visit = 0;   ///< scoring
  double join = 0;    ///< the table to a tree's parent
  double change = 0;  ///< exact cost and memory
};

double segment_bytes(const UsageSegment& segment) {
  constexpr double kBlockBytes = MemoryProfile::kBlock * sizeof(std::int32_t);
  const std::int32_t first = segment.begin / MemoryProfile::kBlock;
  const std::int32_t last = (segment.end - 1) / MemoryProfile::kBlock;
  // Check and write: the outer blocks whole, two numbers of each inner block.
  const double outer = first == last ? 1 : 2;
  const double inner = std::max(0, last - first - 1);
  return 3 * (outer * kBlockBytes + inner * 2 * sizeof(std::int32_t));
}

MeanBytes mean_bytes(const ModelView& model) {
  constexpr double kOffsets = 5 * sizeof(std::int32_t);
  constexpr double kArcBytes = sizeof(Arc) + sizeof(std::uint16_t);
  MeanBytes sum;
  std::int64_t roots = 0;
  for (std::int32_t v = 0; v < model.num_variables; ++v) {
    const std::int32_t begin = model.arc_offsets[v];
    const std::int32_t end = model.arc_offsets[v + 1];
    if (begin == end) continue;
    ++roots;
    const double degree = end - begin;
    const double row = model.stride(v) * static_cast<double>(sizeof(float));
    sum.visit += kOffsets + degree * kArcBytes + (4 + degree) * row;
    double tables = 0;
    for (std::int32_t a = begin; a < end; ++a)
      tables += model.domains[model.arcs[a].neighbour] * row;
    sum.join += tables / degree + 3 * row;
    sum.change += degree * (kArcBytes + 2 * sizeof(std::int64_t));
    for (std::int32_t s = model.segment_offsets[v]; s < model.segment_offsets[v + 1]; ++s)
      sum.change += segment_bytes(model.segments[s]);
  }
  const double count = std::max<double>(1, static_cast<double>(roots));
  return {sum.visit / count, sum.join / count, sum.change / count};
}

}  // namespace

std::span<const MoveKind> move_kinds() {
  static constexpr std::array<MoveKind, 8> kKinds{{{"flip", 0, 0},
                                                   {"tree 2", 1, 1},
                                                   {"tree 8", 3, 3},
                                                   {"tree 32", 5, 5},
                                                   {"tree 128", 7, 7},
                                                   {"tree 256", 8, 8},
                                                   {"mixed", 0, 8},
                                                   {"tabu", 0, 0, true}}};
  return kKinds;
}

double bytes_moved(const ModelView& model, const MoveCounters& counters) {
  const MeanBytes mean = mean_bytes(model);
  const auto visits = static_cast<double>(counters.flip_visits + counters.tree_visits);
  const auto joins = static_cast<double>(counters.tree_visits - counters.blocks);
  return visits * mean.visit + joins * mean.join +
         static_cast<double>(counters.changes) * mean.change;
}

ThroughputBench::ThroughputBench(const FlatModel& model, std::uint64_t seed, double seconds)
    : model_(model), noise_(model.max_stride), seed_(seed) {
  const ModelView view = model.view();
  for (std::int32_t v = 0; v < view.num_variables; ++v)
    if (view.arc_offsets[v] < view.arc_offsets[v + 1]) ++num_roots_;
  if (!has_moves()) return;
  const auto start = Clock::now();
  warm_ = warm_up(model_, noise_, seed_, [&](int epoch) {
    return seconds_since(start) >= seconds * (epoch + 1) / kWarmEpochs;
  });
}

Throughput ThroughputBench::on_cpu(const MoveKind& kind, int threads, double seconds) const {
  constexpr std::int64_t kVisitsBetweenLooks = 1 << 11;
  std::vector<MoveCounters> done(static_cast<std::size_t>(threads));
  std::atomic<int> waiting{threads};
  std::vector<double> spent_seconds(done.size());
  std::vector<double> cpu_seconds(done.size());
  const auto work = [&](int number) {
    const auto chain_number = static_cast<std::uint64_t>(number) + 1;
    Chain chain(model_.view(), noise_, seed_, chain_number);
    chain.start(warm_.values, warm_.prices);
    chain.policy().least_log2_tree = kind.least_log2_tree;
    chain.policy().most_log2_tree = kind.most_log2_tree;
    std::optional<Tabu> tabu;
    if (kind.tabu) tabu.emplace(chain, tabu_rule(num_roots_), seed_, chain_number);
    if (tabu) tabu->start();
    const auto run = [&] {
      if (tabu) return tabu->run(kVisitsBetweenLooks);
      chain.run(warm_.temperature, kVisitsBetweenLooks);
    };
    run();  // caches
    const MoveCounters before = chain.counters();
    --waiting;
    while (waiting > 0) std::this_thread::yield();
    const auto at = static_cast<std::size_t>(number);
    const auto start = Clock::now();
    const double cpu_start = thread_seconds();
    do {
      run();
      spent_seconds[at] = seconds_since(start);
    } while (spent_seconds[at] < seconds);
    cpu_seconds[at] = thread_seconds() - cpu_start;
    done[at] = difference(chain.counters(), before);
  };
  std::vector<std::thread> pool;
  pool.reserve(static_cast<std::size_t>(threads));
  for (int number = 0; number < threads; ++number) pool.emplace_back(work, number);
  for (std::thread& thread : pool) thread.join();

  Throughput result;
  result.device = "cpu x" + std::to_string(threads);
  result.move = kind.name;
  result.chains = threads;
  const double spent = std::accumulate(spent_seconds.begin(), spent_seconds.end(), 0.0);
  result.seconds = spent / threads;
  result.cpu_share = std::accumulate(cpu_seconds.begin(), cpu_seconds.end(), 0.0) / spent;
  for (const MoveCounters& counters : done) result.counters += counters;
  result.bytes = bytes_moved(model_.view(), result.counters);
  return result;
}

Result<std::unique_ptr<DeviceSearch>> ThroughputBench::make_search(const DeviceInfo& gpu,
                                                                   bool tabu) const {
  DeviceSearchOptions options;
  options.seed = seed_;
  options.tabu = tabu;
  auto search = make_search_on(gpu, model_, noise_.values(), options);
  if (!search) return search.error();
  if (const auto failure = (*search)->start({&warm_.values, 1}, warm_.prices)) return *failure;
  return search;
}

Result<std::vector<Throughput>> ThroughputBench::on_gpu(const DeviceInfo& gpu,
                                                        std::span<const MoveKind> kinds,
                                                        double seconds) const {
  std::vector<Throughput> results;
  std::unique_ptr<DeviceSearch> search;
  bool with_tabu = false;
  for (const MoveKind& kind : kinds) {
    if (!search || kind.tabu != with_tabu) {
      search.reset();  // one of them fills the device
      auto made = make_search(gpu, kind.tabu);
      if (!made) return made.error();
      search = std::move(*made);
      with_tabu = kind.tabu;
    }
    auto result = on_search(*search, kind, seconds);
    if (!result) return result.error();
    result->device = gpu.label() + " " + gpu.name;
    results.push_back(std::move(*result));
  }
  return results;
}

Result<Throughput> ThroughputBench::on_search(DeviceSearch& search, const MoveKind& kind,
                                              double seconds) const {
  constexpr double kChunkSeconds = 0.1;
  ChunkOptions options;
  options.visits = 1 << 8;
  options.coldest = warm_.temperature;
  options.hottest = warm_.temperature;
  options.least_log2_tree = kind.least_log2_tree;
  options.most_log2_tree = kind.most_log2_tree;
  options.tabu_share = kind.tabu ? 1.0F : 0.0F;
  options.follow_prices = false;
  options.exchange = false;
  options.cross = false;
  for (double spent = 0; spent < kChunkSeconds;) {
    options.visits *= 2;
    const auto start = Clock::now();
    if (const auto failure = search.run_chunk(options)) return *failure;
    spent = seconds_since(start);
  }
  const auto before = search.counters();
  if (!before) return before.error();
  Throughput result;
  const auto start = Clock::now();
  while (result.seconds < seconds) {
    if (const auto failure = search.run_chunk(options)) return *failure;
    result.seconds = seconds_since(start);
  }
  const auto after = search.counters();
  if (!after) return after.error();
  result.move = kind.name;
  result.chains = search.plan().shape.num_chains;
  result.counters = difference(*after, *before);
  result.bytes = bytes_moved(model_.view(), result.counters);
  return result;
}

}  // namespace warpshard
