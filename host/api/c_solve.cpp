// The C interface to solve().

#include <chrono>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "host/api/c_guard.h"
#include "host/api/c_handles.h"
#include "host/api/c_solve.h"

using namespace warpshard::api;

namespace {

/// Sets a member that any value suits.
template <typename Member, typename Value>
warpshard_status set(warpshard_options* options, Member member, Value&& value) {
  const auto assign = [&] {
    options->solver.*member = std::forward<Value>(value);
    return WARPSHARD_OK;
  };
  return guarded_with(assign, options);
}

warpshard_status set_plan(warpshard_options* options, warpshard::Plan warpshard::SolverOptions::*to,
                          const std::int32_t* plan, std::int32_t nodes) {
  const auto assign = [&] {
    if (!is_array(plan, nodes)) return failed(WARPSHARD_INVALID, "the plan is no array");
    const auto values = array_of(plan, nodes);
    (options->solver.*to).assign(values.begin(), values.end());
    return WARPSHARD_OK;
  };
  return guarded_with(assign, options);
}

void tell(const warpshard_options& options, const warpshard::Progress& progress) {
  warpshard_progress told{};
  told.seconds = progress.seconds;
  told.has_incumbent = progress.incumbent ? 1 : 0;
  if (progress.incumbent) told.incumbent = to_c(*progress.incumbent);
  told.has_bound = progress.bound ? 1 : 0;
  if (progress.bound) told.bound = to_c(*progress.bound);
  told.visits = progress.visits;
  told.source = progress.source.c_str();
  told.note = progress.note.c_str();
  options.on_progress(&told, options.progress_user);
}

/// Only what is asked for: a callback that is there costs a thread or copies.
warpshard::SolverCallbacks callbacks_of(const warpshard_options& options) {
  warpshard::SolverCallbacks callbacks;
  if (options.on_progress != nullptr)
    callbacks.on_progress = [&options](const warpshard::Progress& progress) {
      tell(options, progress);
    };
  if (options.on_incumbent != nullptr)
    callbacks.on_incumbent = [&options](const warpshard::Plan& plan,
                                        const warpshard::Evaluation& evaluation) {
      const warpshard_evaluation told = to_c(evaluation);
      options.on_incumbent(plan.data(), static_cast<std::int32_t>(plan.size()), &told,
                           options.incumbent_user);
    };
  if (options.stop != nullptr || options.should_stop != nullptr)
    callbacks.should_stop = [&options] {
      if (options.stop != nullptr && options.stop->requested) return true;
      return options.should_stop != nullptr && options.should_stop(options.stop_user) != 0;
    };
  if (options.on_checkpoint != nullptr)
    callbacks.on_checkpoint = [&options](std::span<const std::byte> bytes) {
      options.on_checkpoint(bytes.data(), bytes.size(), options.checkpoint_user);
    };
  return callbacks;
}

warpshard_outcome to_c(warpshard::SolverStatus status) {
  using warpshard::SolverStatus;
  switch (status) {
    case SolverStatus::kOptimal:
      return WARPSHARD_OPTIMAL;
    case SolverStatus::kGapReached:
      return WARPSHARD_GAP_REACHED;
    case SolverStatus::kFeasible:
      return WARPSHARD_FEASIBLE;
    case SolverStatus::kInfeasible:
      return WARPSHARD_INFEASIBLE;
    case SolverStatus::kNoPlan:
      return WARPSHARD_NO_PLAN;
    case SolverStatus::kError:
      return WARPSHARD_ERROR;
    case SolverStatus::kNoDevice:
      return WARPSHARD_NO_DEVICE;
  }
  return WARPSHARD_ERROR;
}

warpshard::SolverStatus from_c(warpshard_outcome outcome) {
  using warpshard::SolverStatus;
  switch (outcome) {
    case WARPSHARD_OPTIMAL:
      return SolverStatus::kOptimal;
    case WARPSHARD_GAP_REACHED:
      return SolverStatus::kGapReached;
    case WARPSHARD_FEASIBLE:
      return SolverStatus::kFeasible;
    case WARPSHARD_INFEASIBLE:
      return SolverStatus::kInfeasible;
    case WARPSHARD_NO_PLAN:
      return SolverStatus::kNoPlan;
    case WARPSHARD_ERROR:
      return SolverStatus::kError;
    case WARPSHARD_NO_DEVICE:
      return SolverStatus::kNoDevice;
  }
  return SolverStatus::kError;
}

warpshard_status no_plan() {
  return failed(WARPSHARD_ABSENT, "the result has no plan");
}

}  // namespace

