#include "host/search/neighbourhood.h"

#include <algorithm>
#include <utility>

#include "host/bound/dual_ascent.h"
#include "host/bound/restriction.h"

namespace warpshard {
namespace {

/// Grows a set of variables along edges, breadth first, to `size`.
class Growth {
 public:
  Growth(const FlatModel& flat, std::int32_t size)
      : flat_(flat), size_(static_cast<std::size_t>(size)), in_(flat.domains.size(), false) {}

  bool full() const { return list_.size() >= size_; }
  void add(std::int32_t v) {
    if (full() || in_[v]) return;
    in_[v] = true;
    list_.push_back(v);
  }
  /// Neighbours of what is there, a variable's in random order.
  void spread(RandomStream& random) {
    for (; next_ < list_.size() && !full(); ++next_) {
      const std::int32_t v = list_[next_];
      const auto begin = flat_.arc_offsets[v];
      const auto count = static_cast<std::uint32_t>(flat_.arc_offsets[v + 1] - begin);
      const std::uint32_t shift = count > 0 ? random.below(count) : 0;
      for (std::uint32_t k = 0; k < count; ++k)
        add(flat_.arcs[begin + static_cast<std::int32_t>((k + shift) % count)].neighbour);
    }
  }
  std::vector<std::int32_t> take() { return std::move(list_); }

 private:
  const FlatModel& flat_;
  std::size_t size_;
  std::vector<bool> in_;
  std::vector<std::int32_t> list_;
  std::size_t next_ = 0;
};

/// A time point where at least that share of the capacity is in use, or any if there is none.
std::int32_t full_moment(const Model& model, const Assignment& base, double nearly_full,
                         RandomStream& random) {
  const auto usage = usage_of(model, base);
  std::vector<std::int32_t> full;
  for (std::int32_t t = 0; t < model.num_times(); ++t)
    if (static_cast<double>(usage[t]) >= nearly_full * static_cast<double>(model.capacity[t]))
      full.push_back(t);
  if (full.empty())
    return static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(model.num_times())));
  return full[random.below(static_cast<std::uint32_t>(full.size()))];
}

/// Variables whose usage at a time point depends on their value.
std::vector<std::int32_t> users_at(const Model& model, std::int32_t time) {
  std::vector<std::int32_t> users;
  for (std::int32_t v = 0; v < model.num_variables(); ++v)
    for (const auto& segment : model.segments_of(v))
      if (segment.begin <= time && time < segment.end) users.push_back(v);
  return users;
}

void shuffle(std::vector<std::int32_t>& list, RandomStream& random) {
  for (std::size_t k = list.size(); k > 1; --k)
    std::swap(list[k - 1], list[random.below(static_cast<std::uint32_t>(k))]);
}

}  // namespace

std::vector<std::int32_t> choose_neighbourhood(NeighbourhoodKind kind, const Model& model,
                                               const FlatModel& flat, const Assignment& base,
                                               const Assignment& other, std::int32_t size,
                                               double nearly_full, RandomStream& random) {
  Growth growth(flat, size);
  std::vector<std::int32_t> seeds;
  if (kind == NeighbourhoodKind::kMoment && model.num_times() > 0)
    seeds = users_at(model, full_moment(model, base, nearly_full, random));
  if (kind == NeighbourhoodKind::kDisagreement)
    for (std::int32_t v = 0; v < model.num_variables(); ++v)
      if (base[v] != other[v]) seeds.push_back(v);
  shuffle(seeds, random);
  // Half of the room is for what lies around.
  if (seeds.size() > static_cast<std::size_t>(size) / 2) seeds.resize(size / 2);
  if (seeds.empty())
    seeds.push_back(
        static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(model.num_variables()))));
  for (const std::int32_t v : seeds) growth.add(v);
  growth.spread(random);
  return growth.take();
}

NeighbourhoodRun::NeighbourhoodRun(GuidePointer guide, const Assignment& base,
                                   const std::vector<std::int32_t>& free,
                                   const NeighbourhoodLimits& limits)
    : Job(guide->core),
      guide_(std::move(guide)),
      base_(base),
      base_cost_(cost_of(this->core()->model, base)),
      removed_(this->core()->model.unary.size(), false),
      limits_(limits) {
  const Model& model = this->core()->model;
  std::vector<bool> is_free(static_cast<std::size_t>(model.num_variables()), false);
  for (const std::int32_t v : free) is_free[v] = true;
  for (std::int32_t v = 0; v < model.num_variables(); ++v) {
    if (is_free[v]) continue;
    for (std::int32_t d = 0; d < model.domain(v); ++d)
      if (d != base[v]) removed_[model.value_offsets[v] + d] = true;
  }
}

NeighbourhoodRun::NeighbourhoodRun(GuidePointer guide)
    : Job(guide->core), guide_(std::move(guide)) {}

NeighbourhoodRun::~NeighbourhoodRun() = default;

void NeighbourhoodRun::transfer(Archive& archive) {
  Job::transfer(archive);
  bool has_tree = tree_ != nullptr;
  archive(base_, base_cost_, removed_, limits_, exhausted_, has_tree);
  if (!has_tree) return;
  if (archive.reading()) {
    if (!restrict_to_free({})) throw ArchiveError("a neighbourhood in another model");
    begin_tree();
  }
  tree_->transfer(archive);
}

/// False if nothing is free.
bool NeighbourhoodRun::restrict_to_free(const StopToken& stop) {
  const Model& model = core()->model;
  auto restriction = restrict_model(model, removed_, stop);
  if (!restriction || restriction->model.num_variables() == 0) return false;
  partial_ = std::make_unique<PartialAscent>(model, *std::move(restriction), guide_->state,
                                             DualOptions{}, stop);
  return true;
}

void NeighbourhoodRun::begin_tree() {
  BranchOptions options;
  options.root_rounds = limits_.rounds;
  options.rounds = limits_.rounds;
  options.staged = false;
  tree_ = std::make_unique<BranchAndBound>(
      partial_->part(), options,
      AscentState(partial_->part(), partial_->flat(), partial_->ascent()));
}

/// False if there is nothing to search.
bool NeighbourhoodRun::begin(const StopToken& stop) {
  add_work(core()->rates.round);
  if (!restrict_to_free(stop)) return false;
  DualAscent& ascent = partial_->ascent();
  ascent.set_incumbent(static_cast<double>(base_cost_.finite));
  ascent.run(stop, limits_.first_rounds);
  add_work(ascent.rounds() * ascent.work_per_round());
  if (stop.stopped()) return false;
  begin_tree();
  tree_->set_incumbent(base_cost_.finite);
  return true;
}

bool NeighbourhoodRun::run(Work work, const StopToken& stop) {
  const Work end = done() + work;
  if (tree_ == nullptr && !begin(stop)) return !stop.stopped();
  while (tree_->num_nodes() < limits_.nodes && done() < end && !stop.stopped()) {
    auto task = tree_->take();
    if (!task) {
      exhausted_ = true;
      return true;
    }
    BranchResult result = tree_->expand(*std::move(task), stop);
    add_work(result.work + 1);
    for (const auto& found : result.found)
      keep({extend(partial_->restriction(), found.assignment), {}, Cost{0, found.finite_cost}});
    tree_->finish(std::move(result), {});
  }
  return tree_->num_nodes() >= limits_.nodes;
}

}  // namespace warpshard
