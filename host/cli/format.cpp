#include "host/cli/format.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace warpshard::cli {
namespace {

template <typename... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, values...);
  return buffer.data();
}

}  // namespace

std::string describe(const Cost& cost) {
  auto text = to_string(cost.finite);
  if (cost.forbidden == 1) text += " and 1 forbidden entry";
  if (cost.forbidden > 1) text += " and " + std::to_string(cost.forbidden) + " forbidden entries";
  return text;
}

std::string describe_gap(const Cost& cost, Int128 bound) {
  if (cost.forbidden != 0 || bound == 0) return {};
  constexpr double kPercent = 100;
  const auto bound_value = static_cast<double>(bound);
  const double gap = kPercent * static_cast<double>(cost.finite - bound) / std::fabs(bound_value);
  return formatted(gap < kPercent ? "%.3f%%" : "%.0f%%", gap);
}

std::string describe(const Progress& progress) {
  auto line = formatted("%7.1f s", progress.seconds);
  if (progress.incumbent) line += "  cost " + describe(*progress.incumbent);
  if (progress.bound) line += "  bound " + to_string(*progress.bound);
  if (progress.incumbent && progress.bound) {
    const auto gap = describe_gap(*progress.incumbent, *progress.bound);
    if (!gap.empty()) line += "  gap " + gap;
  }
  if (!progress.note.empty()) line += "  " + progress.note;
  return line;
}

std::string describe_usage(const Problem& problem, const Evaluation& evaluation) {
  const auto limit = problem.usage_limit ? std::to_string(*problem.usage_limit) : "none";
  return "peak usage " + to_string(evaluation.peak_usage) + " at time " +
         std::to_string(evaluation.peak_time) + ", limit " + limit;
}

}  // namespace warpshard::cli
