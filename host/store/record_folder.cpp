#include "host/store/record_folder.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "host/io/input_file.h"
#include "host/io/output_file.h"
#include "host/store/durable_file.h"
#include "host/store/sha256.h"
#include "warpshard/plan.h"

namespace warpshard::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLayout = "v1";
constexpr std::string_view kExact = "exact";
constexpr std::string_view kShape = "shape";
constexpr std::string_view kCore = "core";
constexpr std::string_view kRecordSuffix = ".json";
/// Digits of a key that name the folder above its own.
constexpr std::size_t kPrefix = 2;
/// Longer plans lie beside their record, so that records stay quick to read.
constexpr std::size_t kLongestInlinePlan = 512;
constexpr std::size_t kMostBytes = std::size_t{1} << 30;

/// Names in a folder, ascending; none if it cannot be read.
std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error))
    names.push_back(entry->path().filename().string());
  std::ranges::sort(names);
  return names;
}

std::vector<std::string> digests_in(const fs::path& folder) {
  auto names = names_in(folder);
  std::erase_if(names, [](const std::string& name) { return !is_hex_digest(name); });
  return names;
}

Result<ReadRecord> read_record(const std::string& path, const std::string& name,
                               const std::string& exact) {
  const auto bytes = io::read_file(path, kMostBytes);
  if (!bytes) return bytes.error();
  auto record = parse_record(*bytes);
  if (!record) return record.error();
  if (name != hex(sha256(*bytes)) + std::string(kRecordSuffix))
    return Error{"damaged: its bytes are not those its name was made from"};
  if (record->exact != exact) return Error{"a record of another instance"};
  return ReadRecord{path, std::move(*record)};
}

std::string path_of(const ReadRecord& read, const BlobName& blob) {
  return (fs::path(read.path).parent_path() / blob.file()).string();
}

Result<Plan> list_of(const ReadRecord& read, const Plan& here, const BlobName& blob) {
  if (blob.digest.empty()) return here;
  const auto bytes = RecordFolder::blob(read, blob);  // is what its name says
  if (!bytes) return bytes.error();
  return load_plan(path_of(read, blob));
}

std::optional<Error> write_once(const fs::path& path, std::string_view bytes) {
  std::error_code ignored;
  if (fs::exists(path, ignored)) return std::nullopt;
  return write_durably(path.string(), bytes);
}

}  // namespace

std::string RecordFolder::folder_of(std::string_view index, const std::string& key) const {
  return (fs::path(path_) / kLayout / index / key.substr(0, kPrefix) / key).string();
}

std::vector<std::string> RecordFolder::keys() const {
  const fs::path index = fs::path(path_) / kLayout / kExact;
  std::vector<std::string> keys;
  for (const std::string& prefix : names_in(index)) {
    const auto more = digests_in(index / prefix);
    keys.insert(keys.end(), more.begin(), more.end());
  }
  return keys;
}

std::vector<std::string> RecordFolder::keys_of_shape(const std::string& shape) const {
  return digests_in(folder_of(kShape, shape));
}

std::vector<std::string> RecordFolder::keys_of_core(const std::string& core) const {
  return digests_in(folder_of(kCore, core));
}

std::vector<std::string> RecordFolder::files(const std::string& exact) const {
  const fs::path folder = folder_of(kExact, exact);
  std::vector<std::string> paths;
  for (const std::string& name : names_in(folder)) paths.push_back((folder / name).string());
  return paths;
}

std::vector<ReadRecord> RecordFolder::read(const std::string& exact,
                                           std::vector<StoreFault>& faults) const {
  std::vector<ReadRecord> records;
  for (const std::string& path : files(exact)) {
    const std::string name = fs::path(path).filename().string();
    if (!name.ends_with(kRecordSuffix) || name.starts_with(io::kPartialPrefix)) continue;
    auto record = read_record(path, name, exact);
    if (record)
      records.push_back(std::move(*record));
    else
      faults.push_back({path, record.error().message});
  }
  return records;
}

Result<std::string> RecordFolder::blob(const ReadRecord& read, const BlobName& blob) {
  if (!is_hex_digest(blob.digest)) return Error{read.path + ": names no digest"};
  const std::string path = path_of(read, blob);
  auto bytes = io::read_file(path, kMostBytes);
  if (bytes && hex(sha256(*bytes)) != blob.digest)
    return Error{path + ": damaged: its bytes are not those its name was made from"};
  return bytes;
}

Result<Plan> RecordFolder::strategies(const ReadRecord& read) {
  if (!read.record.plan) return Error{"no plan in it"};
  return list_of(read, read.record.plan->strategies, {Blob::kPlan, read.record.plan->blob});
}

Result<Plan> RecordFolder::core(const ReadRecord& read) {
  if (!read.record.plan) return Error{"no plan in it"};
  return list_of(read, read.record.plan->core, {Blob::kCore, read.record.plan->core_blob});
}

std::optional<Error> RecordFolder::enter(const Record& record) const {
  const auto note = [&](std::string_view index, const std::string& key) -> std::optional<Error> {
    if (key.empty()) return std::nullopt;
    const std::string folder = folder_of(index, key);
    if (auto error = make_folder_durably(folder)) return error;
    return write_once(fs::path(folder) / record.exact, {});
  };
  if (auto error = note(kShape, record.shape)) return error;
  return note(kCore, record.core);
}

std::optional<Error> RecordFolder::add(Record record, const std::string& proof) const {
  const fs::path folder = folder_of(kExact, record.exact);
  if (auto error = make_folder_durably(folder.string())) return error;
  if (auto error = enter(record)) return error;
  std::vector<std::pair<fs::path, std::string>> blobs;  // paths and bytes
  const auto beside = [&](Blob kind, std::string bytes) {
    BlobName blob{kind, hex(sha256(bytes))};
    blobs.emplace_back(folder / blob.file(), std::move(bytes));
    return blob;
  };
  const auto move_beside = [&](Blob kind, Plan& list, std::string& digest) {
    if (list.size() <= kLongestInlinePlan) return;
    digest = beside(kind, format_plan(list) + "\n").digest;
    list.clear();
  };
  const auto write_blobs = [&]() -> std::optional<Error> {
    for (const auto& [path, bytes] : blobs)
      if (auto error = write_once(path, bytes)) return error;
    return std::nullopt;
  };
  if (record.plan) {
    move_beside(Blob::kPlan, record.plan->strategies, record.plan->blob);
    move_beside(Blob::kCore, record.plan->core, record.plan->core_blob);
  }
  if (record.bound && !proof.empty()) record.bound->proof = beside(Blob::kProof, proof);
  if (auto error = write_blobs()) return error;
  const std::string json = to_json(record);
  if (auto error = write_once(folder / (hex(sha256(json)) + std::string(kRecordSuffix)), json))
    return error;
  // Somebody whose clock is far ahead may have pruned them while no record named them.
  return write_blobs();
}

std::optional<Error> RecordFolder::copy(const ReadRecord& read) const {
  const Record& record = read.record;
  const fs::path folder = folder_of(kExact, record.exact);
  if (auto error = make_folder_durably(folder.string())) return error;
  if (auto error = enter(record)) return error;
  for (const BlobName& name : record.blobs()) {
    const auto bytes = blob(read, name);
    if (!bytes) return bytes.error();
    if (auto error = write_once(folder / name.file(), *bytes)) return error;
  }
  const auto bytes = io::read_file(read.path, kMostBytes);
  if (!bytes) return bytes.error();
  return write_once(folder / fs::path(read.path).filename(), *bytes);
}

}  // namespace warpshard::store
