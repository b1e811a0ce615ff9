#pragma once

#include <string>
#include <vector>

#include "host/tune/shard.h"
#include "host/tune/tuner.h"
#include "warpshard/result.h"

namespace warpshard::cli {

/// The instances that `paths` name, folders standing for all files below them that end in .json or
/// .json.gz; each once, in the order of their paths, and of these the shard's. `weights` are
/// "NAME=W", for files of that name. Fails on a path that is not there or a weight that is none.
Result<std::vector<tune::TunedFile>> tuned_files(const std::vector<std::string>& paths,
                                                 const std::vector<std::string>& weights,
                                                 const tune::Shard& shard);

}  // namespace warpshard::cli
