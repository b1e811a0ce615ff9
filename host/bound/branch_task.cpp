#include "host/bound/branch_task.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "host/bound/branching.h"
#include "host/bound/certificate.h"
#include "host/bound/dual_ascent.h"

namespace warpshard {
namespace {

/// Rounds between looks at how fast the bound rises.
constexpr std::int64_t kChunk = 20;
/// Rounds between looks at whether the goal has been met.
constexpr std::int64_t kLook = 5;
/// It has for certain where floats are so far above it, as a part of the scale.
constexpr double kClearlyMet = 1e-5;
/// Go on with a node's ascent if it could reach the incumbent within so many more chunks.
constexpr double kChunksAhead = 8;
constexpr std::int64_t kPatience = 60;
/// Start over with the smaller model if reduced costs take this part of the values.
constexpr double kWorthRestart = 0.1;
constexpr int kMostRestarts = 4;
/// The first steps of an ascent that starts from its parent's prices, as a part of the scale.
constexpr double kWarmLevel = 0.01;

/// Values this far above their variable's best, as a part of the gap to the goal, count 1/e as much
/// where a split is chosen.
constexpr double kSpread = 0.02;
/// Hubs are probed by so many sweeps for each of their values. An ascent gains a few times as much.
constexpr int kProbeSweeps = 2;
constexpr double kProbeShare = 4;
/// A part of which nothing is closed yet counts as 2^depth leaves.
constexpr double kTreeDepth = 6;
/// Gains below this part of what is left to the goal are none.
constexpr double kLeastScore = 1e-3;
/// The gap where no cost is known, as a part of the scale.
constexpr double kGuessedGap = 0.1;

double gap_to(Int128 cost, Int128 bound, double scale) {
  return cost == kNoCost ? kGuessedGap * scale : static_cast<double>(cost - bound);
}

std::unique_ptr<PartialAscent> ascent_on(const Model& model, const BranchNode& node,
                                         Restriction restriction, const StopToken& stop) {
  DualOptions options;
  options.straight_rounds = 0;
  const AscentState& state = *node.state;
  if (node.warm) options.first_level = kWarmLevel;
  if (state.level > 0)
    options.first_level = std::min(kWarmLevel, kLevelAgain * state.level / state.scale);
  return std::make_unique<PartialAscent>(model, std::move(restriction), state, options, stop);
}

class Expansion {
 public:
  Expansion(const Model& model, const BranchOptions& options, BranchTask task,
            const StopToken& stop, std::int64_t rounds)
      : model_(model),
        options_(options),
        task_(std::move(task)),
        node_(*task_.node),
        stop_(stop),
        rounds_left_(rounds) {}

  BranchResult run() {
    Outcome outcome = Outcome::kAgain;
    while (outcome == Outcome::kAgain) outcome = bound_what_is_left();
    result_.finished = outcome == Outcome::kFinished;
    if (result_.finished) node_.unfinished.reset();
    result_.node = std::move(task_.node);
    return std::move(result_);
  }

 private:
  enum class Outcome {
    kFinished,
    kStopped,
    kAgain,  ///< worth another ascent on what is left now
  };

  Int128 goal() const { return std::min(task_.goal, task_.incumbent); }

  void report(const Assignment& assignment) {
    const Cost cost = cost_of(model_, assignment);
    if (cost.forbidden > 0 || cost.finite >= task_.incumbent || !fits(model_, assignment)) return;
    task_.incumbent = cost.finite;
    result_.found.push_back({assignment, cost.finite});
  }

  Outcome bound_what_is_left() {
    if (!node_.unfinished) {
      if (node_.record != nullptr && !node_.record->propagate(node_.removed))
        return Outcome::kFinished;
      auto restriction = restrict_model(model_, node_.removed, stop_);
      if (!restriction) return stop_.stopped() ? Outcome::kStopped : Outcome::kFinished;
      if (restriction->model.num_variables() == 0) {
        if (node_.record != nullptr) node_.record->add(model_, goal());
        report(extend(*restriction, {}));
        return Outcome::kFinished;
      }
      node_.unfinished = ascent_on(model_, node_, *std::move(restriction), stop_);
      if (stop_.stopped()) {
        node_.unfinished.reset();
        return Outcome::kStopped;
      }
    }
    return ascend() ? judge() : Outcome::kStopped;
  }