warpshard_status warpshard::api::solve_by(const Search& search, const warpshard_problem* problem,
                                          const warpshard_options* options,
                                          warpshard_result** out) noexcept {
  const auto solve = [&] {
    const auto start = std::chrono::steady_clock::now();
    warpshard_options chosen;
    if (options != nullptr) chosen = *options;
    chosen.solver.start = start;
    chosen.solver.checkpoint = chosen.checkpoint;
    auto handle = std::make_unique<warpshard_result>();  // so that nothing found is lost
    handle->result = search(problem->problem, chosen.solver, callbacks_of(chosen));
    *out = handle.release();
    return WARPSHARD_OK;
  };
  return guarded_with(solve, problem, out);
}

warpshard_status warpshard_stop_create(warpshard_stop** out) {
  const auto create = [&] {
    *out = new warpshard_stop;
    return WARPSHARD_OK;
  };
  return guarded_with(create, out);
}

void warpshard_stop_free(warpshard_stop* stop) {
  delete stop;
}

void warpshard_stop_request(warpshard_stop* stop) {
  if (stop != nullptr) stop->requested = true;
}

void warpshard_stop_clear(warpshard_stop* stop) {
  if (stop != nullptr) stop->requested = false;
}

int32_t warpshard_stop_requested(const warpshard_stop* stop) {
  return stop != nullptr && stop->requested ? 1 : 0;
}

warpshard_status warpshard_options_create(warpshard_options** out) {
  const auto create = [&] {
    *out = new warpshard_options;
    return WARPSHARD_OK;
  };
  return guarded_with(create, out);
}

void warpshard_options_free(warpshard_options* options) {
  delete options;
}

warpshard_status warpshard_options_set_time_limit(warpshard_options* options, double seconds) {
  if (!std::isfinite(seconds) || seconds < 0)
    return failed(WARPSHARD_INVALID, "the time limit is no number of seconds");
  return set(options, &warpshard::SolverOptions::deadline_seconds, seconds);
}

warpshard_status warpshard_options_set_seed(warpshard_options* options, uint64_t seed) {
  return set(options, &warpshard::SolverOptions::seed, seed);
}

warpshard_status warpshard_options_set_threads(warpshard_options* options, int32_t threads) {
  if (threads < 0) return failed(WARPSHARD_INVALID, "the number of threads is below zero");
  return set(options, &warpshard::SolverOptions::threads, threads);
}

warpshard_status warpshard_options_set_device(warpshard_options* options, const char* device) {
  if (device == nullptr) return failed(WARPSHARD_INVALID, "the device is NULL");
  return set(options, &warpshard::SolverOptions::device, device);
}

warpshard_status warpshard_options_set_gap(warpshard_options* options, double gap) {
  if (!(gap >= 0)) return failed(WARPSHARD_INVALID, "the gap is no number from 0 up");
  return set(options, &warpshard::SolverOptions::gap, gap);
}

warpshard_status warpshard_options_set_target(warpshard_options* options, int64_t target) {
  return set(options, &warpshard::SolverOptions::target, target);
}

warpshard_status warpshard_options_set_work_limit(warpshard_options* options, int64_t work_limit) {
  if (work_limit < 0) return failed(WARPSHARD_INVALID, "the work limit is below zero");
  return set(options, &warpshard::SolverOptions::work_limit, work_limit);
}

warpshard_status warpshard_options_set_parameters(warpshard_options* options, const char* json) {
  if (json == nullptr) return failed(WARPSHARD_INVALID, "the parameters are NULL");
  const auto parse = [&] {
    auto parameters = warpshard::parse_parameters(json);
    if (!parameters) return failed(WARPSHARD_INVALID, parameters.error().message);
    return set(options, &warpshard::SolverOptions::parameters, *std::move(parameters));
  };
  return guarded_with(parse, options);
}

warpshard_status warpshard_options_set_memory_limit(warpshard_options* options, int64_t bytes) {
  if (bytes < 0) return failed(WARPSHARD_INVALID, "the memory limit is below zero");
  return set(options, &warpshard::SolverOptions::memory_limit, bytes);
}

warpshard_status warpshard_options_set_initial_plan(warpshard_options* options, const int32_t* plan,
                                                    int32_t nodes) {
  return set_plan(options, &warpshard::SolverOptions::initial_plan, plan, nodes);
}

warpshard_status warpshard_options_set_hint(warpshard_options* options, const int32_t* hint,
                                            int32_t nodes) {
  return set_plan(options, &warpshard::SolverOptions::hint, hint, nodes);
}

warpshard_status warpshard_options_set_stop(warpshard_options* options,
                                            const warpshard_stop* stop) {
  const auto set = [&] {
    options->stop = stop;
    return WARPSHARD_OK;
  };
  return guarded_with(set, options);
}

warpshard_status warpshard_options_on_progress(warpshard_options* options,
                                               warpshard_on_progress callback, void* user) {
  const auto set = [&] {
    options->on_progress = callback;
    options->progress_user = user;
    return WARPSHARD_OK;
  };
  return guarded_with(set, options);
}

warpshard_status warpshard_options_on_incumbent(warpshard_options* options,
                                                warpshard_on_incumbent callback, void* user) {
  const auto set = [&] {
    options->on_incumbent = callback;
    options->incumbent_user = user;
    return WARPSHARD_OK;
  };
  return guarded_with(set, options);
}

