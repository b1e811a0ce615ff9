#include "host/store/unwritten_records.h"

#include <utility>

namespace warpshard::store {

void UnwrittenRecords::keep(Record record, std::string proof) {
  const std::lock_guard lock(mutex_);
  records_.push_back({std::move(record), std::move(proof)});
}

std::vector<ReadRecord> UnwrittenRecords::read(const std::string& exact) const {
  const std::lock_guard lock(mutex_);
  std::vector<ReadRecord> reads;
  for (const Unwritten& unwritten : records_)
    if (unwritten.record.exact == exact) reads.push_back({{}, unwritten.record});
  return reads;
}

std::int64_t UnwrittenRecords::write_to(const RecordFolder& folder) {
  const std::lock_guard lock(mutex_);
  std::erase_if(records_, [&](const Unwritten& unwritten) {
    return !folder.add(unwritten.record, unwritten.proof);
  });
  return static_cast<std::int64_t>(records_.size());
}

}  // namespace warpshard::store
