#include <unistd.h>

#include <array>
#include <chrono>
#include <utility>

#include "host/store/answer.h"
#include "host/store/carry_over.h"
#include "host/store/keys.h"
#include "host/store/layers.h"
#include "host/store/record_folder.h"
#include "host/store/unwritten_records.h"
#include "warpshard/plan_store.h"
#include "warpshard/version.h"

namespace warpshard {
namespace {

using store::RecordFolder;

/// A larger instance is not reduced for its core's sake: that would take as long as a short search.
constexpr std::size_t kMostEntriesForCore = 1'000'000;

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::optional<store::Core> quick_core(const Problem& problem, const StopToken& stop = {}) {
  if (problem.entries.size() > kMostEntriesForCore) return std::nullopt;
  return store::core_of(problem, stop);
}

store::Record record_of(const KeyedProblem& instance, const AttemptFacts& facts,
                        const SolverResult& result) {
  const Problem& problem = instance.problem;
  store::Record record;
  record.exact = instance.keys.exact;
  record.shape = instance.keys.shape;
  record.name = problem.name;
  record.file = facts.file;
  record.nodes = problem.num_nodes();
  record.edges = problem.num_edges();
  record.usage_limit = problem.usage_limit;
  record.version = WARPSHARD_VERSION;
  record.host = host_name();
  record.time = std::chrono::duration_cast<std::chrono::seconds>(
                    std::chrono::system_clock::now().time_since_epoch())
                    .count();
  record.seconds = result.seconds;
  record.seed = facts.seed;
  record.work_limit = facts.work_limit;
  record.visits = result.visits;
  record.status = to_string(result.status);
  record.source = result.source;
  if (result.bound) record.bound = store::Record::Bound{*result.bound, {}};
  return record;
}

}  // namespace

KeyedProblem::KeyedProblem(const Problem& of) : problem(of), keys(store::keys_of(of)) {}

struct PlanStore::State {
  explicit State(store::Layers parsed) : layers(std::move(parsed)) {}

  store::Layers layers;
  store::UnwrittenRecords unwritten;
};

PlanStore::PlanStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
PlanStore::PlanStore(PlanStore&& other) noexcept = default;
PlanStore& PlanStore::operator=(PlanStore&& other) noexcept = default;
PlanStore::~PlanStore() = default;

Result<PlanStore> PlanStore::open(const std::string& layers) {
  auto parsed = store::Layers::parse(layers);
  if (!parsed) return parsed.error();
  return PlanStore(std::make_unique<State>(std::move(*parsed)));
}

StoreAnswer PlanStore::best(const KeyedProblem& instance) const {
  std::vector<StoreFault> faults;
  auto records = state_->layers.read(instance.keys.exact, faults);
  for (store::ReadRecord& read : state_->unwritten.read(instance.keys.exact))
    records.push_back(std::move(read));
  return store::answer_from(instance.problem, std::move(records), std::move(faults));
}

std::optional<StoredPlan> PlanStore::neighbour(
    const KeyedProblem& instance, std::chrono::steady_clock::time_point deadline) const {
  const Problem& problem = instance.problem;
  const StopToken stop(deadline);
  const auto& folders = state_->layers.folders();
  auto best = store::from_shape(problem, instance.keys.shape, folders, stop);
  if (const auto core = quick_core(problem, stop)) {
    auto plan = store::from_core(problem, *core, folders);
    if (plan && (!best || plan->evaluation.cost < best->evaluation.cost)) best = std::move(plan);
  }
  return best;
}

std::optional<Error> PlanStore::add(const KeyedProblem& instance, const AttemptFacts& facts,
                                    const SolverResult& result) const {
  const Problem& problem = instance.problem;
  const RecordFolder* folder = state_->layers.writable();
  if (folder == nullptr) return Error{"no layer of the store is for writing"};
  store::Record record = record_of(instance, facts, result);
  if (!result.plan.empty()) {
    const auto plan = store::verified(problem, result.plan, result.source, record.version);
    if (!plan) return Error{"a plan that is not within the limit is not stored"};
    store::Record::Plan stored;
    stored.cost = plan->evaluation.cost;
    stored.peak_usage = plan->evaluation.peak_usage;
    stored.strategies = plan->plan;
    if (const auto core = quick_core(problem)) {
      stored.core = core->reducer.project(plan->plan);
      if (!stored.core.empty()) record.core = core->key;
    }
    record.plan = std::move(stored);
  }
  auto error = folder->add(record, facts.proof);
  if (error)
    state_->unwritten.keep(std::move(record), facts.proof);
  else
    state_->unwritten.write_to(*folder);
  return error;
}

std::int64_t PlanStore::write_unwritten() const {
  const RecordFolder* folder = state_->layers.writable();
  return folder == nullptr ? 0 : state_->unwritten.write_to(*folder);
}

}  // namespace warpshard
