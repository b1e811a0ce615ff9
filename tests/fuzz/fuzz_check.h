#pragma once

#include <cstdio>
#include <cstdlib>

namespace warpshard::fuzz {

/// Ends the program, as fuzzers expect it of a finding, unless `holds`.
inline void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace warpshard::fuzz
