#include "host/cli/stored_run.h"

#include <chrono>
#include <exception>
#include <filesystem>
#include <future>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include "host/cli/process_clock.h"
#include "host/store/interim_result.h"
#include "host/verify/proof_file.h"

namespace warpshard::cli {
namespace {

std::string absolute_path(const std::string& file) {
  std::error_code error;
  const auto path = std::filesystem::absolute(file, error);
  return error ? file : path.string();
}

}  // namespace

StoredRun::StoredRun(const RunOptions& options, RunLog& log)
    : options_(options), log_(log), store_(PlanStore::open(options.store)) {}

SolverResult StoredRun::required(const Problem& problem, double gap) {
  StoreAnswer answer = store_->best(problem);
  for (const StoreFault& fault : answer.faults) log_.message(fault.path + ": " + fault.reason);
  if (!answer.plan) log_.message("the store knows no plan");
  SolverResult result = stored_result(std::move(answer), gap);
  result.seconds = seconds_since_start();
  return result;
}

SolverResult StoredRun::solve(const Problem& problem, const SolverOptions& solving,
                              const SolverCallbacks& callbacks) {
  if (options_.store.empty()) return warpshard::solve(problem, solving, callbacks);
  if (!store_) {
    log_.message("no store: " + store_.error().message);
    return options_.require_plan ? SolverResult{} : warpshard::solve(problem, solving, callbacks);
  }
  if (options_.require_plan) return required(problem, solving.gap);
  const auto report = [&](const StoreFault& fault) {
    log_.message((fault.path.empty() ? "" : fault.path + ": ") + fault.reason);
  };
  facts_ = facts_of(solving, absolute_path(options_.file));
  instance_.emplace(problem);
  begun_ = true;
  return solve_with_store(*store_, *instance_, solving, callbacks, facts_.file, report);
}

void StoredRun::add_proof(const Cost& bound) {
  if (!begun_) return;
  auto text = verify::read_proof_file(options_.proof);
  if (!text) return log_.message("no proof was stored: " + text.error().message);
  AttemptFacts proving = facts_;
  proving.proof = std::move(*text);
  SolverResult proved;
  proved.status = SolverStatus::kNoPlan;
  proved.bound = bound;
  proved.source = "proof";
  if (const auto error = store_->add(*instance_, proving, proved))
    log_.message("no proof was stored: " + error->message);
}

std::optional<Error> StoredRun::add_interim(const SolverResult& sofar) {
  constexpr std::chrono::seconds kPatience{1};
  if (!begun_) return std::nullopt;
  // A store may hang, as network file systems do, so that nobody waits for the thread to end.
  const auto added = std::make_shared<std::promise<std::optional<Error>>>();
  auto done = added->get_future();
  try {
    std::thread([this, added, result = sofar]() mutable {
      result.seconds = seconds_since_start();
      try {
        added->set_value(warpshard::add_interim(*store_, *instance_, facts_, result));
      } catch (const std::exception& exception) {
        added->set_value(Error{exception.what()});
      }
    }).detach();
  } catch (const std::system_error& exception) {
    return Error{exception.what()};
  }
  if (done.wait_for(kPatience) != std::future_status::ready)
    return Error{"the store does not answer"};
  return done.get();
}

}  // namespace warpshard::cli
