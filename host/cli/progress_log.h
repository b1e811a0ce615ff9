#pragma once

#include <optional>

#include "host/cli/printer.h"
#include "host/search/solver.h"

namespace warpshard::cli {

/// Turns the solver's reports into log lines: notes and first plans at once, the stream of small
/// improvements at most once a second (all of them at level debug).
class ProgressLog {
 public:
  explicit ProgressLog(Printer& printer) : printer_(printer) {}

  /// One call at a time.
  void report(const Progress& progress);

 private:
  bool is_news(const Progress& progress) const;

  Printer& printer_;
  std::optional<Progress> printed_;
};

}  // namespace warpshard::cli
