#pragma once

#include <string>
#include <vector>

#include "host/tune/roster.h"
#include "host/tune/shard.h"
#include "warpshard/result.h"

namespace warpshard::tune {

/// The instances that `paths` name, folders standing for all files below them that end in .json or
/// .json.gz; each once, in the order of their paths, and of these the shard's. `weights` are
/// "NAME=W", for files of that name. Fails on a path that is not there or a weight that is none.
Result<std::vector<TunedFile>> tuned_files(const std::vector<std::string>& paths,
                                           const std::vector<std::string>& weights,
                                           const Shard& shard);

}  // namespace warpshard::tune
