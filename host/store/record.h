#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "warpshard/cost.h"
#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard::store {

/// Of the format of records that this code writes; it reads all up to it.
inline constexpr int kRecordVersion = 1;

/// What one attempt at an instance found; docs/store.md describes its JSON.
struct Record {
  struct Plan {
    Cost cost;                   ///< as the writer's evaluator added it up
    Int128 peak_usage = 0;       ///< memory units
    warpshard::Plan strategies;  ///< empty where they lie in `blob`
    std::string blob;            ///< digest of a file beside the record; may be empty
    warpshard::Plan core;        ///< values of the reduced model; may be empty
    std::string core_blob;       ///< digest of a file with `core` instead; may be empty
  };
  struct Bound {
    Cost value;
    std::string proof;        ///< "search" or "certificate"
    std::string certificate;  ///< digest of a file beside the record; may be empty
  };

  std::string exact;  ///< key; also the name of the record's folder
  std::string shape;  ///< key
  std::string core;   ///< key; may be empty

  std::string name;  ///< of the instance
  std::string file;  ///< where it lay
  std::int64_t nodes = 0;
  std::int64_t edges = 0;
  std::optional<std::int64_t> usage_limit;

  std::string version;    ///< of the program
  std::string host;       ///< machine
  std::int64_t time = 0;  ///< seconds since 1970 when the record was made, by its machine's clock
  double seconds = 0;     ///< the attempt took
  std::uint64_t seed = 0;
  std::int64_t work_limit = 0;
  std::int64_t visits = 0;
  std::string status;  ///< as to_string(SolverStatus) says
  std::string source;  ///< what found the plan

  std::optional<Plan> plan;
  std::optional<Bound> bound;
};

/// One JSON object, one line.
std::string to_json(const Record& record);

/// Fails on what is no record, or one of a later version; says which.
Result<Record> parse_record(std::string_view json);

/// Decimal digits, with a sign or without; none where `text` is anything else or has more than 38
/// digits.
std::optional<Int128> parse_int128(std::string_view text);

}  // namespace warpshard::store
