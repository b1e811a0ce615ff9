#pragma once

#include "host/model/model.h"
#include "host/model/stop_token.h"
#include "host/reduce/state.h"

namespace warpshard::reduce {

/// The nodes that are still variables, in order: what the model's variables stand for.
std::vector<std::int32_t> live_variables(const State& state);

/// The values of the live variables in a plan (one strategy per state variable). Empty if a value
/// is gone, or if forbidden entries are hard and the plan has one.
Assignment assignment_of(const State& state, std::span<const std::int32_t> plan);

/// The model that a tidy state stands for. Its first variables are live_variables(); if links of a
/// pair could not be added up (their sum would count as forbidden twice), further variables follow
/// that copy one end of such a link.
Model extract_model(const State& state, const StopToken& stop);

}  // namespace warpshard::reduce
