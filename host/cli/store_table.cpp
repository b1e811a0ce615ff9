#include "host/cli/store_table.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "host/cli/format.h"
#include "host/store/answer.h"
#include "host/store/keys.h"
#include "host/verify/proof_check.h"

namespace warpshard::cli {
namespace {

using Json = nlohmann::ordered_json;
using store::ReadRecord;

constexpr int kKeyDigits = 12;

Json cost_json(const Cost& cost) {
  return {{"forbidden", cost.forbidden}, {"finite", to_string(cost.finite)}};
}

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// What is wrong with a record's proof; nothing if it proves the record's bound.
std::optional<Error> check_proof(const Problem& problem, const ReadRecord& read) {
  const auto text = store::RecordFolder::blob(read, *read.record.bound->proof);
  if (!text) return text.error();
  const auto proved = verify::check_proof(problem, *text, store::keys_of(problem).exact);
  if (!proved) return proved.error();
  const Cost& claimed = read.record.bound->value;
  if (!proved->bound || (claimed.forbidden == 0 && claimed.finite <= *proved->bound))
    return std::nullopt;
  return Error{"its proof shows no more than " + to_string(*proved->bound)};
}

}  // namespace

std::vector<store::Summary> summaries_of(const store::Layers& layers,
                                         std::vector<StoreFault>& faults) {
  std::vector<store::Summary> summaries;
  for (const std::string& key : layers.keys())
    if (const auto records = layers.read(key, faults); !records.empty())
      summaries.push_back(store::summarize(records));
  return summaries;
}

void print_summaries(const std::vector<store::Summary>& summaries) {
  std::printf("%-*s  %8s  %20s  %20s  %9s  %8s  %9s  %s\n", kKeyDigits, "key", "nodes", "cost",
              "bound", "gap", "attempts", "seconds", "name");
  for (const store::Summary& summary : summaries) {
    const std::string gap =
        summary.cost && summary.bound ? describe_gap(*summary.cost, *summary.bound) : "";
    const std::string cost = summary.cost         ? describe(*summary.cost)
                             : summary.infeasible ? std::string("infeasible")
                                                  : std::string("-");
    std::printf("%-*.*s  %8lld  %20s  %20s  %9s  %8lld  %9.1f  %s\n", kKeyDigits, kKeyDigits,
                summary.exact.c_str(), static_cast<long long>(summary.nodes), cost.c_str(),
                summary.bound ? describe(*summary.bound).c_str() : "-",
                gap.empty() ? "-" : gap.c_str(), static_cast<long long>(summary.attempts),
                summary.seconds, dumped(summary.name).c_str());
  }
}

std::string summary_json(const store::Summary& summary) {
  Json json = {{"key", summary.exact},         {"shape", summary.shape},
               {"name", summary.name},         {"file", summary.file},
               {"nodes", summary.nodes},       {"edges", summary.edges},
               {"attempts", summary.attempts}, {"seconds", summary.seconds},
               {"last", summary.last},         {"infeasible", summary.infeasible}};
  if (summary.usage_limit) json["usage_limit"] = *summary.usage_limit;
  if (summary.cost) json["cost"] = cost_json(*summary.cost);
  if (summary.bound) json["bound"] = cost_json(*summary.bound);
  if (const auto gap = summary.gap()) json["gap"] = *gap;
  return dumped(json);
}

std::string export_json(const std::vector<ReadRecord>& records) {
  const store::Summary summary = store::summarize(records);
  Json json = {{"key", summary.exact}, {"infeasible", summary.infeasible && !summary.cost}};
  if (summary.bound) json["bound"] = cost_json(*summary.bound);
  if (!summary.cost) return dumped(json);
  json["cost"] = cost_json(*summary.cost);
  Plan best;
  for (const ReadRecord& read : records) {
    if (!read.record.plan || read.record.plan->cost != *summary.cost) continue;
    const auto plan = store::RecordFolder::strategies(read);
    if (plan && (best.empty() || *plan < best)) best = *plan;
  }
  json["plan"] = best;
  return dumped(json);
}

std::vector<StoreFault> faults_for(const Problem& problem, const store::Layers& layers) {
  std::vector<StoreFault> faults;
  const auto records = layers.read(store::keys_of(problem).exact, faults);
  for (const ReadRecord& read : records) {
    const auto alone = store::answer_from(problem, {read}, {});
    faults.insert(faults.end(), alone.faults.begin(), alone.faults.end());
    if (!read.record.has_proof()) continue;
    if (const auto error = check_proof(problem, read))
      faults.push_back({read.path, error->message});
  }
  return faults;
}

}  // namespace warpshard::cli
