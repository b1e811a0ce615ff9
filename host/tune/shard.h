#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "warpshard/result.h"

namespace warpshard::tune {

/// The part of a list of files that one of several processes works on: every count-th, from index.
struct Shard {
  std::int64_t index = 0;
  std::int64_t count = 1;

  bool owns(std::int64_t place) const { return place % count == index; }
};

/// Value of an environment variable; none if it is not set.
using Environment = std::function<std::optional<std::string>(const char*)>;

/// "2/8": the third of eight. "/8": of eight, which one the environment says. Fails on anything
/// else, and where the environment does not say.
Result<Shard> parse_shard(const std::string& text, const Environment& environment);

/// What the launcher of this process says of it: OpenMPI's, PMI's and torchrun's ranks, the place
/// in a Slurm job array, the rank in a Slurm step. None where no launcher says both.
std::optional<Shard> shard_from(const Environment& environment);

}  // namespace warpshard::tune
