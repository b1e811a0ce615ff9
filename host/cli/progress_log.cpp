#include "host/cli/progress_log.h"

#include "host/cli/format.h"

namespace warpshard::cli {

void ProgressLog::report(const Progress& progress) {
  const bool news = is_news(progress);
  if (news) {
    printer_.info(describe(progress));
    printed_at_ = progress.seconds;
  } else {
    printer_.debug(describe(progress));
  }
  seen_ = progress;
}

bool ProgressLog::is_news(const Progress& progress) const {
  constexpr double kInterval = 1.0;
  if (!seen_) return true;
  if (progress.incumbent.has_value() != seen_->incumbent.has_value()) return true;
  if (progress.bound.has_value() != seen_->bound.has_value()) return true;
  if (progress.incumbent == seen_->incumbent && progress.bound == seen_->bound)
    return !progress.note.empty();  // a message, not an improvement
  return progress.seconds - printed_at_ >= kInterval;
}

}  // namespace warpshard::cli
