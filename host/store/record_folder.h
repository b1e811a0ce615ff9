#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/store/record.h"
#include "warpshard/plan_store.h"
#include "warpshard/result.h"

namespace warpshard::store {

/// A record, and the file it was read from.
struct ReadRecord {
  std::string path;
  Record record;
};

/// One folder of records, laid out as docs/store.md says. Holds no state but its path: what others
/// write is seen at once. Files are never changed or deleted.
class RecordFolder {
 public:
  explicit RecordFolder(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }

  /// Exact keys that have a folder, ascending.
  std::vector<std::string> keys() const;
  /// Exact keys that were seen with a shape or a core, ascending.
  std::vector<std::string> keys_of_shape(const std::string& shape) const;
  std::vector<std::string> keys_of_core(const std::string& core) const;

  /// Records of an exact key, in the order of their names; what is damaged, foreign or of a later
  /// version goes to `faults`.
  std::vector<ReadRecord> read(const std::string& exact, std::vector<StoreFault>& faults) const;

  /// A plan's strategies, or its values on the reduced model: from the record or from beside it.
  static Result<Plan> strategies(const ReadRecord& read);
  static Result<Plan> core(const ReadRecord& read);

  /// A file beside a record; fails if it is not there or not what its name says.
  static Result<std::string> blob(const ReadRecord& read, const BlobName& blob);

  /// Writes a record, its plan beside it if that is long, and a proof of its bound if there is one.
  std::optional<Error> add(Record record, const std::string& proof) const;

  /// Copies a record from another folder, with what lies beside it, unless it is here.
  std::optional<Error> copy(const ReadRecord& read) const;

  /// All regular files in an exact key's folder.
  std::vector<std::string> files(const std::string& exact) const;

 private:
  std::string folder_of(std::string_view index, const std::string& key) const;
  std::optional<Error> enter(const Record& record) const;

  std::string path_;
};
}  // namespace warpshard::store
