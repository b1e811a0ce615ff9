#include "host/portfolio/search_archive.h"

#include <algorithm>
#include <utility>

namespace warpshard {

void SearchArchive::core(CorePointer& core) {
  shared(core, [this](CorePointer& pointer) {
    bool allows_forbidden = pointer != nullptr && pointer->allows_forbidden;
    std::vector<ValueList> removals;
    if (pointer != nullptr) removals = pointer->removals;
    (*this)(allows_forbidden, removals);
    if (reading()) pointer = rebuild(allows_forbidden, removals);
  });
}

CorePointer SearchArchive::rebuild(bool allows_forbidden, const std::vector<ValueList>& removals) {
  const auto same = std::ranges::find_if(rebuilt_, [&](const CorePointer& core) {
    return core->allows_forbidden == allows_forbidden && core->removals == removals;
  });
  if (same != rebuilt_.end()) return *same;
  CorePointer core;
  if (removals.empty()) {
    core = reduce_instance(problem_, allows_forbidden, threads_, stop_).core;
  } else {
    const CorePointer larger = rebuild(allows_forbidden, {removals.begin(), removals.end() - 1});
    core = shrunken_core(*larger, removals.back(), stop_);
  }
  if (core == nullptr) throw ArchiveError("the instance does not reduce to what was searched");
  rebuilt_.push_back(core);
  return core;
}

void SearchArchive::guide(GuidePointer& guide) {
  shared(guide, [this](GuidePointer& pointer) {
    Guide copy = reading() ? Guide() : *pointer;
    core(copy.core);
    (*this)(copy.state, copy.prices, copy.decodings, copy.bound, copy.rounds, copy.flat,
            copy.heat_unit);
    if (reading()) pointer = std::make_shared<const Guide>(std::move(copy));
  });
}

}  // namespace warpshard
