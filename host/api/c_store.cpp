// The C interface to the plan store. c_store_absent.cpp has the same functions without it.

#include <utility>

#include "host/api/c_guard.h"
#include "host/api/c_handles.h"
#include "host/api/c_solve.h"
#include "warpshard/evaluate.h"
#include "warpshard/plan_store.h"

using namespace warpshard::api;

struct warpshard_store {
  warpshard::PlanStore store;
  warpshard_on_fault on_fault = nullptr;
  void* fault_user = nullptr;

  void tell(const warpshard::StoreFault& fault) const {
    if (on_fault != nullptr) on_fault(fault.path.c_str(), fault.reason.c_str(), fault_user);
  }
};

warpshard_status warpshard_store_open(const char* layers, warpshard_store** out) {
  const auto open = [&] {
    auto store = warpshard::PlanStore::open(layers);
    if (!store) return failed(WARPSHARD_INVALID, store.error().message);
    *out = new warpshard_store{std::move(*store)};
    return WARPSHARD_OK;
  };
  return guarded_with(open, layers, out);
}

void warpshard_store_free(warpshard_store* store) {
  delete store;
}

warpshard_status warpshard_store_on_fault(warpshard_store* store, warpshard_on_fault callback,
                                          void* user) {
  const auto set = [&] {
    store->on_fault = callback;
    store->fault_user = user;
    return WARPSHARD_OK;
  };
  return guarded_with(set, store);
}

warpshard_status warpshard_store_best(const warpshard_store* store,
                                      const warpshard_problem* problem, warpshard_result** out) {
  const auto ask = [&] {
    warpshard::StoreAnswer answer = store->store.best(problem->problem);
    for (const warpshard::StoreFault& fault : answer.faults) store->tell(fault);
    *out = new warpshard_result{warpshard::stored_result(std::move(answer), 0)};
    return WARPSHARD_OK;
  };
  return guarded_with(ask, store, problem, out);
}

warpshard_status warpshard_store_solve(const warpshard_store* store,
                                       const warpshard_problem* problem,
                                       const warpshard_options* options, warpshard_result** out) {
  const auto search = [&](const warpshard::Problem& instance,
                          const warpshard::SolverOptions& solver,
                          const warpshard::SolverCallbacks& callbacks) {
    return solve_with_store(store->store, instance, solver, callbacks,
                            /*file=*/{},
                            [&](const warpshard::StoreFault& fault) { store->tell(fault); });
  };
  return guarded_with([&] { return solve_by(search, problem, options, out); }, store);
}

warpshard_status warpshard_store_add(const warpshard_store* store, const warpshard_problem* problem,
                                     const int32_t* plan, int32_t nodes) {
  const auto add = [&] {
    if (!is_array(plan, nodes)) return failed(WARPSHARD_INVALID, "the plan is no array");
    const auto values = array_of(plan, nodes);
    warpshard::SolverResult result;
    result.status = warpshard::SolverStatus::kFeasible;
    result.plan.assign(values.begin(), values.end());
    result.source = "caller";
    const auto evaluation = warpshard::evaluate(problem->problem, result.plan);
    if (!evaluation) return failed(WARPSHARD_INVALID, evaluation.error().message);
    if (!evaluation->within_limit)
      return failed(WARPSHARD_INVALID, "the plan is not within the limit");
    const auto error = store->store.add(problem->problem, {}, result);
    return error ? failed(WARPSHARD_IO, error->message) : WARPSHARD_OK;
  };
  return guarded_with(add, store, problem);
}