  /// Ascends until the bound meets the goal or rises too slowly to get there; false if stopped.
  bool ascend() {
    DualAscent& ascent = node_.unfinished->ascent();
    if (goal() != kNoCost) ascent.set_incumbent(goal());
    const std::int64_t most = node_.explored ? options_.rounds : options_.root_rounds;
    // What is written down is rounded: it wants some room above the goal.
    const std::int64_t look = node_.record != nullptr ? kChunk : kLook;
    const std::int64_t before = ascent.rounds();
    bool more = ascent.rounds() < most;
    while (more && rounds_left_ > 0 && !stop_.stopped()) {
      const std::int64_t done = ascent.rounds();
      if (done % kChunk == 0) node_.chunk_bound = ascent.bound_above_constant();
      ascent.run(stop_, std::min(rounds_left_, look - done % look));
      rounds_left_ -= ascent.rounds() - done;
      if (ascent.rounds() > done && ascent.rounds() % look == 0)
        more = ascent.rounds() < most && worth_more(ascent);
    }
    result_.work += (ascent.rounds() - before) * ascent.work_per_round();
    return !more && !stop_.stopped();
  }

  /// Where the ascent is looked at; how fast it rises is judged after whole chunks.
  bool worth_more(const DualAscent& ascent) const {
    const double gain = ascent.bound_above_constant() - node_.chunk_bound;
    const double left = ascent.gap();
    if (ascent.rounds() % kChunk != 0) return left >= -kClearlyMet * ascent.scale();
    if (left < 0 || ascent.exceeds_every_plan()) return false;
    // The level falls from its start for a while before the bound begins to rise.
    return !node_.explored || ascent.rounds() < kPatience + kChunk || gain * kChunksAhead >= left;
  }

  /// Draws the conclusions from an ascent that is done.
  Outcome judge() {
    PartialAscent& partial = *node_.unfinished;
    DualAscent& ascent = partial.ascent();
    const Model& part = partial.part();
    const Assignment decoded = ascent.decode(0, 0, stop_);
    const Certificate certificate = ascent.certificate(stop_);
    const auto certified = certified_bound(part, certificate, stop_);
    if (stop_.stopped()) return Outcome::kStopped;

    report(extend(partial.restriction(), decoded));
    note_removable(partial);
    const Int128 target = goal();
    if (certified && certified->none_allowed) return Outcome::kFinished;
    const auto bound = bound_of(partial, certificate, certified, target);
    if (bound) node_.bound = std::max(node_.bound, std::min(*bound, target));
    if (task_.keeps_state) save_state(partial);
    node_.warm = node_.explored = true;
    if (node_.bound >= target) {
      result_.relied_on_goal = true;
      return Outcome::kFinished;
    }
    const std::int64_t dropped = target == kNoCost ? 0 : drop_dear_values(partial, target);
    if (node_.record != nullptr && node_.record->nothing_left()) return Outcome::kFinished;
    const auto values = static_cast<double>(part.unary.size());
    if (static_cast<double>(dropped) > kWorthRestart * values && node_.restarts < kMostRestarts) {
      ++node_.restarts;
      node_.unfinished.reset();
      return Outcome::kAgain;
    }
    const auto bounds = ascent.conditional_bounds(stop_);
    if (stop_.stopped()) return Outcome::kStopped;
    const double gap = gap_to(task_.incumbent, node_.bound, ascent.scale());
    const double spread = kSpread * gap_to(target, node_.bound, ascent.scale());
    const auto factors = factors_of(partial.restriction());
    const BranchingView view{part,    partial.flat(), certificate, bounds.above,
                             decoded, factors,        gap,         spread};
    const double left = gap_to(target, node_.bound, ascent.scale());
    const Branching branching = best_branching(view, partial.restriction(), ascent, left);
    if (stop_.stopped()) return Outcome::kStopped;
    split(partial.restriction(), branching);
    return Outcome::kFinished;
  }

  /// The best of what scores say and of splits of hubs into single values, as far as a few sweeps
  /// can tell: scores look at neighbours one by one, and all of a hub's together decide.
  Branching best_branching(const BranchingView& view, const Restriction& restriction,
                           DualAscent& ascent, double left) {
    std::vector<Branching> candidates{choose_branching(view)};
    if (candidates[0].variable < 0) return candidates[0];
    if (node_.depth == 0 && node_.hubs.empty()) choose_hubs(view, restriction, ascent, left);
    for (const std::int32_t v : hubs_left(restriction, options_.probes))
      candidates.push_back(split_into_values(view, v));
    if (candidates.size() == 1) return candidates[0];
    const auto outlooks = probe(candidates, ascent, left);
    if (outlooks.empty()) return candidates[0];
    const auto best = std::ranges::min_element(outlooks, {}, &Outlook::size) - outlooks.begin();
    if (best > 0) candidates[best].score = std::max(outlooks[best].least, kLeastScore * left);
    return candidates[best];
  }

