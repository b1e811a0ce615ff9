#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "warpshard/result.h"
#include "warpshard/solve.h"

namespace warpshard::cli {

/// The file in which a counted run keeps its state: it goes on from what is there, and replaces it
/// as a whole. Does nothing where no file is named.
class CheckpointFile {
 public:
  CheckpointFile(std::string path, double seconds_between)
      : path_(std::move(path)), seconds_between_(seconds_between) {}

  /// Reads what is there into `options`, which this has to outlive.
  std::optional<Error> begin(SolverOptions& options);
  /// Lets the search write.
  void join(SolverCallbacks& callbacks);
  /// What went wrong with the last writing.
  const std::optional<Error>& failure() const { return failure_; }
  bool resumed() const { return !bytes_.empty(); }

 private:
  std::string path_;
  double seconds_between_;
  std::string bytes_;
  std::optional<Error> failure_;
};

}  // namespace warpshard::cli
