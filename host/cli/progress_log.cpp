#include "host/cli/progress_log.h"

#include "host/cli/format.h"

namespace warpshard::cli {

void ProgressLog::report(const Progress& progress) {
  const bool improved = progress.incumbent != seen_.incumbent || progress.bound != seen_.bound;
  if (improved) {
    const bool due = is_due(progress);
    standing_.set(describe_standing(progress, visits_per_second(progress)));
    print_row(progress, due);
    if (due) row_ = progress;
  } else if (!progress.note.empty()) {
    printer_.info(describe_time(progress.seconds) + "  " + progress.note);
  }
  seen_ = progress;
}

void ProgressLog::print_row(const Progress& progress, bool due) {
  if (!has_header_) printer_.info(table_header());
  has_header_ = true;
  const std::string row = table_row(progress, visits_per_second(progress));
  due ? printer_.info(row) : printer_.debug(row);
}

bool ProgressLog::is_due(const Progress& progress) const {
  constexpr double kInterval = 1.0;
  if (progress.incumbent.has_value() != row_.incumbent.has_value()) return true;
  if (progress.bound.has_value() != row_.bound.has_value()) return true;
  return progress.seconds - row_.seconds >= kInterval;
}

std::optional<double> ProgressLog::visits_per_second(const Progress& progress) const {
  const std::int64_t visits = progress.visits - row_.visits;
  const double seconds = progress.seconds - row_.seconds;
  if (visits <= 0 || seconds <= 0) return std::nullopt;
  return static_cast<double>(visits) / seconds;
}

}  // namespace warpshard::cli
