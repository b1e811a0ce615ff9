#pragma once

#include <chrono>
#include <string>

namespace warpshard::cli {

/// How long a run has lasted, processes that were broken off included: kept in a file, so that a
/// command that is started again goes on with the time that it had left. Where the file cannot be
/// written, or is lost, the time begins anew; nothing else depends on it.
class TunedTime {
 public:
  /// `identity`: the same for the same run.
  TunedTime(const std::string& folder, const std::string& identity);

  /// Seconds that earlier processes have spent.
  double before() const { return before_; }
  /// Writes the time down, if the last time was a while ago.
  void tick();
  /// The process ends; a run that is finished begins anew the next time.
  void end(bool finished);

 private:
  void save();

  std::string path_;
  double before_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point saved_ = start_;
};

}  // namespace warpshard::cli
