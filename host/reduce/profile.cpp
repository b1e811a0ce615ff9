// A variable's pieces as one step function of time per value.

#include <algorithm>
#include <mutex>

#include "host/model/parallel_for.h"
#include "host/reduce/state.h"

namespace warpshard::reduce {

namespace {

/// Variables that a thread profiles at a time.
constexpr std::size_t kBlock = 256;

/// Subtracts the least usage from all; returns it.
std::int64_t make_relative(std::span<std::int64_t> usage) {
  const std::int64_t least = *std::ranges::min_element(usage);
  for (std::int64_t& amount : usage) amount -= least;
  return least;
}

/// Usage common to all of a variable's values over a stretch of time, to be taken from capacity.
struct Draw {
  Piece piece;
  std::int64_t amount = 0;
};

/// Builds a variable's disjoint pieces from left to right.
class Profile {
 public:
  Profile(std::size_t domain, std::vector<Draw>& draws) : draws_(draws), domain_(domain) {}

  /// Usage over the next stretch of time; [domain].
  void append(std::int32_t begin, std::int32_t end, std::span<const std::int64_t> usage) {
    const std::size_t start = usage_.size();
    usage_.insert(usage_.end(), usage.begin(), usage.end());
    const std::span<std::int64_t> added{usage_.data() + start, domain_};
    const std::int64_t least = make_relative(added);
    if (least != 0) draws_.push_back({{begin, end}, least});
    if (std::ranges::all_of(added, [](std::int64_t amount) { return amount == 0; })) {
      usage_.resize(start);
    } else if (!pieces_.empty() && pieces_.back().end == begin &&
               std::equal(added.begin(), added.end(), added.begin() - domain_)) {
      pieces_.back().end = end;
      usage_.resize(start);
    } else {
      pieces_.push_back({begin, end});
    }
  }

  void store(Variable& variable) {
    variable.pieces = std::move(pieces_);
    variable.usage = std::move(usage_);
  }

 private:
  std::vector<Draw>& draws_;
  std::size_t domain_;
  std::vector<Piece> pieces_;
  std::vector<std::int64_t> usage_;
};

struct Event {
  std::int32_t time;
  std::int32_t piece;
  bool begins;
};

/// Profiles one variable; adds what is to be drawn from capacity to `draws`.
void profile_variable(Variable& variable, std::vector<Draw>& draws) {
  if (variable.profiled) return;
  variable.profiled = true;
  if (variable.pieces.empty()) return;
  const auto domain = static_cast<std::size_t>(variable.domain());
  Profile profile(domain, draws);
  if (variable.pieces.size() == 1) {
    if (variable.pieces[0].begin < variable.pieces[0].end)
      profile.append(variable.pieces[0].begin, variable.pieces[0].end, variable.usage_of(0));
    profile.store(variable);
    return;
  }
  std::vector<Event> events;
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(variable.pieces.size()); ++i) {
    events.push_back({variable.pieces[i].begin, i, true});
    events.push_back({variable.pieces[i].end, i, false});
  }
  std::ranges::sort(events, {}, &Event::time);
  std::vector<std::int64_t> running(domain, 0);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto usage = variable.usage_of(events[i].piece);
    const std::int64_t sign = events[i].begins ? 1 : -1;
    for (std::size_t a = 0; a < domain; ++a) running[a] += sign * usage[a];
    if (i + 1 < events.size() && events[i].time < events[i + 1].time)
      profile.append(events[i].time, events[i + 1].time, running);
  }
  profile.store(variable);
}

void draw(const std::vector<Draw>& draws, std::vector<std::int64_t>& drawn) {
  for (const auto& [piece, amount] : draws) {
    drawn[piece.begin] += amount;
    drawn[piece.end] -= amount;
  }
}

}  // namespace

void State::profile(std::int32_t v) {
  std::vector<Draw> draws;
  profile_variable(variables[v], draws);
  draw(draws, drawn);
}

void State::profile(std::span<const std::int32_t> chosen, const StopToken& stop) {
  std::mutex mutex;
  parallel_for(threads, chosen.size(), kBlock, stop, [&](std::size_t begin, std::size_t end) {
    std::vector<Draw> draws;
    for (std::size_t i = begin; i < end; ++i) profile_variable(variables[chosen[i]], draws);
    const std::lock_guard lock(mutex);
    draw(draws, drawn);  // a sum of integers: the order does not matter
  });
}

void State::profile_all(const StopToken& stop) {
  std::vector<std::int32_t> open;
  for (std::size_t v = 0; v < variables.size(); ++v)
    if (!variables[v].profiled) open.push_back(static_cast<std::int32_t>(v));
  profile(open, stop);
}

}  // namespace warpshard::reduce
