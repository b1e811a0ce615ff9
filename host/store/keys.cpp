#include "host/store/keys.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "host/store/canonical_edges.h"
#include "host/store/cost_list.h"
#include "host/store/sha256.h"

namespace warpshard::store {
namespace {

/// A node's memory: live from the `begin`-th distinct start to before the `end`-th.
struct Life {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

bool uses_memory(const Problem& problem, std::int32_t node) {
  return problem.usage_limit && !problem.intervals[node].empty() &&
         std::ranges::any_of(problem.node_usages(node), [](auto usage) { return usage != 0; });
}

/// Usage rises nowhere but where an interval begins, so only these moments matter, and only their
/// order.
std::vector<Life> compressed_lives(const Problem& problem) {
  std::vector<std::int64_t> starts;
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
    if (uses_memory(problem, node)) starts.push_back(problem.intervals[node].lower);
  std::ranges::sort(starts);
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  const auto rank = [&](std::int64_t time) {
    return static_cast<std::uint64_t>(std::ranges::lower_bound(starts, time) - starts.begin());
  };
  std::vector<Life> lives(static_cast<std::size_t>(problem.num_nodes()));
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node) {
    const Interval& interval = problem.intervals[node];
    if (uses_memory(problem, node)) lives[node] = {rank(interval.lower), rank(interval.upper)};
  }
  return lives;
}

void hash_memory(Sha256& hash, const Problem& problem) {
  const std::vector<Life> lives = compressed_lives(problem);
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node) {
    hash.u64(lives[node].begin);
    hash.u64(lives[node].end);
    if (lives[node].begin == lives[node].end) continue;
    for (const std::int64_t usage : problem.node_usages(node)) hash.i64(usage);
  }
  hash.u8(problem.usage_limit ? 1 : 0);
  hash.i64(problem.usage_limit.value_or(0));
}

void hash_nodes_of(Sha256& hash, const std::vector<std::int32_t>& nodes) {
  hash.u32(static_cast<std::uint32_t>(nodes.size()));
  for (const std::int32_t node : nodes) hash.u32(static_cast<std::uint32_t>(node));
}

void hash_edges(Sha256& hash, const Problem& problem, const CanonicalEdges& edges) {
  std::vector<std::pair<const CanonicalEdges::Group*, Digest>> kept;
  TableDigests digests(problem);
  for (const CanonicalEdges::Group& group : edges.groups)
    if (const auto digest = digests.of(group)) kept.emplace_back(&group, *digest);
  hash.u64(kept.size());
  for (const auto& [group, digest] : kept) {
    hash_nodes_of(hash, group->nodes);
    hash.digest(digest);
  }
}

Digest exact_key(const Problem& problem, const CanonicalEdges& edges) {
  Sha256 hash;
  hash.bytes("warpshard exact 1\n");
  hash.u32(static_cast<std::uint32_t>(problem.num_nodes()));
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node) {
    const auto begin = edges.node_costs.begin() + problem.strategy_offsets[node];
    hash.u32(static_cast<std::uint32_t>(problem.num_strategies(node)));
    hash_costs(hash, {begin, begin + problem.num_strategies(node)});
  }
  hash_costs(hash, {&edges.constant, 1});
  hash_memory(hash, problem);
  hash_edges(hash, problem, edges);
  return hash.finish();
}

Digest shape_key(const Problem& problem, const CanonicalEdges& edges) {
  Sha256 hash;
  hash.bytes("warpshard shape 1\n");
  hash.u32(static_cast<std::uint32_t>(problem.num_nodes()));
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
    hash.u32(static_cast<std::uint32_t>(problem.num_strategies(node)));
  hash.u64(edges.groups.size());
  for (const CanonicalEdges::Group& group : edges.groups) hash_nodes_of(hash, group.nodes);
  return hash.finish();
}

}  // namespace

Keys keys_of(const Problem& problem) {
  const CanonicalEdges edges = canonical_edges(problem);
  return {hex(exact_key(problem, edges)), hex(shape_key(problem, edges))};
}

std::string core_key(const Model& model) {
  std::vector<Digest> tables;
  for (std::size_t table = 0; table + 1 < model.table_offsets.size(); ++table) {
    Sha256 hash;
    for (auto at = model.table_offsets[table]; at < model.table_offsets[table + 1]; ++at)
      hash.i64(model.entries[at]);
    tables.push_back(hash.finish());
  }
  Sha256 hash;
  hash.bytes("warpshard core 1\n");
  hash.u32(static_cast<std::uint32_t>(model.num_variables()));
  for (std::int32_t v = 0; v < model.num_variables(); ++v) {
    hash.u32(static_cast<std::uint32_t>(model.domain(v)));
    for (const std::int64_t cost : model.unary_of(v)) hash.i64(cost);
    const auto segments = model.segments_of(v);
    hash.u32(static_cast<std::uint32_t>(segments.size()));
    for (const Model::Segment& segment : segments) {
      hash.u32(static_cast<std::uint32_t>(segment.begin));
      hash.u32(static_cast<std::uint32_t>(segment.end));
      for (const std::int64_t usage : model.usage_of(v, segment)) hash.i64(usage);
    }
  }
  hash.u32(static_cast<std::uint32_t>(model.num_times()));
  for (const std::int64_t capacity : model.capacity) hash.i64(capacity);
  hash.u64(model.edges.size());
  for (const Model::Edge& edge : model.edges) {
    hash.u32(static_cast<std::uint32_t>(edge.u));
    hash.u32(static_cast<std::uint32_t>(edge.v));
    hash.digest(tables[edge.table]);
  }
  return hex(hash.finish());
}

}  // namespace warpshard::store
