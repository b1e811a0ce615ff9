// warpshard store ...: what a store of plans holds.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "host/cli/exit_codes.h"
#include "host/cli/format.h"
#include "host/cli/store_option.h"
#include "host/cli/store_table.h"
#include "host/store/keys.h"
#include "host/store/layers.h"
#include "host/store/summary.h"
#include "host/store/upkeep.h"
#include "warpshard/load.h"
#include "warpshard/plan.h"
#include "warpshard/plan_store.h"

namespace warpshard::cli {
namespace {

using store::Layers;

struct StoreOptions {
  std::string store;
  std::vector<std::string> files;  ///< instances or stores
  std::string target;              ///< a folder, a key, or an instance
  std::size_t keep = 3;
  bool json = false;
};

/// Runs `body` with the store's folders.
int with_layers(const StoreOptions& options, const std::function<int(const Layers&)>& body) {
  const auto layers = Layers::parse(options.store);
  if (!layers) return report_failure(kExitUsage, layers.error().message);
  return body(*layers);
}

/// The same with the folder that is written to.
int with_writable(const StoreOptions& options,
                  const std::function<int(const store::RecordFolder&)>& body) {
  return with_layers(options, [&](const Layers& layers) {
    if (layers.writable() == nullptr)
      return report_failure(kExitUsage, "no layer of the store is for writing");
    return body(*layers.writable());
  });
}

int report(const store::UpkeepReport& done, const std::string& what) {
  report_faults(done.faults);
  std::printf("%lld records %s\n", static_cast<long long>(done.records), what.c_str());
  if (done.others > 0)
    std::printf("%lld other files deleted\n", static_cast<long long>(done.others));
  return done.faults.empty() ? kExitSuccess : kExitBadInput;
}

int list(const StoreOptions& options) {
  return with_layers(options, [&](const Layers& layers) {
    std::vector<StoreFault> faults;
    const auto summaries = summaries_of(layers, faults);
    if (options.json)
      for (const store::Summary& summary : summaries)
        std::printf("%s\n", summary_json(summary).c_str());
    else
      print_summaries(summaries);
    report_faults(faults);
    return kExitSuccess;
  });
}

int best(const StoreOptions& options) {
  const auto problem = load_problem(options.target);
  if (!problem) return report_failure(kExitBadInput, problem.error().message);
  const auto store = PlanStore::open(options.store);
  if (!store) return report_failure(kExitUsage, store.error().message);
  const StoreAnswer answer = store->best(*problem);
  report_faults(answer.faults);
  if (answer.infeasible) std::printf("# infeasible\n");
  if (answer.bound)
    std::printf("# bound %s, by version %s%s\n", describe(answer.bound->value).c_str(),
                answer.bound->version.c_str(), answer.bound->has_proof ? ", with a proof" : "");
  if (!answer.plan) {
    std::printf("[]\n");
    return answer.infeasible ? kExitInfeasible : kExitNoPlan;
  }
  std::printf("# cost %s\n", describe(answer.plan->evaluation.cost).c_str());
  if (answer.bound) {
    const auto gap = describe_gap(answer.plan->evaluation.cost, answer.bound->value);
    if (!gap.empty()) std::printf("# gap %s\n", gap.c_str());
  }
  std::printf("%s\n", format_plan(answer.plan->plan).c_str());
  return kExitSuccess;
}

int show(const StoreOptions& options) {
  return with_layers(options, [&](const Layers& layers) {
    std::vector<StoreFault> faults;
    int status = kExitNoPlan;
    for (const std::string& key : layers.keys()) {
      if (!key.starts_with(options.target)) continue;
      for (const store::ReadRecord& read : layers.read(key, faults)) {
        std::printf("# %s\n%s", read.path.c_str(), to_json(read.record).c_str());
        status = kExitSuccess;
      }
    }
    report_faults(faults);
    return status;
  });
}

int verify_store(const StoreOptions& options) {
  return with_layers(options, [&](const Layers& layers) {
    store::UpkeepReport checked = check(layers);
    for (const std::string& file : options.files) {
      const auto problem = load_problem(file);
      if (!problem) return report_failure(kExitBadInput, problem.error().message);
      const auto more = faults_for(*problem, layers);
      checked.faults.insert(checked.faults.end(), more.begin(), more.end());
    }
    return report(checked, "looked at");
  });
}

int merge_stores(const StoreOptions& options) {
  return with_writable(options, [&](const store::RecordFolder& to) {
    store::UpkeepReport total;
    for (const std::string& name : options.files) {
      const auto from = Layers::parse(name);
      if (!from) return report_failure(kExitUsage, from.error().message);
      const auto done = store::merge(*from, to);
      total.records += done.records;
      total.faults.insert(total.faults.end(), done.faults.begin(), done.faults.end());
    }
    return report(total, "merged");
  });
}

int prune_store(const StoreOptions& options) {
  return with_writable(options, [&](const store::RecordFolder& folder) {
    return report(store::prune(folder, options.keep), "deleted");
  });
}

/// The best that is known of every instance, without what differs between runs.
int export_store(const StoreOptions& options) {
  return with_layers(options, [&](const Layers& layers) {
    std::vector<StoreFault> faults;
    for (const std::string& key : layers.keys())
      if (const auto records = layers.read(key, faults); !records.empty())
        std::printf("%s\n", export_json(records).c_str());
    report_faults(faults);
    return kExitSuccess;
  });
}

int bundle_store(const StoreOptions& options) {
  return with_layers(options, [&](const Layers& layers) {
    std::vector<std::string> keys;
    for (const std::string& file : options.files) {
      const auto problem = load_problem(file);
      if (!problem) return report_failure(kExitBadInput, problem.error().message);
      keys.push_back(store::keys_of(*problem).exact);
    }
    if (keys.empty()) keys = layers.keys();
    return report(store::bundle(layers, keys, store::RecordFolder(options.target)), "bundled");
  });
}

}  // namespace

void add_store_command(CLI::App& app, Command& selected) {
  const auto options = std::make_shared<StoreOptions>();
  auto* command = app.add_subcommand("store", "plans and bounds that outlive a run");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, int (*run)(const StoreOptions&)) {
    auto* action = command->add_subcommand(name, what);
    add_store_option(*action, options->store)->required();
    action->callback([&selected, options, run] { selected = [=] { return run(*options); }; });
    return action;
  };
  auto* listing = add("ls", "a table of the instances it knows", list);
  listing->add_flag("--json", options->json, "one JSON object a line");
  add("best", "the best plan known for an instance, on the last line", best)
      ->add_option("FILE", options->target, "instance")
      ->required()
      ->type_name("");
  add("show", "all records of an instance", show)
      ->add_option("KEY", options->target, "exact key, or how it begins")
      ->required()
      ->type_name("");
  add("verify", "check all records, and plans and proofs of the instances named", verify_store)
      ->add_option("FILES", options->files, "instances")
      ->type_name("");
  add("merge", "copy what other stores have into this one", merge_stores)
      ->add_option("FROM", options->files, "stores")
      ->required()
      ->type_name("");
  add("prune", "delete records that better ones make useless", prune_store)
      ->add_option("--keep", options->keep, "plans to keep of each instance")
      ->capture_default_str()
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  add("export", "the best of each instance as JSON lines, equal for equal contents", export_store);
  auto* bundling =
      add("bundle", "copy the best of each instance into a store of its own", bundle_store);
  bundling->add_option("TO", options->target, "folder")->required()->type_name("");
  bundling->add_option("FILES", options->files, "instances; none: all")->type_name("");
}

}  // namespace warpshard::cli
