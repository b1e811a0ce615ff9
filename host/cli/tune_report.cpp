#include "host/cli/tune_report.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include "host/cli/format.h"
#include "host/cli/svg_chart.h"
#include "host/store/answer.h"
#include "host/store/keys.h"
#include "host/store/summary.h"
#include "warpshard/evaluate.h"
#include "warpshard/load.h"

namespace warpshard::cli {
namespace {

using store::ReadRecord;
using store::Summary;

constexpr const char* kCostColor = "#c2410c";
constexpr const char* kBoundColor = "#1d4ed8";
constexpr const char* kUsageColor = "#047857";
constexpr std::size_t kKeyDigits = 12;

constexpr const char* kHead = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>warpshard: tuning report</title>
<style>
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 88rem; padding: 0 1rem; color: #1c1917; }
h1 { font-size: 1.5rem; margin-bottom: .2rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .2rem; overflow-wrap: anywhere; }
p { margin: .2rem 0; color: #57534e; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .6rem; text-align: right; border-bottom: 1px solid #e7e5e4; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 9rem; }
th { font-weight: 600; border-bottom: 2px solid #a8a29e; }
.proved { color: #047857; } .open { color: #b45309; } .none { color: #b91c1c; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1rem; }
.wide { overflow-x: auto; }
svg text { font: 11px system-ui, sans-serif; } svg text:not([fill]) { fill: #57534e; }
svg .title { font-weight: 600; font-size: 12px; }
svg path { fill: none; stroke-width: 1.6; } svg .dashed { stroke-dasharray: 5 4; } svg .grid { stroke: #e7e5e4; }
svg .limit { stroke: #b91c1c; stroke-dasharray: 6 4; stroke-width: 1.4; }
.chart { width: 100%; } .spark { width: 90px; height: 20px; vertical-align: middle; }
@media (max-width: 50rem) { .more { display: none; } th, td { padding: .3rem .4rem; } }
</style></head><body>
)";

/// An instance's records in the order of their making.
struct History {
  Summary summary;
  std::vector<ReadRecord> records;
};

/// How best cost, greatest bound and gap moved with the seconds spent.
struct Course {
  StepSeries cost{"cost", kCostColor, {}};
  StepSeries bound{"bound", kBoundColor, {}, /*dashed=*/true};
  StepSeries gap{"gap", kCostColor, {}};
};

double number_of(const Cost& cost) {
  return static_cast<double>(cost.total());
}

Course course_of(const History& history) {
  Course course;
  double seconds = 0;
  std::optional<Cost> cost;
  std::optional<Cost> bound;
  for (const auto& [path, record] : history.records) {
    seconds += record.seconds;
    if (record.plan && (!cost || record.plan->cost < *cost)) cost = record.plan->cost;
    const bool credible =
        record.bound && (!history.summary.cost || record.bound->value <= *history.summary.cost);
    if (credible) bound = std::max(bound, std::optional(record.bound->value));
    if (cost) course.cost.points.emplace_back(seconds, number_of(*cost));
    if (bound) course.bound.points.emplace_back(seconds, number_of(*bound));
    const auto gap = cost && bound ? relative_gap(*cost, *bound) : std::nullopt;
    if (gap) course.gap.points.emplace_back(seconds, *gap);
  }
  return course;
}

/// Memory over time of the best plan; empty where the instance cannot be had any more.
std::string memory_chart(const History& history) {
  const auto problem = load_problem(history.summary.file);
  if (!problem || store::keys_of(*problem).exact != history.summary.exact) return {};
  const StoreAnswer answer = store::answer_from(*problem, history.records, {});
  if (!answer.plan) return {};
  StepChart chart;
  chart.title = "memory over time";
  chart.x_label = "time of the instance";
  chart.from_zero = true;
  chart.series.push_back({"usage", kUsageColor, {}});
  for (const UsageStep& step : usage_over_time(*problem, answer.plan->plan))
    chart.series[0].points.emplace_back(static_cast<double>(step.time),
                                        static_cast<double>(step.usage));
  if (problem->usage_limit) {
    chart.limit = static_cast<double>(*problem->usage_limit);
    chart.x_label += "; dashed: the limit";
  }
  return svg_of(chart);
}

std::string verdict_of(const Summary& summary) {
  if (!summary.cost)
    return summary.infeasible ? "<td class=proved>infeasible" : "<td class=none>no plan";
  if (!summary.bound) return "<td class=open>no bound";
  if (summary.gap() == 0.0) return "<td class=proved>proved";
  const std::string gap = describe_gap(*summary.cost, *summary.bound);
  return "<td class=open>" + (gap.empty() ? std::string("open") : gap);
}

/// Of the class "more" is what a narrow screen has no room for.
std::string row_of(const History& history) {
  const Summary& summary = history.summary;
  const auto cell = [](const std::string& text) { return "<td>" + text + "</td>"; };
  const auto more = [](const std::string& text) { return "<td class=more>" + text + "</td>"; };
  const std::string key = summary.exact.substr(0, kKeyDigits);
  return "<tr><td><a href=\"#" + key + "\">" +
         escaped_html(summary.name.empty() ? key : summary.name) + "</a></td>" +
         more(std::to_string(summary.nodes)) + cell(summary.cost ? describe(*summary.cost) : "-") +
         cell(summary.bound ? describe(*summary.bound) : "-") + verdict_of(summary) + "</td>" +
         cell(describe_time(summary.seconds)) + more(std::to_string(summary.attempts)) +
         more(sparkline(course_of(history).gap)) + "</tr>\n";
}

std::string section_of(const History& history) {
  const Summary& summary = history.summary;
  const std::string key = summary.exact.substr(0, kKeyDigits);
  Course course = course_of(history);
  StepChart chart;
  chart.title = "cost and bound";
  chart.x_label = "seconds spent on it";
  chart.elapsed = true;
  for (StepSeries* series : {&course.cost, &course.bound})
    if (!series->points.empty()) chart.series.push_back(std::move(*series));
  const bool none = summary.infeasible && !summary.cost;
  return "<h2 id=\"" + key + "\">" + escaped_html(summary.name.empty() ? key : summary.name) +
         "</h2>\n<p>" + escaped_html(summary.file) + " &middot; key " + key + " &middot; " +
         std::to_string(summary.nodes) + " nodes, " + std::to_string(summary.edges) + " edges" +
         (none ? "; no plan is within its limit" : "") + "</p>\n<div class=charts>" +
         svg_of(chart) + memory_chart(history) + "</div>\n";
}

std::string date_of(std::int64_t time) {
  const auto seconds = static_cast<std::time_t>(time);
  std::tm parts{};
  std::array<char, 64> text{};
  if (gmtime_r(&seconds, &parts) == nullptr) return {};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &parts);
  return text.data();
}

std::string totals_of(const std::vector<History>& histories) {
  double seconds = 0;
  std::int64_t last = 0;
  std::int64_t settled = 0;
  for (const History& history : histories) {
    seconds += history.summary.seconds;
    last = std::max(last, history.summary.last);
    settled +=
        history.summary.gap() == 0.0 || (history.summary.infeasible && !history.summary.cost);
  }
  return "<h1>Tuning report</h1>\n<p>" + std::to_string(histories.size()) + " instances, " +
         std::to_string(settled) + " proved, " + describe_time(seconds) +
         " of search, last record " + date_of(last) + "</p>\n";
}

}  // namespace

std::string tune_report(const store::Layers& layers, std::vector<StoreFault>& faults) {
  std::vector<History> histories;
  for (const std::string& key : layers.keys()) {
    auto records = layers.read(key, faults);
    if (records.empty()) continue;
    std::ranges::stable_sort(records, {}, [](const ReadRecord& read) { return read.record.time; });
    Summary summary = store::summarize(records);
    histories.push_back({std::move(summary), std::move(records)});
  }
  std::ranges::stable_sort(histories, {}, [](const History& history) {
    return std::pair(history.summary.name, history.summary.file);
  });
  std::string page = kHead + totals_of(histories);
  page +=
      "<div class=wide><table><tr><th>instance</th><th class=more>nodes</th><th>cost</th>"
      "<th>bound</th><th>gap</th><th>time</th><th class=more>attempts</th>"
      "<th class=more>gap over time</th></tr>\n";
  for (const History& history : histories) page += row_of(history);
  page += "</table></div>\n";
  for (const History& history : histories) page += section_of(history);
  return page + "</body></html>\n";
}

}  // namespace warpshard::cli
