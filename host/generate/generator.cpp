#include "warpshard/generate.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "host/generate/compose.h"
#include "host/generate/lower.h"
#include "host/generate/memory_plan.h"
#include "host/generate/mesh.h"
#include "warpshard/cost.h"

namespace warpshard {
namespace {

constexpr std::int64_t kMaxExtent = std::int64_t{1} << 24;
constexpr std::int64_t kMaxNodes = 5'000'000;
constexpr std::int32_t kMaxLayers = 4'000;
constexpr std::int64_t kMaxDevices = std::int64_t{1} << 20;
constexpr std::int64_t kThousandths = 1000;
constexpr double kMaxLimitFactor = 30;
/// Largest tensor, in elements, and contraction, in multiplications: keeps costs below 2^62.
constexpr double kMaxElements = 0x1p44;
constexpr double kMaxPoints = 0x1p58;
/// Largest sum of finite costs, or of usages, over any plan: far below the forbidden entry, and
/// kMaxLimitFactor times as much still is a 64-bit number.
constexpr Int128 kMaxTotal = kForbidden / 4;

struct Range {
  const char* name;
  std::int64_t value;
  std::int64_t least;
  std::int64_t most;
};

Result<bool> check(const std::vector<Range>& ranges) {
  for (const Range& range : ranges)
    if (range.value < range.least || range.value > range.most)
      return Error{"generate: " + std::string(range.name) + " is " + std::to_string(range.value) +
                   ", expected " + std::to_string(range.least) + " to " +
                   std::to_string(range.most)};
  return true;
}

Result<bool> check_model(const GeneratorOptions& options) {
  if (options.target_nodes == 0) {
    const Result<bool> layers = check({{"layers", options.layers, 1, kMaxLayers}});
    if (!layers) return layers;
  } else {
    const Result<bool> nodes =
        check({{"number of nodes", options.target_nodes, generator::kFewestNodes, kMaxNodes}});
    if (!nodes) return nodes;
  }
  const Result<bool> extents = check({{"batch", options.batch, 1, kMaxExtent},
                                      {"sequence", options.sequence, 1, kMaxExtent},
                                      {"hidden", options.hidden, 1, kMaxExtent},
                                      {"heads", options.heads, 1, options.hidden},
                                      {"vocabulary", options.vocabulary, 1, kMaxExtent}});
  if (!extents) return extents;
  if (options.hidden % options.heads != 0)
    return Error{"generate: hidden (" + std::to_string(options.hidden) +
                 ") is not a multiple of heads (" + std::to_string(options.heads) + ")"};
  return true;
}

/// Rough products, in floating point only so that they cannot overflow.
Result<bool> check_size(const GeneratorOptions& options) {
  const double tokens = static_cast<double>(options.batch) * static_cast<double>(options.sequence);
  const double width = 5.0 * static_cast<double>(std::max(options.hidden, options.vocabulary));
  const double scores =
      tokens * static_cast<double>(options.sequence) * static_cast<double>(options.heads);
  const double weight = 2.5 * width * static_cast<double>(options.hidden);
  const double elements = std::max({tokens * width, scores, weight});
  if (elements > kMaxElements || elements * static_cast<double>(options.hidden) > kMaxPoints)
    return Error{"generate: batch, sequence, hidden and vocabulary together are too large"};
  return true;
}

Result<bool> check_machine(const GeneratorOptions& options) {
  if (options.mesh.empty() || options.mesh.size() > generator::kMaxAxes)
    return Error{"generate: mesh has " + std::to_string(options.mesh.size()) +
                 " axes, expected 1 to " + std::to_string(generator::kMaxAxes)};
  if (options.link_bandwidth.empty()) return Error{"generate: no link bandwidth given"};
  std::vector<Range> ranges;
  for (const std::int64_t size : options.mesh) ranges.push_back({"mesh axis", size, 1, 1024});
  for (const std::int64_t bandwidth : options.link_bandwidth)
    ranges.push_back({"link bandwidth", bandwidth, 1, 1'000'000});
  ranges.push_back({"link latency", options.link_latency, 0, 1'000'000'000});
  ranges.push_back({"device teraflops", options.device_teraflops, 1, 1'000'000});
  const Result<bool> in_range = check(ranges);
  if (!in_range) return in_range;
  std::int64_t devices = 1;
  for (const std::int64_t size : options.mesh) devices *= size;
  return check({{"number of devices", devices, 1, kMaxDevices}});
}

Result<bool> check_options(const GeneratorOptions& options) {
  if (!(options.limit_factor >= 1.0 && options.limit_factor <= kMaxLimitFactor))
    return Error{"generate: limit factor is " + std::to_string(options.limit_factor) +
                 ", expected 1 to 30"};
  for (const auto& rule : {check_model, check_size, check_machine}) {
    const Result<bool> result = rule(options);
    if (!result) return result;
  }
  return true;
}

generator::Mesh mesh_of(const GeneratorOptions& options) {
  constexpr std::int64_t kPicosecondsPerNanosecond = 1000;
  generator::Mesh mesh;
  mesh.axes = static_cast<int>(options.mesh.size());
  for (std::size_t a = 0; a < options.mesh.size(); ++a) {
    mesh.size[a] = options.mesh[a];
    mesh.bandwidth[a] = options.link_bandwidth[std::min(a, options.link_bandwidth.size() - 1)];
  }
  mesh.latency = options.link_latency * kPicosecondsPerNanosecond;
  mesh.teraflops = options.device_teraflops;
  return mesh;
}

/// The largest finite entry of a list, zero if there is none.
std::int64_t largest_finite(std::span<const std::int64_t> entries) {
  std::int64_t largest = 0;
  for (const std::int64_t entry : entries)
    if (!is_forbidden(entry)) largest = std::max(largest, entry);
  return largest;
}

bool sums_fit(const Problem& problem) {
  Int128 total = 0;
  Int128 usage = 0;
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node) {
    total += largest_finite(problem.node_costs(node));
    usage += largest_finite(problem.node_usages(node));
  }
  std::vector<std::int64_t> of_table(problem.table_offsets.size() - 1);
  for (std::size_t t = 0; t < of_table.size(); ++t)
    of_table[t] = largest_finite({problem.entries.data() + problem.table_offsets[t],
                                  problem.entries.data() + problem.table_offsets[t + 1]});
  for (const std::int32_t table : problem.edge_tables) total += of_table[table];
  return total <= kMaxTotal && usage <= kMaxTotal;
}

}  // namespace

Result<std::vector<std::int64_t>> parse_mesh(std::string_view text) {
  std::vector<std::int64_t> mesh;
  const char* position = text.data();
  const char* const end = text.data() + text.size();
  const Error error{"mesh \"" + std::string(text) + "\": expected 1 to 3 numbers like 4x8"};
  for (;;) {
    std::int64_t size = 0;
    const auto [next, status] = std::from_chars(position, end, size);
    if (status != std::errc() || size < 1) return error;
    mesh.push_back(size);
    if (next == end) break;
    if (*next != 'x') return error;
    position = next + 1;
  }
  if (mesh.size() > generator::kMaxAxes) return error;
  return mesh;
}

Result<generator::Coupling> parse_coupling(std::string_view text) {
  if (text == "free") return generator::Coupling::kFree;
  if (text == "follow") return generator::Coupling::kFollow;
  if (text == "chain") return generator::Coupling::kChain;
  return Error{"coupling \"" + std::string(text) + "\": expected free, follow or chain"};
}

Result<GeneratedProblem> generate_with_plan(const GeneratorOptions& options) {
  const Result<bool> valid = check_options(options);
  if (!valid) return valid.error();
  const generator::Mesh mesh = mesh_of(options);
  GeneratedProblem result;
  result.problem = generator::lower(generator::compose(options), mesh);
  if (!sums_fit(result.problem))
    return Error{"generate: the model's costs or usages do not fit in 64 bits; make it smaller"};
  generator::MemoryPlan plan = generator::find_memory_plan(result.problem);
  result.plan = std::move(plan.plan);
  result.plan_peak = plan.peak;
  const auto thousandths =
      static_cast<std::int64_t>(std::llround(options.limit_factor * kThousandths));
  result.problem.usage_limit =
      static_cast<std::int64_t>(Int128{plan.peak} * thousandths / kThousandths);
  result.problem.name = "transformer-" + std::to_string(result.problem.num_nodes()) + "-seed" +
                        std::to_string(options.seed);
  return result;
}

Result<Problem> generate(const GeneratorOptions& options) {
  Result<GeneratedProblem> generated = generate_with_plan(options);
  if (!generated) return generated.error();
  return std::move(generated->problem);
}

}  // namespace warpshard
