#include "host/bound/price_program.h"

#include <algorithm>
#include <numeric>

namespace warpshard {
namespace {

constexpr double kRidge = 0.01;  // of the mean diagonal of H
/// Neither needs to be exact: the next round has another H.
constexpr int kMostIterations = 10;
constexpr int kMostPasses = 12;

double dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

}  // namespace

PriceProgram::PriceProgram(const UsageCurvature& curvature) : curvature_(curvature) {}

void PriceProgram::open(std::span<const std::int32_t> times) {
  index_.assign(static_cast<std::size_t>(curvature_.num_times()) + 1, 0);
  for (const std::int32_t t : times) index_[t + 1] = 1;
  std::partial_sum(index_.begin(), index_.end(), index_.begin());
  spans_.clear();
  variances_.clear();
  links_.clear();
  span_of_.assign(curvature_.spans().size(), -1);
  const auto number = [&](std::int32_t s) {
    if (span_of_[s] >= 0) return span_of_[s];
    const auto& all = curvature_.spans()[s];
    const UsageCurvature::Span span{index_[all.begin], index_[all.end]};
    if (span.begin == span.end) return -1;
    spans_.push_back(span);
    variances_.push_back(0);
    return span_of_[s] = static_cast<std::int32_t>(spans_.size()) - 1;
  };
  const auto covariances = curvature_.covariances();
  for (std::size_t k = 0; k < covariances.size(); ++k) {
    if (covariances[k] == 0) continue;
    const auto& pair = curvature_.pairs()[k];
    const std::int32_t first = number(pair.first);
    const std::int32_t second = number(pair.second);
    if (first < 0 || second < 0) continue;
    if (first == second) {
      variances_[first] += covariances[k];
    } else {
      links_.push_back({first, second, covariances[k]});
    }
  }
  diagonal_.assign(times.size() + 1, 0);
  for (std::size_t s = 0; s < spans_.size(); ++s) {
    diagonal_[spans_[s].begin] += variances_[s];
    diagonal_[spans_[s].end] -= variances_[s];
  }
  diagonal_.pop_back();
  std::partial_sum(diagonal_.begin(), diagonal_.end(), diagonal_.begin());
  const double trace = std::accumulate(diagonal_.begin(), diagonal_.end(), 0.0);
  ridge_ = trace > 0 ? kRidge * trace / static_cast<double>(times.size()) : 1;
  for (double& entry : diagonal_) entry = std::max(entry, 0.0) + ridge_;
  held_.assign(times.size(), false);
}

void PriceProgram::multiply(std::span<const double> move, std::vector<double>& result) {
  prefix_.assign(move.size() + 1, 0);
  std::partial_sum(move.begin(), move.end(), prefix_.begin() + 1);
  in_span_.resize(spans_.size());
  from_span_.resize(spans_.size());
  for (std::size_t s = 0; s < spans_.size(); ++s) {
    in_span_[s] = prefix_[spans_[s].end] - prefix_[spans_[s].begin];
    from_span_[s] = variances_[s] * in_span_[s];
  }
  for (const Link& link : links_) {
    from_span_[link.first] += link.covariance * in_span_[link.second];
    from_span_[link.second] += link.covariance * in_span_[link.first];
  }
  std::ranges::fill(prefix_, 0);
  for (std::size_t s = 0; s < spans_.size(); ++s) {
    prefix_[spans_[s].begin] += from_span_[s];
    prefix_[spans_[s].end] -= from_span_[s];
  }
  result.resize(move.size());
  double sum = 0;
  for (std::size_t t = 0; t < move.size(); ++t) {
    sum += prefix_[t];
    result[t] = sum + ridge_ * move[t];
  }
}

/// The residual's length in the scaled norm, squared.
double PriceProgram::scale_residual() {
  scaled_.resize(residual_.size());
  for (std::size_t t = 0; t < residual_.size(); ++t) {
    if (held_[t]) residual_[t] = 0;
    scaled_[t] = residual_[t] / diagonal_[t];
  }
  return dot(residual_, scaled_);
}

/// Goes on from `move`, whose residual is at hand, until that is as short as `enough`, squared.
double PriceProgram::ascend(double enough, std::vector<double>& move) {
  double length = scale_residual();
  direction_ = scaled_;
  double gain = 0;
  for (int k = 0; k < kMostIterations && length > enough; ++k) {
    multiply(direction_, product_);
    const double bend = dot(direction_, product_);
    if (!(bend > 0)) break;
    const double step = length / bend;
    gain += step * length;
    for (std::size_t t = 0; t < move.size(); ++t) {
      move[t] += step * direction_[t];
      residual_[t] -= step * product_[t];
    }
    const double last = length;
    length = scale_residual();
    for (std::size_t t = 0; t < move.size(); ++t)
      direction_[t] = scaled_[t] + length / last * direction_[t];
  }
  return gain;
}

double PriceProgram::solve(std::span<const double> gradient, double tolerance,
                           std::vector<double>& move) {
  move.assign(gradient.size(), 0);
  residual_.assign(gradient.begin(), gradient.end());
  return ascend(tolerance * scale_residual(), move);
}

void PriceProgram::solve_above(std::span<const double> floor, std::span<const double> gradient,
                               double tolerance, std::vector<double>& move) {
  residual_.assign(gradient.begin(), gradient.end());
  const double enough = tolerance * scale_residual();
  for (int pass = 0; pass < kMostPasses; ++pass) {
    bool any = false;
    for (std::size_t t = 0; t < move.size(); ++t) {
      if (held_[t] || move[t] >= floor[t]) continue;
      move[t] = floor[t];
      held_[t] = any = true;
    }
    if (!any) return;
    multiply(move, product_);
    for (std::size_t t = 0; t < move.size(); ++t) residual_[t] = gradient[t] - product_[t];
    ascend(enough, move);
  }
  for (std::size_t t = 0; t < move.size(); ++t) move[t] = std::max(move[t], floor[t]);
}

}  // namespace warpshard
