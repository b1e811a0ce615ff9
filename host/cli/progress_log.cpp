#include "host/cli/progress_log.h"

#include "host/cli/format.h"

namespace warpshard::cli {

void ProgressLog::report(const Progress& progress) {
  if (!is_news(progress)) return printer_.debug(describe(progress));
  printer_.info(describe(progress));
  printed_ = progress;
}

bool ProgressLog::is_news(const Progress& progress) const {
  constexpr double kInterval = 1.0;
  if (!printed_ || !progress.note.empty()) return true;
  if (progress.incumbent.has_value() != printed_->incumbent.has_value()) return true;
  const bool changed =
      progress.incumbent != printed_->incumbent || progress.bound != printed_->bound;
  return changed && progress.seconds - printed_->seconds >= kInterval;
}

}  // namespace warpshard::cli
