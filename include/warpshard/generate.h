#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "warpshard/coupling.h"
#include "warpshard/export.h"
#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard {

/// What instance to make. Equal options make equal instances on every platform.
struct GeneratorOptions {
  std::int64_t target_nodes = 0;         ///< exact number of nodes; 0: what `layers` gives
  std::int32_t layers = 4;               ///< of the transformer; ignored if target_nodes is set
  std::int64_t batch = 8;                ///< sequences per training step
  std::int64_t sequence = 256;           ///< tokens per sequence
  std::int64_t hidden = 1024;            ///< width of the stack; a multiple of heads
  std::int64_t heads = 16;               ///< attention heads of the widest layers
  std::int64_t vocabulary = 50'257;      ///< different tokens
  std::vector<std::int64_t> mesh{4, 8};  ///< devices along each axis, 1 to 3 axes
  std::vector<std::int64_t> link_bandwidth{25, 100};  ///< GB/s per axis; the last one repeats
  std::int64_t link_latency = 1000;                   ///< nanoseconds per collective
  std::int64_t device_teraflops = 200;                ///< of one device
  generator::Coupling coupling = generator::Coupling::kFollow;
  double limit_factor = 1.1;  ///< usage limit over the smallest peak found; 1 to 30, in thousandths
  std::uint64_t seed = 1;     ///< draws layer widths and variants of the architecture
};

/// An instance and a plan that proves it feasible.
struct GeneratedProblem {
  Problem problem;
  Plan plan;               ///< without forbidden entries; peak_usage is within the limit
  std::int64_t plan_peak;  ///< bytes; the limit is limit_factor times this
};

/// "4x8" -> {4, 8}. Fails on anything but 1 to 3 positive integers joined by 'x'.
WARPSHARD_EXPORT Result<std::vector<std::int64_t>> parse_mesh(std::string_view text);

/// "free", "follow" or "chain"; fails on anything else.
WARPSHARD_EXPORT Result<generator::Coupling> parse_coupling(std::string_view text);

/// Makes the sharding problem of one training step of a transformer. Fails if an option is out of
/// range, or if the model is too large for 64-bit costs and usages.
WARPSHARD_EXPORT Result<GeneratedProblem> generate_with_plan(const GeneratorOptions& options);

/// The same without the plan.
WARPSHARD_EXPORT Result<Problem> generate(const GeneratorOptions& options);

}  // namespace warpshard
