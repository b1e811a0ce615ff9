#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>

#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard {

/// What reading an instance may take, and when it is to end.
struct LoadOptions {
  /// Bytes; an instance that takes more is refused while it is read, from a pipe and from a file
  /// that unpacks to many times its size as well. 0: what the machine has.
  std::int64_t memory_limit = 0;
  /// When reading ends with an error at the latest, ...
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  /// ... or as soon as this is set. Both are looked at every few milliseconds, also while a pipe
  /// has nothing to read; not while a stream does not return.
  const std::atomic<bool>* stop = nullptr;
};

/// Reads and validates an instance: JSON, plain or gzip (recognised by content), keys in any order.
/// Unknown keys are skipped, with no more than a check of their brackets; a known key that appears
/// twice is an error. Without a usage limit, or with null for it, usage is unlimited.
///
/// The text goes through a window of some 256 KiB, so memory is that of the Problem plus the text
/// of its distinct tables, whatever the size of the file. One list may take 1 GiB of text at most.
///
/// An error names the file, what is wrong and where in the document (for example
/// "k.json: problem.edges.costs[17]: 12 entries, expected 16", or "...costs[17][3]: not a 64-bit
/// integer"). One that ended reading early says that it was stopped.
Result<Problem> load_problem(const std::string& path, const LoadOptions& options = {});
inline Result<Problem> load_problem(const char* path, const LoadOptions& options = {}) {
  return load_problem(std::string(path), options);
}

/// The same from a stream, read to its end.
Result<Problem> load_problem(std::istream& stream, const LoadOptions& options = {});

/// The same from memory: the file's bytes.
Result<Problem> load_problem(std::span<const char> bytes, const LoadOptions& options = {});

}  // namespace warpshard
