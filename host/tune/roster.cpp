#include "host/tune/roster.h"

#include <algorithm>
#include <filesystem>
#include <random>
#include <utility>

#include "host/store/sha256.h"

namespace warpshard::tune {
namespace {

constexpr std::chrono::seconds kBeat{10};
/// A slice that is shorter is not worth loading an instance for.
constexpr double kShortestSlice = 0.5;
/// Processes that an instance may cost in a row before it is taken to be the reason.
constexpr int kMostLosses = 5;

/// About as many bytes as the instance takes unpacked.
double size_of(const std::string& file) {
  constexpr double kPacked = 8;
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return 0;
  return static_cast<double>(size) * (file.ends_with(".gz") ? kPacked : 1);
}

/// Where the time is too short for a first slice of each, half of it is for shorter ones.
TunerOptions shortened(TunerOptions options, std::size_t files) {
  const double time = options.seconds * std::max(1, options.threads);
  const double first_slices = options.length.first * static_cast<double>(files);
  if (options.seconds > 0 && first_slices > time)
    options.length.first = std::min(
        options.length.first, std::max(kShortestSlice, 0.5 * time / static_cast<double>(files)));
  return options;
}

/// Leases go by file: the key is not known before the file was read.
std::string lease_key(const TunedInstance& instance) {
  return store::hex(store::sha256(instance.file));
}

}  // namespace

std::optional<double> TunedInstance::gap() const {
  return cost && bound ? relative_gap(*cost, *bound) : std::nullopt;
}

Roster::Roster(std::vector<TunedFile> files, const TunerOptions& options, const std::string& leases)
    : options_(shortened(options, files.size())) {
  // Small ones first: a first plan for most of them comes soonest that way.
  std::ranges::stable_sort(files, {}, [](const TunedFile& file) { return size_of(file.path); });
  for (TunedFile& file : files) {
    instances_.emplace_back();
    instances_.back().file = std::move(file.path);
    instances_.back().standing.weight = file.weight;
  }
  if (!leases.empty() && options_.work_limit == 0) {
    leases_.emplace(leases);
    notes_.emplace(leases + "/standings");
  }
}

void Roster::look_around(TunedInstance& instance) {
  Standing& standing = instance.standing;
  if (!leases_ || !standing.open) return;
  standing.aside = leases_->is_taken(lease_key(instance));
  const auto noted = notes_->read(instance.file);
  if (!noted || noted->seconds <= standing.seconds) return;
  standing.seconds = noted->seconds;
  standing.recent_gain = noted->recent_gain;
  standing.gap = noted->gap;
  // It still has its turn, at the very end: that others have settled it is verified then.
  if (standing.gap <= options_.gap) standing.gap = standing.recent_gain = 0;
}

std::optional<std::size_t> Roster::next() {
  std::vector<Standing> standings;
  for (TunedInstance& instance : instances_) {
    look_around(instance);
    standings.push_back(instance.standing);
  }
  return next_slice(standings);
}

/// One, unless it is large or there are more threads than instances.
int Roster::width_of(std::size_t index, int threads) const {
  constexpr double kBytesPerThread = 16e6;
  const auto share = threads / std::max<std::int64_t>(1, open_count());
  const double wanted =
      std::max(size_of(instances_[index].file) / kBytesPerThread, static_cast<double>(share));
  return static_cast<int>(std::clamp(wanted, 1.0, static_cast<double>(std::max(1, threads))));
}

std::optional<SliceTask> Roster::begin(std::size_t index, int threads) {
  TunedInstance& instance = instances_[index];
  const bool mine = !leases_ || leases_->take(lease_key(instance));
  if (!mine && !instance.standing.aside) return std::nullopt;
  instance.standing.open = false;
  instance.running = true;
  instance.threads = threads;
  SliceTask task = task_of(instance);
  if (!mine) task.seed += std::random_device()();  // to repeat the other's search is no use
  return task;
}

SliceTask Roster::task_of(const TunedInstance& instance) const {
  constexpr double kNoLimit = 1e8;
  SliceTask task;
  task.file = instance.file;
  task.threads = instance.threads;
  task.device = options_.device;
  task.seed = options_.seed;
  task.gap = options_.gap;
  task.memory = options_.memory * instance.threads / std::max(1, options_.threads);
  task.work_limit = options_.work_limit;
  task.most_seconds = options_.work_limit > 0 ? kNoLimit : seconds_left();
  task.length = options_.length;
  task.save_every = options_.save_every;
  return task;
}

void Roster::end(std::size_t index, const SliceResult& result) {
  TunedInstance& instance = instances_[index];
  instance.error = result.error;
  instance.name = result.name;
  instance.key = result.key;
  instance.cost = result.cost;
  instance.bound = result.bound;
  instance.infeasible = result.infeasible;
  instance.settled = result.settled;
  instance.losses = 0;
  instance.last_seconds = result.seconds;
  Standing& standing = instance.standing;
  ++standing.slices;
  standing.recent_gain = result.gain / std::max(result.seconds, kShortestSlice);
  standing.gap = result.infeasible ? 0 : result.gap;
  standing.seconds = result.spent;
  // Where the store takes no records its attempts stay what they were.
  const std::int64_t given = std::max(result.attempts, standing.slices);
  const bool done = options_.work_limit > 0 && given >= options_.slices;
  standing.open = instance.error.empty() && !instance.settled && !done;
  if (notes_ && instance.error.empty()) notes_->write(instance.file, standing);
  release(instance);
}

void Roster::lose(std::size_t index, const std::string& reason) {
  TunedInstance& instance = instances_[index];
  if (++instance.losses >= kMostLosses)
    instance.error = instance.file + ": given up, since " + std::to_string(instance.losses) +
                     " processes in a row were lost with it: " + reason;
  instance.standing.open = instance.error.empty();
  release(instance);
}

void Roster::release(TunedInstance& instance) {
  instance.running = false;
  if (leases_) leases_->give_back(lease_key(instance));
}

void Roster::beat() {
  if (!leases_ || Clock::now() - beaten_ < kBeat) return;
  leases_->beat();
  beaten_ = Clock::now();
}

double Roster::seconds_left() const {
  const std::chrono::duration<double> spent = Clock::now() - start_;
  return options_.seconds > 0 ? options_.seconds - spent.count() : options_.length.longest;
}

bool Roster::time_is_up() const {
  return options_.work_limit == 0 && seconds_left() < kShortestSlice;
}

bool Roster::all_settled() const {
  return std::ranges::all_of(instances_, [](const TunedInstance& instance) {
    return instance.settled || !instance.error.empty();
  });
}

bool Roster::finished(bool stopped) const {
  const bool limited = options_.work_limit > 0 || options_.seconds > 0;
  return (limited && !stopped) || all_settled();
}

std::int64_t Roster::open_count() const {
  return std::ranges::count_if(instances_, [](const TunedInstance& instance) {
    return instance.standing.open || instance.running;
  });
}

}  // namespace warpshard::tune
