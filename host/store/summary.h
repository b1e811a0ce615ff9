#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/store/record_folder.h"

namespace warpshard::store {

/// One instance's records at a glance, by what they say; nothing is verified without the instance.
struct Summary {
  std::string exact;
  std::string shape;
  std::string name;
  std::string file;  ///< where the latest attempt found the instance
  std::int64_t nodes = 0;
  std::int64_t edges = 0;
  std::optional<std::int64_t> usage_limit;
  std::optional<Cost> cost;   ///< least
  std::optional<Cost> bound;  ///< greatest that is not above `cost`
  bool infeasible = false;
  std::int64_t attempts = 0;
  double seconds = 0;     ///< spent in all attempts
  std::int64_t last = 0;  ///< seconds since 1970: the latest record was made

  std::optional<double> gap() const;
};

/// `records` are of one exact key; at least one.
Summary summarize(const std::vector<ReadRecord>& records);

}  // namespace warpshard::store
