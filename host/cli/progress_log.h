#pragma once

#include <optional>

#include "host/cli/printer.h"
#include "host/search/solver.h"

namespace warpshard::cli {

/// Turns the solver's reports into log lines: messages, the first plan and the first bound at once,
/// the stream of improvements at most once a second (all of them at level debug).
class ProgressLog {
 public:
  explicit ProgressLog(Printer& printer) : printer_(printer) {}

  /// One call at a time.
  void report(const Progress& progress);

 private:
  bool is_news(const Progress& progress) const;

  Printer& printer_;
  std::optional<Progress> seen_;  ///< the last report
  double printed_at_ = 0;         ///< seconds; of the last line that told of an improvement
};

}  // namespace warpshard::cli
