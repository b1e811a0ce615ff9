#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "host/store/record_folder.h"

namespace warpshard::store {

/// Records that a folder would not take, since its disk is full or write-protected: read like its
/// own, and written once it takes them. They end with the process. Any thread.
class UnwrittenRecords {
 public:
  void keep(Record record, std::string proof);

  /// Those of an exact key.
  std::vector<ReadRecord> read(const std::string& exact) const;

  /// Offers all of them to the folder; how many it still does not take.
  std::int64_t write_to(const RecordFolder& folder);

 private:
  struct Unwritten {
    Record record;
    std::string proof;  ///< of its bound; may be empty
  };

  mutable std::mutex mutex_;
  std::vector<Unwritten> records_;
};

}  // namespace warpshard::store
