#include "host/cli/format.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace warpshard::cli {
namespace {

template <typename... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 256> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, values...);
  return buffer.data();
}

/// Of a row of the log's table.
constexpr const char* kColumns = "%9s  %20s  %20s  %9s  %8s  %s";

std::string known_gap(const Progress& progress) {
  if (!progress.incumbent || !progress.bound) return {};
  return describe_gap(*progress.incumbent, *progress.bound);
}

/// What brought the news: a worker's name, what there is to say about it, or both.
std::string origin_of(const Progress& progress) {
  if (progress.source.empty() || progress.note.empty()) return progress.source + progress.note;
  return progress.source + ": " + progress.note;
}

}  // namespace

std::string describe(const Cost& cost) {
  auto text = to_string(cost.finite);
  if (cost.forbidden == 1) text += " and 1 forbidden entry";
  if (cost.forbidden > 1) text += " and " + std::to_string(cost.forbidden) + " forbidden entries";
  return text;
}

std::string describe_gap(const Cost& cost, const Cost& bound) {
  const auto gap = relative_gap(cost, bound);
  if (!gap || !std::isfinite(*gap)) return {};
  return formatted(*gap < 1 ? "%.3f%%" : "%.0f%%", 100 * *gap);
}

std::string describe_time(double seconds) {
  return formatted("%7.1f s", seconds);
}

std::string describe_count(double count) {
  constexpr std::array<const char*, 4> kUnits{"", "k", "M", "G"};
  std::size_t unit = 0;
  for (; count >= 999.5 && unit + 1 < kUnits.size(); ++unit) count /= 1000;
  return formatted(count < 10 && unit > 0 ? "%.2f%s" : "%.0f%s", count, kUnits[unit]);
}

std::string table_header() {
  return formatted(kColumns, "time", "cost", "bound", "gap", "visits/s", "from");
}

std::string table_row(const Progress& progress, std::optional<double> visits_per_second) {
  const std::string unknown = "-";
  const auto column = [&](const std::optional<Cost>& cost) {
    if (!cost) return unknown;
    const auto entries = std::to_string(cost->forbidden);
    return to_string(cost->finite) + (cost->forbidden > 0 ? " +" + entries + " forbidden" : "");
  };
  const std::string gap = known_gap(progress);
  return formatted(kColumns, describe_time(progress.seconds).c_str(),
                   column(progress.incumbent).c_str(), column(progress.bound).c_str(),
                   gap.empty() ? unknown.c_str() : gap.c_str(),
                   visits_per_second ? describe_count(*visits_per_second).c_str() : unknown.c_str(),
                   origin_of(progress).c_str());
}

std::string describe_standing(const Progress& progress, std::optional<double> visits_per_second) {
  std::string text;
  if (progress.incumbent) text += "cost " + describe(*progress.incumbent);
  if (const std::string gap = known_gap(progress); !gap.empty()) text += "  gap " + gap;
  if (visits_per_second) text += "  " + describe_count(*visits_per_second) + " visits/s";
  return text;
}

std::string describe_usage(const Problem& problem, const Evaluation& evaluation) {
  const auto limit = problem.usage_limit ? std::to_string(*problem.usage_limit) : "none";
  return "peak usage " + to_string(evaluation.peak_usage) + " at time " +
         std::to_string(evaluation.peak_time) + ", limit " + limit;
}

}  // namespace warpshard::cli
