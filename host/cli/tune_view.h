#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "host/tune/tuner.h"

namespace warpshard::cli {

/// Shows a tuner at work: on a terminal a table that is drawn anew, elsewhere a line for each
/// slice, or JSON lines.
class TuneView {
 public:
  /// `alone`: no other process of the same launcher writes to the same terminal.
  TuneView(const tune::Tuner& tuner, bool json, bool alone);

  void slice(const tune::TunedInstance& instance);
  void fault(const StoreFault& fault);
  /// Draws the table, if it is time.
  void tick();
  /// The last word: the table once more, or a line that sums up. `unwritten`: records that the
  /// store did not take.
  void finish(bool finished, std::int64_t unwritten);

 private:
  void draw();
  void erase();

  const tune::Tuner& tuner_;
  const bool json_;
  const bool on_terminal_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point drawn_;
  int lines_ = 0;  ///< of the table as it stands on the terminal
};

}  // namespace warpshard::cli
