#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "host/cli/printer.h"
#include "host/cli/progress_log.h"

namespace warpshard::cli {

/// Keeps a bar of the time passed, and where the run stands, in the last line of a terminal. Does
/// nothing where the printer's output is no terminal, or no thread can be started.
class LiveLine {
 public:
  /// `limit`: seconds since the process began at which the run is to end.
  LiveLine(Printer& printer, const Standing& standing, double limit);
  ~LiveLine();
  LiveLine(const LiveLine&) = delete;
  LiveLine& operator=(const LiveLine&) = delete;

 private:
  void keep_drawing();

  Printer& printer_;
  const Standing& standing_;
  double limit_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool over_ = false;
  std::thread thread_;
};

/// "[#####     ]  12/60 s": how much of the time is over.
std::string progress_bar(double seconds, double limit);

}  // namespace warpshard::cli
