#include "host/reduce/reducer.h"

#include <algorithm>
#include <chrono>

#include "host/reduce/build.h"
#include "host/reduce/extract.h"
#include "host/reduce/steps.h"

namespace warpshard {

struct Reducer::State {
  reduce::State problem;
  ReductionVerdict verdict = ReductionVerdict::kOpen;
  std::vector<ReductionStep> steps;
};

namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kLoad = "load";

/// Links, variables or time points that a step treats between two looks at the token.
constexpr std::uint32_t kItemsBetweenLooks = 4;

/// The sizes after a step's latest round.
void record(std::vector<ReductionStep>& steps, const char* name, const reduce::State& state,
            double seconds) {
  auto step = std::ranges::find(steps, name, &ReductionStep::name);
  if (step == steps.end()) step = steps.insert(step, ReductionStep{.name = name});
  step->variables = state.num_variables;
  step->values = state.num_values;
  step->edges = state.num_links;
  step->times = state.num_times();
  step->seconds += seconds;
}

/// What to conclude from a problem whose domains or capacities ran out.
ReductionVerdict verdict_of(const reduce::State& state) {
  if (!state.emptied) return ReductionVerdict::kOpen;
  return state.hard ? ReductionVerdict::kNoPlanWithoutForbidden : ReductionVerdict::kInfeasible;
}

class FixedPoint {
 public:
  FixedPoint(reduce::State& state, std::vector<ReductionStep>& steps, ReductionExtent extent,
             StopGlance& stop)
      : state_(state), steps_(steps), extent_(extent), stop_(stop) {}

  /// Cheap steps go first; each dear one only once the cheaper ones have nothing left to do.
  void run() {
    while (!state_.emptied && !stop_.stopped()) {
      step("forbid", reduce::forbid);
      if (step("follow", reduce::follow)) continue;
      if (step("fold", reduce::merge_parallel)) continue;
      if (step("fold", reduce::fold)) continue;
      if (step("dominance", reduce::dominance)) continue;
      if (state_.capacity_stale && step("capacity", reduce::reduce_by_capacity)) continue;
      if (extent_ == ReductionExtent::kCheap) break;
      if (state_.times_stale && step("times", reduce::reduce_times)) continue;
      if (!step("dominance", reduce::dominance_of_large)) break;
    }
  }

 private:
  bool step(const char* name, bool (*reduction)(reduce::State&, StopGlance&)) {
    if (state_.emptied || stop_.stopped()) return false;
    const auto start = Clock::now();
    const bool changed = reduction(state_, stop_);
    record(steps_, name, state_, std::chrono::duration<double>(Clock::now() - start).count());
    return changed;
  }

  reduce::State& state_;
  std::vector<ReductionStep>& steps_;
  ReductionExtent extent_;
  StopGlance& stop_;
};

}  // namespace

Reducer::Reducer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reducer::Reducer(const Reducer& other) : state_(std::make_unique<State>(*other.state_)) {}
Reducer::Reducer(Reducer&& other) noexcept = default;
Reducer& Reducer::operator=(const Reducer& other) {
  if (this != &other) state_ = std::make_unique<State>(*other.state_);
  return *this;
}
Reducer& Reducer::operator=(Reducer&& other) noexcept = default;
Reducer::~Reducer() = default;

Result<Reducer> Reducer::create(const Problem& problem, const ReducerOptions& options,
                                const StopToken& stop) {
  const auto start = Clock::now();
  auto built = reduce::build_state(problem, !options.allow_forbidden, options.threads, stop);
  if (!built.ok()) return built.error();
  auto state = std::make_unique<State>();
  state->problem = std::move(*built);
  state->problem.traced = options.traced && !options.allow_forbidden;
  if (stop.stopped()) state->verdict = ReductionVerdict::kStopped;
  record(state->steps, kLoad, state->problem,
         std::chrono::duration<double>(Clock::now() - start).count());
  ReductionStep& load = state->steps.front();
  load.variables = problem.num_nodes();
  load.values = problem.strategy_offsets.back();
  load.edges = problem.num_edges();
  return Reducer(std::move(state));
}

ReductionVerdict Reducer::run(const StopToken& stop, ReductionExtent extent) {
  reduce::State& problem = state_->problem;
  if (state_->verdict != ReductionVerdict::kOpen) return state_->verdict;
  if (problem.over_limit) return state_->verdict = ReductionVerdict::kInfeasible;
  StopGlance glance(stop, kItemsBetweenLooks);
  FixedPoint(problem, state_->steps, extent, glance).run();
  state_->verdict = verdict_of(problem);
  if (state_->verdict == ReductionVerdict::kOpen) problem.tidy(glance);
  if (stop.stopped()) state_->verdict = ReductionVerdict::kStopped;
  return state_->verdict;
}

Model Reducer::model(const StopToken& stop) const {
  return reduce::extract_model(state_->problem, stop);
}

std::span<const std::int64_t> Reducer::times() const {
  return state_->problem.times;
}

ModelOrigin Reducer::origin() const {
  ModelOrigin origin;
  origin.nodes = reduce::live_variables(state_->problem);
  for (const std::int32_t v : origin.nodes) {
    const auto& strategies = state_->problem.variables[v].strategies;
    origin.strategies.insert(origin.strategies.end(), strategies.begin(), strategies.end());
  }
  return origin;
}

void Reducer::remove_values(std::span<const std::pair<std::int32_t, std::int32_t>> values) {
  reduce::State& problem = state_->problem;
  const auto live = reduce::live_variables(problem);
  for (const auto& [variable, value] : values) {
    if (variable >= static_cast<std::int32_t>(live.size())) continue;  // a copy of another one
    const std::int32_t node = live[variable];
    problem.doom(node, value);
    problem.excluded.emplace_back(node, problem.variables[node].strategies[value]);
  }
}

Plan Reducer::lift(std::span<const std::int32_t> assignment) const {
  const reduce::State& problem = state_->problem;
  Plan plan(problem.variables.size(), 0);
  const auto live = reduce::live_variables(problem);
  for (std::size_t i = 0; i < live.size(); ++i)
    plan[live[i]] = problem.variables[live[i]].strategies[assignment[i]];
  problem.log.lift(plan);
  plan.resize(problem.num_nodes);
  return plan;
}

Assignment Reducer::project(std::span<const std::int32_t> plan) const {
  const reduce::State& problem = state_->problem;
  Plan extended(plan.begin(), plan.end());
  extended.resize(problem.variables.size(), 0);
  const auto has = [&](const auto& pair) { return extended[pair.first] == pair.second; };
  if (std::ranges::any_of(problem.excluded, has) || !problem.log.allows(extended)) return {};
  return reduce::assignment_of(problem, extended);
}

bool Reducer::bounds_plans() const {
  return !state_->problem.raised;
}

const ReductionTrace& Reducer::trace() const {
  return state_->problem.trace;
}

const std::vector<ReductionStep>& Reducer::steps() const {
  return state_->steps;
}

}  // namespace warpshard
