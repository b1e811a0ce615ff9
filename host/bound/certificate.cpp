#include "host/bound/certificate.h"

#include <algorithm>
#include <string>

namespace warpshard {
namespace {

constexpr int kMaxShift = 62;

constexpr std::uint32_t kTablesBetweenLooks = 16;

/// A 128-bit sum that notices when it overflows.
class CheckedSum {
 public:
  void add(Int128 term) { failed_ |= __builtin_add_overflow(sum_, term, &sum_); }
  void add_product(Int128 a, Int128 b) {
    Int128 product = 0;
    failed_ |= __builtin_mul_overflow(a, b, &product);
    add(product);
  }
  Int128 value() const { return sum_; }
  bool failed() const { return failed_; }

 private:
  Int128 sum_ = 0;
  bool failed_ = false;
};

/// Evaluates a certificate; all sums are in units of 2^-price_shift cost units.
class Evaluation128 {
 public:
  Evaluation128(const Model& model, const Certificate& certificate, const StopToken& stop)
      : model_(model),
        certificate_(certificate),
        stop_(stop, kTablesBetweenLooks),
        cost_unit_(Int128{1} << certificate.price_shift),
        message_unit_(Int128{1} << (certificate.price_shift - certificate.message_shift)),
        rows_(static_cast<std::size_t>(model.value_offsets.back())) {}

  Result<CertifiedBound> run() {
    CheckedSum total;
    total.add_product(model_.constant.finite, cost_unit_);
    subtract_priced_capacity(total);
    start_rows();
    const bool edges_allow = add_edges(total);
    const bool rows_allow = add_rows(total);
    if (stop_.stopped()) return Error{"certificate: stopped"};
    if (!edges_allow || !rows_allow) return CertifiedBound{0, true};
    if (failed_ || total.failed()) return Error{"certificate: a sum exceeds 128 bits"};
    Int128 bound = total.value() / cost_unit_;
    if (total.value() % cost_unit_ > 0) ++bound;
    return CertifiedBound{bound, false};
  }

 private:
  void subtract_priced_capacity(CheckedSum& total) {
    prefix_.assign(model_.capacity.size() + 1, 0);
    CheckedSum running;
    for (std::size_t t = 0; t < model_.capacity.size(); ++t) {
      running.add(certificate_.prices[t]);
      prefix_[t + 1] = running.value();
      total.add_product(-Int128{certificate_.prices[t]}, model_.capacity[t]);
    }
    failed_ |= running.failed();
  }

  /// Unary cost and priced usage per value.
  void start_rows() {
    for (std::int32_t v = 0; v < model_.num_variables(); ++v) {
      CheckedSum* row = rows_.data() + model_.value_offsets[v];
      const auto unary = model_.unary_of(v);
      for (std::int32_t d = 0; d < model_.domain(v); ++d) row[d].add_product(unary[d], cost_unit_);
      for (const auto& segment : model_.segments_of(v)) {
        const Int128 price = prefix_[segment.end] - prefix_[segment.begin];
        const auto usage = model_.usage_of(v, segment);
        for (std::int32_t d = 0; d < model_.domain(v); ++d) row[d].add_product(usage[d], price);
      }
    }
  }

  /// Adds every edge's least entry to the total and the messages to the rows.
  bool add_edges(CheckedSum& total) {
    const std::int64_t* message = certificate_.messages.data();
    bool allowed = true;
    for (const auto& edge : model_.edges) {
      if (stop_.stopped()) return false;
      const std::int64_t* to_u = message;
      const std::int64_t* to_v = to_u + model_.domain(edge.u);
      message = to_v + model_.domain(edge.v);
      const auto least = least_entry(edge, to_u, to_v);
      allowed &= least.has_value();
      total.add(least.value_or(0));
      for (std::int32_t a = 0; a < model_.domain(edge.u); ++a)
        rows_[model_.value_offsets[edge.u] + a].add_product(to_u[a], message_unit_);
      for (std::int32_t b = 0; b < model_.domain(edge.v); ++b)
        rows_[model_.value_offsets[edge.v] + b].add_product(to_v[b], message_unit_);
    }
    return allowed;
  }

  std::optional<Int128> least_entry(const Model::Edge& edge, const std::int64_t* to_u,
                                    const std::int64_t* to_v) {
    // Cannot overflow: each of the three terms is below 2^63 * 2^62.
    const auto table = model_.table_of(edge);
    std::optional<Int128> least;
    for (std::int32_t a = 0; a < model_.domain(edge.u); ++a) {
      for (std::int32_t b = 0; b < model_.domain(edge.v); ++b) {
        const std::int64_t entry = table[static_cast<std::int64_t>(a) * model_.domain(edge.v) + b];
        if (forbids(entry)) continue;
        const Int128 moved = (Int128{to_u[a]} + to_v[b]) * message_unit_;
        const Int128 value = Int128{entry} * cost_unit_ - moved;
        if (!least || value < *least) least = value;
      }
    }
    return least;
  }

  bool add_rows(CheckedSum& total) {
    for (std::int32_t v = 0; v < model_.num_variables(); ++v) {
      std::optional<Int128> least;
      for (std::int32_t d = 0; d < model_.domain(v); ++d) {
        if (forbids(model_.unary_of(v)[d])) continue;
        const CheckedSum& sum = rows_[model_.value_offsets[v] + d];
        failed_ |= sum.failed();
        if (!least || sum.value() < *least) least = sum.value();
      }
      if (!least) return false;
      total.add(*least);
    }
    return true;
  }

  const Model& model_;
  const Certificate& certificate_;
  StopGlance stop_;
  Int128 cost_unit_;
  Int128 message_unit_;
  std::vector<CheckedSum> rows_;
  std::vector<Int128> prefix_;
  bool failed_ = false;
};

std::size_t num_message_entries(const Model& model) {
  std::size_t count = 0;
  for (const auto& edge : model.edges)
    count += static_cast<std::size_t>(model.domain(edge.u)) + model.domain(edge.v);
  return count;
}

}  // namespace

Result<CertifiedBound> certified_bound(const Model& model, const Certificate& certificate,
                                       const StopToken& stop) {
  if (certificate.prices.size() != model.capacity.size())
    return Error{"certificate: it has " + std::to_string(certificate.prices.size()) +
                 " prices, the model " + std::to_string(model.capacity.size()) + " time points"};
  if (certificate.messages.size() != num_message_entries(model))
    return Error{"certificate: it has " + std::to_string(certificate.messages.size()) +
                 " message entries, the model needs " + std::to_string(num_message_entries(model))};
  if (certificate.price_shift > kMaxShift || certificate.message_shift < 0 ||
      certificate.message_shift > certificate.price_shift)
    return Error{"certificate: a shift is out of range"};
  if (std::ranges::any_of(certificate.prices, [](std::int64_t price) { return price < 0; }))
    return Error{"certificate: a price is negative"};
  return Evaluation128(model, certificate, stop).run();
}

}  // namespace warpshard