warpshard_status warpshard_options_should_stop(warpshard_options* options,
                                               warpshard_should_stop callback, void* user) {
  const auto set = [&] {
    options->should_stop = callback;
    options->stop_user = user;
    return WARPSHARD_OK;
  };
  return guarded_with(set, options);
}

warpshard_status warpshard_options_on_checkpoint(warpshard_options* options,
                                                 warpshard_on_checkpoint callback, double seconds,
                                                 void* user) {
  if (!(seconds >= 0)) return failed(WARPSHARD_INVALID, "the time between checkpoints is below 0");
  const auto set = [&] {
    options->on_checkpoint = callback;
    options->checkpoint_user = user;
    options->solver.checkpoint_seconds = seconds;
    return WARPSHARD_OK;
  };
  return guarded_with(set, options);
}

warpshard_status warpshard_options_set_checkpoint(warpshard_options* options, const void* bytes,
                                                  size_t size) {
  if (bytes == nullptr && size > 0) return failed(WARPSHARD_INVALID, "the checkpoint is NULL");
  const auto set = [&] {
    const auto* begin = static_cast<const std::byte*>(bytes);
    options->checkpoint.assign(begin, begin + size);
    return WARPSHARD_OK;
  };
  return guarded_with(set, options);
}

const char* warpshard_outcome_name(warpshard_outcome outcome) {
  return warpshard::to_string(from_c(outcome));
}

warpshard_status warpshard_solve(const warpshard_problem* problem, const warpshard_options* options,
                                 warpshard_result** out) {
  return solve_by(
      [](const auto& instance, const auto& solver, const auto& callbacks) {
        return warpshard::solve(instance, solver, callbacks);
      },
      problem, options, out);
}

void warpshard_result_free(warpshard_result* result) {
  delete result;
}

warpshard_outcome warpshard_result_outcome(const warpshard_result* result) {
  return result == nullptr ? WARPSHARD_ERROR : to_c(result->result.status);
}

const int32_t* warpshard_result_plan(const warpshard_result* result) {
  return result == nullptr || result->result.plan.empty() ? nullptr : result->result.plan.data();
}

int32_t warpshard_result_num_nodes(const warpshard_result* result) {
  return result == nullptr ? 0 : static_cast<std::int32_t>(result->result.plan.size());
}

warpshard_status warpshard_result_evaluation(const warpshard_result* result,
                                             warpshard_evaluation* out) {
  const auto get = [&] {
    if (result->result.plan.empty()) return no_plan();
    *out = warpshard::api::to_c(result->result.evaluation);
    return WARPSHARD_OK;
  };
  return guarded_with(get, result, out);
}

warpshard_status warpshard_result_bound(const warpshard_result* result, warpshard_cost* out) {
  const auto get = [&] {
    if (!result->result.bound) return failed(WARPSHARD_ABSENT, "the result has no bound");
    *out = warpshard::api::to_c(*result->result.bound);
    return WARPSHARD_OK;
  };
  return guarded_with(get, result, out);
}

warpshard_status warpshard_result_gap(const warpshard_result* result, double* out) {
  const auto get = [&] {
    if (result->result.plan.empty()) return no_plan();
    if (!result->result.bound) return failed(WARPSHARD_ABSENT, "the result has no bound");
    const auto gap = warpshard::relative_gap(result->result.evaluation.cost, *result->result.bound);
    if (!gap) return failed(WARPSHARD_ABSENT, "the bound says nothing about the gap");
    *out = *gap;
    return WARPSHARD_OK;
  };
  return guarded_with(get, result, out);
}

double warpshard_result_seconds(const warpshard_result* result) {
  return result == nullptr ? 0 : result->result.seconds;
}

int64_t warpshard_result_visits(const warpshard_result* result) {
  return result == nullptr ? 0 : result->result.visits;
}

const char* warpshard_result_source(const warpshard_result* result) {
  return result == nullptr ? "" : result->result.source.c_str();
}

const char* warpshard_result_message(const warpshard_result* result) {
  return result == nullptr ? "" : result->result.message.c_str();
}

int32_t warpshard_result_num_accounts(const warpshard_result* result) {
  return result == nullptr ? 0 : static_cast<std::int32_t>(result->result.accounts.size());
}

warpshard_status warpshard_result_account(const warpshard_result* result, int32_t index,
                                          warpshard_account* out) {
  const auto get = [&] {
    if (index < 0 || index >= warpshard_result_num_accounts(result))
      return failed(WARPSHARD_ABSENT, "the result has no such account");
    const warpshard::WorkerAccount& account = result->result.accounts[index];
    *out = {account.worker.c_str(), account.seconds,      account.work, account.tasks,
            account.offers,         account.improvements, account.gain};
    return WARPSHARD_OK;
  };
  return guarded_with(get, result, out);
}
