#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/store/layers.h"
#include "host/store/record_folder.h"

namespace warpshard::store {

/// What was done to a folder, and what could not be.
struct UpkeepReport {
  std::int64_t records = 0;  ///< copied or deleted, or looked at
  std::int64_t others = 0;   ///< files beside records that were deleted
  std::vector<StoreFault> faults;
};

/// Copies what `from` has and `to` has not. Merging is nothing else, and may be broken off.
UpkeepReport merge(const Layers& from, const RecordFolder& to);

/// Copies of each key of `keys` the records that hold its best plan and its best bound.
UpkeepReport bundle(const Layers& from, const std::vector<std::string>& keys,
                    const RecordFolder& to);

/// Deletes what is of no more use: of each instance the records beyond the `keep` cheapest plans
/// and the best bounds, files that no record names, and temporary files that a crash left behind.
/// Both of the latter only once they are old, for a writer may be at work. What cannot be read is
/// kept, and everything beside it.
UpkeepReport prune(const RecordFolder& folder, std::size_t keep);

/// Reads every record and what lies beside it.
UpkeepReport check(const Layers& layers);

}  // namespace warpshard::store