  /// What a few sweeps say of a split.
  struct Outlook {
    double size = 0;   ///< of the trees below its parts, relatively
    double least = 0;  ///< gain of a part, cost units
  };

  /// [parts] cost units; empty when stopped.
  std::vector<double> probe_gains(const std::vector<Part>& parts, DualAscent& ascent) {
    result_.work += std::ssize(parts) * kProbeSweeps * ascent.work_per_round();
    return ascent.probe(parts, kProbeSweeps, stop_);
  }

  /// Empty when stopped.
  std::vector<Outlook> probe(const std::vector<Branching>& candidates, DualAscent& ascent,
                             double left) {
    std::vector<Part> parts;
    for (const Branching& candidate : candidates)
      for (const auto& values : candidate.parts) parts.push_back({candidate.variable, values});
    const auto gains = probe_gains(parts, ascent);
    std::vector<Outlook> outlooks;
    if (gains.empty()) return outlooks;
    auto gain = gains.begin();
    for (const Branching& candidate : candidates) {
      Outlook outlook{0, left};
      for (std::size_t k = 0; k < candidate.parts.size(); ++k, ++gain) {
        const double closed = std::clamp(kProbeShare * *gain / left, 0.0, 1.0);
        outlook.size += std::exp2(-kTreeDepth * closed);
        outlook.least = std::min(outlook.least, *gain);
      }
      outlooks.push_back(outlook);
    }
    return outlooks;
  }

