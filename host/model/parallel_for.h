#pragma once

#include <cstddef>
#include <functional>

#include "host/model/stop_token.h"

namespace warpshard {

/// Calls body(begin, end) for the blocks that [0, count) splits into, `block` indices each, on up
/// to `threads` threads, the caller's among them; in no particular order, so what comes of it must
/// not depend on one. Threads that cannot start are fewer threads. Once `stop` stops, blocks that
/// have not begun are left out. What a body throws comes out, the first if there are several, after
/// all threads have ended.
void parallel_for(int threads, std::size_t count, std::size_t block, const StopToken& stop,
                  const std::function<void(std::size_t begin, std::size_t end)>& body);

}  // namespace warpshard
