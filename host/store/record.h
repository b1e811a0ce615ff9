#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "warpshard/cost.h"
#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard::store {

/// Of the format of records that this code writes; it reads all up to it.
inline constexpr int kRecordVersion = 2;

/// What lies beside a record in a file of its own. A certificate is what version 1 called a proof.
enum class Blob { kPlan, kCore, kProof, kCertificate };

/// Such a file; its name is made from these.
struct BlobName {
  Blob kind = Blob::kPlan;
  std::string digest;  ///< of its bytes

  /// "DIGEST.plan", "DIGEST.core", "DIGEST.proof" or "DIGEST.certificate".
  std::string file() const;
};

/// True of a file that may be one.
bool is_blob_name(std::string_view file);

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
    std::optional<BlobName> proof;  ///< a file that proves it; none: the search that found it did
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

  bool has_proof() const { return bound && bound->proof; }
  /// All that lies beside it.
  std::vector<BlobName> blobs() const;
};

/// One JSON object, one line.
std::string to_json(const Record& record);

/// Fails on what is no record, or one of a later version; says which.
Result<Record> parse_record(std::string_view json);

/// Decimal digits, with a sign or without; none where `text` is anything else or has more than 38
/// digits.
std::optional<Int128> parse_int128(std::string_view text);

}  // namespace warpshard::store
