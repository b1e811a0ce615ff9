#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "warpshard/export.h"
#include "warpshard/result.h"

namespace warpshard {

// Every number of the search that somebody might turn, by part, with its default. Work is counted
// in units of about a nanosecond of one core, estimated from what was done, never from a clock.
// Visits are of variables by moves, per connected variable of the reduced instance.

/// How the portfolio deals out time.
struct PortfolioParameters {
  double first_slice = 2e6;    ///< work of the first tasks, units
  double longest_slice = 5e7;  ///< work of a task at most, units
  double slice_share = 0.02;   ///< a task takes this share of the work done before it
  std::int64_t batch = 8;      ///< tasks dealt at a time where work is counted
  double floor = 0.3;          ///< a worker's least factor on its weight, however little it earns
  double ceiling = 3;          ///< and its greatest, however much
  double memory = 0.3;         ///< earnings this share of the run ago count 1/e
  double credit = 0.02;        ///< idle workers save up this share of all time so far at most
  double latest = 0.3;         ///< how much the latest task counts in what a worker's tasks take
  double closed = 1e-3;        ///< to close the gap altogether earns the logarithm of this
};

/// Price ascents whose prices and messages lead the search.
struct AscentParameters {
  double weight = 8;               ///< share of the time beside the other workers'
  double idle_weight = 0.15;       ///< once the bound is flat
  double first_level = 0.05;       ///< first steps of the bound aim so high, as a part of the scale
  std::int64_t first_rounds = 12;  ///< before the first plan is decoded
  double growth = 1.5;             ///< of the number of rounds between two looks
  std::int64_t lead_rounds = 120;  ///< before anything else that does not lead to a first plan
  double lead_work = 3.2e8;        ///< or what rounds come to that much work, units, if fewer,
  std::int64_t least_lead_rounds = 36;  ///< but no fewer than this
  std::int64_t most_rounds = 2000;      ///< between two looks
  double flat = 0.0005;  ///< flat: twice the rounds raise the bound by no more than this share
  /// Removable values are looked for again once the gap is this part of what it was.
  double shrinks = 0.9;
  double decoding_noise = 0.003;  ///< of decodings to start from, in mean costs of a variable
};

/// First plans: quick quenches from decodings of the first prices.
struct QuenchParameters {
  double visits = 20;        ///< of each quench
  double early_visits = 30;  ///< of those before the ascent has led: memory takes longer to be met
  double raise = 1.25;       ///< of prices where memory is exceeded, per epoch
  double hasty_visits = 3;   ///< of the very first from prices
  double hasty_raise = 3;
  double overtime = 5;            ///< times as long at most where memory has not been met by then
  std::int64_t relaxations = 24;  ///< once it is met, prices fall in so many steps,
  double relaxation = 0.85;       ///< by this factor each
  double heat = 0.03;             ///< see AnnealParameters
  double cooling = 1000;          ///< hottest over coldest temperature
  double better = 0.1;            ///< again once the bound has risen by this part of the gap
};

/// Dives: fix what prices are surest of, let them adapt, fix more.
struct DiveParameters {
  double weight = 6;         ///< less the longer none of them gets cheaper
  double first_weight = 10;  ///< until the first few have ended
  std::int64_t first = 2;    ///< so many
  double hasty_rounds = 15;  ///< the very first dive: rounds between two steps
  double hasty_share = 0.3;  ///< and the share of variables that a step fixes
  double first_rounds = 30;  ///< the next
  double growth = 1.3;       ///< from one kind to the next: rounds,
  double first_share = 0.1;
  double shrink = 0.9;     ///< and shares
  double renewal = 2;      ///< prices are new again after so many times the rounds
  std::int64_t kinds = 4;  ///< from quick to careful and back
  double noise = 0.001;    ///< of decodings, after the first of each kind
  double behind = 0.003;   ///< dives rest while their best is dearer than the plan by this share
  double behind_weight = 0.1;   ///< factor on the weight meanwhile
  double first_polish = 100;    ///< visits of the descent that follows the first dive
  double polish_visits = 1000;  ///< and at most
};

/// How a descent begins, how hot, and how it treats memory.
struct DescentPolicy {
  bool fresh = true;      ///< from a decoding of the prices; otherwise from an elite
  double heat = 1;        ///< hottest temperature, in mean costs of a connected variable
  double cooling = 1000;  ///< hottest over coldest temperature
  /// Share of a capacity that usage may exceed it by at first; falls to nothing at soft_share.
  double tolerance = 0;
  /// Share of the descent in which prices stay and memory is left to them alone.
  double free_share = 0;
};

/// Descents of annealing chains.
struct AnnealParameters {
  double weight = 1.5;
  double first_visits = 100;  ///< of the first descents
  double growth = 1.35;       ///< of the next
  double most_visits = 40000;
  double following = 0.35;    ///< a descent from an elite is so much as long
  std::int64_t epochs = 300;  ///< price steps in a descent, at most
  double soft_share = 0.5;    ///< part of a descent in which capacities may be exceeded
  double quench_visits = 10;  ///< without temperature at the end
  /// A hot chain fills memory whatever it costs. Capacities that may be exceeded for a while, or
  /// prices that do not answer while hot, keep it from settling for good around that; which of them
  /// is better depends on the instance: each is tried, then those that earn are chosen more often.
  std::vector<DescentPolicy> policies = {
      {true, 1, 1000, 0.2, 0}, {true, 1, 1000, 0, 0.4}, {true, 0.1, 1000, 0, 0.3},
      {false, 0.3, 300, 0, 0}, {false, 0.1, 100, 0, 0}, {false, 0.03, 100, 0, 0},
  };
  double explore = 0.2;      ///< share of choices made at random
  std::int64_t recent = 12;  ///< results that a new one is ranked against
  double forget = 0.3;       ///< how much a new rank counts beside the old ones
};

/// Tabu searches from elites.
struct TabuParameters {
  double weight = 0.4;
  double first_visits = 100;
  double growth = 1.5;
  double most_visits = 14000;
  std::int64_t epochs = 300;   ///< price steps, at most
  std::int64_t patience = 10;  ///< epochs without a cheaper state, then back to the best one
};

/// Exact searches of neighbourhoods.
struct NeighbourhoodParameters {
  double weight = 0.4;
  double first_size = 30;  ///< variables that are free
  double least_size = 10;
  double most_size = 2000;
  double growth = 1.2;             ///< of the size, after a search that came to its end
  double shrink = 0.85;            ///< after one that did not
  std::int64_t most_nodes = 60;    ///< of the search tree
  std::int64_t first_rounds = 60;  ///< of ascent on what is free before the tree begins
  std::int64_t rounds = 60;        ///< and at each of its nodes
  double nearly_full = 0.9;        ///< moments count as full from this share of the capacity on
};

/// The best assignments so far.
struct EliteParameters {
  std::int64_t room = 8;  ///< kept
  double apart = 0.01;    ///< share of the variables in which two differ at least
  /// Ends of searches that wait to be crossed; where these are more, the oldest go without.
  std::int64_t uncrossed = 8;
};

/// Branch and bound.
struct ProveParameters {
  double first_weight = 1;          ///< while plans come easily, on models that are not small
  double weight = 4;                ///< after a while
  double grown = 20000;             ///< so long: rounds' worth of all work
  std::int64_t after_rounds = 600;  ///< of the first prices, on models that are not small
  std::int64_t small_model = 1000;  ///< variables: proofs over fewer begin at once
  std::int64_t grown_tree = 100;    ///< nodes: not given up any more for a smaller core
  double much_smaller = 0.5;        ///< but if a round there takes at most this part of the work
};

/// Reductions.
struct ReduceParameters {
  /// Rounds' worth of work without a plan that has no forbidden entries, until those with some are
  /// looked for.
  double patience = 5000;
  /// Units that reducing the instance takes: beyond that the search begins once the cheap
  /// reductions are through, and the others go on beside it.
  double early_work = 1.3e8;
};

/// Completing a hint.
struct HintParameters {
  double work = 1e9;  ///< units at most; of a limited run's work a tenth at most
};

/// Removal of values that reduced costs rule out.
struct ShrinkParameters {
  double worthwhile = 0.02;  ///< a new core has lost this share of the values at least
};

/// All of the search's parameters.
struct Parameters {
  PortfolioParameters portfolio;
  AscentParameters ascent;
  QuenchParameters quench;
  DiveParameters dive;
  AnnealParameters anneal;
  TabuParameters tabu;
  NeighbourhoodParameters neighbourhood;
  EliteParameters elites;
  ProveParameters prove;
  HintParameters hint;
  ReduceParameters reduce;
  ShrinkParameters shrink;
};

/// What is wrong with a parameter, named as in the file ("dive.growth"); nothing if all is well.
WARPSHARD_EXPORT std::optional<Error> validate(const Parameters& parameters);

/// Reads parameters from JSON such as {"dive": {"growth": 2}}; what is not named keeps its default,
/// unknown names are errors.
WARPSHARD_EXPORT Result<Parameters> parse_parameters(const std::string& json);

/// All parameters as JSON that parse_parameters() reads back.
WARPSHARD_EXPORT std::string format_parameters(const Parameters& parameters);

}  // namespace warpshard
