#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "host/model/archive.h"
#include "host/model/stop_token.h"
#include "host/portfolio/core.h"
#include "host/portfolio/guide.h"
#include "warpshard/problem.h"

namespace warpshard {

/// The state of a search. Cores are not in it but what leads to them: they are reduced anew.
class SearchArchive : public Archive {
 public:
  /// To write.
  explicit SearchArchive(const Problem& problem) : problem_(problem) {}
  /// To read: reduces on so many threads. Told to stop, it throws ArchiveError.
  SearchArchive(std::span<const std::byte> bytes, const Problem& problem, int threads,
                const StopToken& stop)
      : Archive(bytes), problem_(problem), threads_(threads), stop_(stop) {}

  void core(CorePointer& core);
  void guide(GuidePointer& guide);

 private:
  /// What leads to a core, see Core.
  struct Way {
    bool allows_forbidden = false;
    CoreOrigin origin = CoreOrigin::kReduced;
    std::vector<ValueList> removals;

    void transfer(Archive& archive) {
      auto number = static_cast<std::int32_t>(origin);
      archive(allows_forbidden, number, removals);
      origin = static_cast<CoreOrigin>(number);
    }
  };

  CorePointer rebuild(const Way& way);

  const Problem& problem_;
  int threads_ = 1;
  StopToken stop_;
  std::vector<CorePointer> rebuilt_;  ///< with those on the way to others
};

}  // namespace warpshard