  /// Those of the most connected variables whose best value alone gains most.
  void choose_hubs(const BranchingView& view, const Restriction& restriction, DualAscent& ascent,
                   double left) {
    std::vector<Part> best_values;
    for (const std::int32_t v : most_connected(view.model, options_.root_probes))
      best_values.push_back({v, split_into_values(view, v).parts[0]});
    const auto gains = probe_gains(best_values, ascent);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < gains.size(); ++i)
      if (gains[i] > kLeastScore * left) order.push_back(i);
    std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return gains[i]; });
    for (const std::size_t i : order)
      node_.hubs.push_back(restriction.variables[best_values[i].variable]);
  }

  /// The first of the node's hubs that are still to be decided, in the restriction's numbering.
  std::vector<std::int32_t> hubs_left(const Restriction& restriction, std::size_t most) const {
    std::vector<std::int32_t> hubs;
    for (const std::int32_t v : node_.hubs) {
      if (hubs.size() == most) break;
      const auto at = std::ranges::lower_bound(restriction.variables, v);
      if (at != restriction.variables.end() && *at == v)
        hubs.push_back(static_cast<std::int32_t>(at - restriction.variables.begin()));
    }
    return hubs;
  }

  /// What is certified of it, or, where that is written down, confirmed.
  std::optional<Int128> bound_of(const PartialAscent& partial, const Certificate& certificate,
                                 const Result<CertifiedBound>& certified, Int128 target) {
    if (node_.record != nullptr)
      return node_.record->add(model_, partial.restriction(), certificate, target);
    return certified ? std::optional(certified->bound) : std::nullopt;
  }

  void save_state(const PartialAscent& partial) {
    auto state = std::make_shared<AscentState>(*node_.state);
    partial.save(*state);
    node_.state = std::move(state);
  }

  /// Takes away the values whose every plan costs as much as the target; how many they are.
  std::int64_t drop_dear_values(PartialAscent& partial, Int128 target) {
    if (node_.record != nullptr) return drop_what_the_record_drops();
    const Model& part = partial.part();
    const Restriction& restriction = partial.restriction();
    const auto dear = partial.ascent().values_above(target - 1, stop_);
    for (const auto& [v, d] : dear)
      node_.removed[model_.value_offsets[restriction.variables[v]] +
                    restriction.values[part.value_offsets[v] + d]] = true;
    if (!dear.empty()) result_.relied_on_goal = true;
    return std::ssize(dear);
  }

  /// A root that has lost nothing yet speaks of all plans.
  void note_removable(PartialAscent& partial) {
    if (node_.depth > 0 || node_.restarts > 0 || task_.incumbent == kNoCost) return;
    const Restriction& restriction = partial.restriction();
    for (const auto& [v, d] : partial.ascent().values_above(task_.incumbent, stop_))
      result_.removable.emplace_back(restriction.variables[v],
                                     restriction.values[partial.part().value_offsets[v] + d]);
  }

  std::int64_t drop_what_the_record_drops() {
    const auto before = std::ranges::count(node_.removed, true);
    node_.record->propagate(node_.removed);
    result_.relied_on_goal = true;
    return std::ranges::count(node_.removed, true) - before;
  }

  /// [variables of the restriction] of the scores of their splits
  std::vector<double> factors_of(const Restriction& restriction) const {
    std::vector<double> factors(restriction.variables.size(), 1);
    if (task_.history != nullptr)
      std::ranges::transform(restriction.variables, factors.begin(),
                             [&](std::int32_t v) { return task_.history->factor(v); });
    return factors;
  }

  void split(const Restriction& restriction, const Branching& branching) {
    const auto parts = std::ssize(branching.parts);
    const std::int32_t first_value = restriction.model.value_offsets[branching.variable];
    const auto* values = restriction.values.data() + first_value;
    const std::int32_t variable = restriction.variables[branching.variable];
    ProofNode* record = node_.record;
    for (std::ptrdiff_t i = 0; i < parts; ++i) {
      std::vector<std::int32_t> mine;
      for (const std::int32_t d : branching.parts[i]) mine.push_back(values[d]);
      ProofNode* record_of_child = record;
      if (record != nullptr && i + 1 < parts) {
        const auto records = record->split(variable, mine);
        record_of_child = records[0];
        record = records[1];
      }
      if (node_.record == nullptr || record_of_child != nullptr)
        add_child(variable, mine, {variable, i == 0 ? 0 : 1, branching.score}, record_of_child);
      if (node_.record != nullptr && record == nullptr) break;  // no value is left
    }
    std::ranges::reverse(result_.children);
  }

  /// The part in which a variable has one of the values.
  void add_child(std::int32_t variable, const std::vector<std::int32_t>& values,
                 const BranchSide& side, ProofNode* record) {
    auto child = std::make_unique<BranchNode>(node_);
    child->record = record;
    const auto removed = child->removed.begin() + model_.value_offsets[variable];
    std::fill(removed, removed + model_.domain(variable), true);
    for (const std::int32_t d : values) removed[d] = false;
    child->depth = node_.depth + 1;
    child->restarts = 0;
    child->side = side;
    child->first_bound = node_.bound;
    result_.children.push_back(std::move(child));
  }

  const Model& model_;
  const BranchOptions& options_;
  BranchTask task_;
  BranchNode& node_;
  StopToken stop_;
  std::int64_t rounds_left_;
  BranchResult result_;
};

}  // namespace

BranchNode::BranchNode(const BranchNode& other)
    : removed(other.removed),
      bound(other.bound),
      state(other.state),
      warm(other.warm),
      explored(other.explored),
      depth(other.depth),
      restarts(other.restarts),
      record(other.record),
      hubs(other.hubs) {}

void BranchNode::transfer(Archive& archive, const Model& model) {
  archive(removed, bound, warm, explored, depth, restarts, hubs, side, first_bound, chunk_bound);
  if (side.side != 0 && side.side != 1) throw ArchiveError("a split in two has no such side");
  archive.shared(state, [&](std::shared_ptr<const AscentState>& shared) {
    AscentState copy = archive.reading() ? AscentState() : *shared;
    archive(copy);
    if (archive.reading()) shared = std::make_shared<const AscentState>(std::move(copy));
  });
  bool has_begun = unfinished != nullptr;
  archive(has_begun);
  if (archive.reading() && has_begun) {
    auto restriction = restrict_model(model, removed);
    if (!restriction || state == nullptr) throw ArchiveError("a node of another model");
    unfinished = ascent_on(model, *this, *std::move(restriction), {});
  }
  if (has_begun) unfinished->ascent().transfer(archive);
}

BranchResult expand(const Model& model, const BranchOptions& options, BranchTask task,
                    const StopToken& stop, std::int64_t most_rounds) {
  return Expansion(model, options, std::move(task), stop, most_rounds).run();
}

}  // namespace warpshard
