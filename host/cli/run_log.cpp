#include "host/cli/run_log.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>

#include "host/cli/cost_shares.h"
#include "host/cli/format.h"
#include "host/cli/process_clock.h"

namespace warpshard::cli {
namespace {

using Json = nlohmann::ordered_json;

/// A number where 64 bits hold it, else its digits.
Json to_json(Int128 value) {
  if (value >= std::numeric_limits<std::int64_t>::min() &&
      value <= std::numeric_limits<std::int64_t>::max())
    return static_cast<std::int64_t>(value);
  return to_string(value);
}

Json new_event(const char* name) {
  constexpr double kMilliseconds = 1e3;
  return {{"event", name},
          {"seconds", std::round(seconds_since_start() * kMilliseconds) / kMilliseconds}};
}

void add_cost(Json& json, const Cost& cost) {
  json["cost"] = to_json(cost.finite);
  json["forbidden"] = cost.forbidden;
}

void add_bound(Json& json, const Cost& bound) {
  json["bound"] = to_json(bound.finite);
  json["bound_forbidden"] = bound.forbidden;
}

Json to_json(const WorkerAccount& account) {
  return {{"worker", account.worker}, {"seconds", account.seconds},
          {"work", account.work},     {"tasks", account.tasks},
          {"offers", account.offers}, {"improvements", account.improvements},
          {"gain", account.gain}};
}

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

Json result_event(const SolverResult& result) {
  Json json = new_event("result");
  json["status"] = to_string(result.status);
  if (!result.plan.empty()) {
    add_cost(json, result.evaluation.cost);
    json["peak_usage"] = to_json(result.evaluation.peak_usage);
    json["peak_time"] = result.evaluation.peak_time;
  }
  if (result.bound) add_bound(json, *result.bound);
  if (!result.plan.empty() && result.bound) {
    const auto gap = relative_gap(result.evaluation.cost, *result.bound);
    if (gap && std::isfinite(*gap)) json["gap"] = *gap;
  }
  json["source"] = result.source;
  json["visits"] = result.visits;
  Json& workers = json["workers"] = Json::array();
  for (const WorkerAccount& account : result.accounts) workers.push_back(to_json(account));
  if (!result.message.empty()) json["message"] = result.message;
  return json;
}

/// Every node at its own cheapest strategy, whatever the edges and the limit say.
Plan cheapest_strategies(const Problem& problem) {
  Plan plan;
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node) {
    const auto costs = problem.node_costs(node);
    plan.push_back(static_cast<std::int32_t>(std::ranges::min_element(costs) - costs.begin()));
  }
  return plan;
}

/// In words. What stops a run altogether is said on standard error instead.
void print_result(Printer& printer, const Problem& problem, const SolverResult& result) {
  if (result.status == SolverStatus::kError || result.status == SolverStatus::kNoDevice) return;
  if (!result.message.empty()) printer.info(result.message);
  if (result.status == SolverStatus::kInfeasible)
    printer.info("proved: no plan is within the limit");
  if (result.status == SolverStatus::kNoPlan) printer.info("no plan within the limit was found");
  if (result.plan.empty()) return;
  const auto& cost = result.evaluation.cost;
  auto line = std::string(to_string(result.status)) + ": cost " + describe(cost);
  if (result.bound) line += ", bound " + describe(*result.bound);
  const auto gap = result.bound ? describe_gap(cost, *result.bound) : std::string();
  if (!gap.empty()) line += ", gap " + gap;
  printer.info(line);
  printer.info(describe_usage(problem, result.evaluation));
}

}  // namespace

RunLog::RunLog(Printer& printer, bool json, const std::string& trace)
    : printer_(printer), json_(json), progress_log_(printer) {
  if (!trace.empty()) trace_failure_ = trace_.emplace(trace).open();
}

std::optional<Error> RunLog::failure() {
  const std::lock_guard lock(mutex_);
  return trace_failure_;
}

std::optional<Error> RunLog::finish() {
  const std::lock_guard lock(mutex_);
  if (trace_) trace_failure_ = trace_->commit();
  return trace_failure_;
}

void RunLog::event(const std::string& json) {
  if (json_) printer_.event(json);
  trace(json);
}

void RunLog::trace(const std::string& json) {
  const std::lock_guard lock(mutex_);
  if (trace_ && !trace_failure_) trace_failure_ = trace_->write(json + '\n');
}

void RunLog::instance(const Problem& problem) {
  const auto limit = problem.usage_limit ? std::to_string(*problem.usage_limit) : "none";
  if (!json_)
    printer_.info("instance " + problem.name + ": " + std::to_string(problem.num_nodes()) +
                  " nodes, " + std::to_string(problem.num_edges()) + " edges, limit " + limit);
  Json json = new_event("instance");
  json["name"] = problem.name;
  json["nodes"] = problem.num_nodes();
  json["edges"] = problem.num_edges();
  json["usage_limit"] = problem.usage_limit ? Json(*problem.usage_limit) : Json(nullptr);
  event(text_of(json));
}

void RunLog::message(const std::string& text) {
  if (!json_) printer_.info(text);
  Json json = new_event("message");
  json["text"] = text;
  event(text_of(json));
}

void RunLog::progress(const Progress& progress) {
  if (!json_) {
    const std::lock_guard lock(mutex_);
    progress_log_.report(progress);
  }
  if (!json_ && !trace_) return;
  Json json = new_event("progress");
  if (progress.incumbent) add_cost(json, *progress.incumbent);
  if (progress.bound) add_bound(json, *progress.bound);
  json["visits"] = progress.visits;
  json["source"] = progress.source;
  json["note"] = progress.note;
  event(text_of(json));
}

void RunLog::trace_plan(const char* what, const Problem& problem, const Plan& plan) {
  trace_cost(what, problem, plan);
  trace_memory(what, problem, plan);
}

void RunLog::trace_cost(const char* what, const Problem& problem, const Plan& plan) {
  const CostShares shares = cost_shares(problem, plan);
  Json json = new_event("cost");
  json["plan"] = what;
  json["nodes"] = to_json(shares.nodes.finite);
  json["edges"] = to_json(shares.edges.finite);
  json["forbidden"] = shares.nodes.forbidden + shares.edges.forbidden;
  trace(text_of(json));
}

void RunLog::trace_memory(const char* what, const Problem& problem, const Plan& plan) {
  Json json = new_event("memory");
  json["plan"] = what;
  json["usage_limit"] = problem.usage_limit ? Json(*problem.usage_limit) : Json(nullptr);
  Json& steps = json["steps"] = Json::array();
  for (const UsageStep& step : usage_over_time(problem, plan))
    steps.push_back({step.time, to_json(step.usage)});
  trace(text_of(json));
}

void RunLog::result(const Problem& problem, const SolverResult& result) {
  if (!json_) print_result(printer_, problem, result);
  if (trace_) {
    trace_plan("cheapest strategies", problem, cheapest_strategies(problem));
    if (!result.plan.empty()) trace_plan("result", problem, result.plan);
  }
  event(text_of(result_event(result)));
}

}  // namespace warpshard::cli
