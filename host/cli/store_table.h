#pragma once

#include <string>
#include <vector>

#include "host/store/layers.h"
#include "host/store/summary.h"
#include "warpshard/problem.h"

namespace warpshard::cli {

/// One summary for each instance, in the order of their keys.
std::vector<store::Summary> summaries_of(const store::Layers& layers,
                                         std::vector<StoreFault>& faults);

void print_summaries(const std::vector<store::Summary>& summaries);

/// One JSON object on one line.
std::string summary_json(const store::Summary& summary);

/// The cheapest plan and the greatest bound of one instance's records (at least one), as JSON on
/// one line.
std::string export_json(const std::vector<store::ReadRecord>& records);

/// What is wrong with the records of an instance: plans that are not what they say, bounds that
/// proofs do not show.
std::vector<StoreFault> faults_for(const Problem& problem, const store::Layers& layers);

}  // namespace warpshard::cli
