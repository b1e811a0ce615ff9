#pragma once

#include <chrono>

namespace warpshard::cli {

/// When this process began, on the steady clock: the moment the kernel created it (to 10 ms,
/// rounded down), or the moment its static objects were made where that is not known.
std::chrono::steady_clock::time_point process_start();

/// `seconds` after process_start().
std::chrono::steady_clock::time_point after_start(double seconds);

/// Seconds since process_start().
double seconds_since_start();

}  // namespace warpshard::cli
