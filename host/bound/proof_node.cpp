#include "host/bound/proof_node.h"

#include <algorithm>
#include <cmath>

namespace warpshard {
namespace {

/// Bits of the largest price.
constexpr int kPriceBits = 32;
/// Messages are first rounded to about this part of what is to be shown, then ever finer.
constexpr double kCoarsest = 1.0 / 4;
constexpr int kBitsFiner = 2;
/// Rounding may cost this part of what is left to the target.
constexpr int kHarmless = 64;

/// A restriction's certificate in the terms of a part of the same model.
verify::Dual dual_of(const Model& model, const verify::Part& part, const Restriction& restriction,
                     const Certificate& certificate) {
  verify::Dual dual;
  dual.price_shift = certificate.price_shift;
  dual.message_shift = certificate.message_shift;
  dual.prices.assign(model.capacity.size(), 0);
  for (std::size_t t = 0; t < restriction.times.size(); ++t)
    dual.prices[restriction.times[t]] = certificate.prices[t];
  std::vector<std::int32_t> local(model.unary.size(), -1);  // [values] index among those restricted
  for (std::int32_t v = 0; v < restriction.model.num_variables(); ++v) {
    const std::int32_t* values = restriction.values.data() + restriction.model.value_offsets[v];
    for (std::int32_t d = 0; d < restriction.model.domain(v); ++d)
      local[model.value_offsets[restriction.variables[v]] + values[d]] = d;
  }
  std::vector<std::int32_t> counts;
  for (std::int32_t v = 0; v < model.num_variables(); ++v) counts.push_back(part.count(v));
  const std::int64_t* messages = certificate.messages.data();
  std::size_t next = 0;  // restricted edge
  for (std::size_t e = 0; e < model.edges.size(); ++e) {
    const Model::Edge& edge = model.edges[e];
    const bool restricted =
        next < restriction.edges.size() && restriction.edges[next] == static_cast<std::int32_t>(e);
    for (const std::int32_t end : {edge.u, edge.v}) {
      if (counts[edge.u] > 1 && counts[edge.v] > 1) {
        for (std::int32_t d = 0; d < model.domain(end); ++d) {
          if (!part.has(end, d)) continue;
          const std::int32_t at = local[model.value_offsets[end] + d];
          dual.messages.push_back(restricted && at >= 0 ? messages[at] : 0);
        }
      }
      if (!restricted) continue;
      const Model::Edge& ends = restriction.model.edges[next];
      messages += restriction.model.domain(end == edge.u ? ends.u : ends.v);
    }
    if (restricted) ++next;
  }
  return dual;
}

/// Takes bits away, rounding to nearest.
void round_off(std::vector<std::int64_t>& numbers, int bits) {
  if (bits <= 0) return;
  const std::int64_t half = std::int64_t{1} << (bits - 1);
  for (std::int64_t& number : numbers) number = (number + half) >> bits;
}

int bits_of(std::int64_t number) {
  int bits = 0;
  for (; number > 0; number /= 2) ++bits;
  return bits;
}

/// The dual with fewer bits.
verify::Dual rounded(const verify::Dual& dual, int price_bits, int message_bits) {
  verify::Dual result = dual;
  result.price_shift -= price_bits;
  result.message_shift -= message_bits;
  round_off(result.prices, price_bits);
  round_off(result.messages, message_bits);
  return result;
}

/// The coarsest rounding of a dual that shows about as much.
verify::Dual compact(const verify::Part& part, verify::Dual dual, Int128 target) {
  const auto exact = part.judge(dual, target).bound;
  if (!exact) return dual;
  const Int128 left = target - *exact;
  const std::int64_t dearest = dual.prices.empty() ? 0 : *std::ranges::max_element(dual.prices);
  const int price_bits = std::clamp(bits_of(dearest) - kPriceBits, 0, dual.price_shift);
  const auto shown = std::max(1.0, std::abs(static_cast<double>(left)));
  const int coarsest = std::min(verify::kMostMessageShift,
                                static_cast<int>(std::floor(std::log2(kCoarsest * shown))));
  for (int bits = dual.message_shift + coarsest; bits > 0; bits -= kBitsFiner) {
    verify::Dual result = rounded(dual, price_bits, bits);
    const auto bound = part.judge(result, target).bound;
    if (!bound) continue;
    if (left <= 0 ? *bound >= target : *exact - *bound <= left / kHarmless) return result;
  }
  return dual;
}

}  // namespace

bool ProofNode::propagate(ValueSet& removed) {
  if (!nothing_left_) nothing_left_ = !part_.propagate();
  if (nothing_left_) return false;
  part_.for_each_gone([&](std::int32_t value) { removed[value] = true; });
  return true;
}

std::optional<Int128> ProofNode::add(const Model& model, const Restriction& restriction,
                                     const Certificate& certificate, Int128 target) {
  return add(compact(part_, dual_of(model, part_, restriction, certificate), target), target);
}

std::optional<Int128> ProofNode::add(const Model& model, Int128 target) {
  verify::Dual dual;
  dual.prices.assign(model.capacity.size(), 0);
  dual.messages.assign(part_.num_messages(), 0);
  return add(std::move(dual), target);
}

std::optional<Int128> ProofNode::add(verify::Dual dual, Int128 target) {
  const verify::Judgement judgement = part_.judge(dual, target);
  if (!judgement.bound) return std::nullopt;
  steps_.push_back({target, std::move(dual), *judgement.bound, false});
  if (*judgement.bound >= target) return judgement.bound;
  steps_.back().dropped = !judgement.dear.empty();
  for (const auto& [v, d] : judgement.dear) part_.take_away(v, d);
  if (steps_.back().dropped) nothing_left_ = !part_.propagate();
  return judgement.bound;
}

std::array<ProofNode*, 2> ProofNode::split(std::int32_t variable,
                                           const std::vector<std::int32_t>& first) {
  std::array<verify::Part, 2> parts{part_, part_};
  Split result;
  result.variable = variable;
  for (const std::int32_t d : first) {
    if (!part_.has(variable, d)) continue;
    result.values.push_back(d);
    parts[1].take_away(variable, d);
  }
  const std::int32_t others = parts[1].count(variable);
  if (result.values.empty()) return {nullptr, others == 0 ? nullptr : this};
  if (others == 0) return {this, nullptr};
  parts[0].take_away_all(variable);
  for (const std::int32_t d : result.values) parts[0].put_back(variable, d);
  for (std::size_t i = 0; i < parts.size(); ++i)
    result.children[i] = std::make_unique<ProofNode>(std::move(parts[i]));
  split_ = std::move(result);
  part_.forget();
  return {split_->children[0].get(), split_->children[1].get()};
}

}  // namespace warpshard
