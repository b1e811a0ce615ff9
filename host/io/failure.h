#pragma once

#include <cstdint>
#include <string>

namespace warpshard::io {

/// Thrown and caught inside host/io only: reading is deeply nested, and the first problem ends it.
struct Failure {
  std::string message;  ///< "WHERE: what", without the file's name
};

[[noreturn]] inline void fail(const std::string& where, const std::string& what) {
  throw Failure{where.empty() ? what : where + ": " + what};
}

/// "problem.edges.costs[17]"
inline std::string at(const std::string& where, std::int64_t index) {
  return where + "[" + std::to_string(index) + "]";
}

}  // namespace warpshard::io
