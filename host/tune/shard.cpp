#include "host/tune/shard.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace warpshard::tune {
namespace {

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<std::int64_t> number_of(const Environment& environment, const char* name) {
  const auto text = environment(name);
  return text ? number(*text) : std::nullopt;
}

struct Launcher {
  const char* index;
  const char* count;
};

/// In this order: what starts ranks may itself run inside what starts jobs.
constexpr std::array<Launcher, 3> kRanks{{{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
                                          {"PMI_RANK", "PMI_SIZE"},
                                          {"RANK", "WORLD_SIZE"}}};
constexpr Launcher kSlurmStep{"SLURM_PROCID", "SLURM_NTASKS"};

std::optional<Shard> checked(std::optional<std::int64_t> index, std::optional<std::int64_t> count) {
  if (!index || !count || *count < 1 || *index >= *count) return std::nullopt;
  return Shard{*index, *count};
}

std::optional<Shard> rank_from(const Environment& environment, const Launcher& launcher) {
  return checked(number_of(environment, launcher.index), number_of(environment, launcher.count));
}

/// Place in a Slurm job array, whose numbers need not begin at 0 nor follow each other.
std::optional<Shard> slurm_array(const Environment& environment) {
  const auto id = number_of(environment, "SLURM_ARRAY_TASK_ID");
  if (!id) return std::nullopt;
  const auto least = number_of(environment, "SLURM_ARRAY_TASK_MIN").value_or(0);
  const auto step =
      std::max<std::int64_t>(1, number_of(environment, "SLURM_ARRAY_TASK_STEP").value_or(1));
  if (*id < least) return std::nullopt;
  return checked((*id - least) / step, number_of(environment, "SLURM_ARRAY_TASK_COUNT"));
}

/// Which one of `count`, where the launcher does not say how many there are.
std::optional<std::int64_t> index_from(const Environment& environment) {
  if (const auto shard = shard_from(environment)) return shard->index;
  return number_of(environment, "JOB_COMPLETION_INDEX");  // of a Kubernetes indexed job
}

}  // namespace

std::optional<Shard> shard_from(const Environment& environment) {
  for (const Launcher& launcher : kRanks)
    if (const auto shard = rank_from(environment, launcher)) return shard;
  if (const auto shard = slurm_array(environment)) return shard;
  return rank_from(environment, kSlurmStep);
}

Result<Shard> parse_shard(const std::string& text, const Environment& environment) {
  const auto slash = text.find('/');
  if (slash != std::string::npos) {
    const auto index = slash == 0 ? index_from(environment) : number(text.substr(0, slash));
    if (const auto shard = checked(index, number(text.substr(slash + 1)))) return *shard;
    if (slash == 0 && !index)
      return Error{"'" + text + "': nothing in the environment says which shard this is"};
  }
  return Error{"'" + text + "' is not a shard such as 0/8 to 7/8"};
}

}  // namespace warpshard::tune
