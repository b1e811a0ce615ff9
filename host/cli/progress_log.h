#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "host/cli/printer.h"
#include "warpshard/solve.h"

namespace warpshard::cli {

/// Where a run stands, in a few words. Any thread may call any member.
class Standing {
 public:
  void set(std::string text) {
    const std::lock_guard lock(mutex_);
    text_ = std::move(text);
  }
  std::string get() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

/// Turns the solver's reports into log lines: messages as they come; improvements as rows of a
/// table, the first plan and the first bound at once, the stream of others at most once a second
/// (all of them at level debug).
class ProgressLog {
 public:
  explicit ProgressLog(Printer& printer) : printer_(printer) {}

  /// One call at a time.
  void report(const Progress& progress);

  const Standing& standing() const { return standing_; }

 private:
  bool is_due(const Progress& progress) const;
  std::optional<double> visits_per_second(const Progress& progress) const;
  void print_row(const Progress& progress, bool due);

  Printer& printer_;
  Standing standing_;
  bool has_header_ = false;
  Progress seen_;  ///< the last report
  Progress row_;   ///< of the last row at level info
};

}  // namespace warpshard::cli
