#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/store/record_folder.h"
#include "warpshard/result.h"

namespace warpshard::store {

/// A store made of several folders, read as if they were one.
class Layers {
 public:
  /// "DIR:DIR:..."; the first is written to, unless it is empty. Fails if none is named, or one is
  /// there and no folder.
  static Result<Layers> parse(const std::string& text);

  /// The folder that is written to; null if there is none.
  const RecordFolder* writable() const { return writable_ ? &folders_.front() : nullptr; }
  const std::vector<RecordFolder>& folders() const { return folders_; }

  /// Exact keys of all folders, ascending.
  std::vector<std::string> keys() const;

  /// Records of an exact key from all folders; copies of one record count once.
  std::vector<ReadRecord> read(const std::string& exact, std::vector<StoreFault>& faults) const;

 private:
  std::vector<RecordFolder> folders_;
  bool writable_ = false;
};

}  // namespace warpshard::store
