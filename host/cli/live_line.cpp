#include "host/cli/live_line.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <system_error>

#include "host/cli/format.h"
#include "host/cli/process_clock.h"

namespace warpshard::cli {

std::string progress_bar(double seconds, double limit) {
  constexpr std::size_t kWidth = 20;
  const double share = std::clamp(seconds / limit, 0.0, 1.0);
  const auto done = static_cast<std::size_t>(share * kWidth);
  std::array<char, 48> times{};
  std::snprintf(times.data(), times.size(), "]  %.0f/%.0f s", seconds, limit);
  std::string bar("[");
  bar.append(done, '#').append(kWidth - done, ' ');
  return bar + times.data();
}

LiveLine::LiveLine(Printer& printer, const Standing& standing, double limit)
    : printer_(printer), standing_(standing), limit_(limit) {
  if (!printer.on_terminal()) return;
  try {
    thread_ = std::thread([this] { keep_drawing(); });
  } catch (const std::system_error&) {  // a run without a bar is a run still
  }
}

LiveLine::~LiveLine() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  printer_.live("");
}

void LiveLine::keep_drawing() {
  constexpr std::chrono::milliseconds kInterval{200};
  std::unique_lock lock(mutex_);
  while (!over_) {
    const std::string standing = standing_.get();
    printer_.live(progress_bar(seconds_since_start(), limit_) +
                  (standing.empty() ? standing : "  " + standing));
    wake_.wait_for(lock, kInterval, [this] { return over_; });
  }
}

}  // namespace warpshard::cli
