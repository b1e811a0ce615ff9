#include "host/generate/random_bits.h"

#include <array>

namespace warpshard::generator {
namespace {

constexpr int kRounds = 20;
constexpr int kRoundsPerKey = 4;
constexpr int kWordBytes = 4;

std::int32_t rotate(Graph& graph, std::int32_t x) {
  const std::int32_t left = graph.unary(x);
  const std::int32_t right = graph.unary(x);
  return graph.add(left, right);
}

}  // namespace

std::int32_t append_random_bits(Graph& graph, std::int32_t key, std::int64_t elements) {
  const Shape word({}, kWordBytes);
  const Shape counters({elements}, kWordBytes);
  std::array<std::int32_t, 3> keys{};
  for (std::int32_t& part : keys)
    part = graph.broadcast(graph.reshape(key, word, kNoDims), counters, kNoDims);
  std::int32_t x = graph.iota(counters);
  std::int32_t y = graph.unary(x);
  x = graph.add(x, keys[0]);
  y = graph.add(y, keys[1]);
  for (int round = 0; round < kRounds; ++round) {
    x = graph.add(x, y);
    y = graph.add(rotate(graph, y), x);
    if (round % kRoundsPerKey != kRoundsPerKey - 1) continue;
    const int injection = round / kRoundsPerKey + 1;
    x = graph.add(x, keys[injection % 3]);
    y = graph.add(y, keys[(injection + 1) % 3]);
  }
  return graph.add(x, y);
}

}  // namespace warpshard::generator
