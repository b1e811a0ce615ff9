#include "host/portfolio/memory_needs.h"

#include <algorithm>
#include <string>

#include "host/bound/branch_and_bound.h"
#include "host/model/bytes.h"

namespace warpshard {
namespace {

/// Bytes of a node, a strategy, an edge and a table entry while an instance is reduced: lists,
/// tables before and after, transposed ones, and what steps remember.
constexpr std::int64_t kPerNode = 512;
constexpr std::int64_t kPerStrategy = 88;
constexpr std::int64_t kPerEdge = 256;
constexpr std::int64_t kPerEntry = 64;
/// A flattened model holds each table both ways and padded, as floats and as integers.
constexpr std::int64_t kFlatPerModel = 4;
/// Copies of all messages in an ascent and its proof.
constexpr std::int64_t kMessageCopies = 7;
/// Copies of a reduced instance at once: the present one, the next smaller one in the making, the
/// one that a proof began on, and those that unfinished searches began on; and its reducer.
constexpr std::int64_t kCores = 5;
constexpr std::int64_t kReducerPerModel = 3;
/// What the driver and the library take of the host's memory for each GPU in use: assumed, not
/// measured.
constexpr std::int64_t kPerGpu = std::int64_t{400} << 20;
/// Searches that a thread keeps waiting while it is at another one: a part of a proof and a dive,
/// each with a model of its own.
constexpr std::int64_t kJobsPerThread = 2;
/// Prices and messages handed out to searches: the present ones, the next ones in the making, and
/// what unfinished dives began with.
constexpr std::int64_t kGuides = 4;
/// What allocators lose between the pieces that threads allocate and free, in percent.
constexpr std::int64_t kWaste = 25;

template <typename T, typename Allocator>
std::int64_t bytes_of(const std::vector<T, Allocator>& list) {
  return static_cast<std::int64_t>(list.size() * sizeof(T));
}

std::int64_t bytes_of(const Model& model) {
  return bytes_of(model.value_offsets) + bytes_of(model.unary) + bytes_of(model.edges) +
         bytes_of(model.table_offsets) + bytes_of(model.entries) + bytes_of(model.segments) +
         bytes_of(model.segment_usage) + bytes_of(model.capacity);
}

/// One message per edge and direction, as floats.
std::int64_t bytes_of_messages(const Model& model) {
  std::int64_t entries = 0;
  for (const auto& edge : model.edges) entries += model.domain(edge.u) + model.domain(edge.v);
  return entries * static_cast<std::int64_t>(sizeof(float));
}

std::int64_t bytes_for(std::size_t num_gpus) {
  return kPerGpu * static_cast<std::int64_t>(num_gpus);
}

std::int64_t bytes_of_ascent(const Model& model) {
  return kMessageCopies * bytes_of_messages(model) + 2 * bytes_of(model.unary);
}

}  // namespace

std::int64_t memory_to_reduce(const Problem& problem) {
  return kPerNode * problem.num_nodes() +
         kPerStrategy * static_cast<std::int64_t>(problem.costs.size()) +
         kPerEdge * problem.num_edges() +
         kPerEntry * static_cast<std::int64_t>(problem.entries.size());
}

std::int64_t memory_after_reducing(const Problem& problem) {
  return memory_to_reduce(problem) * 2 / 5;
}

SearchMemory memory_to_search(const Model& model, std::size_t num_gpus) {
  const std::int64_t whole = (1 + kFlatPerModel) * bytes_of(model);
  SearchMemory needs;
  needs.shared = kCores * whole + kReducerPerModel * bytes_of(model) + 2 * bytes_of_ascent(model) +
                 kGuides * bytes_of_messages(model) + bytes_for(num_gpus);
  needs.per_thread = kJobsPerThread * (whole + bytes_of_ascent(model)) * (100 + kWaste) / 100;
  return needs;
}

SearchMemory memory_to_prove(const Model& model, std::size_t num_gpus) {
  SearchMemory needs = memory_to_search(model);
  needs.shared = kFlatPerModel * bytes_of(model) + bytes_of_ascent(model) + bytes_for(num_gpus);
  return needs;
}

std::size_t room_for_parts(const MemoryLimit& limit, std::int64_t others) {
  const auto most = static_cast<std::int64_t>(BranchOptions{}.state_bytes);
  if (limit.allowed == 0) return BranchOptions{}.state_bytes;
  return static_cast<std::size_t>(
      std::clamp<std::int64_t>(limit.allowed - limit.in_use - others, 0, most));
}

std::optional<Error> refuse_memory(const MemoryLimit& limit, std::int64_t more,
                                   const char* for_what) {
  if (limit.admits(more)) return std::nullopt;
  return Error{std::string(for_what) + " needs about " +
               describe_bytes(static_cast<double>(limit.in_use + more)) +
               " of memory, allowed are " + describe_bytes(static_cast<double>(limit.allowed))};
}

int threads_that_fit(const MemoryLimit& limit, const SearchMemory& needs, int threads) {
  while (threads > 0 && !limit.admits(needs.total(threads))) --threads;
  return threads;
}

}  // namespace warpshard
