#include "host/store/upkeep.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>

#include "host/io/output_file.h"

namespace warpshard::store {
namespace {

namespace fs = std::filesystem;

/// Nobody takes so long between writing a file and naming it in a record.
constexpr std::chrono::hours kAgeOfLeftovers{24};

bool is_old(const std::string& path) {
  std::error_code error;
  const auto written = fs::last_write_time(path, error);
  return !error && fs::file_time_type::clock::now() - written > kAgeOfLeftovers;
}

/// Paths of the records worth keeping: cheapest plans, greatest bound (and the greatest that can be
/// checked), and proofs that there is no plan.
std::set<std::string> worth_keeping(const std::vector<ReadRecord>& records, std::size_t keep) {
  std::set<std::string> kept;
  std::vector<const ReadRecord*> plans;
  const ReadRecord* bound = nullptr;
  const ReadRecord* proved = nullptr;
  const auto raise = [](const ReadRecord*& best, const ReadRecord& read) {
    if (best == nullptr || read.record.bound->value > best->record.bound->value) best = &read;
  };
  for (const ReadRecord& read : records) {
    if (read.record.plan) plans.push_back(&read);
    if (read.record.bound) raise(bound, read);
    if (read.record.has_proof()) raise(proved, read);
    if (read.record.status == to_string(SolverStatus::kInfeasible)) kept.insert(read.path);
  }
  std::ranges::stable_sort(plans, {},
                           [](const ReadRecord* read) { return read->record.plan->cost; });
  plans.resize(std::min(keep, plans.size()));
  for (const ReadRecord* read : plans) kept.insert(read->path);
  if (bound != nullptr) kept.insert(bound->path);
  if (proved != nullptr) kept.insert(proved->path);
  return kept;
}

void remove_file(const std::string& path, std::int64_t& count, UpkeepReport& report) {
  std::error_code error;
  if (fs::remove(path, error))
    ++count;
  else if (error)
    report.faults.push_back({path, error.message()});
}

void prune_key(const RecordFolder& folder, const std::string& key, std::size_t keep,
               UpkeepReport& report) {
  const std::size_t faults_before = report.faults.size();
  const auto records = folder.read(key, report.faults);
  const bool all_readable = report.faults.size() == faults_before;
  const auto kept = worth_keeping(records, keep);
  std::set<std::string> named;
  for (const ReadRecord& read : records) {
    if (!kept.contains(read.path)) {
      remove_file(read.path, report.records, report);
      continue;
    }
    for (const BlobName& blob : read.record.blobs()) named.insert(blob.file());
  }
  for (const std::string& path : folder.files(key)) {
    const std::string name = fs::path(path).filename().string();
    const bool temporary = name.starts_with(io::kPartialPrefix);
    const bool unnamed = is_blob_name(name) && all_readable && !named.contains(name);
    if ((temporary || unnamed) && is_old(path)) remove_file(path, report.others, report);
  }
}

void copy_to(const RecordFolder& to, const ReadRecord& read, UpkeepReport& report) {
  if (auto error = to.copy(read))
    report.faults.push_back({read.path, error->message});
  else
    ++report.records;
}

}  // namespace

UpkeepReport merge(const Layers& from, const RecordFolder& to) {
  UpkeepReport report;
  for (const std::string& key : from.keys())
    for (const ReadRecord& read : from.read(key, report.faults)) copy_to(to, read, report);
  return report;
}

UpkeepReport bundle(const Layers& from, const std::vector<std::string>& keys,
                    const RecordFolder& to) {
  UpkeepReport report;
  for (const std::string& key : keys) {
    const auto records = from.read(key, report.faults);
    const auto kept = worth_keeping(records, 1);
    for (const ReadRecord& read : records)
      if (kept.contains(read.path)) copy_to(to, read, report);
  }
  return report;
}

UpkeepReport prune(const RecordFolder& folder, std::size_t keep) {
  UpkeepReport report;
  for (const std::string& key : folder.keys()) prune_key(folder, key, keep, report);
  return report;
}

UpkeepReport check(const Layers& layers) {
  UpkeepReport report;
  for (const std::string& key : layers.keys())
    for (const ReadRecord& read : layers.read(key, report.faults)) {
      ++report.records;
      for (const BlobName& blob : read.record.blobs()) {
        const auto bytes = RecordFolder::blob(read, blob);
        if (!bytes) report.faults.push_back({read.path, bytes.error().message});
      }
    }
  return report;
}

}  // namespace warpshard::store
