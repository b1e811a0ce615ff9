#include "host/portfolio/search_archive.h"

#include <algorithm>
#include <utility>

namespace warpshard {

void SearchArchive::core(CorePointer& core) {
  shared(core, [this](CorePointer& pointer) {
    Way way;
    if (pointer != nullptr) way = {pointer->allows_forbidden, pointer->origin, pointer->removals};
    (*this)(way);
    if (reading()) pointer = rebuild(way);
  });
}

CorePointer SearchArchive::rebuild(const Way& way) {
  const auto same = std::ranges::find_if(rebuilt_, [&](const CorePointer& core) {
    return core->allows_forbidden == way.allows_forbidden && core->origin == way.origin &&
           core->removals == way.removals;
  });
  if (same != rebuilt_.end()) return *same;
  CorePointer core;
  if (!way.removals.empty()) {
    Way larger = way;
    larger.removals.pop_back();
    core = shrunken_core(*rebuild(larger), way.removals.back(), stop_);
  } else if (way.origin == CoreOrigin::kCompleted) {
    Way early = way;
    early.origin = CoreOrigin::kEarly;
    core = complete_core(*rebuild(early), threads_, stop_).core;
  } else {
    const auto extent =
        way.origin == CoreOrigin::kEarly ? ReductionExtent::kCheap : ReductionExtent::kAll;
    core = reduce_instance(problem_, way.allows_forbidden, threads_, stop_, extent).core;
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
